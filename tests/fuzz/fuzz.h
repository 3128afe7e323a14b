/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every target here needs. A target is one program: libFuzzer calls its
 * LLVMFuzzerTestOneInput with bytes that reach ever more of the reader, under the address and the
 * undefined-behaviour sanitizers. Besides doing no harm, what was read has to hold what the
 * reader's header promises.
 */
#ifndef GVM_TESTS_FUZZ_H
#define GVM_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise is broken: libFuzzer keeps the input and says where. */
#define FUZZ_HOLDS(what) ((what) ? (void) 0 : __builtin_trap())

/* The bytes up to the first NUL as a string of exactly that size; caller frees. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
    const uint8_t *end = memchr(data, '\0', size);

    return str_printf("%.*s", (int) (end ? (size_t) (end - data) : size), (const char *) data);
}

#endif
