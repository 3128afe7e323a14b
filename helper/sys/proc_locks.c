/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/locks, and this boot's id.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sys/proc.h"
#include "sys/procfile.h"

int proc_count_locks(pid_t pid, size_t *ret_count, struct err *why)
{
    _cleanup_free_ char *path = procfile_path("locks");
    _cleanup_free_ char *text = NULL;
    char *rest = NULL;
    size_t count = 0;
    int rc = procfile_read(path, &text, NULL);

    if (rc < 0) {
        return err_set(why, rc, ERR_GENERIC, "%s cannot be read: %s", path, strerror(-rc));
    }
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        int owner;

        /* "1: POSIX  ADVISORY  WRITE 4711 08:01:1234 0 EOF"; one that only waits has "->"
         * in place of the kind, which shifts the words so that no number is found. */
        if (sscanf(line, "%*d: %*s %*s %*s %d", &owner) == 1 && owner == (int) pid) {
            count++;
        }
    }
    *ret_count = count;
    return 0;
}

int proc_boot_id(char **ret, struct err *why)
{
    _cleanup_free_ char *path = procfile_path("sys/kernel/random/boot_id");
    char *text = NULL;
    int rc = procfile_read(path, &text, NULL);

    if (rc < 0) {
        return err_set(why, rc, ERR_GENERIC, "%s cannot be read: %s", path, strerror(-rc));
    }
    text[strcspn(text, "\n")] = '\0';
    *ret = text;
    return 0;
}
