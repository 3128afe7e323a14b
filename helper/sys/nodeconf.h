/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How this node is set up for its guests: libvirt's own settings, whether libvirt-guests is
 * enabled, who listens. Reads files only; may block where one lies on dead storage, so in a
 * stage. What it means is model/conflicts*.c's.
 */
#ifndef GVM_SYS_NODECONF_H
#define GVM_SYS_NODECONF_H

#include "model/conflicts.h"

/*
 * `sockets`: who listens, too, which takes its time where thousands are connected. Fills *ret
 * with texts that nodeconf_free frees. A file that is there and cannot be read is named in the
 * findings, and its facts are as if it were not there.
 */
void nodeconf_read(bool sockets, struct node_facts *ret, struct findings *unread);
void nodeconf_free(struct node_facts *n);

void nodeconf_set_root(const char *path); /* tests only; NULL: the node's own */

#endif
