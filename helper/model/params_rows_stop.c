/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parameters: how a guest is stopped.
 */
#include "model/params.h"
#include "model/params_rows.h"

static const struct param_row rows[] = {
    {
        PLACE(stop_sequence), .type = PARAM_SEQUENCE, .fallback = "shutdown destroy",
        .reloadable = true, .min = 1, .max = DAY_S,
        .words = WORDS(
            WORD("shutdown", STOP_WORD_SHUTDOWN, "asks the guest to shut down"),
            WORD("destroy", STOP_WORD_DESTROY, "ends it")),
        .brief = "Steps that stop a running guest",
        .text = "What a stop does to a running guest, one step after the other until it has "
                "ended, within the stop operation's timeout. Each word may carry a limit, as in "
                "\"shutdown:60s destroy\"; without one it gets its share of the time. Where the "
                "last step fails the guest's process is killed.",
    },
    {
        PLACE(force_stop), .type = PARAM_BOOL, .fallback = "false", .reloadable = true,
        .brief = "Stop without asking the guest",
        .text = "End a running guest at once on stop instead of asking it to shut down first. "
                "For guests that cannot shut down on request. A crashed or hung guest is still "
                "treated as crash_policy says.",
    },
};

PARAM_GROUP(stop, rows);
