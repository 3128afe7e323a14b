/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads settings line by line: comments, quotes and blanks. Lists are no setting that anybody
 * asks for here.
 */
#include "model/conftext.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"

static const char blanks[] = " \t\r";

/* What follows "key =" in the line; NULL: it sets something else. */
static const char *value_in(const char *line, const char *key)
{
    const char *p = line + strspn(line, blanks);

    if (!str_starts(p, key)) {
        return NULL;
    }
    p += strlen(key);
    p += strspn(p, blanks);
    return *p == '=' ? p + 1 + strspn(p + 1, blanks) : NULL;
}

static char *unquoted(const char *value)
{
    char quote[] = {value[0], '\n', '\0'};
    bool quoted = value[0] == '"' || value[0] == '\'';

    value += quoted;
    return str_printf("%.*s", (int) strcspn(value, quoted ? quote : " \t\r\n#"), value);
}

static char *find(const char *text, const char *key, bool last)
{
    char *found = NULL;

    for (const char *line = text; line && *line;) {
        const char *value = value_in(line, key);

        if (value) {
            free(found);
            found = unquoted(value);
        }
        if (found && !last) {
            return found;
        }
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    return found;
}

char *conftext_libvirt(const char *text, const char *key)
{
    return find(text, key, false);
}

char *conftext_shell(const char *text, const char *key)
{
    return find(text, key, true);
}

int64_t conftext_number(const char *text, const char *key, int64_t fallback)
{
    _cleanup_free_ char *value = conftext_libvirt(text, key);
    int64_t number;

    return value && str_to_int64(value, INT64_MIN, INT64_MAX, &number) ? number : fallback;
}
