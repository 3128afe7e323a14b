/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parameters: what the cluster is told of a guest's size, for placement by utilization.
 */
#include "model/params.h"
#include "model/params_rows.h"

#define AUTOSET(NAME, WHAT)                                                                    \
    {                                                                                          \
        PLACE(autoset_utilization_##NAME), .type = PARAM_BOOL, .fallback = "true",             \
        .reloadable = true,                                                                    \
        .brief = "Set the " #NAME " utilization of the resource",                              \
        .text = "Whether " WHAT " is written into the " #NAME " utilization of the resource: " \
                "when it starts, and when a monitor finds that the guest's own value changed. " \
                "A value that somebody sets by hand meanwhile stays until then; with false it " \
                "stays for good."                                                              \
    }
#define UNSET(NAME)                                                                            \
    {                                                                                          \
        PLACE(unset_utilization_##NAME), .type = PARAM_BOOL, .fallback = "false",              \
        .reloadable = true,                                                                    \
        .brief = "Remove the " #NAME " utilization of the resource",                           \
        .text = "Whether the " #NAME " utilization of the resource is removed, once after "    \
                "each start. Has an effect only with autoset_utilization_" #NAME "=false."     \
    }

static const struct param_row rows[] = {
    AUTOSET(cpu, "the number of the guest's vCPUs"),
    AUTOSET(host_memory, "the guest's maximum memory in MiB"),
    AUTOSET(hv_memory, "the guest's maximum memory in MiB"),
    UNSET(cpu),
    UNSET(host_memory),
    UNSET(hv_memory),
};

PARAM_GROUP(utilization, rows);
