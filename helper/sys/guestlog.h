/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of libvirt's log of one domain: who or what ended the last QEMU. A hint
 * for people, never a proof: the log may be rotated away or late.
 */
#ifndef GVM_SYS_GUESTLOG_H
#define GVM_SYS_GUESTLOG_H

#include <stddef.h>

#include "base/err.h"

struct guestlog_end {
    char reason[32];    /* libvirt's word after "shutting down, reason="; empty: not there */
    char signal[32];    /* "15" where QEMU said "terminating on signal 15 from pid ..." */
    char sender[96];    /* "4711 (kill)"; empty where no signal was noted */
};

/* Pure: reads the lines after the last "starting up" of the text. */
void guestlog_parse(const char *text, struct guestlog_end *ret);

/* What Windows told of its crash through the panic event: the bug check's code and parameters, in
 * the same text; the caller's, NULL: nothing. */
char *guestlog_panic_of(const char *text);
/* The same of DIR/NAME.log; in a stage only. */
char *guestlog_panic(const char *dir, const char *domain_name);

/* Reads DIR/NAME.log's tail; a log on dead storage blocks: in a stage only. */
int guestlog_read(const char *dir, const char *domain_name, struct guestlog_end *ret,
                  struct err *why);

#endif
