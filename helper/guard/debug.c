/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stub through QEMU's monitor. Its socket is made by QMP, where no character of a path means
 * anything, and then given to the stub, which only the human monitor can do.
 */
#include "guard/debug.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/ask.h"
#include "guard/fence.h"
#include "sys/proc.h"
#include "sys/qmp.h"
#include "sys/stage.h"

enum { PATH_SIZE = 108 }; /* sockaddr_un */

#define CHARDEV "guardedvm-gdb"

/* The human monitor says in words whether it did something. */
static int tell_stub(struct domain *d, const char *device, const char *done, struct err *why)
{
    _cleanup_free_ char *line = str_printf("gdbserver %s", device);
    _cleanup_free_ char *said = NULL;
    int rc = qmp_human(d, line, &said, why);

    if (rc == 0 && !str_starts(said, done)) {
        rc = err_set(why, -EREMOTEIO, ERR_GENERIC, "QEMU says to '%s': %s", line,
                     *said ? said : "nothing");
    }
    return rc;
}

static struct json_object *object_with(const char *key, struct json_object *value)
{
    struct json_object *o = json_object_new_object();

    json_object_object_add(o, key, value);
    return o;
}

/* {"type": TYPE, "data": DATA}: how QMP writes one of several kinds. */
static struct json_object *of_kind(const char *type, struct json_object *data)
{
    struct json_object *o = object_with("type", json_object_new_string(type));

    json_object_object_add(o, "data", data);
    return o;
}

static int add_socket(struct domain *d, const char *path, struct err *why)
{
    struct json_object *at = of_kind("unix", fence_arg("path", path));
    struct json_object *data = object_with("addr", at);
    struct json_object *args = fence_arg("id", CHARDEV);

    json_object_object_add(data, "server", json_object_new_boolean(true));
    json_object_object_add(data, "wait", json_object_new_boolean(false));
    json_object_object_add(args, "backend", of_kind("socket", data));
    return qmp_run(d, "chardev-add", args, NULL, why);
}

static void remove_socket(struct domain *d)
{
    struct err ignored = {0};

    qmp_run(d, "chardev-remove", fence_arg("id", CHARDEV), NULL, &ignored);
}

int debug_close_here(struct domain *d, struct err *why)
{
    int rc = tell_stub(d, "none", "Disabled gdbserver", why);

    if (rc == 0) {
        /* The stub took it along, unless it never got it. */
        remove_socket(d);
    }
    return rc;
}

/* A stub that is given a socket which it has already ends QEMU (an assertion): it has to be a new
 * one, which chardev-add makes sure of. */
int debug_open_here(struct domain *d, const char *path, struct err *why)
{
    int rc = debug_close_here(d, why);

    if (rc == 0) {
        rc = add_socket(d, path, why);
    }
    if (rc == 0) {
        rc = tell_stub(d, "chardev:" CHARDEV, "Waiting for gdb connection", why);
        if (rc < 0) {
            remove_socket(d);
        }
    }
    return rc;
}

/* Its descriptor's words are "unix /PATH/monitor.sock". */
static char *beside_monitor(const struct proc_fd *fd)
{
    static const char monitor[] = "/monitor.sock";
    const char *path = fd->kind == FD_UNIX_SOCKET && fd->detail ? strchr(fd->detail, '/') : NULL;
    size_t length = path ? strlen(path) : 0;

    if (length < sizeof monitor || !str_eq(path + length - (sizeof monitor - 1), monitor)) {
        return NULL;
    }
    return str_printf("%.*s/gdb.sock", (int) (length - (sizeof monitor - 1)), path);
}

int debug_place_here(pid_t pid, char **ret_path, struct err *why)
{
    struct proc_fd *fds = NULL;
    size_t count = 0;
    char *path = NULL;
    int rc = proc_list_fds(pid, &fds, &count, why);

    if (rc < 0) {
        return rc;
    }
    for (size_t i = 0; i < count && !path; i++) {
        path = beside_monitor(&fds[i]);
    }
    proc_fds_free(fds, count);
    if (!path) {
        return err_set(why, -ENOENT, ERR_GENERIC, "QEMU process %d has no monitor of libvirt's",
                       (int) pid);
    }
    *ret_path = path;
    return 0;
}

struct input {
    const struct record *record;
    struct deadline until;
    bool open;
};

static int run(void *shared, const void *input, struct err *why)
{
    const struct input *in = input;
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    _cleanup_free_ char *path = NULL;
    int rc = in->open ? debug_place_here(in->record->process.pid, &path, why) : 0;

    if (rc == 0 && path && strlen(path) >= PATH_SIZE) {
        rc = err_set(why, -ENAMETOOLONG, ERR_GENERIC, "%s is too long for a socket", path);
    }
    if (rc == 0) {
        rc = guest_reach(in->record, in->until, &v, &d, why);
    }
    if (rc == 0) {
        rc = in->open ? debug_open_here(d, path, why) : debug_close_here(d, why);
    }
    if (rc == 0 && path) {
        snprintf(shared, PATH_SIZE, "%s", path);
    }
    return rc;
}

int debug_open(const struct record *r, struct deadline until, char **ret_path, struct err *why)
{
    struct input in = {.record = r, .until = until, .open = true};
    char *path = stage_memory(PATH_SIZE);
    int rc = stage_run("opening QEMU's gdb stub", run, path, &in, until, why);

    if (rc == 0) {
        *ret_path = str_dup(path);
    }
    stage_memory_free(path, PATH_SIZE);
    return rc;
}

int debug_close(const struct record *r, struct deadline until, struct err *why)
{
    struct input in = {.record = r, .until = until};

    return stage_run("closing QEMU's gdb stub", run, NULL, &in, until, why);
}
