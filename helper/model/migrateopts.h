/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parameter migrate_options: words of virsh migrate (libvirt 9.0), into what libvirt's API
 * takes. Pure.
 */
#ifndef GVM_MODEL_MIGRATEOPTS_H
#define GVM_MODEL_MIGRATEOPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum migrate_type { MIGRATE_TEXT, MIGRATE_INT, MIGRATE_ULLONG };

/* One typed parameter of virDomainMigrate3. */
struct migrate_param {
    const char *field; /* VIR_MIGRATE_PARAM_* */
    enum migrate_type type;
    char *text;
    int64_t number;
};

struct migrate_options {
    unsigned flags;       /* VIR_MIGRATE_*; VIR_MIGRATE_LIVE always */
    bool postcopy_at_once; /* --postcopy-after-precopy */
    bool timeout_postcopy; /* what is to happen when timeout_s is over; neither: suspend */
    bool timeout_suspend;
    int64_t timeout_s;    /* 0: none */
    char *migrateuri;     /* NULL: not given */
    size_t param_count;
    struct migrate_param *param;
};

/*
 * `text` may be NULL: no options. -EINVAL, kind ERR_CONFIGURED, and a sentence that names the
 * word and the remedy; *ret needs no freeing then.
 */
int migrateopts_parse(const char *text, struct migrate_options *ret, struct err *why);
void migrateopts_free(struct migrate_options *o);
void migrateopts_cleanup(struct migrate_options *o);
#define _cleanup_migrateopts_ __attribute__((cleanup(migrateopts_cleanup)))

/* --p2p: the source's libvirtd drives it, and needs no connection of ours to the target. */
bool migrateopts_by_source(const struct migrate_options *o);
bool migrateopts_postcopy(const struct migrate_options *o);

/* What other parameters say, unless the options say it themselves. */
void migrateopts_set_uri(struct migrate_options *o, const char *uri);
void migrateopts_set_bandwidth(struct migrate_options *o, int64_t mibps);

#endif
