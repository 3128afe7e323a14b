/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One action at a time per guest: a POSIX record lock, not flock(2). It belongs to the
 * process and not to the descriptor, so that an abandoned stage child, which inherits the
 * descriptor and may stay in state D for ever, cannot keep it; and the kernel knows whose
 * it is. The file itself stays: removing a lock file would let two hold "it".
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/procfile.h"
#include "sys/statedir.h"
#include "sys/statedir_internal.h"

enum { POLL_MS = 10 };

static char *process_words(pid_t pid)
{
    _cleanup_free_ char *path = procfile_path("%d/comm", (int) pid);
    _cleanup_free_ char *comm = NULL;

    if (procfile_read(path, &comm, NULL) < 0) {
        return str_printf("process %d", (int) pid);
    }
    comm[strcspn(comm, "\n")] = '\0';
    return str_printf("process %d (%s)", (int) pid, comm);
}

static int name_holder(int fd, const char *what, struct err *why)
{
    struct flock holder = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    _cleanup_free_ char *who = NULL;

    if (fcntl(fd, F_GETLK, &holder) == 0 && holder.l_type != F_UNLCK) {
        who = process_words(holder.l_pid);
    }
    return err_set(why, -ETIMEDOUT, ERR_GENERIC, "%s goes on: its lock is held by %s", what,
                   who ? who : "somebody who just let go");
}

static int take(const char *file, const char *what, struct deadline until, int *ret_fd,
                struct err *why)
{
    _cleanup_close_ int dir = -1;
    _cleanup_close_ int fd = -1;
    int rc = statedir_open(1, &dir, why);

    if (rc == 0) {
        rc = statefile_open(dir, file, O_RDWR | O_CREAT, &fd, why);
    }
    if (rc < 0) {
        return rc;
    }
    for (;;) {
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

        if (fcntl(fd, F_SETLK, &lock) == 0) {
            *ret_fd = fd;
            fd = -1;
            return 0;
        }
        if (errno != EAGAIN && errno != EACCES && errno != EINTR) {
            return err_set(why, -errno, ERR_GENERIC, "%s/%s cannot be locked: %s",
                           statedir_path(), file, strerror(errno));
        }
        if (deadline_over(until)) {
            return name_holder(fd, what, why);
        }
        clock_pause_ms(POLL_MS, until);
    }
}

int statedir_lock(const char *domain_name, struct deadline until, int *ret_fd, struct err *why)
{
    _cleanup_free_ char *file = record_name_with(domain_name, ".lock");
    _cleanup_free_ char *what = str_printf("another action on guest '%s'", domain_name);

    return take(file, what, until, ret_fd, why);
}

int statedir_lock_care(struct deadline until, int *ret_fd, struct err *why)
{
    /* No guest's: a "%" in their names' files is followed by two digits. */
    return take("%care.lock", "another dump or release on this node", until, ret_fd, why);
}
