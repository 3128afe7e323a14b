/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pidfd system calls by number: libcs older than glibc 2.36 have no wrappers,
 * and the kernel (5.3) is what counts. Inside sys/ only; others use proc.h.
 */
#ifndef GVM_SYS_PIDFD_H
#define GVM_SYS_PIDFD_H

#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/*
 * Before every fork. With SIGCHLD ignored, which exec hands on, the kernel reaps a child at
 * once: its answer's code is lost, and its PID may be another's before we name it.
 */
static inline void pidfd_keep_children(void)
{
    signal(SIGCHLD, SIG_DFL);
}

/* A descriptor (close-on-exec) of the process that has this PID now, or -1 with errno. */
static inline int pidfd_of(pid_t pid)
{
    return (int) syscall(SYS_pidfd_open, pid, 0U);
}

/* 0, or -1 with errno. Cannot hit another process, even when the PID was reused. */
static inline int pidfd_signal(int pidfd, int sig)
{
    return (int) syscall(SYS_pidfd_send_signal, pidfd, sig, (siginfo_t *) NULL, 0U);
}

#endif
