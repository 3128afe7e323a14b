/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Local sockets in the directory of the live records, for root on this node only. Owns where
 * they are, who may come in and that nobody waits for one. Their names begin with a dot, which no
 * guest's files do (record_file_name encodes it).
 */
#ifndef GVM_SYS_STATESOCK_H
#define GVM_SYS_STATESOCK_H

#include "base/err.h"

/* SOCK_STREAM, SOCK_SEQPACKET. */
struct statesock {
    const char *name;
    int type;
    int backlog;
};

/* The path; caller frees. */
char *statesock_path(const struct statesock *s);
/* Never blocks. -ENOENT, -ECONNREFUSED: nobody listens there. -EAGAIN: somebody does, and has too
 * much to do. *ret_fd does not block. */
int statesock_connect(const struct statesock *s, int *ret_fd, struct err *why);
/* Takes the place of a socket that is there already: who calls knows that nobody listens. */
int statesock_listen(const struct statesock *s, int *ret_fd, struct err *why);
/* -EAGAIN: nobody is at the door. -EPERM: somebody who is not root. */
int statesock_accept(int listening, int *ret_fd);
/* Gone, or never there. */
void statesock_remove(const struct statesock *s);

#endif
