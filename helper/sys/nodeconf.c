/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a node's settings are. Owns the paths; distributions differ in two of them.
 */
#include "sys/nodeconf.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/configfile.h"
#include "sys/procfile.h"
#include "sys/stage.h"

enum { CONF_MAX_BYTES = 512 * 1024 };

static const char *root = "";

void nodeconf_set_root(const char *path)
{
    root = path ? path : "";
}

static const char *read_one(const char *path, struct findings *unread)
{
    _cleanup_free_ char *full = str_printf("%s%s", root, path);
    char *text = NULL;
    size_t size = 0;
    struct err why = {0};
    int rc = configfile_read(full, CONF_MAX_BYTES, &text, &size, &why);

    if (rc < 0 && rc != -ENOENT) {
        findings_add(unread, CONFLICT_UNCHECKED, path, "%s", strerror(-rc));
    }
    return text;
}

/* Of the places where distributions have it. */
static const char *read_first(const char *const places[], struct findings *unread)
{
    const char *text = NULL;

    for (; !text && *places; places++) {
        text = read_one(*places, unread);
    }
    return text;
}

/* Its path on the node; one that leads nowhere is a rest. */
static char *first_that_leads(char *const *links)
{
    for (; *links; links++) {
        if (access(*links, F_OK) == 0) {
            return str_dup(*links + strlen(root));
        }
    }
    return NULL;
}

/* A link that leads to the unit's file; one to /dev/null masks it. */
static const char *enabled_by(const char *unit)
{
    static const char *const places[] = {
        "/etc/systemd/system/*.wants", "/etc/systemd/system/*.requires",
        "/usr/lib/systemd/system/*.wants"
    };
    _cleanup_free_ char *mask = str_printf("%s/etc/systemd/system/%s", root, unit);
    char target[PATH_MAX];
    char *found = NULL;

    if (realpath(mask, target) && str_eq(target, "/dev/null")) {
        return NULL;
    }
    for (size_t i = 0; !found && i < sizeof places / sizeof places[0]; i++) {
        _cleanup_free_ char *pattern = str_printf("%s%s/%s", root, places[i], unit);
        glob_t links = {0};

        stage_at("looking for '%s'", pattern);
        if (glob(pattern, 0, NULL, &links) == 0) {
            found = first_that_leads(links.gl_pathv);
        }
        globfree(&links);
    }
    return found;
}

static char *host_name(void)
{
    char name[HOST_NAME_MAX + 1] = "";

    return gethostname(name, sizeof name - 1) == 0 ? str_dup(name) : NULL;
}

/* Without one there is no IPv6, say: nobody listens there then. */
static const char *listeners(const char *name)
{
    _cleanup_free_ char *path = procfile_path("self/net/%s", name);
    char *text = NULL;
    size_t size = 0;

    return procfile_read(path, &text, &size) == 0 ? text : NULL;
}

void nodeconf_read(bool sockets, struct node_facts *ret, struct findings *unread)
{
    static const char *const guests_conf[] = {
        "/etc/default/libvirt-guests", "/etc/sysconfig/libvirt-guests", NULL
    };
    static const char *const guests_script[] = {
        "/usr/lib/libvirt/libvirt-guests.sh", "/usr/libexec/libvirt-guests.sh", NULL
    };

    *ret = (struct node_facts) {
        .qemu_conf = read_one(GVM_LIBVIRT_CONF_DIR "/qemu.conf", unread),
        .lockd_conf = read_one(GVM_LIBVIRT_CONF_DIR "/qemu-lockd.conf", unread),
        .sanlock_conf = read_one(GVM_LIBVIRT_CONF_DIR "/qemu-sanlock.conf", unread),
        .guests_conf = read_first(guests_conf, unread),
        .guests_script = read_first(guests_script, unread),
        .guests_unit = enabled_by("libvirt-guests.service"),
        .hostname = host_name(),
        .tcp = {sockets ? listeners("tcp") : NULL, sockets ? listeners("tcp6") : NULL},
    };
}

void nodeconf_free(struct node_facts *n)
{
    const char *const texts[] = {
        n->qemu_conf, n->lockd_conf, n->sanlock_conf, n->guests_conf, n->guests_script,
        n->guests_unit, n->hostname, n->tcp[0], n->tcp[1]
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        free((void *) (uintptr_t) texts[i]);
    }
    *n = (struct node_facts) {0};
}
