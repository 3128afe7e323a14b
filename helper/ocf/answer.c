/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How an answer leaves: exit reason for Pacemaker, log line for the node. Owns
 * how loud each code is.
 */
#include "ocf/ocf.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/log.h"

/* Through err_set, so that no name can forge a second line. */
__attribute__((format(printf, 2, 0)))
static void clean(struct err *ret, const char *fmt, va_list ap)
{
    char text[ERR_TEXT_SIZE];

    vsnprintf(text, sizeof text, fmt, ap);
    err_set(ret, 0, ERR_GENERIC, "%s", text);
}

int ocf_answer(int code, const char *fmt, ...)
{
    struct err e;
    va_list ap;

    va_start(ap, fmt);
    clean(&e, fmt, ap);
    va_end(ap);
    cluster_exit_reason("%s", e.text);
    if (code == PCMK_OCF_NOT_RUNNING || code == PCMK_OCF_DEGRADED) {
        log_warning("%s", e.text);
    } else {
        log_error("%s", e.text);
    }
    return code;
}

int ocf_fail(const struct err *why)
{
    return ocf_answer(err_ocf_code(why->kind), "%s", why->text);
}

int ocf_succeed(const char *fmt, ...)
{
    struct err e;
    va_list ap;

    va_start(ap, fmt);
    clean(&e, fmt, ap);
    va_end(ap);
    cluster_exit_reason("%s", e.text);
    log_notice("%s", e.text);
    return PCMK_OCF_OK;
}

int ocf_remember(struct ocf_context *c, struct err *why)
{
    int rc = guest_remember(&c->guest, why);

    if (rc < 0) {
        log_warning("what is known of the guest cannot be kept: %s", why->text);
    }
    return rc;
}

void ocf_look(struct ocf_context *c, struct deadline until)
{
    observe(&c->guest, until, &c->sight);
    log_debug("%s: %s", condition_name(c->sight.condition), c->sight.detail);
}
