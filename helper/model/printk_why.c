/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a kernel died, by its own words. Owns the table of the words.
 */
#include "model/printk.h"

#include <string.h>

#include "base/str.h"

/*
 * The last panic is the panic: nothing is written by processes after it, while a line that only
 * looks like one can be written by any of them before. Of the others the first is the cause and
 * those that follow come from it.
 */
static const char *const panic = "Kernel panic - not syncing: ";
static const char *const amiss[] = {
    "BUG: ",
    "kernel BUG at ",
    "Oops: ",
    "general protection fault",
    "Unable to handle kernel ",
    "watchdog: BUG: soft lockup",
    "watchdog: Watchdog detected hard LOCKUP",
    "NMI watchdog: BUG: soft lockup",
    "NMI watchdog: Watchdog detected hard LOCKUP",
};

/* Behind "[    1.234567] " and, where kernels tell who spoke, "[    1.234567][    T1] ". */
static const char *message_of(const char *line)
{
    const char *p = line;

    while (*p == '[') {
        size_t inside = strspn(p + 1, " .0123456789CT");

        if (inside == 0 || p[1 + inside] != ']') {
            return line;
        }
        p += inside + 2;
    }
    return p > line && *p == ' ' ? p + 1 : p;
}

static bool is_amiss(const char *message)
{
    for (size_t i = 0; i < sizeof amiss / sizeof amiss[0]; i++) {
        if (str_starts(message, amiss[i])) {
            return true;
        }
    }
    return false;
}

char *printk_why(const char *text)
{
    const char *panicked = NULL;
    const char *first = NULL;

    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        const char *message = message_of(line);

        if (str_starts(message, panic)) {
            panicked = message;
        } else if (!first && is_amiss(message)) {
            first = message;
        }
    }
    const char *why = panicked ? panicked : first;

    return why ? str_printf("%.*s", (int) strcspn(why, "\r\n"), why) : NULL;
}
