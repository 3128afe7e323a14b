/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one use of libgcrypt: libsystemd, which libqb needs, has loaded it anyway.
 */
#include "model/leasename.h"

#include <gcrypt.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

enum { SUM_BYTES = 32 };

char *lease_name(const char *path)
{
    unsigned char sum[SUM_BYTES];
    char *name = mem_zero(1, SUM_BYTES * 2 + 1);

    gcry_md_hash_buffer(GCRY_MD_SHA256, sum, path, strlen(path));
    for (size_t i = 0; i < SUM_BYTES; i++) {
        snprintf(name + i * 2, 3, "%02x", sum[i]);
    }
    return name;
}
