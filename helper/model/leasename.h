/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How libvirt's lock daemon names its lease files in file_lockspace_dir.
 */
#ifndef GVM_MODEL_LEASENAME_H
#define GVM_MODEL_LEASENAME_H

/* The SHA-256 of a disk's path, as 64 lower-case hexadecimal digits; caller frees. */
char *lease_name(const char *path);

#endif
