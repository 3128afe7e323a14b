/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replaces the config. A link in its place stays, and what it leads to is replaced where it
 * is: two nodes' links to one shared file still agree.
 */
#include "sys/configwrite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/fileio.h"
#include "sys/outfile.h"
#include "sys/safepath.h"
#include "sys/stage.h"

static int fail(struct err *why, int code, const char *path, const char *what)
{
    return err_set(why, code, ERR_GENERIC, "config file '%s' %s: %s", path, what, strerror(-code));
}

/* Its folder, and its name in it. */
static int open_place(const char *path, char **ret_name, int *ret_dir, struct err *why)
{
    _cleanup_free_ char *real = realpath(path, NULL);
    char *slash;
    int rc;

    if (!real) {
        return fail(why, -errno, path, "cannot be found");
    }
    slash = strrchr(real, '/');
    *slash = '\0';
    rc = safepath_open(*real ? real : "/", ret_dir, why);
    if (rc == 0) {
        *ret_name = str_dup(slash + 1);
    }
    return rc;
}

/* An editor may have been at work since it was read. */
static int is_still(int dir, const char *name, const struct config_text *before, const char *path,
                    struct stat *ret_st, struct err *why)
{
    _cleanup_close_ int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    _cleanup_free_ char *text = mem_zero(1, before->size + 1);
    size_t size = 0;
    int rc;

    if (fd < 0 || fstat(fd, ret_st) < 0) {
        return fail(why, -errno, path, "cannot be opened");
    }
    rc = file_read_most(fd, text, before->size + 1, &size);
    if (rc < 0) {
        return fail(why, rc, path, "cannot be read");
    }
    if (!S_ISREG(ret_st->st_mode) || size != before->size ||
        memcmp(text, before->text, size) != 0) {
        return err_set(why, -ESTALE, ERR_GENERIC, "config file '%s' is being edited", path);
    }
    return 0;
}

struct place {
    int dir;
    const char *name;
    const char *path;
    const struct config_text *before;
    struct err *why;
};

static int may_replace(void *data)
{
    const struct place *p = data;
    struct stat ignored;

    return is_still(p->dir, p->name, p->before, p->path, &ignored, p->why);
}

int configwrite_replace(const char *path, const struct config_text *before,
                        const struct config_text *now, struct err *why)
{
    _cleanup_close_ int dir = -1;
    _cleanup_free_ char *name = NULL;
    struct stat st;
    int rc;

    stage_at("writing config file '%s'", path);
    rc = open_place(path, &name, &dir, why);
    if (rc == 0) {
        rc = is_still(dir, name, before, path, &st, why);
    }
    if (rc < 0) {
        return rc;
    }
    /* Once more at the end: writing takes its time, and an editor may have been quicker. */
    struct place place = {dir, name, path, before, why};
    rc = outfile_replace(dir, name, now->text, now->size, &st, may_replace, &place);
    return rc == -ESTALE ? rc : rc < 0 ? fail(why, rc, path, "cannot be written") : 0;
}
