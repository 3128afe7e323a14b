/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A disk's first bytes, which its guest may have written: model/qcow.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "model/qcow.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct qcow2_head head;

    qcow2_read(data, size, &head);
    FUZZ_HOLDS(head.is_qcow2 || (!head.leads_elsewhere && !head.backing));
    FUZZ_HOLDS(!head.backing || (head.leads_elsewhere && strlen(head.backing) > 0));
    free(head.backing);
    return 0;
}
