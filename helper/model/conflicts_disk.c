/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conflicts in where a guest's data lies: whether the node that takes over finds it there, and
 * finds it whole.
 */
#include "model/conflicts.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/conftext.h"

bool conflicts_disk_has_path(const struct guest_facts *g, size_t i)
{
    const struct domxml_disk *disk = &g->domain->disk[i];

    return !disk->network && disk->source && disk->source[0] == '/';
}

static void check_cache(const char *object, const char *cache, struct findings *ret)
{
    if (str_eq(cache, "unsafe")) {
        findings_add(ret, CONFLICT_DISK_UNSAFE, object, "its cache is unsafe");
    } else if (str_eq(cache, "writeback")) {
        findings_add(ret, CONFLICT_DISK_CACHED, object, "its cache is %s", cache);
    }
}

/* What is only read may lie on each node. */
void conflicts_of_disk(const struct guest_facts *g, size_t i, const struct storage *s,
                       struct findings *ret)
{
    const struct domxml_disk *disk = &g->domain->disk[i];
    _cleanup_free_ char *object = str_printf("disk %s", disk->target ? disk->target : "?");

    if (!disk->readonly) {
        check_cache(object, g->traits->disk[i].cache, ret);
    }
    if (!conflicts_disk_has_path(g, i)) {
        return;
    }
    if (s->error < 0) {
        findings_add(ret, CONFLICT_DISK_MISSING, object, "%s: %s", disk->source,
                     strerror(-s->error));
    } else if (disk->readonly) {
        return;
    } else if (s->reach == REACH_LOCAL) {
        findings_add(ret, CONFLICT_DISK_LOCAL, object, "%s is on %s", disk->source, s->kind);
    } else if (s->reach == REACH_UNKNOWN) {
        findings_add(ret, CONFLICT_DISK_UNTOLD, object, "%s is on %s", disk->source, s->kind);
    }
}

static bool is_given_to_root(const struct node_facts *n)
{
    _cleanup_free_ char *user = conftext_libvirt(n->qemu_conf, "user");

    return conftext_number(n->qemu_conf, "dynamic_ownership", 1) != 0 && !str_eq(user, "root");
}

void conflicts_of_owner(const struct guest_facts *g, size_t i, const struct storage *s,
                        const struct node_facts *n, struct findings *ret)
{
    const struct domxml_disk *disk = &g->domain->disk[i];
    _cleanup_free_ char *object = str_printf("disk %s", disk->target ? disk->target : "?");
    bool kept = conftext_number(n->qemu_conf, "remember_owner", 1) != 0;

    if (conflicts_disk_has_path(g, i) && !disk->readonly && s->error == 0 && !s->block &&
        s->reach == REACH_SHARED && is_given_to_root(n)) {
        findings_add(ret, kept ? CONFLICT_DISK_OWNER : CONFLICT_DISK_OWNER_UNKEPT, object,
                     "%s is on %s", disk->source, s->kind);
    }
}

/* One that is not there yet is made at the start. */
void conflicts_of_nvram(const struct guest_facts *g, const struct storage *s,
                        struct findings *ret)
{
    const char *path = g->domain->nvram;

    if (!g->traits->nvram_file) {
        return;
    }
    if (!path) {
        findings_add(ret, CONFLICT_NVRAM_LOCAL, g->domain->name,
                     "it has no <nvram>, so libvirt keeps one in a folder of this node");
    } else if (s && s->error == 0 && s->reach == REACH_LOCAL) {
        findings_add(ret, CONFLICT_NVRAM_LOCAL, g->domain->name, "its NVRAM %s is on %s", path,
                     s->kind);
    }
}
