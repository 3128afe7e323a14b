/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One message of libvirt's wire protocol, put together or read word by word, and one call:
 * a message there, a message back. For virt_rpc.c, which knows what is called.
 */
#ifndef GVM_SYS_VIRT_WIRE_H
#define GVM_SYS_VIRT_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A larger reply than any that is expected is an error. */
enum { WIRE_WORD = 4, WIRE_BYTES = 4096 };

/* To be sent; or received, and read as far as `at`. */
struct wire_message {
    size_t size;
    size_t at;
    unsigned char bytes[WIRE_BYTES];
};

struct wire {
    int fd; /* the caller's */
    uint32_t serial;
};

/* Bytes that are left in it. */
size_t wire_room(const struct wire_message *m);
/* The caller minds the room. Bytes are padded to words. */
void wire_put_word(struct wire_message *m, uint32_t value);
void wire_put_bytes(struct wire_message *m, const void *bytes, size_t count);
/* NULL, false: the message ends before. */
const unsigned char *wire_get_bytes(struct wire_message *m, size_t count);
bool wire_get_word(struct wire_message *m, uint32_t *ret);
bool wire_expect(struct wire_message *m, uint32_t value);
bool wire_at_end(const struct wire_message *m);

/* Begins a call in *m, which then takes the arguments. */
void wire_start(struct wire *w, uint32_t procedure, struct wire_message *m);
/*
 * Sends the call and makes *m its successful reply, to be read from its results on. -EIO: the
 * connection is of no use any more; -EPROTO: it refused or answered what was not expected.
 */
int wire_finish(struct wire *w, uint32_t procedure, struct wire_message *m);

#endif
