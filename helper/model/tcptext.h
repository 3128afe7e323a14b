/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who listens, in the text of /proc/net/tcp and /proc/net/tcp6.
 */
#ifndef GVM_MODEL_TCPTEXT_H
#define GVM_MODEL_TCPTEXT_H

#include <stdbool.h>

enum { TCP_PORTS = 65536 };

/* Sets what listens, and leaves the rest. `text` may be NULL. */
void tcptext_mark_listening(const char *text, bool port[TCP_PORTS]);

#endif
