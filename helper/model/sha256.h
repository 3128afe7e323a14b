/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256 (FIPS 180-4): libvirt's lock daemon names its lease files by it.
 */
#ifndef GVM_MODEL_SHA256_H
#define GVM_MODEL_SHA256_H

/* Of a text, as 64 lower-case hexadecimal digits; caller frees. */
char *sha256_text(const char *text);

#endif
