/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The beginning of a qcow2 image, as docs/interop/qcow2.txt of QEMU has it: only what tells
 * whether it is one, and which other files it leads to.
 */
#ifndef GVM_MODEL_QCOW_H
#define GVM_MODEL_QCOW_H

#include <stdbool.h>
#include <stddef.h>

/* So many bytes of an image hold the name of its backing file, as QEMU writes it. */
enum { QCOW2_HEAD_BYTES = 64 * 1024 };

struct qcow2_head {
    bool is_qcow2;
    bool leads_elsewhere; /* a backing file, a file of its data, or what is not understood */
    bool external_data;   /* its data are in a file of their own */
    char *backing;        /* its backing file's name; NULL: none, or not understood */
};

/* Any bytes may be given. Free ret->backing. */
void qcow2_read(const unsigned char *bytes, size_t size, struct qcow2_head *ret);

#endif
