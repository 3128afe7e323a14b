/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In the Linux guest: takes every processor at the highest real-time priority and never gives
 * it back, so that no process runs any more: a hang that a watchdog sees. The kernel's
 * real-time throttling has to be off.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    struct sched_param highest = {.sched_priority = 99};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    for (long i = 1; i < processors && fork() > 0; i++)
        ;
    if (sched_setscheduler(0, SCHED_FIFO, &highest) < 0) {
        perror("sched_setscheduler");
        return 1;
    }
    for (;;)
        __asm__ volatile("" ::: "memory");
}
