/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All evidence of one frozen guest, its dump with it, and how far that is, into its record.
 */
#ifndef GVM_GUARD_COLLECT_H
#define GVM_GUARD_COLLECT_H

#include <stdbool.h>

#include "base/err.h"
#include "model/record.h"

struct collect_request {
    enum dump_format format; /* DUMP_NONE: evidence without a dump */
    const char *dir;         /* instead of its policy's dump_dir; NULL: there */
    bool again;              /* also where there is a complete dump: in its place; that a new one
                              * fails is an error (-ENODATA) */
    /* How far its dump is, about once a second; NULL: nobody asks. */
    void (*tell)(void *data, const struct record *r);
    void *data;
};

/*
 * 0: its record says that all that can be had is there (kept), and what is not, and why.
 * -ESTALE: it is not frozen any more. Else nothing has changed but that it may be called dumping:
 * it is still due. The caller has statedir_lock_care and not the guest's lock.
 */
int collect_guest(const char *name, const struct collect_request *wanted, struct err *why);

#endif
