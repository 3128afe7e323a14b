/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A directory of a test's own on a real file system (the build's), removed at its end.
 */
#ifndef GVM_TESTS_SYS_SCRATCH_DIR_H
#define GVM_TESTS_SYS_SCRATCH_DIR_H

#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SCRATCH_BYTES = 1024 };

static char scratch[SCRATCH_BYTES];

static inline int scratch_remove_one(const char *path, const struct stat *st, int type,
                                     struct FTW *where)
{
    (void) st;
    (void) type;
    (void) where;
    return remove(path);
}

static inline int scratch_setup(void **state)
{
    char here[SCRATCH_BYTES - 32];

    (void) state;
    if (!getcwd(here, sizeof here)) {
        return -1;
    }
    snprintf(scratch, sizeof scratch, "%s/scratch.XXXXXX", here);
    return mkdtemp(scratch) ? 0 : -1;
}

static inline int scratch_teardown(void **state)
{
    (void) state;
    return nftw(scratch, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* "SCRATCH/name" in one of a few buffers that are reused in turn. */
static inline const char *scratch_path(const char *name)
{
    static char paths[8][SCRATCH_BYTES + NAME_MAX + 2];
    static int turn;
    char *p = paths[turn++ % 8];

    snprintf(p, sizeof paths[0], "%s/%.*s", scratch, NAME_MAX, name);
    return p;
}

/* A file of these words, for its owner alone. A test that cannot have it is none. */
static inline void scratch_put(const char *name, const char *text)
{
    FILE *f = fopen(scratch_path(name), "w");

    if (!f || fchmod(fileno(f), S_IRUSR | S_IWUSR) < 0 || fputs(text, f) < 0 || fclose(f) != 0) {
        perror(name);
        abort();
    }
}

static inline bool scratch_has(const char *name)
{
    return access(scratch_path(name), F_OK) == 0;
}

#endif
