/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All parameters, in the order in which the meta-data tells them. One row per parameter, in
 * params_rows_*.c: its place in struct params, default, bounds, words and what an administrator
 * reads about it. There is no second place.
 *
 * To add one: a member in params.h, a row. Nothing else.
 */
#include "model/params_rows.h"

static const struct param_group *const groups[] = {
    &param_group_guest, &param_group_domain, &param_group_crash, &param_group_dump,
    &param_group_stop, &param_group_migrate, &param_group_utilization,
    &param_group_health,
};

const struct param_row *param_row_at(size_t index)
{
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        if (index < groups[i]->count) {
            return &groups[i]->row[index];
        }
        index -= groups[i]->count;
    }
    return NULL;
}
