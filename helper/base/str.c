/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The few string and memory helpers that libc lacks. Out of memory ends the
 * process: Pacemaker takes a dead agent as an error, which is always true.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

char *str_printf(const char *fmt, ...)
{
    char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    if (vasprintf(&text, fmt, ap) < 0) {
        abort();
    }
    va_end(ap);
    return text;
}

char *str_dup(const char *s)
{
    if (!s) {
        return NULL;
    }
    char *copy = strdup(s);

    if (!copy) {
        abort();
    }
    return copy;
}

void *mem_zero(size_t count, size_t size)
{
    /* calloc(0) may return NULL without being out of memory */
    void *p = calloc(count ? count : 1, size ? size : 1);

    if (!p) {
        abort();
    }
    return p;
}

void *array_add(void *array_ptr, size_t *count, size_t size)
{
    void *array;

    /* array_ptr is the address of a T *; read and written by its bytes, whatever T is */
    memcpy(&array, array_ptr, sizeof(array));
    array = reallocarray(array, *count + 1, size);
    if (!array) {
        abort();
    }
    memcpy(array_ptr, &array, sizeof(array));

    char *last = (char *) array + *count * size;

    memset(last, 0, size);
    *count += 1;
    return last;
}

void str_list_free(char **list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(list[i]);
    }
    free(list);
}

bool str_eq(const char *a, const char *b)
{
    if (!a || !b) {
        return a == b;
    }
    return strcmp(a, b) == 0;
}

bool str_starts(const char *s, const char *prefix)
{
    return s && prefix && strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_has_control(const char *s)
{
    for (; *s; s++) {
        if ((unsigned char) *s < 0x20 || *s == 0x7f) {
            return true;
        }
    }
    return false;
}

size_t str_utf8(const char *s, uint32_t *ret_code)
{
    /* By length; what could be written shorter is no UTF-8: it would get past who looks for '<'. */
    static const struct { unsigned char mask, lead; uint32_t least; } forms[] = {
        {0x80, 0x00, 0x01}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000},
    };
    const unsigned char *p = (const unsigned char *) s;
    size_t extra = 0;
    uint32_t code;

    while (extra < 4 && (p[0] & forms[extra].mask) != forms[extra].lead) {
        extra++;
    }
    if (extra == 4) {
        return 0;
    }
    code = p[0] & (unsigned char) ~forms[extra].mask;
    for (size_t i = 1; i <= extra; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
        code = code << 6 | (p[i] & 0x3f);
    }
    if (code < forms[extra].least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        return 0;
    }
    *ret_code = code;
    return extra + 1;
}

/* Neither C0, DEL nor C1, nor the two that are no characters. */
bool str_may_be_shown(uint32_t code)
{
    return code >= 0x20 && (code < 0x7f || code >= 0xa0) && code != 0xfffe && code != 0xffff;
}

uint64_t str_digest(const char *text, size_t size)
{
    uint64_t digest = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < size; i++) {
        digest = (digest ^ (unsigned char) text[i]) * UINT64_C(0x100000001b3);
    }
    return digest;
}

size_t str_take_lines(char *text, size_t used, void (*take)(void *data, const char *line),
                      void *data)
{
    char *from = text;
    char *end;

    while ((end = memchr(from, '\n', used - (size_t) (from - text)))) {
        *end = '\0';
        take(data, from);
        from = end + 1;
    }
    used -= (size_t) (from - text);
    memmove(text, from, used);
    return used;
}

bool str_to_int64(const char *s, int64_t min, int64_t max, int64_t *ret)
{
    if (!s) {
        return false;
    }
    const char *digits = *s == '-' ? s + 1 : s;

    /* strtoll would also take blanks, '+', and "" */
    if (!*digits || digits[strspn(digits, "0123456789")] != '\0') {
        return false;
    }
    errno = 0;
    long long value = strtoll(s, NULL, 10);

    if (errno != 0 || value < min || value > max) {
        return false;
    }
    *ret = value;
    return true;
}
