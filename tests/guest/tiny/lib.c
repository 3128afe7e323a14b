/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The few functions that gcc calls on its own in freestanding code, and text helpers. Owns no
 * state.
 */
#include "tiny.h"

void *memset(void *s, int c, size_t n)
{
    uint8_t *p = s;

    while (n--)
        *p++ = (uint8_t)c;
    return s;
}

void *memcpy(void *to, const void *from, size_t n)
{
    uint8_t *t = to;
    const uint8_t *f = from;

    while (n--)
        *t++ = *f++;
    return to;
}

int same(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

uint32_t number(const char *text, int *ok)
{
    uint32_t v = 0;

    *ok = *text != 0;
    for (; *text; text++) {
        if (*text < '0' || *text > '9') {
            *ok = 0;
            return 0;
        }
        v = v * 10 + (uint32_t)(*text - '0');
    }
    return v;
}
