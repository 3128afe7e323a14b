/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared writable mappings: a way to write to a file without any descriptor.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/proc_fd_internal.h"
#include "sys/procfile.h"
#include "sys/stage.h"

/* One line of /proc/PID/maps. */
struct mapping {
    char range[64];
    char perms[8];
    unsigned long long inode;
    const char *path;
};

static bool parse(const char *line, struct mapping *ret)
{
    int path_at = 0;

    if (sscanf(line, "%63s %7s %*s %*s %llu %n", ret->range, ret->perms, &ret->inode,
               &path_at) != 3) {
        return false;
    }
    ret->path = line + path_at;
    return true;
}

/* Mapped kernel objects that are memory and rings of the process's own. */
static bool is_harmless_object(const char *path)
{
    static const char *const harmless[] = {
        "anon_inode:kvm-vcpu", "anon_inode:[io_uring]", "anon_inode:[perf_event]",
    };

    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        if (str_starts(path, harmless[i])) {
            return true;
        }
    }
    return false;
}

/* Memory by name, for callers who may not follow map_files (that needs CAP_SYS_ADMIN). The
 * names cannot be had by a file elsewhere. */
static bool is_memory_by_name(const char *path)
{
    return str_starts(path, "/memfd:") || str_starts(path, "/SYSV") ||
           str_eq(path, "/dev/zero (deleted)") || str_starts(path, "/dev/shm/");
}

static bool writes_outside(pid_t pid, const struct mapping *m)
{
    _cleanup_free_ char *path = procfile_path("%d/map_files/%s", (int) pid, m->range);
    struct file_look look = {.link = m->path};

    if (m->perms[1] != 'w' || m->perms[3] != 's' || m->inode == 0 ||
        is_harmless_object(m->path)) {
        return false;
    }
    stage_at("looking at a mapping of process %d, %.120s", (int) pid, m->path);
    if (file_look_at(path, &look) < 0) {
        return !is_memory_by_name(m->path);
    }
    return !file_is_memory(&look);
}

int proc_shared_mapping(pid_t pid, char **ret_path, struct err *why)
{
    _cleanup_free_ char *path = procfile_path("%d/maps", (int) pid);
    _cleanup_free_ char *text = NULL;
    char *found = NULL;
    char *rest = NULL;
    struct mapping m;
    int rc;

    stage_at("reading the memory map of process %d", (int) pid);
    rc = procfile_read(path, &text, NULL);
    if (rc == 0 && text[0] == '\0') {
        rc = -ESRCH; /* ending: memory gone, or not shown */
    }
    if (rc < 0) {
        return err_set(why, rc, ERR_GENERIC, "the memory map of process %d cannot be read: %s",
                       (int) pid, strerror(-rc));
    }
    for (char *line = strtok_r(text, "\n", &rest); line && !found;
         line = strtok_r(NULL, "\n", &rest)) {
        if (!parse(line, &m)) {
            return err_set(why, -EBADMSG, ERR_GENERIC, "the memory map of process %d has a line "
                           "that is not understood: %s", (int) pid, line);
        }
        if (writes_outside(pid, &m)) {
            found = str_dup(m.path);
        }
    }
    *ret_path = found;
    return 0;
}
