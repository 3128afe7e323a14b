/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conflicts in how a node is set up: what libvirt does by itself when the node goes down, its
 * lock managers, and what a live migration needs.
 */
#include "model/conflicts.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/conftext.h"
#include "model/tcptext.h"

enum { MIGRATION_PORT_MIN = 49152, MIGRATION_PORT_MAX = 49215 };
enum { PORT_SSH = 22, PORT_LIBVIRT_TLS = 16514, PORT_LIBVIRT_TCP = 16509 };

static const char qemu_conf[] = "qemu.conf";

/* auto_shutdown_wait and the like only say how. Since libvirt 11.2; an older one ignores them. */
static void check_auto_shutdown(const struct node_facts *n, struct findings *ret)
{
    static const char *const keys[] = {
        "auto_shutdown_try_save", "auto_shutdown_try_shutdown", "auto_shutdown_poweroff"
    };

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        _cleanup_free_ char *value = conftext_libvirt(n->qemu_conf, keys[i]);

        if (value && !str_eq(value, "none")) {
            findings_add(ret, CONFLICT_AUTO_SHUTDOWN, qemu_conf, "%s = \"%s\"", keys[i], value);
        }
    }
}

static void check_libvirt_guests(const struct node_facts *n, struct findings *ret)
{
    if (n->guests_unit) {
        findings_add(ret, CONFLICT_LIBVIRT_GUESTS, "libvirt-guests.service", "enabled by %s",
                     n->guests_unit);
    }
}

char *conflicts_lock_folder(const struct node_facts *n)
{
    _cleanup_free_ char *manager = conftext_libvirt(n->qemu_conf, "lock_manager");

    if (str_eq(manager, "lockd")) {
        return conftext_libvirt(n->lockd_conf, "file_lockspace_dir");
    }
    if (str_eq(manager, "sanlock") && conftext_number(n->sanlock_conf, "auto_disk_leases", 0)) {
        char *folder = conftext_libvirt(n->sanlock_conf, "disk_lease_dir");

        return folder ? folder : str_dup("/var/lib/libvirt/sanlock");
    }
    return NULL;
}

static void check_lock_manager(const struct node_facts *n, struct findings *ret)
{
    _cleanup_free_ char *manager = conftext_libvirt(n->qemu_conf, "lock_manager");

    if (!manager || str_eq(manager, "nop")) {
        return;
    }
    findings_add(ret, CONFLICT_LOCK_MANAGER, qemu_conf, "lock_manager = \"%s\"", manager);
    if (str_eq(manager, "sanlock") && conftext_number(n->sanlock_conf, "auto_disk_leases", 0) &&
        !conftext_number(n->sanlock_conf, "host_id", 0)) {
        findings_add(ret, CONFLICT_LOCK_HOST_ID, "qemu-sanlock.conf",
                     "auto_disk_leases is set, host_id is not");
    }
}

void conflicts_of_lock_folder(const char *folder, const struct storage *s, struct findings *ret)
{
    if (s->error < 0) {
        findings_add(ret, CONFLICT_UNCHECKED, folder, "the lock manager's folder: %s",
                     strerror(-s->error));
    } else if (s->reach == REACH_LOCAL) {
        findings_add(ret, CONFLICT_LOCK_LOCAL, folder, "the lock manager's folder is on %s",
                     s->kind);
    }
}

static void check_ports(const struct node_facts *n, const bool *listening, struct findings *ret)
{
    int64_t from = conftext_number(n->qemu_conf, "migration_port_min", MIGRATION_PORT_MIN);
    int64_t to = conftext_number(n->qemu_conf, "migration_port_max", MIGRATION_PORT_MAX);

    for (int64_t port = from; port >= 0 && port <= to && port < TCP_PORTS; port++) {
        if (!listening[port]) {
            return;
        }
    }
    findings_add(ret, CONFLICT_MIGRATION_PORTS, qemu_conf,
                 "of the ports %lld to %lld for migrations none is free", (long long) from,
                 (long long) to);
}

static void check_door(const bool *listening, struct findings *ret)
{
    if (!listening[PORT_SSH] && !listening[PORT_LIBVIRT_TLS] && !listening[PORT_LIBVIRT_TCP]) {
        findings_add(ret, CONFLICT_MIGRATION_DOOR, "libvirt",
                     "nothing listens on port %d (ssh), %d (libvirt, TLS) or %d (libvirt, TCP)",
                     PORT_SSH, PORT_LIBVIRT_TLS, PORT_LIBVIRT_TCP);
    }
}

static void check_sockets(const struct node_facts *n, struct findings *ret)
{
    bool *listening = mem_zero(TCP_PORTS, sizeof *listening);

    tcptext_mark_listening(n->tcp[0], listening);
    tcptext_mark_listening(n->tcp[1], listening);
    check_ports(n, listening, ret);
    check_door(listening, ret);
    free(listening);
}

/* As libvirt does it: it would send a name that begins so to the other node as its own. */
static void check_host(const struct node_facts *n, struct findings *ret)
{
    _cleanup_free_ char *host = conftext_libvirt(n->qemu_conf, "migration_host");

    if (host && str_starts(host, "localhost")) {
        findings_add(ret, CONFLICT_MIGRATION_HOST, qemu_conf, "migration_host = \"%s\"", host);
    } else if (!host && n->hostname && str_starts(n->hostname, "localhost")) {
        findings_add(ret, CONFLICT_MIGRATION_HOST, "host name", "it is %s", n->hostname);
    }
}

void conflicts_of_node(const struct node_facts *n, struct findings *ret)
{
    check_auto_shutdown(n, ret);
    check_libvirt_guests(n, ret);
    check_lock_manager(n, ret);
    if (n->tcp[0]) {
        check_sockets(n, ret);
    }
    check_host(n, ret);
}
