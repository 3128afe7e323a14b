/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose peer a socket has: /proc/PID/net's tables, keyed by inode. A socket in none of
 * them (packet, netlink, vsock, an unbound one) stays unknown, which counts as harmful.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/proc_fd_internal.h"
#include "sys/procfile.h"

enum { TCP_LISTENING = 0x0A, ADDRESS_HEX = 33 };

/* include/net/tcp_states.h */
static const char *const tcp_states[] = {
    [0x01] = "ESTABLISHED", [0x02] = "SYN_SENT",   [0x03] = "SYN_RECV",
    [0x04] = "FIN_WAIT1",   [0x05] = "FIN_WAIT2",  [0x06] = "TIME_WAIT",
    [0x07] = "CLOSE",       [0x08] = "CLOSE_WAIT", [0x09] = "LAST_ACK",
    [0x0A] = "LISTEN",      [0x0B] = "CLOSING",    [0x0C] = "NEW_SYN_RECV",
};

void socket_table_release(struct socket_table *t)
{
    for (size_t i = 0; i < t->count; i++) {
        free(t->entry[i].detail);
    }
    free(t->entry);
    t->entry = NULL;
    t->count = 0;
}

/* The kernel prints addresses as 32-bit words in its own byte order. */
static void address_text(const char *hex, char *ret, socklen_t size)
{
    uint32_t word[4] = {0};
    size_t words = strlen(hex) / 8;

    for (size_t i = 0; i < words && i < 4; i++) {
        char part[9];
        unsigned value = 0;

        memcpy(part, hex + i * 8, 8);
        part[8] = '\0';
        sscanf(part, "%x", &value);
        word[i] = value;
    }
    inet_ntop(words == 4 ? AF_INET6 : AF_INET, word, ret, size);
}

static void add_inet(struct socket_table *t, const char *protocol, const char *line)
{
    char local[ADDRESS_HEX], remote[ADDRESS_HEX];
    char local_text[INET6_ADDRSTRLEN] = "", remote_text[INET6_ADDRSTRLEN] = "";
    unsigned local_port, remote_port, state;
    unsigned long long inode;
    struct socket_entry *e;
    bool tcp = str_starts(protocol, "tcp");
    const char *state_text;

    if (sscanf(line, " %*d: %32[0-9A-Fa-f]:%x %32[0-9A-Fa-f]:%x %x %*s %*s %*s %*s %*s %llu",
               local, &local_port, remote, &remote_port, &state, &inode) != 6 || inode == 0) {
        return;
    }
    address_text(local, local_text, sizeof local_text);
    address_text(remote, remote_text, sizeof remote_text);
    state_text = state < sizeof tcp_states / sizeof *tcp_states ? tcp_states[state] : NULL;
    e = array_add(&t->entry, &t->count, sizeof *e);
    e->inode = inode;
    e->inet = true;
    e->listening = tcp && state == TCP_LISTENING;
    e->local_port = local_port;
    e->detail = str_printf("%s %s:%u-%s:%u %s", protocol, local_text, local_port, remote_text,
                           remote_port, state_text ? state_text : "?");
}

static void add_unix(struct socket_table *t, const char *protocol, const char *line)
{
    unsigned long long inode;
    int path_at = -1;
    struct socket_entry *e;

    if (sscanf(line, "%*[^:]: %*x %*x %*x %*x %*x %llu %n", &inode, &path_at) != 1) {
        return;
    }
    e = array_add(&t->entry, &t->count, sizeof *e);
    e->inode = inode;
    e->detail = str_printf("%s %s", protocol, path_at > 0 ? line + path_at : "");
}

typedef void (*add_fn)(struct socket_table *t, const char *protocol, const char *line);

static void load_one(struct socket_table *t, const char *protocol, add_fn add)
{
    _cleanup_free_ char *path = procfile_path("%d/net/%s", (int) t->pid, protocol);
    _cleanup_free_ char *text = NULL;
    char *rest = NULL;

    if (procfile_read(path, &text, NULL) < 0) {
        return;
    }
    strtok_r(text, "\n", &rest); /* headings */
    for (char *line = strtok_r(NULL, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        add(t, protocol, line);
    }
}

void socket_table_load(struct socket_table *t)
{
    /* unix last: its names are free text, in which anybody can write a line that looks like
     * an entry. The first match counts, so that none can hide an inet socket. */
    static const struct {
        const char *protocol;
        add_fn add;
    } tables[] = {
        {"tcp", add_inet},  {"tcp6", add_inet},    {"udp", add_inet},
        {"udp6", add_inet}, {"udplite", add_inet}, {"udplite6", add_inet},
        {"raw", add_inet},  {"raw6", add_inet},    {"icmp", add_inet},
        {"icmp6", add_inet}, {"unix", add_unix},
    };

    socket_table_release(t);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        load_one(t, tables[i].protocol, tables[i].add);
    }
}

static const struct socket_entry *find(const struct socket_table *t, uint64_t inode)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->entry[i].inode == inode) {
            return &t->entry[i];
        }
    }
    return NULL;
}

const struct socket_entry *socket_table_find(struct socket_table *t, uint64_t inode)
{
    const struct socket_entry *e = find(t, inode);

    if (!e) {
        /* Not read yet, or the socket is younger than what was read. */
        socket_table_load(t);
        e = find(t, inode);
    }
    return e;
}
