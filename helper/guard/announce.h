/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Telling the cluster's people about a guest: one transient node attribute per
 * resource, whose changes fire Pacemaker's alerts. Owns its name and its words: who tells the
 * same thing twice, or two who tell it, must not seem to tell two.
 */
#ifndef GVM_GUARD_ANNOUNCE_H
#define GVM_GUARD_ANNOUNCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

struct record;

#define ANNOUNCE_PREFIX "guardedvm-"

/* "crashed: guest panicked; 2026-11-24T11:02:03.123Z"; caller frees. */
char *announce_words(const char *what, const char *reason, int64_t wall_ms);
/* The same of a record's incident, which is not none: the same words as long as it stays what it
 * is, whoever says them. */
char *announce_incident(const struct record *r);

/* Attribute "guardedvm-RESOURCE" of this node; NULL deletes it. Never more than a second or
 * two: -ENOTCONN where no cluster runs, which is nobody to tell. */
int announce(const char *resource, const char *value, struct deadline until, struct err *why);

/* The same for an event loop: starts the tool that does it. */
struct program;
int announce_start(const char *resource, const char *value, struct deadline until,
                   struct program **ret, struct err *why);
/* What its status, or error, of program_finish means. */
int announce_judge(const char *resource, int status, struct err *why);

/* What the cluster was told of a guest on one node. */
struct announced {
    char *node;
    char *resource;
    /* a condition's word, "ended", "migrating", "released"; "unknown": it says something else */
    const char *state;
    char *reason;
    char *time;        /* as clock_wall_text has it; NULL: none was told */
};

/* Those of all nodes that are online. -ENOTCONN as above. The caller frees with
 * announced_free. */
int announced_list(struct announced **ret, size_t *ret_count, struct deadline until,
                   struct err *why);
void announced_free(struct announced *list, size_t count);

/* An attribute's value taken apart, announce_words' way back: state, reason and time of *ret.
 * People can set attributes, too: what is not of that form is all reason. */
void announced_read(const char *value, struct announced *ret);

#endif
