/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log of a guest's Linux kernel (what dmesg would print) out of a core of its memory.
 */
#ifndef GVM_MODEL_PRINTK_H
#define GVM_MODEL_PRINTK_H

#include "model/elfcore.h"

enum {
    /* A larger buffer is none: the kernel's own limit without log_buf_len= is 32 MiB. */
    PRINTK_BUFFER_MOST = 64 << 20,
    /* Of the text. What is beyond is not a kernel's log but what a guest made of one. */
    PRINTK_TEXT_MOST = 128 << 20
};

/*
 * Lines "[    1.234567] message", each of a record's lines with its time. Every byte but '\n',
 * '\t' and printable ASCII is written "\xNN". Records that are not whole are left out, as dmesg
 * does: a kernel dies while it writes. *ret is new. -ENODATA: the core does not tell where the log
 * is; -EPROTO: what is there is no log; -EFAULT: the core does not have that memory.
 */
int printk_text(const struct elfcore *core, char **ret, struct err *why);

/*
 * The line of such a text (or of a console's) that says why the kernel died, without its time:
 * the panic, or else what was first amiss. New; NULL: it says nothing like that. It is what the
 * guest wrote, true or not.
 */
char *printk_why(const char *text);

#endif
