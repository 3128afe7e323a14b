/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parameters: the guest and its devices.
 */
#include "model/params.h"
#include "model/params_rows.h"

/* PARAM_WORD writes an int through the offset. */
_Static_assert(sizeof(enum crash_policy) == sizeof(int), "enums are ints");

static const struct param_row rows[] = {
    {
        PLACE(config), .type = PARAM_PATH, .unique = true,
        .brief = "File with the guest's libvirt domain XML",
        .text = "Absolute path of the file with the guest's libvirt domain XML, on every node "
                "that may run the guest. It is only read, unless save_config_on_stop is set. The "
                "guest is created from it as a transient domain; it need not be, and should not "
                "be, defined in libvirt: a definition of the same name and UUID is left as it "
                "is.",
    },
    {
        PLACE(hypervisor), .type = PARAM_URI, .fallback = "qemu:///system",
        .brief = "libvirt URI of this node's QEMU",
        .text = "libvirt connection URI. Only this node's own system-wide QEMU driver is "
                "accepted (qemu:///system or qemu+unix:///system, with an optional ?socket=), "
                "because the death or harmlessness of a QEMU process on another machine could "
                "not be proven from here. For migrations to another node see remoteuri. libvirtd "
                "and the modular daemon (virtqemud) are both found.",
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
};

PARAM_GROUP(guest, rows);
