/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The few string helpers that libc lacks. Strings returned are the caller's.
 */
#ifndef GVM_BASE_STR_H
#define GVM_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* printf into a new string. Aborts on out-of-memory: an agent that cannot
 * allocate must die, so that Pacemaker sees an error and never a wrong answer. */
char *str_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* strdup that aborts on out-of-memory and keeps NULL as NULL. */
char *str_dup(const char *s);
/* calloc that aborts on out-of-memory. */
void *mem_zero(size_t count, size_t size);
/* Grows *array to hold count + 1 elements of `size`, the new one zeroed; returns it. */
void *array_add(void *array_ptr, size_t *count, size_t size);
/* Frees the strings and the array, which may be NULL. */
void str_list_free(char **list, size_t count);
bool str_eq(const char *a, const char *b); /* NULL equals only NULL */
bool str_starts(const char *s, const char *prefix);
bool str_has_control(const char *s); /* of ASCII: a line break, an escape, ... */
/*
 * The length of the UTF-8 character at s, its code in *ret_code; 0 where no character is: at the
 * end, and at what is no UTF-8.
 */
size_t str_utf8(const char *s, uint32_t *ret_code);
/* True of a character that XML may hold and no terminal obeys. */
bool str_may_be_shown(uint32_t code);
/* FNV-1a: tells texts apart that nobody has made alike on purpose. */
uint64_t str_digest(const char *text, size_t size);
/*
 * Hands each whole line of the `used` bytes at `text` to `take`, without its '\n', and moves what
 * is left to the beginning. Returns how much that is.
 */
size_t str_take_lines(char *text, size_t used, void (*take)(void *data, const char *line),
                      void *data);
/* A whole decimal number in [min, max], nothing around it. False else. */
bool str_to_int64(const char *s, int64_t min, int64_t max, int64_t *ret);

#endif
