/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What proc_fd.c (the list), proc_fdkind.c (what a descriptor leads to), proc_socket.c
 * (socket tables) and proc_map.c share. Nobody else includes this.
 */
#ifndef GVM_SYS_PROC_FD_INTERNAL_H
#define GVM_SYS_PROC_FD_INTERNAL_H

#include <net/if.h>
#include <sys/stat.h>

#include "sys/proc.h"

/* By the kernel's word on the descriptor itself (xattr system.sockprotoname). */
enum socket_family { SOCKET_UNIX = 0, SOCKET_INET, SOCKET_FAMILIES };

/* One socket of the process's network namespace. */
struct socket_entry {
    uint64_t inode;
    bool listening;
    unsigned local_port;
    char *detail;
};

struct socket_list {
    size_t count;
    struct socket_entry *entry;
};

/* A family's tables are read when its first socket is asked for: the kernel walks its whole
 * hash for /proc/net/tcp, some milliseconds, which a guest without consoles need not wait for. */
struct socket_table {
    pid_t pid;
    struct socket_list list[SOCKET_FAMILIES];
};

/* NULL: in none of the family's tables (what cannot be read is missing); reads them (again)
 * first where that may help. */
const struct socket_entry *socket_table_find(struct socket_table *t, enum socket_family family,
                                             uint64_t inode);
void socket_table_release(struct socket_table *t);

/* A file behind a link of /proc, looked at without being opened. */
struct file_look {
    const char *link;      /* the link's text */
    struct stat st;
    unsigned long fs_type; /* statfs f_type */
    enum socket_family family; /* of a socket */
};

/* Through the link itself, so that a name that another file took over cannot deceive.
 * 0 or -errno. Can block on dead storage. */
int file_look_at(const char *path, struct file_look *ret);
/* The text of a link; caller frees. 0 or -errno. */
int file_link_text(const char *path, char **ret);

/* /proc/PID/fdinfo/N. */
struct fd_info {
    unsigned flags;             /* open(2)'s */
    bool locked;
    unsigned registered_files;  /* io_uring: files that it keeps open for itself */
    bool is_tun;
    char interface[IFNAMSIZ];   /* tun: "" where it is attached to none */
};

/* Sets kind, id, detail, and what sockets tell; frees nothing. */
void fd_classify(const struct file_look *look, const struct fd_info *info,
                 struct socket_table *sockets, struct proc_fd *ret);
/* True for memory: no write to it reaches a disk or a network. */
bool file_is_memory(const struct file_look *look);

#endif
