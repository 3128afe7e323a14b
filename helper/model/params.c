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
    if (p.force_stop) {
        p.stop_sequence = (struct stop_sequence) {
            .count = 1, .step = { { .word = STOP_WORD_DESTROY } },
        };
    }
    *ret = p;
    return 0;
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
