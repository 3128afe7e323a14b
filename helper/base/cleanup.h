/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cleanup attributes: what a scope opened, it closes on every way out.
 * Free functions are NULL-safe, so a variable is initialised at its declaration.
 */
#ifndef GVM_BASE_CLEANUP_H
#define GVM_BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_free(void *p)
{
    free(*(void **) p);
}

static inline void cleanup_close(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
    }
}

static inline void cleanup_fclose(FILE **f)
{
    if (*f) {
        fclose(*f);
    }
}

#define _cleanup_(f) __attribute__((cleanup(f)))
#define _cleanup_free_ _cleanup_(cleanup_free)
#define _cleanup_close_ _cleanup_(cleanup_close)
#define _cleanup_fclose_ _cleanup_(cleanup_fclose)

#endif
