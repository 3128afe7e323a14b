/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The XML that libvirt gets: the user's, with a crash made to keep the memory, disk I/O
 * whose end a death proves, and the watchdog and panic device that the parameters ask
 * for. All else stays, foreign namespaces and comments included.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/domxml_tree.h"

static const xmlChar *x(const char *text)
{
    return (const xmlChar *) text;
}

/* With a line of its own, so that the XML stays readable in libvirt's logs. */
static xmlNode *append(xmlNode *parent, const char *name)
{
    xmlNode *node = tree_needed(xmlNewChild(parent, NULL, x(name), NULL));

    tree_needed(xmlAddNextSibling(node, tree_needed(xmlNewText(x("\n")))));
    return node;
}

static void remove_all(xmlNode *first)
{
    while (first) {
        xmlNode *next = tree_next(first);

        tree_remove(first);
        first = next;
    }
}

/* Beside the other on_* where there are any, as libvirt itself prints them. */
static void set_on_crash(xmlNode *root)
{
    static const char *const neighbours[] = { "on_reboot", "on_poweroff" };
    xmlNode *node = tree_needed(xmlNewNode(NULL, x("on_crash")));

    tree_needed(xmlAddChild(node, tree_needed(xmlNewText(x("preserve")))));
    remove_all(tree_child(root, "on_crash"));
    for (size_t i = 0; i < sizeof(neighbours) / sizeof(neighbours[0]); i++) {
        xmlNode *neighbour = tree_child(root, neighbours[i]);

        if (neighbour) {
            tree_needed(xmlAddNextSibling(neighbour, node));
            return;
        }
    }
    xmlNode *devices = tree_child(root, "devices");

    tree_needed(devices ? xmlAddPrevSibling(devices, node) : xmlAddChild(root, node));
}

static xmlNode *devices_of(xmlNode *root)
{
    xmlNode *devices = tree_child(root, "devices");

    return devices ? devices : append(root, "devices");
}

const char *effective_watchdog_action(enum watchdog_choice choice)
{
    switch (choice) {
    case WATCHDOG_KEEP:
    case WATCHDOG_DISABLED: return NULL;
    case WATCHDOG_NONE: return "none";
    case WATCHDOG_PAUSE: return "pause";
    case WATCHDOG_RESET: return "reset";
    case WATCHDOG_POWEROFF: return "poweroff";
    case WATCHDOG_SHUTDOWN: return "shutdown";
    case WATCHDOG_INJECT_NMI: return "inject-nmi";
    }
    return NULL;
}

char *domxml_arch(const xmlNode *root)
{
    return tree_attr(tree_child(tree_child(root, "os"), "type"), "arch");
}

const char *effective_watchdog_model(const xmlNode *root)
{
    _cleanup_free_ char *arch = domxml_arch(root);

    return str_eq(arch, "s390x") ? "diag288" : "i6300esb";
}

static int keep_watchdog(const xmlNode *first, struct err *why)
{
    for (; first; first = tree_next(first)) {
        if (tree_attr_is(first, "action", "dump")) {
            return err_set(why, -EINVAL, ERR_ARGS,
                           "its watchdog has the action 'dump', after which libvirt lets the "
                           "guest run on even if the dump failed: use 'pause', or set the "
                           "parameter watchdog");
        }
    }
    return 0;
}

static int set_watchdog(xmlNode *root, enum watchdog_choice choice, struct err *why)
{
    const char *action = effective_watchdog_action(choice);
    xmlNode *first = tree_child(tree_child(root, "devices"), "watchdog");

    if (choice == WATCHDOG_KEEP) {
        return keep_watchdog(first, why);
    }
    if (!action) {
        remove_all(first);
        return 0;
    }
    if (!first) {
        first = append(devices_of(root), "watchdog");
        tree_set_attr(first, "model", effective_watchdog_model(root));
    }
    for (; first; first = tree_next(first)) {
        tree_set_attr(first, "action", action);
    }
    return 0;
}

bool domxml_is_x86(const xmlNode *root)
{
    _cleanup_free_ char *arch = domxml_arch(root);

    if (arch) {
        return str_eq(arch, "x86_64") || str_eq(arch, "i686");
    }
#if defined(__x86_64__) || defined(__i386__)
    return true; /* libvirt takes the host's */
#else
    return false;
#endif
}

/* Elsewhere the machine brings its own (pseries, s390), or there is none yet. */
static void set_panic_device(xmlNode *root, enum panic_choice choice)
{
    if (choice == PANIC_AUTO && domxml_is_x86(root) &&
        !tree_child(tree_child(root, "devices"), "panic")) {
        tree_set_attr(append(devices_of(root), "panic"), "model", "isa");
    }
}

/*
 * A write that QEMU gave to io_uring can reach the disk after the kernel has reported
 * QEMU's death [tried on Linux 6.18 with a disk that hung]; a thread or native AIO keeps
 * the process from ending first. libvirt allows native only without the page cache.
 */
const char *effective_io(const xmlNode *driver)
{
    bool direct = tree_attr_is(driver, "cache", "none") ||
                  tree_attr_is(driver, "cache", "directsync");

    return direct ? "native" : "threads";
}

static void replace_io_uring(xmlNode *root)
{
    xmlNode *disk = tree_child(tree_child(root, "devices"), "disk");

    for (; disk; disk = tree_next(disk)) {
        xmlNode *driver = tree_child(disk, "driver");

        if (domxml_uses_io_uring(disk)) {
            tree_set_attr(driver, "io", effective_io(driver));
        }
    }
}

int domxml_effective(const char *text, size_t size, const struct params *p, char **ret_xml,
                     struct err *why)
{
    _cleanup_tree_ xmlDoc *doc = NULL;
    int rc = tree_read(text, size, &doc, why);

    if (rc < 0) {
        return rc;
    }
    xmlNode *root = xmlDocGetRootElement(doc);

    set_on_crash(root);
    replace_io_uring(root);
    rc = set_watchdog(root, p->watchdog, why);
    if (rc < 0) {
        return rc;
    }
    set_panic_device(root, p->panic_device);
    *ret_xml = tree_write(doc);
    return 0;
}
