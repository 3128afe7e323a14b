/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of findings, and keeping them. What leads to one is conflicts_*.c's.
 */
#include "model/conflicts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"

static const struct conflict_row rows[CONFLICT_LAST] = {
    [CONFLICT_UNCHECKED] = {"unchecked", WEIGHT_WARNING,
        "what could not be looked at may hold a conflict",
        "mend what the finding names, and look again"},
    [CONFLICT_CONFIG] = {"config", WEIGHT_CONFLICT,
        "a start on this node is refused", "bring the file to this node, or correct it"},
    [CONFLICT_AUTOSTART] = {"autostart", WEIGHT_CONFLICT,
        "libvirt starts the guest at every boot of this node, whether or not it runs on another",
        "virsh autostart --disable --domain '{}'"},
    [CONFLICT_AUTOSTART_ONCE] = {"autostart-once", WEIGHT_CONFLICT,
        "libvirt starts the guest at the next boot of this node, whether or not it runs on "
        "another", "virsh autostart --disable --once --domain '{}'"},
    [CONFLICT_MANAGED_SAVE] = {"managed-save", WEIGHT_CONFLICT,
        "whoever starts the guest through libvirt (virsh start, libvirt-guests) gets this old "
        "memory back, with disks that have gone on since: that damages its file systems",
        "virsh managedsave-remove --domain '{}' (the saved memory is lost)"},
    [CONFLICT_DEFINED] = {"defined", WEIGHT_NOTE,
        "the guest can be started outside the cluster by its name, from a definition that may "
        "differ from config",
        "virsh undefine --keep-nvram --domain '{}'; the cluster needs only the file of config"},
    [CONFLICT_AUTO_SHUTDOWN] = {"auto-shutdown", WEIGHT_WARNING,
        "when this node goes down libvirt (11.2 or newer) ends its guests by itself, before "
        "Pacemaker stops or moves them", "set it to \"none\" and restart the daemon"},
    [CONFLICT_AUTO_SHUTDOWN_SAVE] = {"auto-shutdown-save", WEIGHT_CONFLICT,
        "libvirt (11.2 or newer) saves the guest when this node goes down, and later starts it "
        "from that memory, whether or not it has run on another since",
        "set auto_shutdown_try_save = \"none\" and restart the daemon, or: "
        "virsh undefine --keep-nvram --domain '{}'"},
    [CONFLICT_LIBVIRT_GUESTS] = {"libvirt-guests", WEIGHT_WARNING,
        "when this node goes down it shuts guests down by itself, while Pacemaker stops or moves "
        "them", "systemctl disable libvirt-guests.service, without --now: to stop it is what shuts "
        "guests down"},
    [CONFLICT_LIBVIRT_GUESTS_START] = {"libvirt-guests-start", WEIGHT_CONFLICT,
        "it starts the guest at boot if it ran here at shutdown, whether or not it runs on "
        "another node now", "set ON_BOOT=ignore, or: systemctl disable libvirt-guests.service"},
    [CONFLICT_LIBVIRT_GUESTS_SAVE] = {"libvirt-guests-save", WEIGHT_CONFLICT,
        "it saves the guest when this node goes down, and who starts it here later gets that old "
        "memory, with disks that have gone on since",
        "set ON_SHUTDOWN=shutdown, or: systemctl disable libvirt-guests.service"},
    [CONFLICT_LOCK_MANAGER] = {"lock-manager", WEIGHT_NOTE,
        "it gives a guest's leases back as soon as the guest is paused or panics: a failover "
        "does not wait for them, and they do not replace fencing", "nothing; keep STONITH"},
    [CONFLICT_LOCK_HOST_ID] = {"lock-host-id", WEIGHT_CONFLICT,
        "with auto_disk_leases libvirt refuses to work without a host_id",
        "set host_id to another number on each node"},
    [CONFLICT_LOCK_LOCAL] = {"lock-local", WEIGHT_WARNING,
        "leases that lie on one node keep no other node's guest away",
        "put the folder on storage that all nodes share"},
    [CONFLICT_LOCK_LEASE] = {"lock-lease", WEIGHT_CONFLICT,
        "libvirt refuses to start a guest with writable disks and without a <lease> here",
        "add a <lease>, or set auto_disk_leases = 1 or require_lease_for_disks = 0"},
    [CONFLICT_LOCK_UNUSED] = {"lock-unused", WEIGHT_WARNING,
        "without a lock manager nobody takes the lease",
        "set lock_manager in qemu.conf on every node, or take <lease> out"},
    [CONFLICT_LOCK_SOCKET] = {"lock-socket", WEIGHT_WARNING,
        "it gives QEMU a connection to its daemon, which the proof of a freeze takes for a way "
        "out: a crash ends the guest instead of freezing it",
        "set lock_manager to lockd, whose connection is known, or take it out of qemu.conf: that "
        "a guest runs only once is the cluster's work, with STONITH"},
    [CONFLICT_ON_LOCKFAILURE] = {"on-lockfailure", WEIGHT_WARNING,
        "when a lease is lost libvirt acts on the guest by itself, and the cluster is not told "
        "why", "take <on_lockfailure> out: the guest is ended then, which the next monitor sees"},
    [CONFLICT_ON_CRASH] = {"on-crash", WEIGHT_NOTE,
        "it does not hold here: libvirt gets on_crash=preserve, so that a crash is seen and the "
        "memory is kept", "nothing; for the memory of crashes: dump_format"},
    [CONFLICT_ON_POWEROFF] = {"on-poweroff", WEIGHT_WARNING,
        "an ordered shutdown makes the guest reboot instead, so that each stop waits in vain and "
        "ends it by force", "set on_poweroff to destroy"},
    [CONFLICT_PANIC] = {"panic", WEIGHT_WARNING,
        "a panic of the guest's kernel is not noticed",
        "add <panic model='…'/> (isa or pvpanic, hyperv for Windows) or, on x86, set "
        "panic_device=auto; the guest needs the driver"},
    [CONFLICT_WATCHDOG_DUMP] = {"watchdog-dump", WEIGHT_CONFLICT,
        "libvirt lets the guest run on after the dump, even if that failed: a start is refused",
        "set action='pause' in the file, or the parameter watchdog=pause"},
    [CONFLICT_WATCHDOG_ACTION] = {"watchdog-action", WEIGHT_NOTE,
        "when the guest hangs this is done at once, and its memory is not kept",
        "set watchdog=pause for a hang to be handled like a crash"},
    [CONFLICT_WATCHDOG_MISSING] = {"watchdog-missing", WEIGHT_NOTE,
        "that the guest hangs is not noticed",
        "set watchdog=pause, and run something in the guest that feeds it"},
    [CONFLICT_IO_URING] = {"io-uring", WEIGHT_NOTE,
        "it does not hold here: such writes can reach the disk after QEMU's death, so the disk "
        "gets 'native' or 'threads'", "nothing"},
    [CONFLICT_DISK_MISSING] = {"disk-missing", WEIGHT_CONFLICT,
        "the guest cannot start on this node", "bring the file or device to this node"},
    [CONFLICT_DISK_LOCAL] = {"disk-local", WEIGHT_WARNING,
        "by its kind only one node reaches it: a failover finds no disk, or an older copy",
        "put it on storage that all nodes reach; where the cluster moves it (DRBD, an LVM volume "
        "group, a file system as a resource), order and colocate the guest with that"},
    [CONFLICT_DISK_UNTOLD] = {"disk-untold", WEIGHT_NOTE,
        "its kind does not tell whether other nodes reach it", "see to it that they do"},
    [CONFLICT_DISK_UNSAFE] = {"disk-unsafe", WEIGHT_WARNING,
        "the guest's flushes are ignored: when this node is fenced, what it believes to be on the "
        "disk is lost, and the failover finds damaged file systems", "use cache='none'"},
    [CONFLICT_DISK_CACHED] = {"disk-cached", WEIGHT_NOTE,
        "what the guest has not flushed lies in this node's memory only, and a live migration of "
        "it may be refused", "use cache='none' where that matters"},
    [CONFLICT_DISK_OWNER] = {"disk-owner", WEIGHT_NOTE,
        "libvirt gives it to root when a QEMU ends: a libvirtd that was down when the guest was "
        "stopped here does that when it comes back, to a guest that runs on another node by then",
        "set dynamic_ownership = 0 in qemu.conf on every node, and give the images to QEMU's user"},
    [CONFLICT_DISK_OWNER_UNKEPT] = {"disk-owner-unkept", WEIGHT_WARNING,
        "libvirt gives it to root when the QEMU of a frozen guest is released, though the guest "
        "runs on another node, whose writes may fail then",
        "take remember_owner = 0 out of qemu.conf; or set dynamic_ownership = 0 there, on every "
        "node, and give the images to QEMU's user"},
    [CONFLICT_NVRAM_LOCAL] = {"nvram-local", WEIGHT_WARNING,
        "after a failover the guest has another NVRAM: boot entries and keys may be missing",
        "name an <nvram> on storage that all nodes reach"},
    [CONFLICT_LOCAL_DEVICE] = {"local-device", WEIGHT_WARNING,
        "it is this node's: a failover needs the same on the other node, and live migration may "
        "be impossible", "provide it on each node, or keep the guest to nodes that have it"},
    [CONFLICT_MIGRATION_PORTS] = {"migration-ports", WEIGHT_WARNING,
        "no live migration can come in",
        "free some of them, or set migration_port_min and migration_port_max in qemu.conf"},
    [CONFLICT_MIGRATION_DOOR] = {"migration-door", WEIGHT_NOTE,
        "other nodes cannot reach this node's libvirt, so no live migration can come in",
        "run sshd, or open libvirt's TLS socket (systemctl enable --now virtproxyd-tls.socket or "
        "libvirtd-tls.socket); nothing, where guests are not migrated"},
    [CONFLICT_MIGRATION_HOST] = {"migration-host", WEIGHT_NOTE,
        "libvirt refuses live migrations to a node that calls itself localhost",
        "give the node a name, or set migration_host in qemu.conf"},
    [CONFLICT_MIGRATION_CPU] = {"migration-cpu", WEIGHT_NOTE,
        "live migration needs the same, or a newer, CPU on the other node",
        "use a named CPU model where the nodes differ"},
};

const struct conflict_row *conflict_row(enum conflict what)
{
    return &rows[what];
}

const char *weight_word(enum weight weight)
{
    static const char *const words[WEIGHT_LAST] = {
        [WEIGHT_NOTE] = "note", [WEIGHT_WARNING] = "warning", [WEIGHT_CONFLICT] = "conflict"
    };

    return words[weight];
}

static void make_harmless(char *text)
{
    for (; *text; text++) {
        if ((unsigned char) *text < 0x20 || *text == 0x7f) {
            *text = '?';
        }
    }
}

void findings_add(struct findings *f, enum conflict what, const char *object, const char *fmt, ...)
{
    struct finding *one = &f->list[f->count];
    va_list ap;

    if (f->count == FINDINGS_MAX) {
        return;
    }
    if (f->count == FINDINGS_MAX - 1) {
        what = CONFLICT_UNCHECKED;
        fmt = "there is more than can be kept: mend what is named first";
    }
    one->what = what;
    snprintf(one->object, sizeof one->object, "%s", object);
    va_start(ap, fmt);
    vsnprintf(one->seen, sizeof one->seen, fmt, ap);
    va_end(ap);
    make_harmless(one->object);
    make_harmless(one->seen);
    f->count++; /* last: who reads after the writer was killed sees whole ones */
}

size_t findings_count(const struct findings *f, enum weight weight)
{
    size_t count = 0;

    for (size_t i = 0; i < f->count; i++) {
        count += rows[f->list[i].what].weight == weight;
    }
    return count;
}

const struct finding *findings_first(const struct findings *f, enum weight weight)
{
    for (size_t i = 0; i < f->count; i++) {
        if (rows[f->list[i].what].weight == weight) {
            return &f->list[i];
        }
    }
    return NULL;
}

char *finding_remedy(const struct finding *f)
{
    const char *text = rows[f->what].remedy;
    const char *place = strstr(text, "{}");

    return place ? str_printf("%.*s%s%s", (int) (place - text), text, f->object, place + 2)
                 : str_dup(text);
}
