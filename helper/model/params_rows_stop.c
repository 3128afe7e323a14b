/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parameters: how a guest is stopped.
 */
#include "model/params.h"
#include "model/params_rows.h"

static const struct param_word words_of_a_stop[] = {
    WORD("save", STOP_WORD_SAVE,
         "saves its memory, from which the next start goes on (needs snapshot)"),
    WORD("shutdown", STOP_WORD_SHUTDOWN, "asks the guest to shut down"),
    WORD("destroy", STOP_WORD_DESTROY, "ends it"),
    { .word = NULL },
};

static const struct param_row rows[] = {
    {
        PLACE(stop_sequence), .type = PARAM_SEQUENCE, .fallback = "shutdown destroy",
        .reloadable = true, .min = 1, .max = DAY_S, .words = words_of_a_stop,
        .brief = "Steps that stop a running guest",
        .text = "What a stop does to a running guest, one step after the other until it has "
                "ended, within the stop operation's timeout: up to four words, destroy only as "
                "the last one. Each may carry a limit, as in \"shutdown:60s destroy\", which "
                "counts up to 85 % of the time that is left then; without one a shutdown gets "
                "70 % of it, a save 50 %. Where the last step fails the guest's process is "
                "killed. With snapshot, and without this parameter, the sequence is \"save "
                "shutdown destroy\".",
    },
    {
        PLACE(host_stop_sequence), .type = PARAM_SEQUENCE, .optional = true, .reloadable = true,
        .min = 1, .max = DAY_S, .words = words_of_a_stop,
        .brief = "Steps that stop a running guest when its node shuts down",
        .text = "The same as stop_sequence, for a stop that is made because Pacemaker itself is "
                "stopped on the guest's node, as when the node shuts down. Not set: as "
                "stop_sequence says. Where Pacemaker does not tell why it stops the guest, "
                "stop_sequence applies.",
    },
    {
        PLACE(shutdown_mode), .type = PARAM_WORD, .optional = true, .reloadable = true,
        .words = WORDS(
            WORD("acpi", SHUTDOWN_BY_ACPI, "the power button (ACPI)"),
            WORD("agent", SHUTDOWN_BY_AGENT, "the guest agent"),
            WORD("agent,acpi", SHUTDOWN_BY_AGENT_OR_ACPI,
                 "the guest agent, and the power button where it does not answer"),
            WORD("acpi,agent", SHUTDOWN_BY_AGENT_OR_ACPI, "the same")),
        .brief = "How a guest is asked to shut down",
        .text = "What \"shutdown\" in stop_sequence uses. Not set: libvirt's choice, the guest "
                "agent where one answers, else the power button. In any case it is tried again "
                "every few seconds.",
    },
    {
        PLACE(snapshot), .type = PARAM_PATH, .optional = true, .reloadable = true,
        .brief = "Folder for the guest's saved memory",
        .text = "With it, a stop saves the guest's memory to GUEST.state in this folder, and a "
                "start goes on from there, once. The folder must be there on every node, and it "
                "and all folders above it must be root's and not writable by others. On storage "
                "that all nodes share, the guest goes on wherever it is placed. Memory older than "
                "the guest's disks is never used: it is set aside as GUEST.state.stale. "
                "Cannot be combined with force_stop.",
    },
    {
        PLACE(save_bypass_cache), .type = PARAM_BOOL, .fallback = "false", .reloadable = true,
        .brief = "Save and restore around the page cache",
        .text = "The saved memory is written and read without the node's page cache, where the "
                "folder's file system can do that.",
    },
    {
        PLACE(sync_time), .type = PARAM_BOOL, .fallback = "false", .reloadable = true,
        .brief = "Set the guest's clock after its memory was restored",
        .text = "A guest whose memory is restored has the time of when it was saved. With this "
                "the guest agent is asked to set it. A failure is only logged.",
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
