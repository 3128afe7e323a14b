/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Storage that hangs for real: an ext4 on a loop device in a mount namespace of the
 * test's own, frozen, so that a writer sleeps in state D where SIGKILL does not reach it.
 * Needs root. A guardian process thaws it even when the test itself dies,
 * and in any case after a while: nothing else could end the writer.
 */
#ifndef GVM_TESTS_SYS_STUCK_DISK_H
#define GVM_TESTS_SYS_STUCK_DISK_H

#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>

#include "own_process.h"
#include "scratch_dir.h"

enum { STUCK_AT_MOST_MS = 20000 };

struct stuck_disk {
    char dir[SCRATCH_BYTES + 16];
    int fd;       /* the mounted directory */
    int leash;    /* closing it makes the guardian thaw and end */
    pid_t guardian;
};

static inline int stuck_disk_possible(void)
{
    return geteuid() == 0 && access("/dev/loop-control", R_OK) == 0 &&
           access("/sbin/mkfs.ext4", X_OK) == 0;
}

static inline void stuck_disk_open(struct stuck_disk *d)
{
    char command[2 * SCRATCH_BYTES];

    assert_int_equal(unshare(CLONE_NEWNS), 0);
    assert_int_equal(mount("none", "/", "", MS_REC | MS_PRIVATE, ""), 0);
    snprintf(d->dir, sizeof d->dir, "%s/stuck", scratch);
    snprintf(command, sizeof command,
             "cd '%s' && truncate -s 16M image && /sbin/mkfs.ext4 -q -F image && mkdir stuck && "
             "mount -o loop image stuck", scratch);
    assert_int_equal(system(command), 0);
    d->fd = open(d->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(d->fd >= 0);
}

static inline void stuck_disk_freeze(struct stuck_disk *d)
{
    int leash[2];

    assert_int_equal(pipe2(leash, O_CLOEXEC), 0);
    d->guardian = fork();
    assert_true(d->guardian >= 0);
    if (d->guardian == 0) {
        struct pollfd end = {.fd = leash[0], .events = POLLIN};

        close(leash[1]);
        poll(&end, 1, STUCK_AT_MOST_MS);
        ioctl(d->fd, FITHAW, 0);
        _exit(0);
    }
    close(leash[0]);
    d->leash = leash[1];
    assert_int_equal(ioctl(d->fd, FIFREEZE, 0), 0);
}

static inline void stuck_disk_thaw(struct stuck_disk *d)
{
    /* Only the last copy counts: abandoned children have one each. */
    assert_int_equal(write(d->leash, "t", 1), 1);
    close(d->leash);
    assert_int_equal(waitpid(d->guardian, NULL, 0), d->guardian);
}

static inline void stuck_disk_close(struct stuck_disk *d)
{
    close(d->fd);
    assert_int_equal(umount2(d->dir, MNT_DETACH), 0);
}

#endif
