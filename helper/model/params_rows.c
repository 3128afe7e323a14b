/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One row per parameter: its place in struct params, default, bounds, words and
 * what an administrator reads about it. There is no second place.
 *
 * To add one: a member in params.h, a row here. Nothing else.
 */
#include "model/params.h"
#include "model/params_rows.h"

#define WORDS(...) ((const struct param_word[]) { __VA_ARGS__, { .word = NULL } })
#define WORD(TEXT, VALUE, MEANING) { .word = (TEXT), .value = (VALUE), .text = (MEANING) }
#define PLACE(MEMBER) .name = #MEMBER, .offset = offsetof(struct params, MEMBER)

enum { DAY_S = 24 * 60 * 60 };

/* PARAM_WORD writes an int through the offset. */
_Static_assert(sizeof(enum crash_policy) == sizeof(int), "enums are ints");

static const struct param_row rows[] = {
    {
        PLACE(config), .type = PARAM_PATH, .unique = true,
        .brief = "File with the guest's libvirt domain XML",
        .text = "Absolute path of the file with the guest's libvirt domain XML, on every node "
                "that may run the guest. It is only ever read. The guest is created from it as "
                "a transient domain; it need not be, and should not be, defined in libvirt.",
    },
    {
        PLACE(hypervisor), .type = PARAM_URI, .fallback = "qemu:///system",
        .brief = "libvirt URI of this node's QEMU",
        .text = "libvirt connection URI. Only this node's own system-wide QEMU driver is "
                "accepted (qemu:///system or qemu+unix:///system, with an optional ?socket=), "
                "because the death or harmlessness of a QEMU process on another machine could "
                "not be proven from here.",
    },
    {
        PLACE(force_stop), .type = PARAM_BOOL, .fallback = "false", .reloadable = true,
        .brief = "Stop without asking the guest",
        .text = "End a running guest at once on stop instead of asking it to shut down first. "
                "For guests that cannot shut down on request. A crashed or hung guest is still "
                "treated as crash_policy says.",
    },
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
                 "the start fails on this node until \"guardedvm release\" gave the evidence up; "
                 "the cluster starts the guest on another node"),
            WORD("discard", FROZEN_START_DISCARD,
                 "the frozen guest is ended, its memory is lost, and the guest is started")),
        .brief = "Start on a node that holds the frozen guest",
        .text = "What a start does on a node that still holds this guest frozen.",
    },
    {
        PLACE(watchdog), .type = PARAM_WORD, .fallback = "keep",
        .words = WORDS(
            WORD("keep", WATCHDOG_KEEP, "whatever the domain XML says"),
            WORD("disabled", WATCHDOG_DISABLED, "no watchdog: it is taken out"),
            WORD("none", WATCHDOG_NONE, "libvirt reports that it fired, nothing else happens"),
            WORD("pause", WATCHDOG_PAUSE, "the guest is paused, and treated as on_watchdog says"),
            WORD("reset", WATCHDOG_RESET, "the guest is reset in place"),
            WORD("poweroff", WATCHDOG_POWEROFF, "QEMU ends, and the cluster recovers the guest"),
            WORD("shutdown", WATCHDOG_SHUTDOWN, "the guest is asked to shut down"),
            WORD("inject-nmi", WATCHDOG_INJECT_NMI,
                 "the guest gets an NMI, upon which it may panic")),
        .brief = "Action of the guest's watchdog device",
        .text = "What happens when the watchdog device inside the guest fires. Written into the "
                "XML that libvirt gets, never into the file. A guest without a watchdog gets one "
                "(i6300esb, diag288 on s390x). The action \"dump\" of libvirt is refused: it "
                "lets the guest run on afterwards, even if the dump failed.",
    },
    {
        PLACE(panic_device), .type = PARAM_WORD, .fallback = "keep",
        .words = WORDS(
            WORD("keep", PANIC_KEEP, "whatever the domain XML says"),
            WORD("auto", PANIC_AUTO,
                 "an x86 guest without a panic device gets an ISA one (pvpanic)")),
        .brief = "Whether a panic device is added",
        .text = "A panic of the guest's kernel is only noticed through a panic device. In Linux "
                "guests its driver is the module pvpanic-mmio (ISA) or pvpanic-pci.",
    },
    {
        PLACE(on_watchdog), .type = PARAM_WORD, .fallback = "freeze", .reloadable = true,
        .words = WORDS(
            WORD("freeze", ON_WATCHDOG_FREEZE,
                 "the monitor fails, and the recovery treats it as crash_policy says"),
            WORD("degraded", ON_WATCHDOG_DEGRADED, "it is shown as degraded, nothing is done"),
            WORD("ignore", ON_WATCHDOG_IGNORE, "it counts as running")),
        .brief = "What to do with a guest that hangs",
        .text = "What a guest means to the cluster that hangs: its watchdog fired with the "
                "action pause.",
    },
    {
        PLACE(on_io_error), .type = PARAM_WORD, .fallback = "retry", .reloadable = true,
        .words = WORDS(
            WORD("retry", ON_IO_ERROR_RETRY,
                 "each monitor lets it try again and shows it as degraded; when io_error_grace "
                 "is over, the monitor fails"),
            WORD("freeze", ON_IO_ERROR_FREEZE, "the monitor fails at once"),
            WORD("degraded", ON_IO_ERROR_DEGRADED, "it is shown as degraded, nothing is done")),
        .brief = "What to do with a guest that lost its storage",
        .text = "What a guest means to the cluster that QEMU stopped because reading or writing "
                "a disk failed (error_policy or rerror_policy \"stop\" in the domain XML). Its "
                "requests are kept and repeated when it is resumed. It is tried again as long as "
                "Pacemaker runs monitors: those of an unmanaged resource (is-managed=false), too, "
                "but none in maintenance mode.",
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
                "waits while nothing does. Never longer than half of the monitor's timeout. 0: "
                "each monitor answers at once.",
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
        .text = "With 0 a panic stops the guest at once. Else QEMU lets the panicked guest run on "
                "for so long, for guests that fire the panic device first and then dump and "
                "reboot themselves (Windows). Meanwhile it is shown as degraded; if it has not "
                "rebooted by then, the monitor fails. Needs QEMU 6.0.",
    },
    {
        PLACE(on_guest_shutdown), .type = PARAM_WORD, .fallback = "restart", .reloadable = true,
        .words = WORDS(
            WORD("restart", ON_GUEST_SHUTDOWN_RESTART, "the cluster starts it again"),
            WORD("stop", ON_GUEST_SHUTDOWN_STOP,
                 "its resource is set to target-role=Stopped, and stays off until somebody "
                 "enables it")),
        .brief = "What to do with a guest that was shut down from inside",
        .text = "What a guest means to the cluster whose own user shut it down. The node's watch "
                "has to have seen it; a shutdown that somebody asked for on the node (virsh "
                "shutdown) is not meant. The target-role of a resource that is unmanaged at that "
                "time is left as it is.",
    },
    {
        PLACE(on_pause), .type = PARAM_WORD, .fallback = "degraded", .reloadable = true,
        .words = WORDS(
            WORD("degraded", ON_PAUSE_DEGRADED, "it is shown as degraded, nothing is done"),
            WORD("ok", ON_PAUSE_OK, "it counts as running"),
            WORD("fail", ON_PAUSE_FAIL, "the monitor fails and the guest is recovered")),
        .brief = "What to do with a paused guest",
        .text = "What a guest means to the cluster that somebody paused (virsh suspend, a "
                "debugger).",
    },
    {
        PLACE(on_pmsuspend), .type = PARAM_WORD, .fallback = "ok", .reloadable = true,
        .words = WORDS(
            WORD("ok", ON_PMSUSPEND_OK, "it counts as running"),
            WORD("wakeup", ON_PMSUSPEND_WAKEUP, "the monitor wakes it, degraded until it is up"),
            WORD("fail", ON_PMSUSPEND_FAIL, "the monitor fails and the guest is recovered")),
        .brief = "What to do with a sleeping guest",
        .text = "What a guest means to the cluster that put itself to sleep (S3).",
    },
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
        PLACE(dump_format), .type = PARAM_WORD, .fallback = "none", .reloadable = true,
        .words = WORDS(
            WORD("none", DUMP_NONE, "none is made; the memory is there until the release"),
            WORD("elf", DUMP_ELF, "as large as the guest's memory, read by crash and gdb"),
            WORD("kdump-zlib", DUMP_KDUMP_ZLIB, "compressed, read by crash; slow and small"),
            WORD("kdump-lzo", DUMP_KDUMP_LZO, "compressed, read by crash; fast"),
            WORD("kdump-snappy", DUMP_KDUMP_SNAPPY, "compressed, read by crash; fast"),
            WORD("win-dmp", DUMP_WIN_DMP, "a complete memory dump for WinDbg")),
        .brief = "Core dump of a frozen guest's memory",
        .text = "The format of the dump that the node's watch makes of a guest's memory, after it "
                "was frozen and while it already runs elsewhere. Where QEMU or the guest does not "
                "support it, the next best is taken, and noted.",
    },
    {
        PLACE(dump_dir), .type = PARAM_PATH, .fallback = GVM_EVIDENCEDIR, .reloadable = true,
        .brief = "Folder of dumps and other evidence",
        .text = "Where what is kept of a frozen guest is put, as GUEST/TIME/. Must be there on "
                "every node, belong to root, and have no folder above it that others may write "
                "to. Better a file system of its own, not that of the guests' images.",
    },
    {
        PLACE(dump_keep), .type = PARAM_NUMBER, .fallback = "2", .reloadable = true,
        .min = 1, .max = 1000,
        .brief = "How many incidents' evidence is kept of a guest",
        .text = "Of how many incidents of this guest evidence, with its dump, is kept on a node: "
                "older ones are removed when a new one is complete.",
    },
    {
        .name = "dump_min_free", .offset = offsetof(struct params, dump_min_free_mib),
        .type = PARAM_NUMBER, .fallback = "1024", .reloadable = true,
        .min = 0, .max = 1024 * 1024 * 1024,
        .brief = "Space that a dump leaves free, in MiB",
        .text = "A dump is not begun, and one that goes on is ended and removed, where it would "
                "leave less than so many MiB free in dump_dir.",
    },
    {
        PLACE(after_dump), .type = PARAM_WORD, .fallback = "release", .reloadable = true,
        .words = WORDS(
            WORD("release", AFTER_DUMP_RELEASE,
                 "its QEMU is ended, that is proven, and the resource's failures on this node are "
                 "cleaned up, so that it may run here again"),
            WORD("keep", AFTER_DUMP_KEEP, "it stays frozen until somebody releases it")),
        .brief = "What happens to a frozen guest when its dump is complete",
        .text = "What happens to a frozen guest when its memory is safely in its dump. Without "
                "one, or where it failed, the guest stays frozen.",
    },
    {
        .name = "frozen_keep", .offset = offsetof(struct params, frozen_keep_s),
        .type = PARAM_SECONDS, .fallback = "0s", .reloadable = true, .min = 0, .max = 366 * DAY_S,
        .brief = "How long a guest stays frozen",
        .text = "A guest that has been frozen for so long is released, its memory lost, unless "
                "its dump is still being made. 0: it stays until somebody releases it.",
    },
    {
        PLACE(frozen_max), .type = PARAM_NUMBER, .fallback = "4", .reloadable = true,
        .min = 0, .max = 1000,
        .brief = "How many frozen guests a node holds",
        .text = "Where a node comes to hold more frozen guests than this, the oldest is released, "
                "its memory lost: one whose dump is complete first, never one whose dump is still "
                "to be made. 0: any number.",
    },
};

const struct param_row *param_rows(size_t *ret_count)
{
    *ret_count = sizeof(rows) / sizeof(rows[0]);
    return rows;
}
