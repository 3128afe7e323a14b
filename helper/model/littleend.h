/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Little-endian numbers out of bytes, wherever they lie and whatever this machine is.
 */
#ifndef GVM_MODEL_LITTLEEND_H
#define GVM_MODEL_LITTLEEND_H

#include <stdint.h>

static inline uint16_t le16(const unsigned char *p)
{
    return (uint16_t) (p[0] | p[1] << 8);
}

static inline uint32_t le32(const unsigned char *p)
{
    return le16(p) | (uint32_t) le16(p + 2) << 16;
}

static inline uint64_t le64(const unsigned char *p)
{
    return le32(p) | (uint64_t) le32(p + 4) << 32;
}

#endif
