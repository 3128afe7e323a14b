/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the user's config file, once, bounded. Links are followed: administrators
 * link configs into place. What it contains is model/domxml's business.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/configfile.h"
#include "sys/fileio.h"
#include "sys/stage.h"

static int fail(struct err *why, int code, const char *path)
{
    return err_set(why, code, ERR_INSTALLED, "config file '%s' cannot be read: %s", path,
                   strerror(-code));
}

static int not_a_file(struct err *why, const char *path)
{
    return err_set(why, -EINVAL, ERR_INSTALLED, "config file '%s' is not a regular file", path);
}

static int too_large(struct err *why, const char *path, size_t limit)
{
    return err_set(why, -EFBIG, ERR_INSTALLED, "config file '%s' is larger than %zu bytes, which "
                   "no domain XML is", path, limit);
}

static int open_regular(const char *path, int *ret_fd, off_t *ret_size, struct err *why)
{
    struct stat st;

    /* Asked before the open too: opening a device can move it (a tape, a modem line). */
    if (stat(path, &st) < 0) {
        return fail(why, -errno, path);
    }
    if (!S_ISREG(st.st_mode)) {
        return not_a_file(why, path);
    }
    *ret_fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (*ret_fd < 0 || fstat(*ret_fd, &st) < 0) {
        return fail(why, -errno, path);
    }
    if (!S_ISREG(st.st_mode)) {
        return not_a_file(why, path);
    }
    *ret_size = st.st_size;
    return 0;
}

int configfile_read(const char *path, size_t limit, char **ret, size_t *ret_size,
                    struct err *why)
{
    _cleanup_close_ int fd = -1;
    _cleanup_free_ char *text = NULL;
    size_t size = 0;
    off_t told = 0;
    int rc;

    stage_at("reading config file '%s'", path);
    rc = open_regular(path, &fd, &told, why);
    if (rc < 0) {
        return rc;
    }
    if (told < 0 || (uintmax_t) told > limit) {
        return too_large(why, path, limit);
    }
    text = mem_zero(1, limit + 2);
    /* One byte beyond the limit: the size told above may be old by now. */
    rc = file_read_most(fd, text, limit + 1, &size);
    if (rc < 0) {
        return fail(why, rc, path);
    }
    if (size > limit) {
        return too_large(why, path, limit);
    }
    *ret = text;
    *ret_size = size;
    text = NULL;
    return 0;
}

int configfile_stat(const char *path)
{
    struct stat st;

    stage_at("stat '%s'", path);
    return stat(path, &st) < 0 ? -errno : 0;
}

int configfile_program(const char *path)
{
    struct stat st;

    stage_at("stat '%s'", path);
    if (stat(path, &st) < 0) {
        return -errno;
    }
    return !S_ISREG(st.st_mode) ? -EACCES : access(path, X_OK) < 0 ? -errno : 0;
}
