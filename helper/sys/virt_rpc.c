/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Six procedures of libvirt's wire protocol, as its src/remote/remote_protocol.x defines them:
 * what it takes to learn one domain's state and size.
 *
 * libvirt calls the protocol its own business and promises only its library's interface. But
 * its old clients go on talking to its new daemons and back, so what these calls look like has
 * stood since 0.9.2. Should it ever change, the daemon refuses or answers what is not expected
 * here: then, as after any error, the caller asks the library.
 */
#include "sys/virt_rpc.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/stage.h"
#include "sys/virt_wire.h"

/* REMOTE_PROC_... */
enum procedure {
    CONNECT_OPEN = 1,
    CONNECT_CLOSE = 2,
    DOMAIN_GET_INFO = 16,
    DOMAIN_LOOKUP_BY_UUID = 24,
    AUTH_LIST = 66,
    DOMAIN_GET_STATE = 212
};
enum { REMOTE_AUTH_NONE = 0, UUID_BYTES = 16, NO_FLAGS = 0 };
/* The state has a lane of its own in the daemon; the size waits where all others do. */
enum { SIZE_MOST_MS = 300 };

/* The only URI that is known to mean one of these sockets: the first that is there, as the
 * library chooses. */
static const char local_uri[] = "qemu:///system";
static const char *const sockets[] = {"virtqemud-sock", "libvirt-sock"};

static const char *run_dir = GVM_LIBVIRT_RUN_DIR;

void virt_rpc_set_run_dir(const char *path)
{
    run_dir = path ? path : GVM_LIBVIRT_RUN_DIR;
}

/* Root needs no authentication on these sockets, whatever is configured, but the daemon sees
 * that only when it is asked. */
static int need_no_authentication(struct wire *w)
{
    struct wire_message m;

    wire_start(w, AUTH_LIST, &m);
    int rc = wire_finish(w, AUTH_LIST, &m);

    if (rc < 0) {
        return rc;
    }
    return wire_expect(&m, 1) && wire_expect(&m, REMOTE_AUTH_NONE) && wire_at_end(&m) ? 0
                                                                                      : -EPROTO;
}

static int open_driver(struct wire *w)
{
    struct wire_message m;

    wire_start(w, CONNECT_OPEN, &m);
    wire_put_word(&m, 1); /* there is a name */
    wire_put_word(&m, sizeof local_uri - 1);
    wire_put_bytes(&m, local_uri, sizeof local_uri - 1);
    wire_put_word(&m, NO_FLAGS);
    return wire_finish(w, CONNECT_OPEN, &m);
}

/* A domain is told by its name, its UUID and its number. */
static bool is_domain(struct wire_message *m, const unsigned char *uuid)
{
    uint32_t length;
    uint32_t number;

    if (!wire_get_word(m, &length) || !wire_get_bytes(m, length)) {
        return false;
    }
    const unsigned char *told = wire_get_bytes(m, UUID_BYTES);

    return told && memcmp(told, uuid, UUID_BYTES) == 0 && wire_get_word(m, &number) &&
           wire_at_end(m);
}

/* And is given back with the next question just as it was told. */
static int find_domain(struct wire *w, const unsigned char *uuid, struct wire_message *m)
{
    wire_start(w, DOMAIN_LOOKUP_BY_UUID, m);
    wire_put_bytes(m, uuid, UUID_BYTES);
    int rc = wire_finish(w, DOMAIN_LOOKUP_BY_UUID, m);
    size_t start = m->at;

    if (rc < 0) {
        return rc;
    }
    if (!is_domain(m, uuid) || wire_room(m) < WIRE_WORD) {
        return -EPROTO;
    }
    m->at = start;
    return 0;
}

static int get_state(struct wire *w, const struct wire_message *domain, int *ret_state,
                     int *ret_reason)
{
    struct wire_message m;
    uint32_t state;
    uint32_t reason;

    wire_start(w, DOMAIN_GET_STATE, &m);
    wire_put_bytes(&m, domain->bytes + domain->at, domain->size - domain->at);
    wire_put_word(&m, NO_FLAGS);
    int rc = wire_finish(w, DOMAIN_GET_STATE, &m);

    if (rc < 0) {
        return rc;
    }
    if (!wire_get_word(&m, &state) || !wire_get_word(&m, &reason) || !wire_at_end(&m)) {
        return -EPROTO;
    }
    *ret_state = (int) state;
    *ret_reason = (int) reason;
    return 0;
}

/* A "hyper": two words. */
static bool get_long(struct wire_message *m, uint64_t *ret)
{
    uint32_t high;
    uint32_t low;

    if (!wire_get_word(m, &high) || !wire_get_word(m, &low)) {
        return false;
    }
    *ret = (uint64_t) high << 32 | low;
    return true;
}

/* State, the most memory, memory now, vCPUs, CPU time. */
static int get_size(struct wire *w, const struct wire_message *domain, struct guest_size *ret)
{
    const struct timeval most = {.tv_usec = SIZE_MOST_MS * 1000};
    struct wire_message m;
    uint32_t state;
    uint32_t vcpus;
    uint64_t most_kib;
    uint64_t other;

    if (setsockopt(w->fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most) < 0) {
        return -errno;
    }
    wire_start(w, DOMAIN_GET_INFO, &m);
    wire_put_bytes(&m, domain->bytes + domain->at, domain->size - domain->at);
    int rc = wire_finish(w, DOMAIN_GET_INFO, &m);

    if (rc < 0) {
        return rc;
    }
    if (!wire_get_word(&m, &state) || !get_long(&m, &most_kib) || !get_long(&m, &other) ||
        !wire_get_word(&m, &vcpus) || !get_long(&m, &other) || !wire_at_end(&m) ||
        most_kib > INT64_MAX) {
        return -EPROTO;
    }
    *ret = (struct guest_size) {.vcpus = vcpus, .memory_kib = (int64_t) most_kib};
    return 0;
}

/* The daemon complains in its log of a client that just goes. */
static void say_goodbye(struct wire *w)
{
    struct wire_message m;

    wire_start(w, CONNECT_CLOSE, &m);
    wire_finish(w, CONNECT_CLOSE, &m);
}

static int connect_daemon(int *ret_fd)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    _cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int rc = -ENOENT;

    if (fd < 0) {
        return -errno;
    }
    for (size_t i = 0; rc == -ENOENT && i < sizeof sockets / sizeof sockets[0]; i++) {
        snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", run_dir, sockets[i]);
        stage_at("connecting to libvirt at '%s'", address.sun_path);
        rc = connect(fd, (const struct sockaddr *) &address, sizeof address) < 0 ? -errno : 0;
    }
    if (rc == 0) {
        *ret_fd = fd;
        fd = -1;
    }
    return rc;
}

static int hex_value(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *p = c ? strchr(digits, c) : NULL;

    return p ? (int) (p - digits) : -1;
}

/* Canonical text only: one that is written otherwise is the library's to understand. */
static bool read_uuid(const char *text, unsigned char *ret)
{
    for (size_t i = 0; i < UUID_BYTES; i++) {
        if ((i == 4 || i == 6 || i == 8 || i == 10) && *text++ != '-') {
            return false;
        }
        if (hex_value(text[0]) < 0 || hex_value(text[1]) < 0) {
            return false;
        }
        ret[i] = (unsigned char) (hex_value(text[0]) << 4 | hex_value(text[1]));
        text += 2;
    }
    return !*text;
}

int virt_rpc_state(const char *uri, const char *uuid, int *ret_state, int *ret_reason,
                   struct guest_size *ret_size)
{
    unsigned char wanted[UUID_BYTES];
    _cleanup_close_ int fd = -1;
    struct wire_message domain;
    int heard;
    int rc;

    if (!str_eq(uri, local_uri) || !read_uuid(uuid, wanted)) {
        return -EOPNOTSUPP;
    }
    rc = connect_daemon(&fd);
    if (rc < 0) {
        return rc;
    }
    struct wire w = {.fd = fd};

    stage_at("asking libvirt for the state of domain %s", uuid);
    rc = need_no_authentication(&w);
    rc = rc < 0 ? rc : open_driver(&w);
    rc = rc < 0 ? rc : find_domain(&w, wanted, &domain);
    rc = rc < 0 ? rc : get_state(&w, &domain, ret_state, ret_reason);
    heard = rc == 0 ? get_size(&w, &domain, ret_size) : rc;
    if (heard != -EIO) {
        say_goodbye(&w);
    }
    return rc;
}
