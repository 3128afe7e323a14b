/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pacemaker: what the OCF environment says about this call, what goes back (exit
 * reason), and transient node attributes, through which alerts fire.
 */
#ifndef GVM_SYS_CLUSTER_H
#define GVM_SYS_CLUSTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "model/crmtext.h"
#include "model/utilization.h"

struct program;

struct ocf_call {
    const char *resource;  /* OCF_RESOURCE_INSTANCE, without a clone's ":N"; "default" if unset */
    int64_t timeout_ms;    /* OCF_RESKEY_CRM_meta_timeout, else the action's advised one */
    int64_t interval_ms;   /* OCF_RESKEY_CRM_meta_interval, 0 for probes */
    int check_level;       /* OCF_CHECK_LEVEL */
    const char *migrate_source; /* nodes' names, in migrate_to and migrate_from; else NULL */
    const char *migrate_target;
    bool clone;            /* an instance of a clone, promotable or in a bundle, too */
};

/* Reads the environment; `advised_timeout_ms` is the meta-data's value of this action. From
 * then on a reader that has gone away is an error of write(2), not the end of the process. */
void cluster_read_call(struct ocf_call *ret, int64_t advised_timeout_ms);

/* The one line that Pacemaker shows in crm_mon: "ocf-exit-reason:TEXT" on stderr. */
void cluster_exit_reason(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Whether Pacemaker acts on the resource now: not with is-managed=false, wherever that is set,
 * nor in maintenance. Its environment does not say, and monitors go on all the same: this asks
 * crm_mon. */
int cluster_manages(const char *resource, bool *ret, struct deadline until, struct err *why);

/* Whether this node's Pacemaker is being stopped, as when the node shuts down: its transient
 * attribute "shutdown". Asks attrd_updater, until `until`. */
int cluster_node_goes_down(bool *ret, struct deadline until, struct err *why);

/* Forgets the resource's failures on this node, so that it may run here again (crm_resource
 * --cleanup). */
int cluster_clean_up(const char *resource, struct deadline until, struct err *why);

/* The resource's own parameter as the cluster has it; caller frees. An error where it is not set,
 * too, and where there is no cluster. */
int cluster_parameter(const char *resource, const char *name, struct deadline until, char **ret,
                      struct err *why);

/* Sets the resource's target-role to Stopped, by crm_resource: nobody starts it until somebody
 * enables it. */
int cluster_stop_resource(const char *resource, struct deadline until, struct err *why);

/* Plain data, for a stage. */
struct utilization_done {
    int64_t changed[UTILIZATION_LAST]; /* what the configuration says, and did not before */
    int64_t foreign[UTILIZATION_LAST]; /* due, and left alone: the attribute is not ours alone */
};
/*
 * Brings what is due into the resource's configuration, where it is not there already. May wait
 * for the cluster for ever, and loads Pacemaker's library: in a stage only. -ENOTCONN: no cluster
 * here; -ENXIO: the cluster knows no such resource; -ELIBACC: no library.
 */
int cluster_utilization(const char *resource, const int64_t due[UTILIZATION_LAST],
                        struct utilization_done *ret, struct err *why);

/*
 * Sets (or with value NULL deletes) transient node attribute `name` by running
 * attrd_updater without a shell; at most until `until`. No cluster here: -ENOTCONN, which
 * callers treat as "nobody to tell".
 */
int cluster_attribute(const char *name, const char *value, struct deadline until,
                      struct err *why);

/* The same for an event loop: sys/program.h has the rest of it. */
int cluster_attribute_start(const char *name, const char *value, struct deadline until,
                            struct program **ret, struct err *why);
/* What program_finish answered, unless it was -EAGAIN, as cluster_attribute would answer it. */
int cluster_attribute_judge(const char *name, int status, struct err *why);

/* The attributes of all nodes that are online whose names begin with `prefix`, by crm_mon. The
 * caller frees with crmtext_attributes_free. -ENOTCONN: no cluster here. */
int cluster_attributes(const char *prefix, struct crm_attribute **ret, size_t *ret_count,
                       struct deadline until, struct err *why);

#endif
