/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parameters: whether a guest that runs is well, too.
 */
#include "model/params.h"
#include "model/params_rows.h"

static const struct param_row rows[] = {
    {
        PLACE(monitor_scripts), .type = PARAM_PATHS, .optional = true, .reloadable = true,
        .brief = "Programs that check what runs in the guest",
        .text = "Absolute paths of programs, separated by blanks, that a recurring monitor runs "
                "one after the other when the guest itself is fine, and a start until all of them "
                "pass. One that ends with another exit code than 0, or not within its share of "
                "the operation's timeout, is a failure; its name and its last line of output are "
                "the reason. They are run without a shell and without arguments, with the "
                "resource's OCF environment and the guest's name in GUARDEDVM_DOMAIN. A monitor "
                "waits for at most a quarter of its timeout before it runs them (monitor_wait), "
                "so that they have the rest. Probes run none: they ask whether the guest is "
                "there.",
    },
    {
        PLACE(agent_ping), .type = PARAM_BOOL, .fallback = "false", .reloadable = true,
        .brief = "Ask the guest agent whether it answers",
        .text = "Each recurring monitor asks the QEMU guest agent whether it answers; one with "
                "OCF_CHECK_LEVEL=10 does so without this, too. An agent that never answered since "
                "the guest was started is no failure. One that has fallen silent for longer than "
                "agent_silence is shown as degraded while the guest works. Where, over that time, "
                "no vCPU ran and no disk was used either, the guest hangs: its screen is kept as "
                "evidence, hung_nmi is tried if wanted, and then on_watchdog says what becomes of "
                "it. A guest that its own user halted without switching it off looks the same.",
    },
    {
        .name = "agent_silence", .offset = offsetof(struct params, agent_silence_s),
        .type = PARAM_SECONDS, .fallback = "60s", .reloadable = true, .min = 5, .max = DAY_S,
        .brief = "How long an agent may be silent",
        .text = "With agent_ping: for how long the guest agent has to be silent, and vCPUs and "
                "disks to stand still, until the guest counts as hung.",
    },
    {
        PLACE(hung_nmi), .type = PARAM_BOOL, .fallback = "false", .reloadable = true,
        .brief = "Send an NMI to a guest that hangs",
        .text = "With agent_ping: the monitor that finds the guest hung sends it an NMI first and "
                "shows it as degraded for 10 s more. A guest that is set up for it (Linux: "
                "kernel.unknown_nmi_panic=1) panics then, which leaves a better dump; one that "
                "works again has recovered. Only with on_watchdog=freeze.",
    },
};

PARAM_GROUP(health, rows);
