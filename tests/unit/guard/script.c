/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mock of sys/qmp. To script a new command, add a line to a test's table; nothing here
 * knows commands.
 */
#include "script.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "sys/qmp.h"

static const struct line *script;
static size_t script_count;
static size_t script_at;
static size_t calls;
static int repeat_last;

void script_set(const struct line *lines, size_t count, int again)
{
    script = lines;
    script_count = count;
    script_at = 0;
    calls = 0;
    repeat_last = again;
}

void script_end(void)
{
    if (script_at != script_count) {
        fail_msg("'%s' was not asked", script[script_at].command);
    }
}

size_t script_calls(void)
{
    return calls;
}

/* '*' in the pattern stands for any text without a quote. */
static bool matches(const char *pattern, const char *text)
{
    if (!pattern || !text) {
        return pattern == text;
    }
    for (; *pattern; pattern++) {
        if (*pattern == '*') {
            text += strcspn(text, "\"");
        } else if (*text++ != *pattern) {
            return false;
        }
    }
    return *text == '\0';
}

static void compare(const struct line *l, const char *name, struct json_object *args)
{
    const char *text = args ? json_object_to_json_string_ext(
        args, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE) : NULL;

    if (!str_eq(l->command, name) || !matches(l->args, text)) {
        fail_msg("command %zu is '%s' %s, not '%s' %s", calls, name, text ? text : "", l->command,
                 l->args ? l->args : "");
    }
}

int qmp_run(struct domain *d, const char *name, struct json_object *args,
            struct json_object **ret, struct err *why)
{
    (void) d;
    if (script_at == script_count) {
        fail_msg("'%s' is more than the script has", name);
    }
    const struct line *l = &script[script_at];
    compare(l, name, args);
    json_object_put(args);
    calls++;
    if (!repeat_last || script_at + 1 < script_count) {
        script_at++;
    }
    if (l->error) {
        return err_set(why, -EREMOTEIO, ERR_GENERIC, "QMP %s: QEMU says: %s", name, l->error);
    }
    if (ret) {
        *ret = json_tokener_parse(l->reply ? l->reply : "{}");
    }
    return 0;
}
