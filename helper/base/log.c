/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where log lines go: syslog's facility daemon, like every resource agent's, and
 * standard error on request. The tag is "GuardedVM(RESOURCE)" as ocf_log writes it.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <qb/qblog.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"

/* libqb would otherwise be asked before it was set up. */
static bool is_open;

static bool debug_wanted(void)
{
    /* Pacemaker's executor hands its own debug switch to agents in this variable */
    const char *value = getenv("HA_debug");

    return value && *value && !str_eq(value, "0");
}

void log_open(const char *resource, int to_stderr)
{
    char tag[NAME_MAX];
    int most = debug_wanted() ? LOG_DEBUG : LOG_INFO;

    if (resource) {
        snprintf(tag, sizeof(tag), "GuardedVM(%s)", resource);
    } else {
        snprintf(tag, sizeof(tag), "guardedvm");
    }
    qb_log_init(tag, LOG_DAEMON, (uint8_t) most);
    qb_log_format_set(QB_LOG_SYSLOG, "%p: %b");
    qb_log_format_set(QB_LOG_STDERR, "%N: %p: %b");
    is_open = true;
    if (to_stderr) {
        qb_log_filter_ctl(QB_LOG_STDERR, QB_LOG_FILTER_ADD, QB_LOG_FILTER_FILE, "*", most);
        qb_log_ctl(QB_LOG_STDERR, QB_LOG_CONF_ENABLED, QB_TRUE);
    }
}

void log_close(void)
{
    is_open = false;
    qb_log_fini();
}

void log_line(int priority, const char *fmt, ...)
{
    char text[ERR_TEXT_SIZE];
    struct err clean;
    va_list ap;

    if (!is_open) {
        return;
    }
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    err_set(&clean, 0, ERR_GENERIC, "%s", text);
    /* libqb keeps a filter decision per "line": one for each priority */
    qb_log_from_external_source(__func__, __FILE__, "%s", (uint8_t) priority,
                                (uint32_t) priority + 1, 0, clean.text);
}
