/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of OCF actions: dispatch and the meta-data's <actions> both read it.
 * A new action is a row here and a file beside this one.
 *
 * A monitor is held by the watch for monitor_wait, 20 s, at most half of its time-out, and comes
 * back 1 s after its answer: cheaper than one every 10 s, and told at once.
 */
#include "ocf/ocf.h"

const struct action ocf_actions[] = {
    {"start", ocf_start, 90, -1, ACTION_ROOT | ACTION_LOCK},
    {"stop", ocf_stop, 120, -1, ACTION_ROOT | ACTION_LOCK | ACTION_TOLERANT},
    {"migrate_to", ocf_migrate_to, 120, -1, ACTION_ROOT | ACTION_LOCK},
    {"migrate_from", ocf_migrate_from, 60, -1, ACTION_ROOT | ACTION_LOCK},
    {"status", ocf_monitor, 40, 1, ACTION_ROOT},
    {"monitor", ocf_monitor, 40, 1, ACTION_ROOT},
    {"validate-all", ocf_validate, 30, -1, ACTION_ALOUD},
    {"reload-agent", ocf_reload, 20, -1, 0},
    {"meta-data", ocf_meta_data, 5, -1, ACTION_PLAIN},
    {"usage", ocf_usage, 5, -1, ACTION_PLAIN | ACTION_HIDDEN},
    {NULL, NULL, 0, 0, 0}
};
