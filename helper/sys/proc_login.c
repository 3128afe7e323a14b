/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a process is a logged-in user's own. Anybody may call a process like a QEMU and give
 * it any words; libvirt's system QEMUs run as root or as a system user, never in that user's own
 * login slice. Owns that rule; what is concluded from it is proc_qemu.c's.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/procfile.h"

/* Not the owner of /proc/PID: that is root's for a process that forbade its dump. */
static int real_uid(pid_t pid, unsigned *ret)
{
    static const char key[] = "\nUid:";
    _cleanup_free_ char *path = procfile_path("%d/status", (int) pid);
    _cleanup_free_ char *text = NULL;
    const char *line;
    int rc = procfile_read(path, &text, NULL);

    if (rc < 0) {
        return rc == -ENOENT ? -ESRCH : rc;
    }
    line = strstr(text, key); /* the first: Name: has its line breaks escaped */
    return line && sscanf(line + sizeof key - 1, "%u", ret) == 1 ? 0 : -EBADMSG;
}

/* `slice` as one whole component of a path. */
static bool lies_in(const char *cgroups, const char *slice)
{
    size_t length = strlen(slice);

    for (const char *p = cgroups; (p = strstr(p, slice)); p += length) {
        if (p > cgroups && p[-1] == '/' && strchr("/\n", p[length])) {
            return true;
        }
    }
    return false;
}

int proc_in_own_login(pid_t pid, bool *ret)
{
    _cleanup_free_ char *path = procfile_path("%d/cgroup", (int) pid);
    _cleanup_free_ char *cgroups = NULL;
    _cleanup_free_ char *slice = NULL;
    unsigned uid = 0;
    int rc = real_uid(pid, &uid);

    *ret = false;
    if (rc < 0 || uid == 0) {
        return rc;
    }
    rc = procfile_read(path, &cgroups, NULL);
    if (rc == -ENOENT) {
        return 0; /* no control groups, so no slices; or it has ended, which others will see */
    }
    if (rc == 0) {
        slice = str_printf("user-%u.slice", uid);
        *ret = lies_in(cgroups, slice);
    }
    return rc;
}
