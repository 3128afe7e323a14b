/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The watch's ear: libvirt's events and states, as lines on standard output
 * (model/tidings.h), for as long as somebody reads them.
 */
#ifndef GVM_WATCH_LISTEN_H
#define GVM_WATCH_LISTEN_H

/*
 * One connection to `uri` (NULL: the parameter hypervisor's default), opened again whenever it is
 * lost. Returns an exit code, when the reader is gone. A libvirt call that never comes back hangs
 * it: who reads notices the silence, ends it and starts another.
 */
int watch_listen(const char *uri);

#endif
