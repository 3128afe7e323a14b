/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What libvirt says of a guest, asked in a stage. For observe.c, which knows what
 * its word is worth.
 */
#ifndef GVM_GUARD_INQUIRE_H
#define GVM_GUARD_INQUIRE_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/err.h"
#include "model/record.h"
#include "model/utilization.h"
#include "model/verdict.h"

struct inquiry {
    enum libvirt_answer answer;
    bool hangs; /* no answer because it did not come in time; else nobody was there to give one */
    int state;
    int reason;
    enum runstate runstate; /* asked where the state needs it */
    bool cut;   /* a freeze has cut its disks off; asked only where the record knows nothing of
                 * how the guest came to run */
    struct guest_size size; /* of one that plainly runs */
    char uuid[64];
};

/* Always fills *ret; `silence` tells why there is no answer. */
void inquire(const struct record *r, struct deadline until, struct inquiry *ret,
             struct err *silence);

#endif
