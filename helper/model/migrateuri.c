/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * URIs out of the parameters and a node's name. That "%n" holds the migration network's name in one
 * and the plain one in the other is VirtualDomain's: clusters rely on it.
 */
#include "model/migrateuri.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"

/* The suffix goes before a name's first dot: n2.example.org is n2-mig.example.org there. */
static char *host_of(const struct params *p, const char *target)
{
    size_t first = strcspn(target, ".");
    const char *suffix = p->migration_network_suffix ? p->migration_network_suffix : "";

    return str_printf("%.*s%s%s", (int) first, target, suffix, target + first);
}

static char *put_name(const char *uri, const char *name)
{
    char *made = str_dup("");

    for (const char *next; (next = strstr(uri, "%n")); uri = next + 2) {
        char *longer = str_printf("%s%.*s%s", made, (int) (next - uri), uri, name);

        free(made);
        made = longer;
    }
    char *whole = str_printf("%s%s", made, uri);

    free(made);
    return whole;
}

char *migrateuri_remote(const struct params *p, const char *target)
{
    _cleanup_free_ char *host = host_of(p, target);
    const char *path = strstr(p->hypervisor, "://");
    const char *user = p->migration_user;
    const char *transport = p->migration_transport;

    if (p->remoteuri) {
        return put_name(p->remoteuri, target);
    }
    /* hypervisor is qemu:///system, or with "+unix" (params.c), which leads nowhere else. */
    path = path ? strchr(path + 3, '/') : NULL;
    return str_printf("qemu%s%s://%s%s%s%s", transport ? "+" : "", transport ? transport : "",
                      user ? user : "", user ? "@" : "", host, path ? path : "/system");
}

char *migrateuri_memory(const struct params *p, const struct migrate_options *o,
                        const char *target)
{
    _cleanup_free_ char *host = host_of(p, target);
    const char *given = p->migrateuri ? p->migrateuri : o->migrateuri;

    if (given) {
        return put_name(given, host);
    }
    if (p->migrateport > 0) {
        return str_printf("tcp://%s:%lld", host, (long long) p->migrateport);
    }
    return p->migration_network_suffix ? str_printf("tcp://%s", host) : NULL;
}
