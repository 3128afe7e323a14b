/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parameters: what happens to a guest that crashed, hangs, lost its storage or stands still.
 */
#include "model/params.h"
#include "model/params_rows.h"

static const struct param_row rows[] = {
    {
        PLACE(crash_policy), .type = PARAM_WORD, .fallback = "freeze", .reloadable = true,
        .words = WORDS(
            WORD("freeze", CRASH_FREEZE,
                 "its vCPUs stay stopped, its disks and network are cut off for ever, that is "
                 "proven from outside QEMU, and its memory is kept for analysis"),
            WORD("destroy", CRASH_DESTROY, "its QEMU process is ended and its memory is lost")),
        .brief = "What happens to a guest that crashed",
        .text = "What a stop does to a guest that crashed, hangs or lost its storage. Where "
                "freezing is impossible or cannot be proven in time, the guest is destroyed.",
    },
    {
        PLACE(frozen_start), .type = PARAM_WORD, .fallback = "refuse", .reloadable = true,
        .words = WORDS(
            WORD("refuse", FROZEN_START_REFUSE,
                 "the start fails with \"not installed\", so that the cluster starts the guest on "
                 "another node, until \"guardedvm release\" has ended the frozen one and the "
                 "failure is cleaned up (pcs resource cleanup)"),
            WORD("discard", FROZEN_START_DISCARD,
                 "the frozen guest is ended, its memory is lost, and the guest is started")),
        .brief = "Start on a node that holds the frozen guest",
        .text = "What a start does on a node that still holds this guest frozen.",
    },
    {
        PLACE(on_watchdog), .type = PARAM_WORD, .fallback = "freeze", .reloadable = true,
        .words = WORDS(
            WORD("freeze", ON_WATCHDOG_FREEZE,
                 "the monitor fails, and the recovery treats it as crash_policy says"),
            WORD("degraded", ON_WATCHDOG_DEGRADED, "it is shown as degraded, nothing is done"),
            WORD("ignore", ON_WATCHDOG_IGNORE, "it counts as running")),
        .brief = "What to do with a guest that hangs",
        .text = "How a guest that hangs is reported to the cluster: its watchdog fired with the "
                "action pause, or it stands still (agent_ping).",
    },
    {
        PLACE(on_io_error), .type = PARAM_WORD, .fallback = "retry", .reloadable = true,
        .words = WORDS(
            WORD("retry", ON_IO_ERROR_RETRY,
                 "each monitor lets it try again and shows it as degraded; when io_error_grace "
                 "is over, the monitor fails"),
            WORD("freeze", ON_IO_ERROR_FREEZE,
                 "the monitor fails at once, and the recovery treats it as crash_policy says"),
            WORD("degraded", ON_IO_ERROR_DEGRADED, "it is shown as degraded, nothing is done")),
        .brief = "What to do with a guest that lost its storage",
        .text = "How a guest that QEMU stopped at a failed read or write of a disk (error_policy "
                "or rerror_policy \"stop\" in the domain XML) is reported to the cluster. "
                "QEMU keeps the guest's requests and repeats them when it is resumed. A retry "
                "needs monitors, so there is none in maintenance mode; an unmanaged resource "
                "(is-managed=false) still has them.",
    },
    {
        .name = "io_error_grace", .offset = offsetof(struct params, io_error_grace_s),
        .type = PARAM_SECONDS, .fallback = "60s", .reloadable = true,
        .min = 0, .max = 7 * DAY_S,
        .brief = "How long storage may be away",
        .text = "With on_io_error=retry: how long a guest may stand still after a disk error "
                "before the monitor fails.",
    },
    {
        .name = "monitor_wait", .offset = offsetof(struct params, monitor_wait_s),
        .type = PARAM_SECONDS, .fallback = "20s", .reloadable = true,
        .min = 0, .max = 600,
        .brief = "How long a recurring monitor waits for news",
        .text = "A recurring monitor is held by the node's watch (\"guardedvm watch\") until "
                "something happens to the guest, and then answers at once; this is how long it "
                "waits while nothing does. It is never longer than half of the monitor's timeout, "
                "with monitor_scripts or agent_ping a quarter. 0: each monitor answers at once.",
    },
    {
        .name = "kdump_grace", .offset = offsetof(struct params, kdump_grace_s),
        .type = PARAM_SECONDS, .fallback = "300s", .reloadable = true, .min = 0, .max = DAY_S,
        .brief = "Time for a guest that dumps itself",
        .text = "How long a guest that panicked and announced that it handles that itself (kdump: "
                "pvpanic's \"crash loaded\") may take until it has rebooted. Meanwhile it is "
                "shown as degraded; after that the monitor fails. 0: at once.",
    },
    {
        .name = "panic_grace", .offset = offsetof(struct params, panic_grace_s),
        .type = PARAM_SECONDS, .fallback = "0s", .reloadable = true, .min = 0, .max = DAY_S,
        .brief = "Time for a panicked guest to go on by itself",
        .text = "For guests that fire the panic device first and then dump and reboot themselves "
                "(Windows): how long QEMU lets a panicked guest run on. Meanwhile it is shown as "
                "degraded; if it has not rebooted by then, the monitor fails. 0: a panic stops "
                "the guest at once. Needs QEMU 6.0.",
    },
    {
        PLACE(on_guest_shutdown), .type = PARAM_WORD, .fallback = "restart", .reloadable = true,
        .words = WORDS(
            WORD("restart", ON_GUEST_SHUTDOWN_RESTART, "the cluster starts it again"),
            WORD("stop", ON_GUEST_SHUTDOWN_STOP,
                 "its resource is set to target-role=Stopped, and stays off until somebody "
                 "enables it")),
        .brief = "What to do with a guest that was shut down from inside",
        .text = "What becomes of a guest that its own user shut down. A shutdown that somebody "
                "asked for on the node (virsh shutdown) does not count, nor one that the node's "
                "watch (\"guardedvm watch\") did not see: the cluster then starts the guest "
                "again. A node attribute says why the resource was stopped. The target-role of "
                "one that is unmanaged at that time is left as it is.",
    },
    {
        PLACE(on_pause), .type = PARAM_WORD, .fallback = "degraded", .reloadable = true,
        .words = WORDS(
            WORD("degraded", ON_PAUSE_DEGRADED, "it is shown as degraded, nothing is done"),
            WORD("ok", ON_PAUSE_OK, "it counts as running"),
            WORD("fail", ON_PAUSE_FAIL, "the monitor fails and the guest is recovered")),
        .brief = "What to do with a paused guest",
        .text = "How a guest that somebody paused (virsh suspend, a debugger) is reported to the "
                "cluster.",
    },
    {
        PLACE(on_pmsuspend), .type = PARAM_WORD, .fallback = "ok", .reloadable = true,
        .words = WORDS(
            WORD("ok", ON_PMSUSPEND_OK, "it counts as running"),
            WORD("wakeup", ON_PMSUSPEND_WAKEUP, "the monitor wakes it, degraded until it is up"),
            WORD("fail", ON_PMSUSPEND_FAIL, "the monitor fails and the guest is recovered")),
        .brief = "What to do with a sleeping guest",
        .text = "How a guest that put itself to sleep (S3) is reported to the cluster.",
    },
};

PARAM_GROUP(crash, rows);
