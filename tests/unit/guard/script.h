/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scripted QEMU: takes the place of sys/qmp's qmp_run (the linker prefers a test's own
 * object to the library's), holds each command against a script and answers from it. For
 * what real QEMUs cannot be brought to do on demand: post-copy, refusals, jobs that do not end.
 * The real ones are the scenarios' business.
 */
#ifndef GVM_TESTS_GUARD_SCRIPT_H
#define GVM_TESTS_GUARD_SCRIPT_H

#include <stddef.h>

struct line {
    const char *command;
    /* All the arguments as json-c prints them plainly; "*" is any text. NULL: none. */
    const char *args;
    const char *reply; /* JSON of "return"; NULL: {} */
    const char *error; /* "Class: desc" instead */
};

/* The next commands must be exactly these. With `again` the last one is repeated for ever. */
void script_set(const struct line *lines, size_t count, int again);
#define SCRIPT(lines) script_set(lines, sizeof(lines) / sizeof(lines)[0], 0)
/* Fails the test where the script was not used up. */
void script_end(void);
/* How often commands were given since script_set. */
size_t script_calls(void);

#endif
