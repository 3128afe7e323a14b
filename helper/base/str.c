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
