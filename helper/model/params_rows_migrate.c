/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parameters: how a guest is moved while it runs. VirtualDomain's names and meanings.
 */
#include "model/params.h"
#include "model/params_rows.h"

enum { HOUR_MS = 60 * 60 * 1000, PORT_MOST = 65535, SPEED_MOST_MIBPS = 1024 * 1024 };

static const struct param_row rows[] = {
    {
        PLACE(migration_transport), .type = PARAM_TEXT, .optional = true, .reloadable = true,
        .brief = "Transport to the target's libvirt",
        .text = "Transport of the connection to the target node's libvirt, as in libvirt's URIs: "
                "ssh, tcp, tls, and so on. Without it libvirt's default (tls) is used.",
    },
    {
        PLACE(migration_user), .type = PARAM_TEXT, .optional = true, .reloadable = true,
        .brief = "User name on the target",
        .text = "User name in the URI of the target node's libvirt. Ignored with remoteuri.",
    },
    {
        PLACE(migration_network_suffix), .type = PARAM_TEXT, .optional = true, .reloadable = true,
        .brief = "Suffix of the nodes' names in the migration network",
        .text = "For a network of its own for migrations: is added to the target node's name, "
                "before its first dot (with -mig, n2.example.org becomes n2-mig.example.org), for "
                "the connection to its libvirt and for the guest's memory. That name must resolve "
                "on every node. Not used for the connection where remoteuri is given.",
    },
    {
        PLACE(remoteuri), .type = PARAM_TEXT, .optional = true, .reloadable = true,
        .brief = "URI of the target's libvirt",
        .text = "URI of the target node's libvirt, where the one that is made of hypervisor, "
                "migration_transport, migration_user and migration_network_suffix does not fit. "
                "%n stands for the target node's name.",
    },
    {
        PLACE(migrateuri), .type = PARAM_TEXT, .optional = true, .reloadable = true,
        .brief = "URI for the guest's memory",
        .text = "Where the source's QEMU sends the guest's memory, such as tcp://%n-10g:49152. %n "
                "stands for the target node's name, with migration_network_suffix. Without it "
                "libvirt chooses, unless migration_network_suffix or migrateport is given.",
    },
    {
        PLACE(migrate_options), .type = PARAM_TEXT, .optional = true, .reloadable = true,
        .brief = "Options of virsh migrate",
        .text = "Further options, in the words of \"virsh migrate\": --auto-converge, --postcopy, "
                "--timeout 60 --timeout-postcopy, --p2p, --parallel, --tls and so on. With "
                "--postcopy a guest that has not arrived within somewhat less than half of the "
                "operation's timeout is moved at once and gets the rest of its memory later. "
                "Refused is what would leave the guest in another state than running (--suspend), "
                "or would make it another guest (--dname, --xml, --persistent-xml).",
    },
    {
        PLACE(migrateport), .type = PARAM_NUMBER, .fallback = "0", .reloadable = true,
        .min = 0, .max = PORT_MOST,
        .brief = "Port for the guest's memory",
        .text = "Port of the target on which its QEMU takes the guest's memory. 0: libvirt chooses "
                "one (49152 to 49215, unless its configuration says otherwise).",
    },
    {
        .name = "migration_downtime", .offset = offsetof(struct params, migration_downtime_ms),
        .type = PARAM_NUMBER, .fallback = "0", .reloadable = true, .min = 0, .max = HOUR_MS,
        .brief = "Longest standstill at the end of a migration, in milliseconds",
        .text = "How long the guest may stand still at the end of a migration, in milliseconds. 0: "
                "QEMU's default.",
    },
    {
        .name = "migration_speed", .offset = offsetof(struct params, migration_speed_mibps),
        .type = PARAM_NUMBER, .fallback = "0", .reloadable = true,
        .min = 0, .max = SPEED_MOST_MIBPS,
        .brief = "Bandwidth limit of a migration, in MiB/s",
        .text = "Bandwidth that a migration may use, in MiB/s. 0: libvirt's default.",
    },
};

PARAM_GROUP(migrate, rows);
