/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking for what fights the cluster, on this node and in one guest's definition, before it
 * does. Changes nothing. What a finding means is model/conflicts.h's.
 */
#ifndef GVM_GUARD_CHECKUP_H
#define GVM_GUARD_CHECKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/err.h"
#include "model/conflicts.h"
#include "model/domxml.h"
#include "model/params.h"

/* The guest that is looked at: its config file's text, and what is in it. */
struct checkup_guest {
    const struct domxml *domain;
    const char *text;
    size_t size;
    const struct params *params;
    bool thorough; /* what costs more, too: its XML as libvirt has it now, and who listens here */
};

/* Plain data, shared with the child that looks. */
struct checkup {
    struct findings node;
    struct findings guest;
    size_t live_size;           /* 0: it does not run, or that was not to be found out */
    char live[DOMXML_MAX_BYTES];
};

/*
 * Looks until `until`, in a stage; `guest` NULL: at the node only. Always an answer, which
 * checkup_free frees: what could not be looked at, or not in time, is a finding of its own.
 */
struct checkup *checkup_run(const struct checkup_guest *guest, struct deadline until);
void checkup_free(struct checkup *c);
void checkup_cleanup(struct checkup **c);
#define _cleanup_checkup_ __attribute__((cleanup(checkup_cleanup)))

#endif
