/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conflicts in a guest's XML, and in what libvirt has defined under its name. Its storage is
 * conflicts_disk.c's.
 */
#include "model/conflicts.h"

#include "base/cleanup.h"
#include "base/str.h"
#include "model/conftext.h"

static void check_lifecycle(const struct guest_facts *g, struct findings *ret)
{
    const struct traits *t = g->traits;
    const char *name = g->domain->name;

    if (t->on_crash && !str_eq(t->on_crash, "preserve")) {
        findings_add(ret, CONFLICT_ON_CRASH, name, "on_crash is %s", t->on_crash);
    }
    if (str_eq(t->on_poweroff, "restart") || str_eq(t->on_poweroff, "preserve")) {
        findings_add(ret, CONFLICT_ON_POWEROFF, name, "on_poweroff is %s", t->on_poweroff);
    }
    if (t->on_lockfailure && !str_eq(t->on_lockfailure, "poweroff")) {
        findings_add(ret, CONFLICT_ON_LOCKFAILURE, name, "on_lockfailure is %s",
                     t->on_lockfailure);
    }
}

static void check_panic(const struct guest_facts *g, struct findings *ret)
{
    bool added = g->params->panic_device == PANIC_AUTO && g->traits->panic_way == PANIC_WAY_ISA;

    if (!g->domain->has_panic_device && !added && g->traits->panic_way != PANIC_WAY_OWN) {
        findings_add(ret, CONFLICT_PANIC, g->domain->name, "it has no panic device, and "
                     "panic_device is %s", params_word("panic_device",
                                                       (int) g->params->panic_device));
    }
}

/* Who sets the parameter knows what it does. */
static void check_watchdog(const struct guest_facts *g, struct findings *ret)
{
    const char *action = g->domain->watchdog_action;
    const char *name = g->domain->name;

    if (g->params->watchdog != WATCHDOG_KEEP) {
        return;
    }
    if (!action) {
        findings_add(ret, CONFLICT_WATCHDOG_MISSING, name, "it has no watchdog device");
    } else if (str_eq(action, "dump")) {
        findings_add(ret, CONFLICT_WATCHDOG_DUMP, name, "its watchdog's action is dump");
    } else if (!str_eq(action, "pause") && !str_eq(action, "inject-nmi")) {
        findings_add(ret, CONFLICT_WATCHDOG_ACTION, name, "its watchdog's action is %s", action);
    }
}

static bool has_exclusive_disk(const struct guest_facts *g)
{
    for (size_t i = 0; i < g->domain->disk_count; i++) {
        const struct domxml_disk *disk = &g->domain->disk[i];

        if (disk->source && !disk->readonly && !g->traits->disk[i].shareable) {
            return true;
        }
    }
    return false;
}

/* Of both lock managers: where leases are not made by themselves, unless told otherwise. */
static bool leases_required(const char *conf, int64_t automatic)
{
    return !conftext_number(conf, "auto_disk_leases", automatic) &&
           conftext_number(conf, "require_lease_for_disks", 1);
}

static void check_leases(const struct guest_facts *g, const struct node_facts *n,
                         struct findings *ret)
{
    _cleanup_free_ char *manager = conftext_libvirt(n->qemu_conf, "lock_manager");
    bool sanlock = str_eq(manager, "sanlock");
    const char *name = g->domain->name;

    if (!manager || str_eq(manager, "nop")) {
        if (g->traits->lease_count > 0) {
            findings_add(ret, CONFLICT_LOCK_UNUSED, name, "it has a <lease>, and lock_manager is "
                         "not set");
        }
        return;
    }
    if (g->traits->lease_count == 0 && has_exclusive_disk(g) &&
        leases_required(sanlock ? n->sanlock_conf : n->lockd_conf, !sanlock)) {
        findings_add(ret, CONFLICT_LOCK_LEASE, name, "it has no <lease>, and lock_manager %s "
                     "requires one", manager);
    }
    if (g->params->crash_policy == CRASH_FREEZE && !str_eq(manager, "lockd")) {
        findings_add(ret, CONFLICT_LOCK_SOCKET, name, "lock_manager is %s", manager);
    }
}

static void check_migration(const struct guest_facts *g, struct findings *ret)
{
    const struct traits *t = g->traits;

    if (str_eq(t->cpu_mode, "host-passthrough") || str_eq(t->cpu_mode, "host-model") ||
        str_eq(t->cpu_mode, "maximum")) {
        findings_add(ret, CONFLICT_MIGRATION_CPU, g->domain->name, "its CPU is %s", t->cpu_mode);
    }
    for (size_t i = 0; i < t->local_count; i++) {
        findings_add(ret, CONFLICT_LOCAL_DEVICE, g->domain->name, "it has a %s", t->local[i]);
    }
}

void conflicts_of_xml(const struct guest_facts *g, const struct node_facts *n,
                      struct findings *ret)
{
    check_lifecycle(g, ret);
    check_panic(g, ret);
    check_watchdog(g, ret);
    check_leases(g, n, ret);
    check_migration(g, ret);
    if (g->domain->io_uring) {
        findings_add(ret, CONFLICT_IO_URING, g->domain->name, "a disk asks for io='io_uring'");
    }
}

/* Distributions differ in what libvirt-guests.sh does by default: it says so in its first lines. */
static char *guests_setting(const struct node_facts *n, const char *key)
{
    char *value = conftext_shell(n->guests_conf, key);

    return value ? value : conftext_libvirt(n->guests_script, key);
}

/* It starts and saves persistent domains only. */
static void check_libvirt_guests(const char *guest, const struct node_facts *n,
                                 struct findings *ret)
{
    _cleanup_free_ char *on_boot = guests_setting(n, "ON_BOOT");
    _cleanup_free_ char *on_shutdown = guests_setting(n, "ON_SHUTDOWN");

    if (!n->guests_unit) {
        return;
    }
    if (str_eq(on_boot, "start")) {
        findings_add(ret, CONFLICT_LIBVIRT_GUESTS_START, guest, "it is defined in libvirt, and "
                     "libvirt-guests is enabled with ON_BOOT=start");
    }
    if (str_eq(on_shutdown, "suspend")) {
        findings_add(ret, CONFLICT_LIBVIRT_GUESTS_SAVE, guest, "it is defined in libvirt, and "
                     "libvirt-guests is enabled with ON_SHUTDOWN=suspend");
    }
}

static void check_persistent(const char *guest, const struct node_facts *n, struct findings *ret)
{
    _cleanup_free_ char *save = conftext_libvirt(n->qemu_conf, "auto_shutdown_try_save");

    findings_add(ret, CONFLICT_DEFINED, guest, "it is defined in libvirt");
    if (save && !str_eq(save, "none")) {
        findings_add(ret, CONFLICT_AUTO_SHUTDOWN_SAVE, guest, "it is defined in libvirt, and "
                     "auto_shutdown_try_save is \"%s\"", save);
    }
    check_libvirt_guests(guest, n, ret);
}

void conflicts_of_definition(const char *guest, const struct definition *d,
                             const struct node_facts *n, struct findings *ret)
{
    if (d->autostart) {
        findings_add(ret, CONFLICT_AUTOSTART, guest, "it is defined in libvirt with autostart");
    }
    if (d->autostart_once) {
        findings_add(ret, CONFLICT_AUTOSTART_ONCE, guest,
                     "it is defined in libvirt with autostart at the next boot");
    }
    if (d->managed_save) {
        findings_add(ret, CONFLICT_MANAGED_SAVE, guest, "libvirt holds a managed save image");
    }
    if (d->persistent) {
        check_persistent(guest, n, ret);
    }
}
