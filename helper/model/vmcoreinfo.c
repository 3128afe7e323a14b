/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VMCOREINFO's lines, looked up. The first line of a key counts, as for the kernel's own tools.
 */
#include "model/vmcoreinfo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"

/* "KIND(NAME)=" at the beginning of a line; returns what follows, NULL if none. */
static const char *find(const char *info, const char *kind, const char *name)
{
    _cleanup_free_ char *key = str_printf("%s(%s)=", kind, name);
    size_t length = strlen(key);

    for (const char *line = info; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, length) == 0) {
            return line + length;
        }
    }
    return NULL;
}

/* A number is all that its line has; strtoull would also take blanks and signs before it. */
static bool to_uint64(const char *text, int base, uint64_t *ret)
{
    char *end = NULL;
    unsigned long long value;

    if (!text || !strchr("0123456789abcdefABCDEF", *text)) {
        return false;
    }
    errno = 0;
    value = strtoull(text, &end, base);
    if (errno != 0 || end == text || (*end != '\n' && *end != '\0')) {
        return false;
    }
    *ret = value;
    return true;
}

bool vmcoreinfo_symbol(const char *info, const char *name, uint64_t *ret)
{
    return to_uint64(find(info, "SYMBOL", name), 16, ret);
}

bool vmcoreinfo_offset(const char *info, const char *member, uint64_t *ret)
{
    return to_uint64(find(info, "OFFSET", member), 10, ret);
}

bool vmcoreinfo_size(const char *info, const char *type, uint64_t *ret)
{
    return to_uint64(find(info, "SIZE", type), 10, ret);
}

bool vmcoreinfo_number(const char *info, const char *name, int64_t *ret)
{
    const char *text = find(info, "NUMBER", name);
    bool minus = text && *text == '-';
    uint64_t value;

    if (!to_uint64(text && minus ? text + 1 : text, 10, &value) ||
        value > (uint64_t) INT64_MAX + minus) {
        return false;
    }
    /* By way of the complement, since -INT64_MIN is no int64_t. */
    *ret = minus && value > 0 ? -(int64_t) (value - 1) - 1 : (int64_t) value;
    return true;
}
