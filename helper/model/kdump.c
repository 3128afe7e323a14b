/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The form is makedumpfile's (makedumpfile.h, 1.7.2): a header of 4096 bytes that begins with its
 * name, then pieces {offset, size} in big endian with their bytes, until an offset below zero.
 * The dump in it is diskdump's (QEMU 7.2: include/sysemu/dump.h), of x86-64.
 */
#include "model/kdump.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/bigend.h"
#include "model/littleend.h"

enum {
    FLAT_HEADER_SIZE = 4096, PIECE_HEADER_SIZE = 16,
    PIECES_MOST = 1024,        /* what is looked for is among the first few */
    BLOCK_SIZE = 4096,         /* the page of x86-64 */
    SUB_HEADER_AT = BLOCK_SIZE,
    /* In the sub header, which is packed. */
    OFFSET_VMCOREINFO = 32, SIZE_VMCOREINFO = 40, SUB_HEADER_SIZE = 48,
    VMCOREINFO_MOST = 64 * 1024
};

static const char flat_signature[] = "makedumpfile";
static const char dump_signature[] = "KDUMP   ";

struct flat {
    read_at read;
    void *data;
};

static int read_flat(const struct flat *f, uint64_t at, void *to, size_t size, struct err *why)
{
    int rc = f->read(f->data, at, to, size);

    return rc < 0 ? err_set(why, rc, ERR_GENERIC, "the dump cannot be read at %" PRIu64 ": %s", at,
                            strerror(-rc))
                  : 0;
}

static int damaged(struct err *why, const char *what)
{
    return err_set(why, -EPROTO, ERR_GENERIC, "the dump is damaged: %s", what);
}

/* What belongs at `offset` of the file to be; QEMU writes each of its structures in one piece. */
static int read_at_place(const struct flat *f, uint64_t offset, void *to, size_t size,
                         struct err *why)
{
    unsigned char piece[PIECE_HEADER_SIZE];
    uint64_t at = FLAT_HEADER_SIZE;

    for (int i = 0; i < PIECES_MOST; i++) {
        int rc = read_flat(f, at, piece, sizeof piece, why);

        if (rc < 0) {
            return rc;
        }
        uint64_t place = be64(piece);
        uint64_t length = be64(piece + 8);
        if (place > INT64_MAX || length > INT64_MAX - at - PIECE_HEADER_SIZE) {
            break; /* the end, or nonsense */
        }
        if (offset >= place && offset - place <= length && size <= length - (offset - place)) {
            return read_flat(f, at + PIECE_HEADER_SIZE + (offset - place), to, size, why);
        }
        at += PIECE_HEADER_SIZE + length;
    }
    return damaged(why, "a piece of it is missing");
}

static int check_form(const struct flat *f, struct err *why)
{
    char head[sizeof flat_signature];
    char dump[sizeof dump_signature - 1];
    int rc = read_flat(f, 0, head, sizeof head, why);

    if (rc < 0) {
        return rc;
    }
    if (memcmp(head, flat_signature, sizeof head) != 0) {
        return err_set(why, -ENOTSUP, ERR_GENERIC, "this is neither an ELF core nor a compressed "
                       "dump as QEMU writes it");
    }
    rc = read_at_place(f, 0, dump, sizeof dump, why);
    if (rc == 0 && memcmp(dump, dump_signature, sizeof dump) != 0) {
        rc = damaged(why, "it does not begin as one");
    }
    return rc;
}

int kdump_vmcoreinfo(read_at read, void *data, char **ret, struct err *why)
{
    struct flat f = {.read = read, .data = data};
    unsigned char header[SUB_HEADER_SIZE];
    _cleanup_free_ char *text = NULL;
    uint64_t size;
    int rc = check_form(&f, why);

    if (rc == 0) {
        rc = read_at_place(&f, SUB_HEADER_AT, header, sizeof header, why);
    }
    if (rc < 0) {
        return rc;
    }
    size = le64(header + SIZE_VMCOREINFO);
    if (size == 0) {
        return err_set(why, -ENODATA, ERR_GENERIC, "the guest's kernel left no VMCOREINFO: its "
                       "domain needs <vmcoreinfo state='on'/>, and it the module qemu_fw_cfg");
    }
    if (size > VMCOREINFO_MOST) {
        return damaged(why, "its VMCOREINFO is too large");
    }
    text = mem_zero((size_t) size + 1, 1);
    rc = read_at_place(&f, le64(header + OFFSET_VMCOREINFO), text, (size_t) size, why);
    if (rc == 0) {
        *ret = text;
        text = NULL;
    }
    return rc;
}
