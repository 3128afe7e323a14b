/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program of ours that talks for as long as we listen, read as it comes. Never waits.
 */
#ifndef GVM_SYS_STREAM_H
#define GVM_SYS_STREAM_H

#include <stddef.h>

#include "base/err.h"

struct stream;

/* Starts words[0], a path, with these words and our environment. */
int stream_start(char *const words[], struct stream **ret, struct err *why);
/* Readable when there is something to read, and at its end. */
int stream_fd(const struct stream *s);
/* How many bytes were read; 0: it has ended; -EAGAIN: nothing for now. */
int stream_read(struct stream *s, char *to, size_t size);
/* Ends it. NULL-safe. */
void stream_end(struct stream **s);

#endif
