/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PIDFD_GET_INFO. The interface is written down here, since build machines' headers are
 * older than the kernels that the program meets, and those of 6.13 and 6.14 know the
 * structure without the exit code.
 */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

#include "sys/exitinfo.h"

/* The kernel's include/uapi/linux/pidfd.h: struct pidfd_info in its first published size,
 * which every later kernel takes, PIDFD_INFO_EXIT, PIDFD_GET_INFO. */
struct info {
    uint64_t mask; /* asked for, then: answered */
    uint64_t cgroupid;
    uint32_t pid, tgid, ppid;
    uint32_t ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
    int32_t exit_code;
};
static_assert(sizeof(struct info) == 64, "the size is a part of the ioctl's number");

static const uint64_t info_exit = 1 << 3;
#define GET_INFO _IOWR(0xFF, 11, struct info)

int exitinfo_of(int pidfd, int *ret_status, struct err *why)
{
    struct info info = {.mask = info_exit};

    if (ioctl(pidfd, GET_INFO, &info) == 0) {
        if (!(info.mask & info_exit)) {
            return err_set(why, -EAGAIN, ERR_GENERIC, "nobody has reaped the process");
        }
        *ret_status = info.exit_code;
        return 0;
    }
    switch (errno) {
    case ENOTTY: /* before 6.13 */
    case EINVAL: /* 6.11 and 6.12, which know other questions to a pidfd */
    case ESRCH:  /* 6.13 and 6.14 of who was reaped; any, of another PID namespace's */
        return err_set(why, -EOPNOTSUPP, ERR_GENERIC, "this kernel does not tell how a process "
                       "ended (it does from Linux 6.15): %s", strerror(errno));
    }
    return err_set(why, -errno, ERR_GENERIC, "asking a pidfd how its process ended: %s",
                   strerror(errno));
}
