/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The overlay over backingfile: where it is, and of which format what is below it is. Pure:
 * making it is guard/overlay's.
 */
#ifndef GVM_MODEL_OVERLAY_H
#define GVM_MODEL_OVERLAY_H

#include "base/err.h"
#include "model/domxml.h"
#include "model/qcow.h"

/*
 * The disk of `d` that is the overlay of the config file at `config`, an absolute path: the first
 * of these that the XML names: the path up to its first dot + ".qcow2", as VirtualDomain has it;
 * the same with the file's name up to its first dot; up to its last. -ENOENT: it names none.
 */
int overlay_disk(const char *config, const struct domxml *d, const struct domxml_disk **ret,
                 struct err *why);

/*
 * The backing file's format, for qemu-img's -F; *ret lives as long as `said`. `said` is what the
 * XML says (NULL: nothing), `head` its first bytes. A raw image holds what a guest wrote, so a
 * qcow2 header is believed only where it could lead nobody to another file: -EPERM else.
 */
int overlay_backing_format(const char *backing, const char *said, const struct qcow2_head *head,
                           const char **ret, struct err *why);

#endif
