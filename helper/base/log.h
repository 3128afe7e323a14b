/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log lines for administrators, through libqb: syslog always, standard error
 * where somebody reads it. Only entry code (ocf/, ctl/, main) and long-running
 * work log; library code returns errors.
 */
#ifndef GVM_BASE_LOG_H
#define GVM_BASE_LOG_H

#include <syslog.h>

/*
 * `resource` prefixes every line, as ocf_log does; NULL for none. `to_stderr`
 * is for Pacemaker's executor and terminals. Call once, before any log line.
 */
void log_open(const char *resource, int to_stderr);
void log_close(void);

/* One line at a syslog priority; control characters become '?'. Before log_open: nothing. */
void log_line(int priority, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_ERR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_WARNING, __VA_ARGS__)
#define log_notice(...) log_line(LOG_NOTICE, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)

#endif
