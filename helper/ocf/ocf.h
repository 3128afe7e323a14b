/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The OCF actions: what each is given, the one table of them, and how an answer
 * leaves this program. One file per action; the order of every action is
 * parameters, identity, observation, tables, deed, answer.
 */
#ifndef GVM_OCF_OCF_H
#define GVM_OCF_OCF_H

#include <stdio.h>

#include <crm/common/results.h>

#include "base/clock.h"
#include "base/err.h"
#include "guard/observe.h"
#include "model/outcome.h"
#include "model/params.h"
#include "sys/cluster.h"

struct action;

struct ocf_context {
    const struct action *action;
    struct ocf_call call;
    struct deadline until;   /* the answer must be out by then */
    struct params params;
    struct guest guest;
    struct sighting sight;   /* of the last observe() */
};

enum action_flag {
    ACTION_HIDDEN = 1,   /* not in the meta-data */
    ACTION_PLAIN = 2,    /* needs no parameters, no identity, no root */
    ACTION_ROOT = 4,     /* does or sees what only root may */
    ACTION_TOLERANT = 8, /* has to work with unusable parameters too */
    ACTION_LOCK = 16,    /* one at a time per guest */
    ACTION_ALOUD = 32    /* a person asked: warnings go to standard error, too */
};

/* Returns the OCF exit code; an exit reason has been given for everything but 0. */
typedef int (*action_fn)(struct ocf_context *c);

struct action {
    const char *name;
    action_fn run;
    int timeout_s;       /* advised in the meta-data */
    int interval_s;      /* advised in the meta-data; -1: none */
    unsigned flags;
};

/* Ends with a row without a name. */
extern const struct action ocf_actions[];

/* `guardedvm ocf ACTION`: reads the OCF environment, runs the action, returns its code. */
int ocf_run(const char *action);

int ocf_start(struct ocf_context *c);
int ocf_stop(struct ocf_context *c);
int ocf_monitor(struct ocf_context *c);
int ocf_validate(struct ocf_context *c);
int ocf_reload(struct ocf_context *c);
int ocf_meta_data(struct ocf_context *c);
int ocf_usage(struct ocf_context *c);
int ocf_migrate_to(struct ocf_context *c);
int ocf_migrate_from(struct ocf_context *c);

/* For start and validate-all: 0, or the code with its reason given where the resource is a clone:
 * two instances of it would write to the same disks. */
int ocf_check_single(const struct ocf_context *c);

/* What validate-all, reload-agent and start have in common: 0, or the code with its reason
 * given. Warns of devices that a freeze cannot cut. */
int ocf_check_config(struct ocf_context *c);

/* For validate-all: logs what fights the cluster. 0, or the code with its reason given where the
 * guest could run beside the cluster, with old memory, or not start here. */
int ocf_check_conflicts(const struct ocf_context *c);
/* For start: logs them, and goes on. */
void ocf_warn_of_conflicts(const struct ocf_context *c);

void ocf_print_meta_data(FILE *out);
void ocf_print_usage(FILE *out);

/* Gives `code` (not 0) its exit reason and log line. Returns it. */
int ocf_answer(int code, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same for an error: the code is its kind's. */
int ocf_fail(const struct err *why);
/* Code 0 with something to tell: a reason for crm_mon and a log line. */
int ocf_succeed(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Looks, remembers what was learnt (failing to is logged: the answer stands without it). */
void ocf_look(struct ocf_context *c, struct deadline until);
/*
 * Writes the guest's size, as the last look found it, into the utilization of its resource, by
 * the parameters, and notes in the record what was written. `begins`: at the end of a start or of a
 * migration to here, where what this node wrote in an earlier life says nothing any more; else only
 * what changed since. Takes two seconds at most; failing to is only logged. Saves nothing.
 */
void ocf_tell_utilization(struct ocf_context *c, bool begins);
/* Saves the record where it changed; failing to is logged and returned. */
int ocf_remember(struct ocf_context *c, struct err *why);
/* Of a guest that is seen to run, before the record says so. Nothing where the record does. */
void ocf_take_over(struct ocf_context *c);

#endif
