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

static void list_release(struct socket_list *l)
{
    for (size_t i = 0; i < l->count; i++) {
        free(l->entry[i].detail);
    }
    free(l->entry);
    *l = (struct socket_list){0};
}

void socket_table_release(struct socket_table *t)
{
    for (int i = 0; i < SOCKET_FAMILIES; i++) {
        list_release(&t->list[i]);
    }
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

static void add_inet(struct socket_list *l, const char *protocol, const char *line)
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
    e = array_add(&l->entry, &l->count, sizeof *e);
    e->inode = inode;
    e->listening = tcp && state == TCP_LISTENING;
    e->local_port = local_port;
    e->detail = str_printf("%s %s:%u-%s:%u %s", protocol, local_text, local_port, remote_text,
                           remote_port, state_text ? state_text : "?");
}

static void add_unix(struct socket_list *l, const char *protocol, const char *line)
{
    unsigned long long inode;
    int path_at = -1;
    struct socket_entry *e;

    if (sscanf(line, "%*[^:]: %*x %*x %*x %*x %*x %llu %n", &inode, &path_at) != 1) {
        return;
    }
    e = array_add(&l->entry, &l->count, sizeof *e);
    e->inode = inode;
    e->detail = str_printf("%s %s", protocol, path_at > 0 ? line + path_at : "");
}

typedef void (*add_fn)(struct socket_list *l, const char *protocol, const char *line);

static void load_one(struct socket_list *l, pid_t pid, const char *protocol, add_fn add)
{
    _cleanup_free_ char *path = procfile_path("%d/net/%s", (int) pid, protocol);
    _cleanup_free_ char *text = NULL;
    char *rest = NULL;

    if (procfile_read(path, &text, NULL) < 0) {
        return;
    }
    strtok_r(text, "\n", &rest); /* headings */
    for (char *line = strtok_r(NULL, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        add(l, protocol, line);
    }
}

/* Each family by itself: unix names are free text, in which anybody can write a line that
 * looks like an entry, but not one that an inet socket is looked for among. */
static void load(struct socket_table *t, enum socket_family family)
{
    static const char *const inet[] = {"tcp",      "tcp6", "udp",  "udp6", "udplite",
                                       "udplite6", "raw",  "raw6", "icmp", "icmp6"};
    struct socket_list *l = &t->list[family];

    list_release(l);
    if (family == SOCKET_UNIX) {
        load_one(l, t->pid, "unix", add_unix);
        return;
    }
    for (size_t i = 0; i < sizeof inet / sizeof *inet; i++) {
        load_one(l, t->pid, inet[i], add_inet);
    }
}

static const struct socket_entry *find(const struct socket_list *l, uint64_t inode)
{
    for (size_t i = 0; i < l->count; i++) {
        if (l->entry[i].inode == inode) {
            return &l->entry[i];
        }
    }
    return NULL;
}

const struct socket_entry *socket_table_find(struct socket_table *t, enum socket_family family,
                                             uint64_t inode)
{
    const struct socket_entry *e = find(&t->list[family], inode);

    if (!e) {
        /* Not read yet, or the socket is younger than what was read. */
        load(t, family);
        e = find(&t->list[family], inode);
    }
    return e;
}
