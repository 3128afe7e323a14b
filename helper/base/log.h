/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log lines for administrators, through libqb: syslog always, standard error
 * where somebody reads it. Only entry code (ocf/, ctl/, main) and long-running
 * work log; library code returns errors.
 */
#ifndef GVM_BASE_LOG_H
#define GVM_BASE_LOG_H

#include <syslog.h>

#include <qb/qblog.h>

/*
 * `resource` prefixes every line, as ocf_log does; NULL for none. `to_stderr`
 * is for Pacemaker's executor and terminals. Call once, before any log line.
 */
void log_open(const char *resource, int to_stderr);
void log_close(void);

#define log_error(...) qb_log(LOG_ERR, __VA_ARGS__)
#define log_warning(...) qb_log(LOG_WARNING, __VA_ARGS__)
#define log_notice(...) qb_log(LOG_NOTICE, __VA_ARGS__)
#define log_info(...) qb_log(LOG_INFO, __VA_ARGS__)
#define log_debug(...) qb_log(LOG_DEBUG, __VA_ARGS__)

#endif
