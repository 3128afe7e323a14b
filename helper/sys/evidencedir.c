/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Folders of evidence: making, listing and removing them. What is put into them is
 * guard/evidence's.
 */
#include "sys/evidencedir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/str.h"
#include "model/record.h"
#include "sys/outfile.h"
#include "sys/safepath.h"

enum { BYTES_PER_MIB = 1024 * 1024 };

static int fail(struct err *why, int code, const char *path, const char *what)
{
    return err_set(why, code, ERR_INSTALLED, "evidence folder '%s' %s: %s", path, what,
                   strerror(-code));
}

static int open_base(const char *base, int *ret_fd, struct err *why)
{
    int rc;

    if (str_eq(base, GVM_EVIDENCEDIR) && mkdir(base, 0700) < 0 && errno != EEXIST) {
        return fail(why, -errno, base, "cannot be made");
    }
    rc = safepath_open(base, ret_fd, why);
    return rc < 0 ? err_prefix(why, rc, "dump_dir='%s'", base) : 0;
}

int evidencedir_check(const char *base, struct err *why)
{
    _cleanup_close_ int fd = -1;
    int rc = open_base(base, &fd, why);

    if (rc == 0 && faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) < 0) {
        rc = err_set(why, -errno, ERR_INSTALLED, "dump_dir='%s' cannot be written to: %s", base,
                     strerror(errno));
    }
    return rc;
}

/* "2026-11-30T09:35:40.123Z" without what is awkward in a file's name: sorts by time. */
static char *time_name(int64_t wall_ms)
{
    char text[CLOCK_TEXT_SIZE];
    char *name = mem_zero(1, CLOCK_TEXT_SIZE);
    size_t used = 0;

    clock_wall_text(wall_ms, text);
    for (const char *p = text; *p; p++) {
        if (*p != ':' && *p != '-') {
            name[used++] = *p;
        }
    }
    return name;
}

/* One folder further in; closes what it came from. */
static int make_in(int *fd, const char *name, const char *path, struct err *why)
{
    struct stat st;
    int next = -1;

    if (mkdirat(*fd, name, 0700) == 0 || errno == EEXIST) {
        next = openat(*fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    }
    if (next < 0 || fstat(next, &st) < 0) {
        int code = -errno;

        cleanup_close(&next);
        return fail(why, code, path, "cannot be made");
    }
    close(*fd);
    *fd = next;
    if (st.st_uid != geteuid() || (st.st_mode & (S_IRWXG | S_IRWXO))) {
        return fail(why, -EPERM, path, "is not root's alone");
    }
    return 0;
}

int evidencedir_make(const char *base, const char *guest, int64_t seen_wall_ms, char **ret_path,
                     struct err *why)
{
    _cleanup_free_ char *folder = record_name_with(guest, "");
    _cleanup_free_ char *when = time_name(seen_wall_ms);
    char *path = str_printf("%s/%s/%s", base, folder, when);
    _cleanup_close_ int fd = -1;
    int rc = open_base(base, &fd, why);

    if (rc == 0) {
        rc = make_in(&fd, folder, path, why);
    }
    if (rc == 0) {
        rc = make_in(&fd, when, path, why);
    }
    if (rc < 0) {
        free(path);
        return rc;
    }
    *ret_path = path;
    return 0;
}

int evidencedir_free_mib(const char *path, int64_t *ret, struct err *why)
{
    struct statvfs fs;

    if (statvfs(path, &fs) < 0) {
        return fail(why, -errno, path, "cannot be looked at");
    }
    *ret = (int64_t) ((double) fs.f_bavail * (double) fs.f_frsize / BYTES_PER_MIB);
    return 0;
}

int evidencedir_write(const char *path, const char *name, const char *text, size_t size,
                      struct err *why)
{
    _cleanup_free_ char *file = str_printf("%s/%s", path, name);

    return outfile_write(file, text, size, why);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

/* Names in a folder, sorted. */
static int list(int folder, char ***ret, size_t *ret_count)
{
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    struct dirent *entry;

    if (!d) {
        int code = -errno;

        cleanup_close(&fd);
        return code;
    }
    while ((entry = readdir(d))) {
        if (!str_eq(entry->d_name, ".") && !str_eq(entry->d_name, "..")) {
            *(char **) array_add(ret, ret_count, sizeof **ret) = str_dup(entry->d_name);
        }
    }
    closedir(d);
    if (*ret_count > 0) {
        qsort(*ret, *ret_count, sizeof **ret, by_name);
    }
    return 0;
}

/* Only the files right in it: nobody puts folders there. */
static int remove_folder(int guest, const char *name)
{
    _cleanup_close_ int fd = openat(guest, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    char **file = NULL;
    size_t count = 0;
    int rc = fd < 0 ? -errno : list(fd, &file, &count);

    for (size_t i = 0; i < count; i++) {
        unlinkat(fd, file[i], 0);
    }
    str_list_free(file, count);
    if (rc == 0 && unlinkat(guest, name, AT_REMOVEDIR) < 0) {
        rc = -errno;
    }
    return rc;
}

/* Only what looks like one of ours: "20261130T093540.123Z". */
static bool is_ours(const char *name)
{
    return name[0] == '2' && strlen(name) == strlen("20261130T093540.123Z") &&
           name[strlen(name) - 1] == 'Z';
}

static bool is_whole(int guest, const char *name)
{
    _cleanup_free_ char *index = str_printf("%s/%s", name, EVIDENCEDIR_INDEX);

    return faccessat(guest, index, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

int evidencedir_prune(const char *newest, int64_t keep, struct err *why)
{
    _cleanup_free_ char *guest = str_dup(newest);
    char *current = strrchr(guest, '/');
    _cleanup_close_ int fd = -1;
    char **name = NULL;
    size_t count = 0;
    int64_t alike = 1;
    bool whole;
    int rc;

    *current++ = '\0';
    fd = open(guest, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    rc = fd < 0 ? -errno : list(fd, &name, &count);
    whole = is_whole(fd, current);
    /* From the newest on; the clock may have been set back, so the last is not always that. */
    for (size_t i = count; i > 0; i--) {
        if (!is_ours(name[i - 1]) || str_eq(name[i - 1], current)) {
            continue;
        }
        bool also = is_whole(fd, name[i - 1]);

        alike += also == whole;
        if (alike <= keep || (also && !whole)) {
            continue;
        }
        int failed = remove_folder(fd, name[i - 1]);

        rc = rc == 0 ? failed : rc;
    }
    str_list_free(name, count);
    return rc < 0 ? fail(why, rc, guest, "cannot be tidied") : 0;
}
