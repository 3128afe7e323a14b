/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of parameters for others who write them down: records, reasons.
 */
#include "base/str.h"
#include "model/params.h"
#include "model/params_rows.h"

const char *params_word(const char *name, int value)
{
    const struct param_row *row;

    for (size_t i = 0; (row = param_row_at(i)); i++) {
        if (!str_eq(row->name, name)) {
            continue;
        }
        for (const struct param_word *w = row->words; w && w->word; w++) {
            if (w->value == value) {
                return w->word;
            }
        }
    }
    return NULL;
}
