/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The questions that every monitor asks, put to libvirt's daemon without loading
 * libvirt's libraries. For sys/virt.h's callers, who ask there whatever this does not answer.
 */
#ifndef GVM_SYS_VIRT_RPC_H
#define GVM_SYS_VIRT_RPC_H

#include "model/utilization.h"

/*
 * What virt_open, virt_find by UUID and virt_state would tell. 0: the daemon of `uri` has that
 * domain in this state. Every error, "no such domain" too, means that nothing was learnt:
 * ask with virt_open. *ret_size is what virt_size would tell, where the daemon says so within a
 * moment, and else as it was: it does not decide about 0. Like all of virt.h: may block for ever,
 * in a stage only.
 */
int virt_rpc_state(const char *uri, const char *uuid, int *ret_state, int *ret_reason,
                   struct guest_size *ret_size);

/* Tests: where the daemons' sockets are; NULL: as usual. The string is not copied. */
void virt_rpc_set_run_dir(const char *path);

#endif
