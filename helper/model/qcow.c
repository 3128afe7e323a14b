/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a qcow2 header, which a guest may have forged: bounds first.
 */
#include "model/qcow.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "model/bigend.h"

enum {
    AT_VERSION = 4, AT_BACKING_OFFSET = 8, AT_BACKING_SIZE = 16, AT_INCOMPATIBLE = 72,
    V2_BYTES = 72, V3_BYTES = 104, VERSION_FEATURES = 3, BACKING_MOST = 1023
};

static const unsigned char magic[] = {'Q', 'F', 'I', 0xfb};
static const uint64_t external_data = UINT64_C(1) << 2;

static void read_backing(const unsigned char *bytes, size_t size, struct qcow2_head *ret)
{
    uint64_t offset = be64(bytes + AT_BACKING_OFFSET);
    uint32_t length = be32(bytes + AT_BACKING_SIZE);

    if (offset == 0) {
        return;
    }
    ret->leads_elsewhere = true;
    if (length > 0 && length <= BACKING_MOST && offset < size && length <= size - offset &&
        !memchr(bytes + offset, '\0', length)) {
        ret->backing = str_printf("%.*s", (int) length, (const char *) bytes + offset);
    }
}

void qcow2_read(const unsigned char *bytes, size_t size, struct qcow2_head *ret)
{
    *ret = (struct qcow2_head) {.is_qcow2 = false};
    if (size < V2_BYTES || memcmp(bytes, magic, sizeof magic) != 0) {
        return;
    }
    ret->is_qcow2 = true;
    read_backing(bytes, size, ret);
    if (be32(bytes + AT_VERSION) < VERSION_FEATURES) {
        return;
    }
    ret->external_data = size >= V3_BYTES && (be64(bytes + AT_INCOMPATIBLE) & external_data);
    ret->leads_elsewhere = ret->leads_elsewhere || ret->external_data || size < V3_BYTES;
}
