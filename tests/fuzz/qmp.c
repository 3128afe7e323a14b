/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The answers of a QEMU that its guest may have taken over: model/qmptext.
 */
#include <stdlib.h>

#include "base/cleanup.h"
#include "fuzz.h"
#include "model/qmptext.h"

static void read_return(struct json_object *answer)
{
    struct qmp_device *device = NULL;
    size_t count = 0;
    uint64_t operations;
    enum runstate state;
    bool running;
    struct err why = {0};

    if (qmptext_devices(answer, &device, &count, &why) == 0) {
        for (size_t i = 0; i < count; i++) {
            FUZZ_HOLDS(device[i].qdev);
        }
        qmptext_devices_free(device, count);
    } else {
        FUZZ_HOLDS(why.text[0] != '\0');
    }
    (void) qmptext_disk_operations(answer, &operations, &why);
    (void) qmptext_status(answer, &state, &running, &why);
    (void) qmptext_migration_failed(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_free_ char *text = fuzz_text(data, size);
    struct json_object *answer = NULL;
    struct err why = {0};
    int rc = qmptext_return(text, &answer, &why);

    FUZZ_HOLDS(rc == 0 || (!answer && why.text[0] != '\0'));
    if (rc == 0) {
        read_return(answer);
        json_object_put(answer);
    }
    return 0;
}
