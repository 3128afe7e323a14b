/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names and the format of overlay.h.
 */
#include "model/overlay.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"

static const char ending[] = ".qcow2";

/* `config` up to `dot`; NULL where nothing of a name is left. */
static char *name_until(const char *config, const char *dot)
{
    size_t length = dot ? (size_t) (dot - config) : strlen(config);

    return length == 0 || config[length - 1] == '/'
               ? NULL : str_printf("%.*s%s", (int) length, config, ending);
}

static const struct domxml_disk *disk_at(const struct domxml *d, const char *path)
{
    for (size_t i = 0; path && i < d->disk_count; i++) {
        if (!d->disk[i].network && str_eq(d->disk[i].source, path)) {
            return &d->disk[i];
        }
    }
    return NULL;
}

int overlay_disk(const char *config, const struct domxml *d, const struct domxml_disk **ret,
                 struct err *why)
{
    const char *file = strrchr(config, '/') + 1;
    const char *const dots[] = {strchr(config, '.'), strchr(file, '.'), strrchr(file, '.')};
    _cleanup_free_ char *last = NULL;

    for (size_t i = 0; i < sizeof dots / sizeof *dots; i++) {
        free(last);
        last = name_until(config, dots[i]);
        *ret = disk_at(d, last);
        if (*ret) {
            return 0;
        }
    }
    return err_set(why, -ENOENT, ERR_ARGS, "backingfile is set, but no disk of guest '%s' is the "
                   "overlay that a start makes: name '%s' in config='%s' as a disk of type qcow2",
                   d->name, last ? last : config, config);
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);

    return length > strlen(end) && str_eq(text + length - strlen(end), end);
}

/* It becomes an argument of qemu-img's. */
static bool is_word(const char *text)
{
    for (; isalnum((unsigned char) *text); text++) {
    }
    return *text == '\0';
}

int overlay_backing_format(const char *backing, const char *said, const struct qcow2_head *head,
                           const char **ret, struct err *why)
{
    if (said && *said && is_word(said)) {
        *ret = said;
    } else if (ends_with(backing, ".raw")) {
        *ret = "raw";
    } else if (ends_with(backing, ending)) {
        *ret = "qcow2";
    } else if (!head->is_qcow2) {
        *ret = "raw";
    } else if (!head->leads_elsewhere) {
        *ret = "qcow2";
    } else {
        return err_set(why, -EPERM, ERR_ARGS, "backingfile='%s' begins as a qcow2 image that leads "
                       "to other files, which a guest could have written: say what it is, by a "
                       "name that ends with .qcow2 or .raw, or by <backingStore> in the XML",
                       backing);
    }
    return 0;
}
