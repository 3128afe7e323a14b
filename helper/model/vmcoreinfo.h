/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VMCOREINFO: what a Linux kernel says of itself to whoever reads its memory, lines like
 * "OFFSET(prb_desc.state_var)=0". Pure lookups; the text is a guest's and need not be true.
 */
#ifndef GVM_MODEL_VMCOREINFO_H
#define GVM_MODEL_VMCOREINFO_H

#include <stdbool.h>
#include <stdint.h>

/* Each is false, and *ret left alone, where there is no such line or no number in it. */
bool vmcoreinfo_symbol(const char *info, const char *name, uint64_t *ret); /* its address */
bool vmcoreinfo_offset(const char *info, const char *member, uint64_t *ret); /* "struct.member" */
bool vmcoreinfo_size(const char *info, const char *type, uint64_t *ret);
bool vmcoreinfo_number(const char *info, const char *name, int64_t *ret);

#endif
