/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One row for each option of virsh migrate: what it is for libvirt's API, or why it is refused.
 */
#include "model/migrateopts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libvirt/libvirt.h>

#include "base/cleanup.h"
#include "base/str.h"

enum kind { KIND_FLAG, KIND_TEXT, KIND_LIST, KIND_INT, KIND_ULLONG, KIND_OURS, KIND_OURS_FLAG,
            KIND_REFUSED };
enum ours { OURS_NONE, OURS_URI, OURS_TIMEOUT, OURS_SUSPEND, OURS_POSTCOPY, OURS_AT_ONCE,
            OURS_SILENT };

struct row {
    const char *word;
    enum kind kind;
    unsigned flag;
    const char *field; /* of a parameter; why it is refused */
    enum ours ours;
};

#define FLAG(WORD, NAME) {"--" WORD, KIND_FLAG, VIR_MIGRATE_##NAME, NULL, OURS_NONE}
#define TEXT(WORD, NAME) {"--" WORD, KIND_TEXT, 0, VIR_MIGRATE_PARAM_##NAME, OURS_NONE}
#define LIST(WORD, NAME) {"--" WORD, KIND_LIST, 0, VIR_MIGRATE_PARAM_##NAME, OURS_NONE}
#define INT(WORD, NAME) {"--" WORD, KIND_INT, 0, VIR_MIGRATE_PARAM_##NAME, OURS_NONE}
#define ULLONG(WORD, NAME) {"--" WORD, KIND_ULLONG, 0, VIR_MIGRATE_PARAM_##NAME, OURS_NONE}
#define OURS(WORD, WHAT) {"--" WORD, KIND_OURS, 0, NULL, OURS_##WHAT}
#define OURS_FLAG(WORD, WHAT) {"--" WORD, KIND_OURS_FLAG, 0, NULL, OURS_##WHAT}
#define REFUSED(WORD, REASON) {"--" WORD, KIND_REFUSED, 0, REASON, OURS_NONE}

static const struct row rows[] = {
    FLAG("live", LIVE),
    FLAG("p2p", PEER2PEER),
    FLAG("tunnelled", TUNNELLED),
    FLAG("persistent", PERSIST_DEST),
    FLAG("undefinesource", UNDEFINE_SOURCE),
    FLAG("copy-storage-all", NON_SHARED_DISK),
    FLAG("copy-storage-inc", NON_SHARED_INC),
    FLAG("copy-storage-synchronous-writes", NON_SHARED_SYNCHRONOUS_WRITES),
    FLAG("change-protection", CHANGE_PROTECTION),
    FLAG("unsafe", UNSAFE),
    FLAG("compressed", COMPRESSED),
    FLAG("auto-converge", AUTO_CONVERGE),
    FLAG("rdma-pin-all", RDMA_PIN_ALL),
    FLAG("abort-on-error", ABORT_ON_ERROR),
    FLAG("postcopy", POSTCOPY),
    FLAG("zerocopy", ZEROCOPY),
    FLAG("tls", TLS),
    FLAG("parallel", PARALLEL),
    TEXT("graphicsuri", GRAPHICS_URI),
    TEXT("listen-address", LISTEN_ADDRESS),
    TEXT("disks-uri", DISKS_URI),
    TEXT("tls-destination", TLS_DESTINATION),
    LIST("migrate-disks", MIGRATE_DISKS),
    LIST("comp-methods", COMPRESSION),
    INT("disks-port", DISKS_PORT),
    INT("comp-mt-level", COMPRESSION_MT_LEVEL),
    INT("comp-mt-threads", COMPRESSION_MT_THREADS),
    INT("comp-mt-dthreads", COMPRESSION_MT_DTHREADS),
    INT("auto-converge-initial", AUTO_CONVERGE_INITIAL),
    INT("auto-converge-increment", AUTO_CONVERGE_INCREMENT),
    INT("parallel-connections", PARALLEL_CONNECTIONS),
    ULLONG("comp-xbzrle-cache", COMPRESSION_XBZRLE_CACHE),
    ULLONG("bandwidth", BANDWIDTH),
    ULLONG("postcopy-bandwidth", BANDWIDTH_POSTCOPY),
    OURS("migrateuri", URI),
    OURS("timeout", TIMEOUT),
    OURS_FLAG("timeout-suspend", SUSPEND),
    OURS_FLAG("timeout-postcopy", POSTCOPY),
    OURS_FLAG("postcopy-after-precopy", AT_ONCE),
    OURS_FLAG("verbose", SILENT),
    REFUSED("suspend", "the guest would not run on the target"),
    REFUSED("offline", "the guest would not run on the target"),
    REFUSED("postcopy-resume", "it is for a migration that failed before"),
    REFUSED("direct", "QEMU has no such migration"),
    REFUSED("dname", "the cluster would not know the guest by another name"),
    REFUSED("xml", "the guest on the target would be another one"),
    REFUSED("persistent-xml", "the guest on the target would be another one"),
    REFUSED("domain", "it is the resource's"),
    REFUSED("desturi", "it is the parameter remoteuri"),
};

static const struct row *find(const char *word, size_t length)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strlen(rows[i].word) == length && strncmp(rows[i].word, word, length) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

static int refuse(struct err *why, const char *word, const char *reason)
{
    return err_set(why, -EINVAL, ERR_CONFIGURED, "migrate_options: '%s' is not valid: %s", word,
                   reason);
}

static struct migrate_param *add(struct migrate_options *o, const char *field,
                                 enum migrate_type type)
{
    struct migrate_param *p = array_add(&o->param, &o->param_count, sizeof *p);

    p->field = field;
    p->type = type;
    return p;
}

static void add_list(struct migrate_options *o, const char *field, const char *value)
{
    _cleanup_free_ char *copy = str_dup(value);
    char *rest = NULL;

    for (char *w = strtok_r(copy, ",", &rest); w; w = strtok_r(NULL, ",", &rest)) {
        add(o, field, MIGRATE_TEXT)->text = str_dup(w);
    }
}

static void set_ours(struct migrate_options *o, enum ours what)
{
    o->timeout_suspend |= what == OURS_SUSPEND;
    o->timeout_postcopy |= what == OURS_POSTCOPY;
    o->postcopy_at_once |= what == OURS_AT_ONCE;
}

static int set_number(struct migrate_options *o, const struct row *row, const char *value,
                      struct err *why)
{
    int64_t most = row->kind == KIND_INT ? INT32_MAX : UINT32_MAX;
    int64_t number;

    if (!str_to_int64(value, 0, most, &number)) {
        return refuse(why, row->word, "it needs a whole number");
    }
    if (row->kind == KIND_OURS) {
        o->timeout_s = number;
    } else {
        add(o, row->field, row->kind == KIND_INT ? MIGRATE_INT : MIGRATE_ULLONG)->number = number;
    }
    return 0;
}

static int set_value(struct migrate_options *o, const struct row *row, const char *value,
                     struct err *why)
{
    if (row->kind == KIND_INT || row->kind == KIND_ULLONG || row->ours == OURS_TIMEOUT) {
        return set_number(o, row, value, why);
    }
    if (row->kind == KIND_LIST) {
        add_list(o, row->field, value);
    } else if (row->kind == KIND_TEXT) {
        add(o, row->field, MIGRATE_TEXT)->text = str_dup(value);
    } else {
        free(o->migrateuri);
        o->migrateuri = str_dup(value);
    }
    return 0;
}

/* One option, its value after '=' or in the next word. */
static int take(struct migrate_options *o, const char *word, char **rest, struct err *why)
{
    const char *equals = strchr(word, '=');
    size_t length = equals ? (size_t) (equals - word) : strlen(word);
    const struct row *row = find(word, length);
    const char *value = equals ? equals + 1 : NULL;

    if (!row) {
        return refuse(why, word, "it is no option of virsh migrate that is known here");
    }
    switch (row->kind) {
    case KIND_REFUSED:
        return refuse(why, row->word, row->field);
    case KIND_FLAG:
    case KIND_OURS_FLAG:
        if (value) {
            return refuse(why, word, "the option takes no value");
        }
        o->flags |= row->flag;
        set_ours(o, row->ours);
        return 0;
    case KIND_TEXT:
    case KIND_LIST:
    case KIND_INT:
    case KIND_ULLONG:
    case KIND_OURS:
        break;
    }
    value = value ? value : strtok_r(NULL, " \t", rest);
    return value && *value ? set_value(o, row, value, why)
                           : refuse(why, row->word, "the option needs a value");
}

static int agree(const struct migrate_options *o, struct err *why)
{
    bool postcopy = o->flags & VIR_MIGRATE_POSTCOPY;

    if ((o->postcopy_at_once || o->timeout_postcopy) && !postcopy) {
        return refuse(why, o->postcopy_at_once ? "--postcopy-after-precopy" : "--timeout-postcopy",
                      "it needs --postcopy");
    }
    if ((o->timeout_postcopy || o->timeout_suspend) && !o->timeout_s) {
        return refuse(why, o->timeout_suspend ? "--timeout-suspend" : "--timeout-postcopy",
                      "it needs --timeout");
    }
    if ((o->flags & VIR_MIGRATE_TUNNELLED) && !(o->flags & VIR_MIGRATE_PEER2PEER)) {
        return refuse(why, "--tunnelled", "it needs --p2p");
    }
    return 0;
}

int migrateopts_parse(const char *text, struct migrate_options *ret, struct err *why)
{
    _cleanup_free_ char *copy = str_dup(text ? text : "");
    struct migrate_options o = {.flags = VIR_MIGRATE_LIVE};
    char *rest = NULL;
    int rc = 0;

    for (char *w = strtok_r(copy, " \t", &rest); w && rc == 0; w = strtok_r(NULL, " \t", &rest)) {
        rc = take(&o, w, &rest, why);
    }
    if (rc == 0) {
        rc = agree(&o, why);
    }
    if (rc < 0) {
        migrateopts_free(&o);
        return rc;
    }
    *ret = o;
    return 0;
}

void migrateopts_free(struct migrate_options *o)
{
    for (size_t i = 0; i < o->param_count; i++) {
        free(o->param[i].text);
    }
    free(o->param);
    free(o->migrateuri);
    *o = (struct migrate_options) {0};
}

void migrateopts_cleanup(struct migrate_options *o)
{
    migrateopts_free(o);
}

static bool has(const struct migrate_options *o, const char *field)
{
    for (size_t i = 0; i < o->param_count; i++) {
        if (str_eq(o->param[i].field, field)) {
            return true;
        }
    }
    return false;
}

bool migrateopts_by_source(const struct migrate_options *o)
{
    return o->flags & VIR_MIGRATE_PEER2PEER;
}

bool migrateopts_postcopy(const struct migrate_options *o)
{
    return o->flags & VIR_MIGRATE_POSTCOPY;
}

void migrateopts_set_uri(struct migrate_options *o, const char *uri)
{
    if (!has(o, VIR_MIGRATE_PARAM_URI)) {
        add(o, VIR_MIGRATE_PARAM_URI, MIGRATE_TEXT)->text = str_dup(uri);
    }
}

void migrateopts_set_bandwidth(struct migrate_options *o, int64_t mibps)
{
    if (!has(o, VIR_MIGRATE_PARAM_BANDWIDTH)) {
        add(o, VIR_MIGRATE_PARAM_BANDWIDTH, MIGRATE_ULLONG)->number = mibps;
    }
}
