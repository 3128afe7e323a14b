/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gdb's remote protocol as text: requests read byte by byte, and which of them a frozen guest may
 * be asked. Pure. Who carries them is sys/gdbrelay's business.
 * Source: "Remote Protocol" of gdb's manual, and QEMU 7.2's stub.
 */
#ifndef GVM_MODEL_GDBTEXT_H
#define GVM_MODEL_GDBTEXT_H

#include <stdbool.h>
#include <stddef.h>

enum gdb_verdict {
    GDB_REFUSED = 0, /* it would run, write or end the guest, or nobody knows */
    GDB_PASSES,      /* it reads, or chooses what is read */
    GDB_UNSUPPORTED, /* a stub need not know it */
    GDB_ENDS         /* gdb takes its leave; QEMU's stub would let the guest run */
};

enum gdb_verdict gdbtext_judge(const char *request);

/* What gdb gets to hear, NULL where QEMU itself answers. */
const char *gdbtext_answer(enum gdb_verdict verdict);

/* "$TEXT#SUM"; caller frees. The text has no character that would have to be escaped. */
char *gdbtext_packet(const char *text);

/* What only reads is short. */
enum { GDB_REQUEST_SIZE = 1024 };

/* Starts zeroed. */
struct gdb_reader {
    enum { GDB_BETWEEN = 0, GDB_INSIDE, GDB_SUM_FIRST, GDB_SUM_SECOND } at;
    bool strange;
    unsigned sum;
    unsigned sum_told;
    size_t size;
    char request[GDB_REQUEST_SIZE]; /* whole after GDB_READ_REQUEST, until the next byte */
};

enum gdb_read {
    GDB_READ_MORE = 0,
    GDB_READ_REQUEST, /* what is too long, or has what only data has, comes as "" */
    GDB_READ_ACK,     /* '+' or '-', of an answer */
    GDB_READ_DAMAGED  /* the sum is wrong */
};

enum gdb_read gdbtext_read(struct gdb_reader *reader, char byte);

#endif
