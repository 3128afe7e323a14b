/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A path walked part by part, each looked at before the next is opened in it.
 */
#include "sys/safepath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"

enum { LINKS_MOST = 16, PARTS_MOST = 256 };

struct walk {
    const char *path; /* as it was given, for reasons */
    char *rest;       /* what is still to be walked */
    int fd;           /* the folder reached so far */
    int links;
};

static int fail(const struct walk *w, int code, const char *part, const char *what,
                struct err *why)
{
    return err_set(why, code, ERR_INSTALLED, "'%s' cannot be used: '%s' %s", w->path, part, what);
}

static bool is_ours(const struct stat *st)
{
    return st->st_uid == 0 || st->st_uid == geteuid();
}

/* Others may write to it, and not only to what is theirs in it. */
static bool is_open_to_others(const struct stat *st)
{
    return (st->st_mode & (S_IWGRP | S_IWOTH)) && !(st->st_mode & S_ISVTX);
}

/* What the link says comes before what is left. */
static int follow(struct walk *w, const char *part, struct err *why)
{
    char target[PATH_MAX];
    ssize_t n = readlinkat(w->fd, part, target, sizeof target - 1);
    char *rest;

    if (n < 0) {
        return fail(w, -errno, part, "is a link that cannot be read", why);
    }
    if (++w->links > LINKS_MOST) {
        return fail(w, -ELOOP, part, "is a link too many", why);
    }
    target[n] = '\0';
    rest = str_printf("%s/%s", target, w->rest);
    free(w->rest);
    w->rest = rest;
    if (target[0] == '/') {
        close(w->fd);
        w->fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    }
    return w->fd < 0 ? -errno : 0;
}

static int enter(struct walk *w, const char *part, struct err *why)
{
    int next = openat(w->fd, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat st;

    if (next < 0 || fstat(next, &st) < 0) {
        int code = -errno;

        if (next >= 0) {
            close(next);
        }
        return fail(w, code, part, strerror(-code), why);
    }
    close(w->fd);
    w->fd = next;
    if (!is_ours(&st) || is_open_to_others(&st)) {
        return fail(w, -EPERM, part, "belongs to others, or others may write to it (chown root, "
                    "chmod go-w)", why);
    }
    return 0;
}

static int step(struct walk *w, const char *part, struct err *why)
{
    struct stat st;

    if (fstatat(w->fd, part, &st, AT_SYMLINK_NOFOLLOW) < 0) {
        return fail(w, -errno, part, strerror(errno), why);
    }
    if (!S_ISLNK(st.st_mode)) {
        return enter(w, part, why);
    }
    /* Where others may make entries, a link is only as good as who made it. */
    if (!is_ours(&st)) {
        return fail(w, -EPERM, part, "is a link that is not root's", why);
    }
    return follow(w, part, why);
}

/* Takes the next part off the rest; NULL: there is none. */
static char *next_part(struct walk *w)
{
    char *begin = w->rest + strspn(w->rest, "/");
    size_t length = strcspn(begin, "/");
    char *part = length > 0 ? str_printf("%.*s", (int) length, begin) : NULL;
    char *rest = str_dup(begin + length);

    free(w->rest);
    w->rest = rest;
    return part;
}

int safepath_open(const char *path, int *ret_fd, struct err *why)
{
    struct walk w = {.path = path, .rest = str_dup(path)};
    char *part;
    int rc = 0;

    w.fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    for (int i = 0; rc == 0 && i < PARTS_MOST && (part = next_part(&w)); i++) {
        rc = str_eq(part, ".") ? 0 : step(&w, part, why);
        free(part);
    }
    if (rc == 0 && w.rest[strspn(w.rest, "/")] != '\0') {
        rc = err_set(why, -ENAMETOOLONG, ERR_INSTALLED, "'%s' cannot be used: it is too deep",
                     path);
    }
    free(w.rest);
    if (rc < 0) {
        cleanup_close(&w.fd);
        return rc;
    }
    *ret_fd = w.fd;
    return 0;
}
