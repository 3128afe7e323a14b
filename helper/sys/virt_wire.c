/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Owns the form of a message: as in libvirt's src/rpc/virnetprotocol.x, its length, six words of
 * header, then arguments or results; numbers and padding as in XDR (RFC 4506), four bytes each,
 * the highest first. What the procedures are and take is virt_rpc.c's.
 */
#include "sys/virt_wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* src/remote/remote_protocol.x: REMOTE_PROGRAM, REMOTE_PROTOCOL_VERSION */
enum { PROGRAM = 0x20008086, PROGRAM_VERSION = 1 };
/* virnetprotocol.x: virNetMessageType, virNetMessageStatus */
enum { TYPE_CALL = 0, TYPE_REPLY = 1, STATUS_OK = 0 };

static size_t padding(size_t count)
{
    return -count % WIRE_WORD;
}

size_t wire_room(const struct wire_message *m)
{
    return sizeof m->bytes - m->size;
}

void wire_put_bytes(struct wire_message *m, const void *bytes, size_t count)
{
    memcpy(m->bytes + m->size, bytes, count);
    memset(m->bytes + m->size + count, 0, padding(count));
    m->size += count + padding(count);
}

void wire_put_word(struct wire_message *m, uint32_t value)
{
    uint32_t wire = htonl(value);

    wire_put_bytes(m, &wire, sizeof wire);
}

const unsigned char *wire_get_bytes(struct wire_message *m, size_t count)
{
    const unsigned char *p = m->bytes + m->at;
    size_t left = m->size - m->at;

    if (count > left || count + padding(count) > left) {
        return NULL;
    }
    m->at += count + padding(count);
    return p;
}

bool wire_get_word(struct wire_message *m, uint32_t *ret)
{
    const unsigned char *p = wire_get_bytes(m, WIRE_WORD);

    if (p) {
        memcpy(ret, p, WIRE_WORD);
        *ret = ntohl(*ret);
    }
    return p;
}

bool wire_expect(struct wire_message *m, uint32_t value)
{
    uint32_t told;

    return wire_get_word(m, &told) && told == value;
}

bool wire_at_end(const struct wire_message *m)
{
    return m->at == m->size;
}

void wire_start(struct wire *w, uint32_t procedure, struct wire_message *m)
{
    m->size = 0;
    wire_put_word(m, 0); /* the length, which is known at the end */
    wire_put_word(m, PROGRAM);
    wire_put_word(m, PROGRAM_VERSION);
    wire_put_word(m, procedure);
    wire_put_word(m, TYPE_CALL);
    wire_put_word(m, ++w->serial);
    wire_put_word(m, STATUS_OK);
}

static int transmit(const struct wire *w, struct wire_message *m)
{
    uint32_t length = htonl((uint32_t) m->size);

    memcpy(m->bytes, &length, sizeof length);
    return send(w->fd, m->bytes, m->size, MSG_NOSIGNAL) == (ssize_t) m->size ? 0 : -EIO;
}

static int receive(const struct wire *w, struct wire_message *m)
{
    uint32_t length = 0;

    m->at = 0;
    m->size = WIRE_WORD;
    if (recv(w->fd, m->bytes, WIRE_WORD, MSG_WAITALL) != WIRE_WORD) {
        return -EIO;
    }
    wire_get_word(m, &length);
    if (length < WIRE_WORD || length > sizeof m->bytes) {
        return -EIO; /* where the next message begins is not known */
    }
    m->size = length;
    return recv(w->fd, m->bytes + WIRE_WORD, length - WIRE_WORD, MSG_WAITALL) ==
                   (ssize_t) length - WIRE_WORD ? 0 : -EIO;
}

int wire_finish(struct wire *w, uint32_t procedure, struct wire_message *m)
{
    int rc = transmit(w, m);

    rc = rc < 0 ? rc : receive(w, m);
    if (rc < 0) {
        return rc;
    }
    return wire_expect(m, PROGRAM) && wire_expect(m, PROGRAM_VERSION) &&
           wire_expect(m, procedure) && wire_expect(m, TYPE_REPLY) &&
           wire_expect(m, w->serial) && wire_expect(m, STATUS_OK) ? 0 : -EPROTO;
}
