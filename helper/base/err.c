/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors as sentences: filling, prefixing and cleaning them, and the one place
 * that knows which OCF exit code a kind of error becomes.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <crm/common/results.h>

#include "base/err.h"

/*
 * A name with a line break could forge a second ocf-exit-reason line, one with
 * an escape sequence could rewrite a terminal: C0, DEL and C1 (in UTF-8: 0xC2
 * followed by 0x80..0x9F) go.
 */
static void replace_controls(char *text)
{
    unsigned char *p = (unsigned char *) text;

    for (; *p; p++) {
        if (*p < 0x20 || *p == 0x7f) {
            *p = '?';
        } else if (*p == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f) {
            p[0] = '?';
            p[1] = '?';
        }
    }
}

/* Takes away the beginning of a UTF-8 character whose end did not fit. */
static void drop_partial_character(char *text, size_t len)
{
    size_t back = 0;

    while (back < 3 && back < len && ((unsigned char) text[len - 1 - back] & 0xc0) == 0x80) {
        back++;
    }
    if (back == len) {
        return;
    }
    unsigned char lead = (unsigned char) text[len - 1 - back];
    size_t wanted = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;

    if (wanted > back) {
        text[len - 1 - back] = '\0';
    }
}

/* By way of a second buffer, since an argument may be the very text that is replaced. */
__attribute__((format(printf, 3, 0)))
static void fill(struct err *why, const char *after, const char *fmt, va_list ap)
{
    char text[ERR_TEXT_SIZE];
    bool cut = false;
    int len = vsnprintf(text, sizeof(text), fmt, ap);

    if (len < 0) {
        len = snprintf(text, sizeof(text), "(an error text that could not be formatted)");
    }
    if ((size_t) len >= sizeof(text)) {
        cut = true;
    } else if (after) {
        size_t room = sizeof(text) - (size_t) len;

        cut = (size_t) snprintf(text + len, room, ": %s", after) >= room;
    }
    if (cut) {
        drop_partial_character(text, sizeof(text) - 1);
    }
    replace_controls(text);
    memcpy(why->text, text, sizeof(text));
}

int err_set(struct err *why, int code, enum err_kind kind, const char *fmt, ...)
{
    va_list ap;

    if (!why) {
        return code;
    }
    va_start(ap, fmt);
    fill(why, NULL, fmt, ap);
    va_end(ap);
    why->kind = kind;
    return code;
}

int err_prefix(struct err *why, int code, const char *fmt, ...)
{
    va_list ap;

    if (!why) {
        return code;
    }
    va_start(ap, fmt);
    fill(why, why->text, fmt, ap);
    va_end(ap);
    return code;
}

static const int ocf_codes[ERR_KIND_LAST] = {
    [ERR_GENERIC] = PCMK_OCF_UNKNOWN_ERROR,
    [ERR_ARGS] = PCMK_OCF_INVALID_PARAM,
    [ERR_PERM] = PCMK_OCF_INSUFFICIENT_PRIV,
    [ERR_INSTALLED] = PCMK_OCF_NOT_INSTALLED,
    [ERR_CONFIGURED] = PCMK_OCF_NOT_CONFIGURED,
};

int err_ocf_code(enum err_kind kind)
{
    /* What comes out of shared memory may be anything; doubt is the soft error. */
    if ((unsigned) kind >= ERR_KIND_LAST) {
        return PCMK_OCF_UNKNOWN_ERROR;
    }
    return ocf_codes[kind];
}
