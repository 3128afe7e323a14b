/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What both programs of the Linux guest say of their boot: its id, the kernel's own (the first
 * 64 bits), and its age.
 */
#ifndef GUEST_LINUX_BOOT_ID_H
#define GUEST_LINUX_BOOT_ID_H

#include <stdint.h>
#include <stdio.h>
#include <time.h>

/** 0 if /proc is not mounted. */
static inline uint64_t boot_id(void)
{
    unsigned int a = 0, b = 0, c = 0;
    FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");

    if (!f)
        return 0;
    if (fscanf(f, "%8x-%4x-%4x", &a, &b, &c) != 3)
        a = 0;
    fclose(f);
    return (uint64_t)a << 32 | (uint64_t)b << 16 | c;
}

static inline uint64_t uptime_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_BOOTTIME, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

#endif
