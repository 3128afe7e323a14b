/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the target's libvirt says of a guest that is moved there: while it is, and afterwards.
 */
#ifndef GVM_GUARD_TARGET_H
#define GVM_GUARD_TARGET_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/err.h"
#include "model/migration.h"
#include "model/record.h"
#include "model/verdict.h"

struct target_seen {
    enum libvirt_answer answer;
    int state;                  /* libvirt's, and its reason, where it knows the guest */
    int reason;
    enum guest_end guest;       /* what that means */
};

/*
 * What the libvirt at `uri` knows of the guest, and what that means by model/migration.h. `end`:
 * where it is known never to have run there it is ended, too. -ENOENT: no such guest there. Any
 * other error: nobody can tell, and the answer is "silent".
 */
int target_ask(const struct record *r, const char *uri, bool end, struct deadline until,
               struct target_seen *ret, struct err *why);

#endif
