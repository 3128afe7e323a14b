/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Pacemaker tells an action by its environment, and the one line that goes back.
 * Node attributes are cluster_attribute.c's.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "sys/cluster.h"

enum {
    RESOURCE_BYTES = 256,
    REASON_BYTES = 1024,
    LEVEL_MAX = 1000
};

static const char reason_prefix[] = "ocf-exit-reason:";

/* Pacemaker gives milliseconds, without a unit. */
static int64_t number_from(const char *variable, int64_t min, int64_t fallback)
{
    int64_t value;

    return str_to_int64(getenv(variable), min, INT64_MAX / 1000, &value) ? value : fallback;
}

static const char *given(const char *variable)
{
    const char *value = getenv(variable);

    return value && *value ? value : NULL;
}

static void read_resource(char *ret, size_t size)
{
    const char *instance = given("OCF_RESOURCE_INSTANCE");
    char *colon;

    snprintf(ret, size, "%s", instance ? instance : "default");
    /* A clone's instance number; other colons cannot be in a resource's id. */
    colon = strrchr(ret, ':');
    if (colon && colon != ret && colon[1] && !colon[1 + strspn(colon + 1, "0123456789")]) {
        *colon = '\0';
    }
}

void cluster_read_call(struct ocf_call *ret, int64_t advised_timeout_ms)
{
    static char resource[RESOURCE_BYTES];

    /* Pacemaker's executor may die before us: a line that nobody reads any more must not end
     * an action in the midst of its work. */
    signal(SIGPIPE, SIG_IGN);
    read_resource(resource, sizeof resource);
    ret->resource = resource;
    ret->timeout_ms = number_from("OCF_RESKEY_CRM_meta_timeout", 1, advised_timeout_ms);
    ret->interval_ms = number_from("OCF_RESKEY_CRM_meta_interval", 0, 0);
    /* Set for every instance, anonymous ones too (Pacemaker 2.1.5), and for nothing else. */
    ret->clone = getenv("OCF_RESKEY_CRM_meta_clone") || getenv("OCF_RESKEY_CRM_meta_clone_max");
    ret->migrate_source = given("OCF_RESKEY_CRM_meta_migrate_source");
    ret->migrate_target = given("OCF_RESKEY_CRM_meta_migrate_target");
    ret->check_level = (int) number_from("OCF_CHECK_LEVEL", 0, 0);
    if (ret->check_level > LEVEL_MAX) {
        ret->check_level = LEVEL_MAX;
    }
}

/* The reason is stored in the CIB: what is no XML would spoil the whole status. */
static void make_plain(char *text)
{
    for (char *p = text; *p;) {
        uint32_t code = 0;
        size_t length = str_utf8(p, &code);

        if (!str_may_be_shown(code)) {
            memset(p, '?', length ? length : 1);
        }
        p += length ? length : 1;
    }
    /* Pacemaker believes the last prefix it finds: a guest's name must not hold one. */
    for (char *p = text; (p = strstr(p, reason_prefix)); p++) {
        p[sizeof reason_prefix - 2] = ' ';
    }
}

void cluster_exit_reason(const char *fmt, ...)
{
    char text[REASON_BYTES];
    char line[sizeof reason_prefix + REASON_BYTES + 1];
    va_list ap;
    int length;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    make_plain(text);
    length = snprintf(line, sizeof line, "%s%s\n", reason_prefix, text);
    /* One write: a line of somebody else's cannot get in between. */
    if (length > 0 && write(STDERR_FILENO, line, (size_t) length) < 0) {
        /* Nobody reads it: the exit code still tells. */
    }
}
