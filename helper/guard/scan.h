/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking for a guest among all QEMU processes of this node, without libvirt and
 * without a record. Each search is a stage of its own: reading a command line
 * blocks on a stuck process. What a finding means is observe.c's business.
 */
#ifndef GVM_GUARD_SCAN_H
#define GVM_GUARD_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/err.h"
#include "model/record.h"

struct scan_result {
    bool found;
    struct process_id id;
    char uuid[64]; /* of the process found; empty if its command line has none */
};

/*
 * The QEMU process with that UUID, else the one with that name (either may be
 * NULL). 0 also where there is none: then no such process exists, under whatever
 * program's name. An error is doubt, never "none"; -ENOTUNIQ: two of them.
 */
int scan_guest(const char *name, const char *uuid, struct deadline until,
               struct scan_result *ret, struct err *why);

struct scan_strangers {
    size_t count;    /* QEMU processes that no record accounts for */
    bool namesake;   /* one of them carries the name asked for */
};

/*
 * Counts QEMU processes that no record of this node accounts for. `name` (may be
 * NULL) is the name the missing guest would probably have.
 */
int scan_for_strangers(const char *name, struct deadline until, struct scan_strangers *ret,
                       struct err *why);

void scan_set_run_dir(const char *path); /* tests only; NULL: the built-in one */

#endif
