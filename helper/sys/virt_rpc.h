/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one question that every monitor asks, put to libvirt's daemon without loading
 * libvirt's libraries. For sys/virt.h's callers, who ask there whatever this does not answer.
 */
#ifndef GVM_SYS_VIRT_RPC_H
#define GVM_SYS_VIRT_RPC_H

/*
 * What virt_open, virt_find by UUID and virt_state would tell. 0: the daemon of `uri` has that
 * domain in this state. Every error, "no such domain" too, means that nothing was learnt:
 * ask with virt_open. Like all of virt.h: may block for ever, in a stage only.
 */
int virt_rpc_state(const char *uri, const char *uuid, int *ret_state, int *ret_reason);

/* Tests: where the daemons' sockets are; NULL: as usual. The string is not copied. */
void virt_rpc_set_run_dir(const char *path);

#endif
