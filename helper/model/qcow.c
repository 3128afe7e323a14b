/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a qcow2 header, which a guest may have forged: bounds first.
 */
#include "model/qcow.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"

enum {
    AT_VERSION = 4, AT_BACKING_OFFSET = 8, AT_BACKING_SIZE = 16, AT_INCOMPATIBLE = 72,
    V2_BYTES = 72, V3_BYTES = 104, VERSION_FEATURES = 3, BACKING_MOST = 1023
};

static const unsigned char magic[] = {'Q', 'F', 'I', 0xfb};
static const uint64_t external_data = UINT64_C(1) << 2;

/* Numbers are stored with the highest byte first. */
static uint64_t number_at(const unsigned char *bytes, size_t at, size_t size)
{
    uint64_t value = 0;

    for (size_t i = 0; i < size; i++) {
        value = value << 8 | bytes[at + i];
    }
    return value;
}

static void read_backing(const unsigned char *bytes, size_t size, struct qcow2_head *ret)
{
    uint64_t offset = number_at(bytes, AT_BACKING_OFFSET, sizeof(uint64_t));
    uint64_t length = number_at(bytes, AT_BACKING_SIZE, sizeof(uint32_t));

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
    uint64_t version;

    *ret = (struct qcow2_head) {.is_qcow2 = false};
    if (size < V2_BYTES || memcmp(bytes, magic, sizeof magic) != 0) {
        return;
    }
    ret->is_qcow2 = true;
    read_backing(bytes, size, ret);
    version = number_at(bytes, AT_VERSION, sizeof(uint32_t));
    if (version >= VERSION_FEATURES &&
        (size < V3_BYTES ||
         (number_at(bytes, AT_INCOMPATIBLE, sizeof(uint64_t)) & external_data))) {
        ret->leads_elsewhere = true;
    }
}
