/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The XML that is written back into the user's file: libvirt's inactive XML of the running
 * guest, less what a start made of the user's. The counterpart of domxml_effective.c: what is
 * added there is taken back here.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/domxml_tree.h"

static xmlNode *device(const xmlNode *root, const char *name)
{
    return tree_child(tree_child(root, "devices"), name);
}

static xmlNode *copy_for(xmlNode *to, xmlNode *from)
{
    return tree_needed(xmlDocCopyNode(from, to->doc, 1));
}

/* The config's element in the place of the running guest's, or none where it has none. */
static void restore_element(xmlNode *running, xmlNode *config, const char *name)
{
    xmlNode *has = tree_child(running, name);
    xmlNode *had = tree_child(config, name);

    if (has && had) {
        xmlFreeNode(tree_needed(xmlReplaceNode(has, copy_for(running, had))));
    } else if (has) {
        tree_remove(has);
    }
}

/* Set to something else meanwhile (virDomainSetLifecycleAction), it is the user's. */
static void restore_on_crash(xmlNode *running, xmlNode *config)
{
    _cleanup_free_ char *now = tree_text(tree_child(running, "on_crash"));

    if (str_eq(now, "preserve")) {
        restore_element(running, config, "on_crash");
    }
}

static void restore_attr(xmlNode *now, const xmlNode *before, const char *name)
{
    _cleanup_free_ char *value = tree_attr(before, name);

    if (value) {
        tree_set_attr(now, name, value);
    } else {
        xmlUnsetProp(now, (const xmlChar *) name);
    }
}

static xmlNode *watchdog_of(const xmlNode *root, const char *model)
{
    xmlNode *watchdog = device(root, "watchdog");

    while (watchdog && !tree_attr_is(watchdog, "model", model)) {
        watchdog = tree_next(watchdog);
    }
    return watchdog;
}

/* They were taken out: that guest ran without them, and the file keeps them. */
static void restore_disabled(xmlNode *running, xmlNode *config)
{
    xmlNode *devices = tree_child(running, "devices");

    for (xmlNode *had = device(config, "watchdog"); had && devices; had = tree_next(had)) {
        _cleanup_free_ char *model = tree_attr(had, "model");

        if (!watchdog_of(running, model)) {
            tree_needed(xmlAddChild(devices, copy_for(running, had)));
        }
    }
}

/*
 * One that the config does not have. The first is a start's own; the second libvirt (since 9.1)
 * gives to every q35 guest, with the action of the first one, since all have to have the same.
 */
static bool is_added(const xmlNode *watchdog, const xmlNode *config, bool as_told)
{
    return (as_told && !device(config, "watchdog") &&
            tree_attr_is(watchdog, "model", effective_watchdog_model(config))) ||
           tree_attr_is(watchdog, "model", "itco");
}

static void restore_watchdogs(xmlNode *running, xmlNode *config, enum watchdog_choice choice)
{
    const char *word = effective_watchdog_action(choice);
    xmlNode *next;

    for (xmlNode *has = device(running, "watchdog"); has && choice != WATCHDOG_KEEP; has = next) {
        _cleanup_free_ char *model = tree_attr(has, "model");
        bool as_told = word && tree_attr_is(has, "action", word);
        const xmlNode *had = watchdog_of(config, model);

        next = tree_next(has);
        if (!had && is_added(has, config, as_told)) {
            tree_remove(has);
        } else if (had && (as_told || choice == WATCHDOG_DISABLED)) {
            restore_attr(has, had, "action");
        }
    }
    if (choice == WATCHDOG_DISABLED) {
        restore_disabled(running, config);
    }
}

static void restore_panic(xmlNode *running, xmlNode *config, enum panic_choice choice)
{
    xmlNode *has = device(running, "panic");

    if (choice == PANIC_AUTO && has && !device(config, "panic") &&
        tree_attr_is(has, "model", "isa")) {
        tree_remove(has);
    }
}

static xmlNode *disk_at(const xmlNode *root, const char *target)
{
    xmlNode *disk = device(root, "disk");

    while (disk && !tree_attr_is(tree_child(disk, "target"), "dev", target)) {
        disk = tree_next(disk);
    }
    return disk;
}

static void restore_io(xmlNode *running, xmlNode *config)
{
    for (xmlNode *had = device(config, "disk"); had; had = tree_next(had)) {
        _cleanup_free_ char *target = tree_attr(tree_child(had, "target"), "dev");
        xmlNode *has = target && domxml_uses_io_uring(had) ? disk_at(running, target) : NULL;
        xmlNode *driver = tree_child(has, "driver");

        if (driver && tree_attr_is(driver, "io", effective_io(driver))) {
            tree_set_attr(driver, "io", "io_uring");
        }
    }
}

static int check(const char *xml, const struct domxml_saving *s, struct err *why)
{
    _cleanup_domxml_ struct domxml *d = NULL;
    int rc = domxml_parse(xml, strlen(xml), &d, why);

    if (rc < 0) {
        return err_prefix(why, rc, "what would be saved");
    }
    if (!str_eq(d->name, s->name) || !d->uuid || (s->uuid && !str_eq(d->uuid, s->uuid))) {
        return err_set(why, -EINVAL, ERR_GENERIC, "what would be saved is of guest '%s' with the "
                       "UUID %s, not of '%s', %s", d->name, d->uuid ? d->uuid : "(none)", s->name,
                       s->uuid ? s->uuid : "(any)");
    }
    return 0;
}

int domxml_to_save(const char *running, const struct domxml_saving *s, char **ret_xml,
                   struct err *why)
{
    _cleanup_tree_ xmlDoc *now = NULL;
    _cleanup_tree_ xmlDoc *before = NULL;
    int rc = tree_read(running, strlen(running), &now, why);

    rc = rc < 0 ? rc : tree_read(s->config, s->config_size, &before, why);
    if (rc < 0) {
        return rc;
    }
    xmlNode *root = xmlDocGetRootElement(now);
    xmlNode *config = xmlDocGetRootElement(before);

    restore_on_crash(root, config);
    /* libvirt has made the host's features of host-model: another host lacks some. A CPU cannot
     * be changed while the guest runs. */
    restore_element(root, config, "cpu");
    restore_watchdogs(root, config, s->params->watchdog);
    restore_panic(root, config, s->params->panic_device);
    restore_io(root, config);
    _cleanup_free_ char *xml = tree_write(now);

    rc = check(xml, s, why);
    if (rc == 0) {
        *ret_xml = xml;
        xml = NULL;
    }
    return rc;
}

int domxml_with_uuid(const char *xml, const char *uuid, char **ret_xml, struct err *why)
{
    _cleanup_tree_ xmlDoc *doc = NULL;
    int rc = tree_read(xml, strlen(xml), &doc, why);

    if (rc < 0) {
        return rc;
    }
    xmlNode *root = xmlDocGetRootElement(doc);

    if (!tree_child(root, "uuid")) {
        tree_needed(xmlNewChild(root, NULL, (const xmlChar *) "uuid", (const xmlChar *) uuid));
    }
    *ret_xml = tree_write(doc);
    return 0;
}
