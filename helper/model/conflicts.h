/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What on a node, or in a guest's definition, fights a cluster that runs the guest: one table
 * of findings, each with its weight, why it matters and what to do; and the rules that find
 * them in facts. Gathering the facts is guard/checkup.c's.
 */
#ifndef GVM_MODEL_CONFLICTS_H
#define GVM_MODEL_CONFLICTS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/domxml.h"
#include "model/params.h"
#include "model/reach.h"
#include "model/traits.h"

enum weight {
    WEIGHT_NOTE = 0, /* good to know, nothing has to be done */
    WEIGHT_WARNING,  /* something works less well than it could, or may not work at all */
    WEIGHT_CONFLICT, /* the guest may run beside the cluster, with old memory, or not start */
    WEIGHT_LAST
};

enum conflict {
    CONFLICT_NONE = 0,
    CONFLICT_UNCHECKED,
    CONFLICT_CONFIG,
    CONFLICT_AUTOSTART,
    CONFLICT_AUTOSTART_ONCE,
    CONFLICT_MANAGED_SAVE,
    CONFLICT_DEFINED,
    CONFLICT_AUTO_SHUTDOWN,
    CONFLICT_AUTO_SHUTDOWN_SAVE,
    CONFLICT_LIBVIRT_GUESTS,
    CONFLICT_LIBVIRT_GUESTS_START,
    CONFLICT_LIBVIRT_GUESTS_SAVE,
    CONFLICT_LOCK_MANAGER,
    CONFLICT_LOCK_HOST_ID,
    CONFLICT_LOCK_LOCAL,
    CONFLICT_LOCK_LEASE,
    CONFLICT_LOCK_UNUSED,
    CONFLICT_LOCK_SOCKET,
    CONFLICT_ON_LOCKFAILURE,
    CONFLICT_ON_CRASH,
    CONFLICT_ON_POWEROFF,
    CONFLICT_PANIC,
    CONFLICT_WATCHDOG_DUMP,
    CONFLICT_WATCHDOG_ACTION,
    CONFLICT_WATCHDOG_MISSING,
    CONFLICT_IO_URING,
    CONFLICT_DISK_MISSING,
    CONFLICT_DISK_LOCAL,
    CONFLICT_DISK_UNTOLD,
    CONFLICT_DISK_UNSAFE,
    CONFLICT_DISK_CACHED,
    CONFLICT_DISK_OWNER,
    CONFLICT_DISK_OWNER_UNKEPT,
    CONFLICT_NVRAM_LOCAL,
    CONFLICT_LOCAL_DEVICE,
    CONFLICT_MIGRATION_PORTS,
    CONFLICT_MIGRATION_DOOR,
    CONFLICT_MIGRATION_HOST,
    CONFLICT_MIGRATION_CPU,
    CONFLICT_LAST
};

struct conflict_row {
    const char *word; /* "autostart": stable, scripts read it */
    enum weight weight;
    const char *why;
    const char *remedy; /* "{}" stands for the object */
};

/* Of every value but NONE and LAST. */
const struct conflict_row *conflict_row(enum conflict what);
const char *weight_word(enum weight weight);

enum { FINDING_OBJECT_SIZE = 160, FINDING_SEEN_SIZE = 400, FINDINGS_MAX = 128 };

/* Plain data: travels from the child that looked. */
struct finding {
    enum conflict what;
    char object[FINDING_OBJECT_SIZE]; /* "web", "disk vda", "/etc/libvirt/qemu.conf" */
    char seen[FINDING_SEEN_SIZE];     /* what was found: the setting and its value */
};

struct findings {
    size_t count;
    struct finding list[FINDINGS_MAX];
};

/* The object's name is cut where it is too long, a control character becomes '?'. What is too
 * much is left out, and the last one says so. */
void findings_add(struct findings *f, enum conflict what, const char *object, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
size_t findings_count(const struct findings *f, enum weight weight);
/* The first of that weight; NULL: there is none. */
const struct finding *findings_first(const struct findings *f, enum weight weight);
/* What to do, with the object in it; caller frees. */
char *finding_remedy(const struct finding *f);

/* What this node is set up like. A text is a whole file's; NULL: there is none, and what libvirt
 * does without holds. */
struct node_facts {
    const char *qemu_conf;
    const char *lockd_conf;
    const char *sanlock_conf;
    const char *guests_conf;
    const char *guests_script; /* libvirt-guests.sh: what it does where its file does not say */
    const char *guests_unit;   /* the link that enables libvirt-guests; NULL: not enabled */
    const char *hostname;
    const char *tcp[2];        /* /proc/net/tcp, tcp6 */
};

/* The folder where the lock manager keeps what the nodes have to share; caller frees; NULL:
 * there is none. */
char *conflicts_lock_folder(const struct node_facts *n);

void conflicts_of_node(const struct node_facts *n, struct findings *ret);
void conflicts_of_lock_folder(const char *folder, const struct storage *s, struct findings *ret);

/* What libvirt has under the guest's name. */
struct definition {
    bool persistent;
    bool autostart;
    bool autostart_once; /* false also where libvirt knows no such thing */
    bool managed_save;
};

struct guest_facts {
    const struct domxml *domain;
    const struct traits *traits;
    const struct params *params;
};

void conflicts_of_xml(const struct guest_facts *g, const struct node_facts *n,
                      struct findings *ret);
void conflicts_of_definition(const char *guest, const struct definition *d,
                             const struct node_facts *n, struct findings *ret);

/* Whether disk `i` is a path of this node's, to be looked at. */
bool conflicts_disk_has_path(const struct guest_facts *g, size_t i);
void conflicts_of_disk(const struct guest_facts *g, size_t i, const struct storage *s,
                       struct findings *ret);
/* Whom libvirt gives that disk to when a QEMU ends. */
void conflicts_of_owner(const struct guest_facts *g, size_t i, const struct storage *s,
                        const struct node_facts *n, struct findings *ret);
/* Of the NVRAM that the XML names, or NULL where libvirt chooses one. */
void conflicts_of_nvram(const struct guest_facts *g, const struct storage *s,
                        struct findings *ret);

#endif
