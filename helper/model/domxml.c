/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a guest is made of, read from its domain XML: who it is, how much memory
 * it has, and (in domxml_devices.c and domxml_hazard.c) its devices.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/domxml_tree.h"
#include "model/record.h"

/* NAME_MAX less what a temporary file of the record may add. */
enum { RECORD_FILE_NAME_MAX = 240, UUID_DIGITS = 32, UUID_TEXT_SIZE = 37 };

static int check_name(const char *name, struct err *why)
{
    const char *wrong = NULL;

    if (!name || !*name) {
        return err_set(why, -EINVAL, ERR_ARGS, "the domain has no name");
    }
    _cleanup_free_ char *file_name = record_file_name(name);

    if (strchr(name, '/')) {
        wrong = "contains a slash";
    } else if (str_eq(name, ".") || str_eq(name, "..")) {
        wrong = "is a directory's, and libvirt makes paths of names";
    } else if (str_has_control(name)) {
        wrong = "contains a line break or another control character";
    } else if (name[0] == ' ' || name[strlen(name) - 1] == ' ') {
        wrong = "begins or ends with a space";
    } else if (strlen(file_name) > RECORD_FILE_NAME_MAX) {
        wrong = "is too long";
    }
    if (wrong) {
        return err_set(why, -EINVAL, ERR_ARGS, "the domain's name '%s' %s", name, wrong);
    }
    return 0;
}

/* As libvirt reads it: 32 hexadecimal digits, hyphens and blanks anywhere between. */
static int read_uuid(const xmlNode *root, char **ret, struct err *why)
{
    _cleanup_free_ char *text = tree_text(tree_child(root, "uuid"));
    char uuid[UUID_TEXT_SIZE] = "";
    size_t digits = 0;
    size_t len = 0;

    if (!text) {
        return 0;
    }
    for (const char *p = text; *p; p++) {
        if (*p == '-' || isspace((unsigned char) *p)) {
            continue;
        }
        if (!isxdigit((unsigned char) *p) || digits == UUID_DIGITS) {
            digits = 0;
            break;
        }
        if (digits == 8 || digits == 12 || digits == 16 || digits == 20) {
            uuid[len++] = '-';
        }
        uuid[len++] = (char) tolower((unsigned char) *p);
        digits++;
    }
    if (digits != UUID_DIGITS) {
        return err_set(why, -EINVAL, ERR_ARGS, "the domain's uuid '%s' is none", text);
    }
    *ret = str_dup(uuid);
    return 0;
}

static int read_memory(const xmlNode *root, uint64_t *ret_kib, struct err *why)
{
    static const struct { const char *unit; uint64_t bytes; } units[] = {
        { "b", 1 }, { "bytes", 1 },
        { "KB", 1000 }, { "k", 1 << 10 }, { "KiB", 1 << 10 },
        { "MB", 1000000 }, { "M", 1 << 20 }, { "MiB", 1 << 20 },
        { "GB", 1000000000 }, { "G", 1 << 30 }, { "GiB", 1 << 30 },
        { "TB", UINT64_C(1000000000000) }, { "T", UINT64_C(1) << 40 },
        { "TiB", UINT64_C(1) << 40 },
    };
    const xmlNode *node = tree_child(root, "memory");
    _cleanup_free_ char *text = tree_text(node);
    _cleanup_free_ char *unit = tree_attr(node, "unit");
    int64_t value;

    if (!node) {
        return 0; /* libvirt takes it from the NUMA cells */
    }
    char *number = text + strspn(text, " \t\r\n");

    number[strcspn(number, " \t\r\n")] = '\0';
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        uint64_t bytes;

        if (strcasecmp(unit ? unit : "KiB", units[i].unit) == 0 &&
            str_to_int64(number, 1, INT64_MAX, &value) &&
            !__builtin_mul_overflow((uint64_t) value, units[i].bytes, &bytes)) {
            *ret_kib = bytes / 1024 + (bytes % 1024 != 0);
            return 0;
        }
    }
    return err_set(why, -EINVAL, ERR_ARGS, "the domain's memory '%s' (unit '%s') is no size",
                   number, unit ? unit : "KiB");
}

/* Either the text or, in newer XML, a <source>. The one made from a template is named by
 * libvirt and stands in live XML only. */
static char *read_nvram(const xmlNode *root)
{
    const xmlNode *nvram = tree_child(tree_child(root, "os"), "nvram");
    const xmlNode *source = tree_child(nvram, "source");

    if (source) {
        char *path = tree_attr(source, "file");

        return path ? path : tree_attr(source, "dev");
    }
    char *path = tree_text(nvram);

    if (path && !*path) {
        free(path);
        path = NULL;
    }
    return path;
}

static int read_domain(struct domxml *d, const xmlNode *root, struct err *why)
{
    d->name = tree_text(tree_child(root, "name"));
    int rc = check_name(d->name, why);

    rc = rc < 0 ? rc : read_uuid(root, &d->uuid, why);
    rc = rc < 0 ? rc : read_memory(root, &d->memory_kib, why);
    if (rc < 0) {
        return rc;
    }
    d->nvram = read_nvram(root);
    domxml_read_devices(d, tree_child(root, "devices"));
    domxml_read_resources(d, tree_child(root, "devices"));
    domxml_find_hazards(d, root);
    return 0;
}

int domxml_parse(const char *text, size_t size, struct domxml **ret, struct err *why)
{
    _cleanup_tree_ xmlDoc *doc = NULL;
    int rc = tree_read(text, size, &doc, why);

    if (rc < 0) {
        return rc;
    }
    struct domxml *d = mem_zero(1, sizeof(*d));

    rc = read_domain(d, xmlDocGetRootElement(doc), why);
    if (rc < 0) {
        domxml_free(d);
        return rc;
    }
    *ret = d;
    return 0;
}

static void free_devices(struct domxml *d)
{
    for (size_t i = 0; i < d->disk_count; i++) {
        free(d->disk[i].target);
        free(d->disk[i].bus);
        free(d->disk[i].device);
        free(d->disk[i].source);
        free(d->disk[i].alias);
        free(d->disk[i].backing_format);
    }
    for (size_t i = 0; i < d->nic_count; i++) {
        free(d->nic[i].type);
        free(d->nic[i].mac);
        free(d->nic[i].tap);
        free(d->nic[i].alias);
    }
    for (size_t i = 0; i < d->hazard_count; i++) {
        free(d->hazard[i].device);
        free(d->hazard[i].why);
    }
}

void domxml_free(struct domxml *d)
{
    if (!d) {
        return;
    }
    free_devices(d);
    str_list_free(d->pool, d->pool_count);
    str_list_free(d->network, d->network_count);
    str_list_free(d->fenceable, d->fenceable_count);
    free(d->disk);
    free(d->nic);
    free(d->hazard);
    free(d->name);
    free(d->uuid);
    free(d->nvram);
    free(d->watchdog_action);
    free(d->console_log);
    free(d);
}

void domxml_cleanup(struct domxml **d)
{
    domxml_free(*d);
}
