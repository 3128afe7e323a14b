/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the resource's parameters by the rows of params_rows_*.c. A value that is
 * not understood whole is refused: a cluster must not guess.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/params.h"
#include "model/params_rows.h"

#define ENV_PREFIX "OCF_RESKEY_"

static const struct stop_sequence destroy_only = {
    .count = 1, .step = {{.word = STOP_WORD_DESTROY}},
};
static const struct stop_sequence save_first = {
    .count = 3,
    .step = {{.word = STOP_WORD_SAVE}, {.word = STOP_WORD_SHUTDOWN}, {.word = STOP_WORD_DESTROY}},
};

static void *place_of(struct params *p, const struct param_row *row)
{
    return (char *) p + row->offset;
}

static int parse_row(struct params *p, const struct param_row *row, params_lookup lookup,
                     void *data, struct err *why)
{
    _cleanup_free_ char *env_name = str_printf(ENV_PREFIX "%s", row->name);
    const char *value = lookup(env_name, data);

    if (!value || (!*value && row->optional)) {
        value = row->fallback;
    }
    if (!value && row->optional) {
        return 0;
    }
    if (!value) {
        return err_set(why, -EINVAL, ERR_CONFIGURED, "%s is required: %s", row->name, row->text);
    }
    return param_parse(place_of(p, row), row, value, why);
}

static int agree(const struct params *p, struct err *why)
{
    if (p->stateless && !p->backingfile) {
        return err_set(why, -EINVAL, ERR_CONFIGURED, "stateless='true' is not valid: use it with "
                       "backingfile, over which each start makes the guest's disk anew");
    }
    if (p->stateless && p->snapshot) {
        return err_set(why, -EINVAL, ERR_CONFIGURED, "stateless='true' is not valid with "
                       "snapshot='%s': saved memory does not go with a disk that is made anew",
                       p->snapshot);
    }
    return 0;
}

int params_parse(struct params *ret, params_lookup lookup, void *data, struct err *why)
{
    struct params p = { .config = NULL };
    const struct param_row *row;

    for (size_t i = 0; (row = param_row_at(i)); i++) {
        int r = parse_row(&p, row, lookup, data, why);

        if (r < 0) {
            params_free(&p);
            return r;
        }
    }
    /* VirtualDomain's meaning of snapshot: a stop saves. */
    if (p.snapshot && !lookup(ENV_PREFIX "stop_sequence", data)) {
        p.stop_sequence = save_first;
    }
    if (p.force_stop) {
        p.stop_sequence = destroy_only;
        p.host_stop_sequence = destroy_only;
    }
    p.save_config_on_stop = p.save_config_on_stop || p.sync_config_on_stop;
    if (agree(&p, why) < 0) {
        params_free(&p);
        return -EINVAL;
    }
    *ret = p;
    return 0;
}

bool params_saves(const struct stop_sequence *sequence)
{
    for (int i = 0; i < sequence->count; i++) {
        if (sequence->step[i].word == STOP_WORD_SAVE) {
            return true;
        }
    }
    return false;
}

void params_defaults(struct params *ret)
{
    struct params p = { .config = NULL };
    const struct param_row *row;

    for (size_t i = 0; (row = param_row_at(i)); i++) {
        struct err why;

        if (row->fallback && param_parse(place_of(&p, row), row, row->fallback, &why) < 0) {
            abort(); /* a row's own default does not parse: the table is wrong */
        }
    }
    *ret = p;
}

void params_free(struct params *p)
{
    const struct param_row *row;

    for (size_t i = 0; p && (row = param_row_at(i)); i++) {
        if (row->type == PARAM_PATH || row->type == PARAM_PATHS || row->type == PARAM_URI ||
            row->type == PARAM_TEXT) {
            char **text = place_of(p, row);

            free(*text);
            *text = NULL;
        }
    }
}
