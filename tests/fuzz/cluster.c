/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Pacemaker's tools print: model/crmtext.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "fuzz.h"
#include "model/crmtext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *xml = (const char *) data;
    struct crm_attribute *list = NULL;
    size_t count = 0;
    bool managed;
    struct err why = {0};

    FUZZ_HOLDS(crmtext_managed(xml, size, "vm", &managed, &why) == 0 || why.text[0] != '\0');
    why.text[0] = '\0';
    if (crmtext_attributes(xml, size, "guardedvm-", &list, &count, &why) == 0) {
        for (size_t i = 0; i < count; i++) {
            FUZZ_HOLDS(list[i].node && list[i].value && str_starts(list[i].name, "guardedvm-"));
        }
        crmtext_attributes_free(list, count);
    } else {
        FUZZ_HOLDS(why.text[0] != '\0');
    }
    return 0;
}
