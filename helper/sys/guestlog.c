/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads what libvirt and QEMU wrote last about a domain. Owns the words of that
 * log; what is made of them is guard/ending's.
 */
#include "sys/guestlog.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/readtail.h"

enum { TAIL_BYTES = 64 * 1024 };

static const char START_MARK[] = ": starting up ";
static const char END_MARK[] = ": shutting down, reason=";
static const char SIGNAL_MARK[] = "terminating on signal ";
static const char SENDER_MARK[] = " from pid ";
static const char PANIC_MARK[] = "panic hyper-v: ";

/* Copies from `from` up to the first of `stops`, a line break or the end. */
static const char *copy_until(const char *from, const char *stops, char *to, size_t size)
{
    size_t length = strcspn(from, stops);

    snprintf(to, size, "%.*s", (int) length, from);
    return from + length;
}

static const char *last_of(const char *text, const char *mark)
{
    const char *found = NULL;

    for (const char *p = strstr(text, mark); p; p = strstr(p + 1, mark)) {
        found = p;
    }
    return found;
}

void guestlog_parse(const char *text, struct guestlog_end *ret)
{
    const char *life = last_of(text, START_MARK);
    const char *p;

    memset(ret, 0, sizeof *ret);
    text = life ? life : text;
    p = last_of(text, END_MARK);
    if (p) {
        copy_until(p + strlen(END_MARK), " \r\n", ret->reason, sizeof ret->reason);
    }
    p = last_of(text, SIGNAL_MARK);
    if (p) {
        p = copy_until(p + strlen(SIGNAL_MARK), " \r\n", ret->signal, sizeof ret->signal);
        if (str_starts(p, SENDER_MARK)) {
            copy_until(p + strlen(SENDER_MARK), "\r\n", ret->sender, sizeof ret->sender);
        }
    }
}

/* libvirt's qemuProcessGuestPanicEventInfo (9.0): "panic hyper-v: arg1='0x7e', arg2='...', ..." */
char *guestlog_panic_of(const char *text)
{
    const char *life = last_of(text, START_MARK);
    const char *p = last_of(life ? life : text, PANIC_MARK);

    if (!p) {
        return NULL;
    }
    p += strlen(PANIC_MARK);
    return str_printf("Windows bug check %.*s", (int) strcspn(p, "\r\n"), p);
}

int guestlog_read(const char *dir, const char *domain_name, struct guestlog_end *ret,
                  struct err *why)
{
    _cleanup_free_ char *path = str_printf("%s/%s.log", dir, domain_name);
    _cleanup_free_ char *text = NULL;
    int rc = readtail(path, TAIL_BYTES, &text, why);

    if (rc < 0) {
        return err_prefix(why, rc, "libvirt's log");
    }
    guestlog_parse(text, ret);
    return 0;
}

char *guestlog_panic(const char *dir, const char *domain_name)
{
    _cleanup_free_ char *path = str_printf("%s/%s.log", dir, domain_name);
    _cleanup_free_ char *text = NULL;
    struct err ignored = {0};

    return readtail(path, TAIL_BYTES, &text, &ignored) == 0 ? guestlog_panic_of(text) : NULL;
}
