/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which form the log has, and records as lines of text. The forms themselves are printk_ring.c's
 * and printk_log.c's, the cause of a death printk_why.c's.
 */
#include "model/printk.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/printk_internal.h"
#include "model/vmcoreinfo.h"

static void add_time(struct lines *lines, uint64_t ts_nsec)
{
    int n = fprintf(lines->out, "[%5" PRIu64 ".%06" PRIu64 "] ", ts_nsec / 1000000000,
                    ts_nsec % 1000000000 / 1000);

    lines->written += n > 0 ? (size_t) n : 0;
}

/* A terminal or a page that shows the log must not obey it. */
static void add_byte(struct lines *lines, unsigned char byte)
{
    if (byte == '\n' || byte == '\t' || (byte >= 0x20 && byte < 0x7f)) {
        fputc(byte, lines->out);
        lines->written++;
    } else {
        fprintf(lines->out, "\\x%02x", byte);
        lines->written += 4;
    }
}

bool lines_add(struct lines *lines, uint64_t ts_nsec, const unsigned char *text, size_t size)
{
    add_time(lines, ts_nsec);
    for (size_t i = 0; i < size && lines->written < PRINTK_TEXT_MOST; i++) {
        add_byte(lines, text[i]);
        if (text[i] == '\n') {
            add_time(lines, ts_nsec);
        }
    }
    add_byte(lines, '\n');
    return lines->written < PRINTK_TEXT_MOST;
}

int layout_read(const char *info, const struct layout_row *rows, size_t count, void *layout,
                struct err *why)
{
    enum { MOST = 4096 };

    for (size_t i = 0; i < count; i++) {
        const char *kind = rows[i].is_size ? "SIZE" : "OFFSET";
        uint64_t value = 0;
        bool found = rows[i].is_size ? vmcoreinfo_size(info, rows[i].name, &value)
                                     : vmcoreinfo_offset(info, rows[i].name, &value);

        if (!found || value >= MOST || (rows[i].is_size && value == 0)) {
            return err_set(why, -ENODATA, ERR_GENERIC, "the core's VMCOREINFO has no %s %s(%s)",
                           found ? "sound" : "line", kind, rows[i].name);
        }
        memcpy((char *) layout + rows[i].at, &value, sizeof value);
    }
    return 0;
}

int layout_symbol(const char *info, const char *name, uint64_t *ret, struct err *why)
{
    if (!vmcoreinfo_symbol(info, name, ret)) {
        return err_set(why, -ENODATA, ERR_GENERIC, "the core's VMCOREINFO has no line SYMBOL(%s)",
                       name);
    }
    return 0;
}

static int read_form(struct kernmem *mem, struct lines *to, struct err *why)
{
    uint64_t at;

    if (vmcoreinfo_symbol(kernmem_info(mem), "prb", &at)) {
        return printk_ring_read(mem, to, why);
    }
    if (vmcoreinfo_symbol(kernmem_info(mem), "log_buf", &at)) {
        return printk_log_read(mem, to, why);
    }
    return err_set(why, -ENODATA, ERR_GENERIC,
                   "the core's VMCOREINFO names no log of the kernel: neither prb nor log_buf");
}

int printk_text(const struct elfcore *core, char **ret, struct err *why)
{
    _cleanup_kernmem_ struct kernmem *mem = NULL;
    _cleanup_free_ char *text = NULL;
    size_t size = 0;
    int rc = kernmem_open(core, &mem, why);

    if (rc < 0) {
        return rc;
    }
    struct lines lines = {.out = open_memstream(&text, &size)};
    if (!lines.out) {
        return err_set(why, -errno, ERR_GENERIC, "no memory for the kernel's log");
    }
    rc = read_form(mem, &lines, why);
    if (fclose(lines.out) != 0 && rc == 0) {
        rc = err_set(why, -ENOMEM, ERR_GENERIC, "no memory for the kernel's log");
    }
    if (rc < 0) {
        return err_prefix(why, rc, "the kernel's log");
    }
    *ret = text;
    text = NULL;
    return 0;
}
