/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records as files: one per guest, by name, by resource, all of them. How a file is
 * opened, checked and replaced is statefile.c's, what is in it model/record's, and one
 * action at a time statelock.c's.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/statedir.h"
#include "sys/statedir_internal.h"

static const char suffix[] = ".json";

bool statedir_is_record(const char *name)
{
    size_t length = strlen(name);

    return name[0] != '.' && length > sizeof suffix - 1 &&
           str_eq(name + length - (sizeof suffix - 1), suffix);
}

/* The name inside must be the one that the file's name stands for: a copied file would make
 * one guest's state another's. */
static int load_file(int dir, const char *file, struct record **ret, struct err *why)
{
    _cleanup_free_ char *text = NULL;
    _cleanup_free_ char *expected = NULL;
    _cleanup_record_ struct record *r = NULL;
    size_t size = 0;
    int rc = statefile_read(dir, file, &text, &size, why);

    if (rc < 0) {
        return rc;
    }
    rc = record_from_text(text, size, &r, why);
    if (rc < 0) {
        return err_prefix(why, rc, "%s/%s", statedir_path(), file);
    }
    expected = record_file_name(r->name ? r->name : "");
    if (!str_eq(expected, file)) {
        return err_set(why, -EBADMSG, ERR_GENERIC, "%s/%s holds the record of another guest, "
                       "'%s'", statedir_path(), file, r->name ? r->name : "");
    }
    *ret = r;
    r = NULL;
    return 0;
}

int statedir_load(const char *domain_name, struct record **ret, struct err *why)
{
    _cleanup_close_ int dir = -1;
    _cleanup_free_ char *file = record_file_name(domain_name);
    int rc = statedir_open(0, &dir, why);

    return rc < 0 ? rc : load_file(dir, file, ret, why);
}

int statedir_load_file(const char *file, struct record **ret, struct err *why)
{
    _cleanup_close_ int dir = -1;
    int rc = statedir_open(0, &dir, why);

    return rc < 0 ? rc : load_file(dir, file, ret, why);
}

int statedir_save(const struct record *r, struct err *why)
{
    _cleanup_close_ int dir = -1;
    _cleanup_free_ char *file = record_file_name(r->name);
    _cleanup_free_ char *text = NULL;
    int rc = record_to_text(r, &text, why);

    if (rc == 0) {
        rc = statedir_open(1, &dir, why);
    }
    return rc < 0 ? rc : statefile_replace(dir, file, text, why);
}

int statedir_remove(const char *domain_name, struct err *why)
{
    _cleanup_close_ int dir = -1;
    _cleanup_free_ char *file = record_file_name(domain_name);
    int rc = statedir_open(0, &dir, why);

    if (rc == -ENOENT) {
        return 0;
    }
    return rc < 0 ? rc : statefile_remove(dir, file, why);
}

void statedir_list_free(struct record **list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        record_free(list[i]);
    }
    free(list);
}

/* Takes over `dir`. */
static int read_names(int dir, char ***list, size_t *count, struct err *why)
{
    DIR *d = fdopendir(dir);
    struct dirent *entry;
    int rc = 0;

    if (!d) {
        rc = -errno;
        cleanup_close(&dir);
        return err_set(why, rc, ERR_GENERIC, "%s: %s", statedir_path(), strerror(-rc));
    }
    while ((errno = 0, entry = readdir(d))) {
        if (statedir_is_record(entry->d_name)) {
            *(char **) array_add(list, count, sizeof **list) = str_dup(entry->d_name);
        }
    }
    if (errno != 0) {
        rc = err_set(why, -errno, ERR_GENERIC, "%s: %s", statedir_path(), strerror(errno));
    }
    closedir(d);
    return rc;
}

int statedir_files(char ***ret, size_t *ret_count, struct err *why)
{
    char **list = NULL;
    size_t count = 0;
    int dir = -1;
    int rc = statedir_open(0, &dir, why);

    if (rc == 0) {
        rc = read_names(dir, &list, &count, why);
    } else if (rc == -ENOENT) {
        rc = 0; /* nothing was ever recorded since boot */
    }
    if (rc < 0) {
        str_list_free(list, count);
        return rc;
    }
    *ret = list;
    *ret_count = count;
    return 0;
}

int statedir_list(struct record ***ret, size_t *ret_count, struct err *why)
{
    struct record **list = NULL;
    char **file = NULL;
    size_t count = 0;
    size_t file_count = 0;
    int rc = statedir_files(&file, &file_count, why);

    for (size_t i = 0; rc == 0 && i < file_count; i++) {
        struct record *r = NULL;

        rc = statedir_load_file(file[i], &r, why);
        if (rc == 0) {
            *(struct record **) array_add(&list, &count, sizeof r) = r;
        }
        rc = rc == -ENOENT ? 0 : rc; /* removed meanwhile */
    }
    str_list_free(file, file_count);
    if (rc < 0) {
        statedir_list_free(list, count);
        return rc;
    }
    *ret = list;
    *ret_count = count;
    return 0;
}

static bool is_of_resource(const struct record *r, const char *resource)
{
    return str_eq(r->resource, resource);
}

static bool is_of_config(const struct record *r, const char *config)
{
    return str_eq(r->config, config);
}

/* The only one that is `what` 'word'. */
static int find(bool (*is)(const struct record *r, const char *word), const char *what,
                const char *word, struct record **ret, struct err *why)
{
    struct record **list = NULL;
    struct record *found = NULL;
    size_t count = 0;
    int rc = statedir_list(&list, &count, why);

    for (size_t i = 0; rc == 0 && i < count; i++) {
        if (!is(list[i], word)) {
            continue;
        }
        if (found) {
            rc = err_set(why, -ENOTUNIQ, ERR_GENERIC, "%s '%s' has two records in %s, of the "
                         "guests '%s' and '%s': which one is meant cannot be told", what, word,
                         statedir_path(), found->name, list[i]->name);
            break;
        }
        found = list[i];
        list[i] = NULL;
    }
    if (rc == 0 && !found) {
        rc = err_set(why, -ENOENT, ERR_GENERIC, "no record of %s '%s' in %s", what, word,
                     statedir_path());
    }
    if (rc < 0) {
        record_free(found);
    } else {
        *ret = found;
    }
    statedir_list_free(list, count);
    return rc;
}

int statedir_find_resource(const char *resource, struct record **ret, struct err *why)
{
    return find(is_of_resource, "resource", resource, ret, why);
}

int statedir_find_config(const char *config, struct record **ret, struct err *why)
{
    return find(is_of_config, "config", config, ret, why);
}
