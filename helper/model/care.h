/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a frozen guest is due: its evidence, its dump, and at the end its release. Pure; who does
 * it is guard/aftercare.
 */
#ifndef GVM_MODEL_CARE_H
#define GVM_MODEL_CARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/record.h"

enum care_need {
    CARE_NOTHING = 0,
    CARE_COLLECT, /* evidence and dump; also what was begun by somebody who is gone */
    CARE_RELEASE
};

struct care_due {
    enum care_need need;
    int64_t wait_us;      /* with CARE_NOTHING: until something is due by itself; 0: nothing is */
    const char *because;  /* with CARE_RELEASE: in words */
};

/* By the policy that froze it. Of a guest that is not frozen: nothing. */
struct care_due care_due_of(const struct record *r, int64_t mono_us);

/*
 * More are frozen than the policy of the last one allows: the one to be released next, a complete
 * dump before none wanted before one that failed, the oldest first; NULL: none is to be, or may
 * be, since one that still waits for its dump is never given up.
 */
const struct record *care_surplus(struct record *const *list, size_t count);

/* The next that may be given up for want of memory: its dump is complete, the oldest first; NULL:
 * none. */
const struct record *care_expendable(struct record *const *list, size_t count);

/* Of a dump that is being made. */
struct care_progress {
    int percent;       /* -1: not known yet */
    int64_t mib_per_s;
    int64_t left_s;    /* at the speed so far; -1: not known yet */
};
struct care_progress care_progress_of(const struct evidence *e, int64_t mono_us);

/*
 * The dump in words: "40 %, 812 MiB/s, 3 s left", "complete", "none: ..." and why; caller frees.
 * NULL: nothing to be said. `coarse`: only in steps that are worth
 * an alert.
 */
char *care_words(const struct record *r, int64_t mono_us, bool coarse);

#endif
