/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of parameters for others who write them down: records, reasons.
 */
#include "base/str.h"
#include "model/params.h"
#include "model/params_rows.h"

const char *params_word(const char *name, int value)
{
    size_t count;
    const struct param_row *row = param_rows(&count);

    for (size_t i = 0; i < count; i++) {
        if (!str_eq(row[i].name, name)) {
            continue;
        }
        for (const struct param_word *w = row[i].words; w && w->word; w++) {
            if (w->value == value) {
                return w->word;
            }
        }
    }
    return NULL;
}
