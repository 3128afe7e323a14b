/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gathers the facts and lets the rules speak, what may hang last: files of this node, the XML,
 * libvirt, the storage. What was found until then is kept when the time is over.
 */
#include "guard/checkup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/verdict.h"
#include "sys/nodeconf.h"
#include "sys/stage.h"
#include "sys/storage.h"
#include "sys/virt.h"

/* Of a daemon that is not there the rest of the time is better spent on the storage. */
enum { OPEN_PERCENT = 30, OPEN_MOST_MS = 2000 };

struct input {
    const struct checkup_guest *guest;
    struct deadline until;
};

static void check_config(const struct checkup_guest *g, struct findings *ret)
{
    _cleanup_free_ char *xml = NULL;
    struct err why = {0};

    /* The rules have a better word for that one. */
    if (g->params->watchdog == WATCHDOG_KEEP && str_eq(g->domain->watchdog_action, "dump")) {
        return;
    }
    if (domxml_effective(g->text, g->size, g->params, &xml, &why) < 0) {
        findings_add(ret, CONFLICT_CONFIG, g->domain->name, "%s", why.text);
    }
}

static void take_live(struct domain *d, struct checkup *ret)
{
    _cleanup_free_ char *xml = NULL;
    struct err ignored = {0};
    int state = 0;
    int reason = 0;

    if (virt_state(d, &state, &reason, &ignored) == 0 && !state_ends(state) &&
        virt_xml(d, &xml, &ignored) == 0 && strlen(xml) < sizeof ret->live) {
        memcpy(ret->live, xml, strlen(xml));
        ret->live_size = strlen(xml);
    }
}

static void check_libvirt(const struct input *in, const struct node_facts *n, struct checkup *ret)
{
    const char *name = in->guest->domain->name;
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    struct definition found = {0};
    struct err why = {0};
    int rc = virt_open(in->guest->params->hypervisor,
                       deadline_part(in->until, OPEN_PERCENT, OPEN_MOST_MS), &v, &why);

    /* By name: a definition under it is in the way, whatever its UUID is. */
    rc = rc < 0 ? rc : virt_find(v, NULL, name, &d, &why);
    if (rc == -ENOENT) {
        return;
    }
    rc = rc < 0 ? rc : virt_definition(d, &found, &why);
    if (rc < 0) {
        findings_add(&ret->guest, CONFLICT_UNCHECKED, name, "what libvirt has by that name: %s",
                     why.text);
        return;
    }
    conflicts_of_definition(name, &found, n, &ret->guest);
    if (in->guest->thorough) {
        take_live(d, ret);
    }
}

static void check_storage(const struct guest_facts *g, const struct node_facts *n,
                          struct findings *ret)
{
    struct storage s;

    for (size_t i = 0; i < g->domain->disk_count; i++) {
        memset(&s, 0, sizeof s);
        if (conflicts_disk_has_path(g, i)) {
            storage_look(g->domain->disk[i].source, &s);
        }
        conflicts_of_disk(g, i, &s, ret);
        conflicts_of_owner(g, i, &s, n, ret);
    }
    if (g->domain->nvram) {
        storage_look(g->domain->nvram, &s);
    }
    conflicts_of_nvram(g, g->domain->nvram ? &s : NULL, ret);
}

static void check_guest(const struct input *in, const struct node_facts *n, struct checkup *ret)
{
    const struct checkup_guest *guest = in->guest;
    _cleanup_traits_ struct traits *traits = NULL;
    struct err why = {0};

    if (traits_parse(guest->text, guest->size, &traits, &why) < 0) {
        findings_add(&ret->guest, CONFLICT_CONFIG, guest->domain->name, "%s", why.text);
        return;
    }
    struct guest_facts g = {
        .domain = guest->domain, .traits = traits, .params = guest->params
    };

    check_config(guest, &ret->guest);
    conflicts_of_xml(&g, n, &ret->guest);
    check_libvirt(in, n, ret);
    check_storage(&g, n, &ret->guest);
}

static void check_lock_folder(const struct node_facts *n, struct findings *ret)
{
    _cleanup_free_ char *folder = conflicts_lock_folder(n);
    struct storage s;

    if (folder) {
        storage_look(folder, &s);
        conflicts_of_lock_folder(folder, &s, ret);
    }
}

static int checkup_stage(void *shared, const void *input, struct err *why)
{
    struct checkup *ret = shared;
    const struct input *in = input;
    struct node_facts n;

    (void) why;
    nodeconf_read(!in->guest || in->guest->thorough, &n, &ret->node);
    conflicts_of_node(&n, &ret->node);
    if (in->guest) {
        check_guest(in, &n, ret);
    }
    check_lock_folder(&n, &ret->node);
    nodeconf_free(&n);
    return 0;
}

struct checkup *checkup_run(const struct checkup_guest *guest, struct deadline until)
{
    struct checkup *c = stage_memory(sizeof *c);
    struct input in = {.guest = guest, .until = until};
    struct err why = {0};

    if (stage_run("looking for conflicts", checkup_stage, c, &in, until, &why) < 0) {
        findings_add(guest ? &c->guest : &c->node, CONFLICT_UNCHECKED,
                     guest ? guest->domain->name : "this node", "%s", why.text);
    }
    return c;
}

void checkup_free(struct checkup *c)
{
    if (c) {
        stage_memory_free(c, sizeof *c);
    }
}

void checkup_cleanup(struct checkup **c)
{
    checkup_free(*c);
}
