/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A config and what is made of it for libvirt: model/domxml. The guest stays the same one, keeps
 * its memory when it crashes, and gets no io_uring.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "fuzz.h"
#include "model/domxml.h"

static void same_guest(const struct domxml *config, const char *xml)
{
    _cleanup_domxml_ struct domxml *d = NULL;
    struct err why = {0};

    FUZZ_HOLDS(domxml_parse(xml, strlen(xml), &d, &why) == 0);
    FUZZ_HOLDS(str_eq(d->name, config->name));
    FUZZ_HOLDS(d->uuid ? str_eq(d->uuid, config->uuid) : !config->uuid);
    FUZZ_HOLDS(d->disk_count == config->disk_count && d->nic_count == config->nic_count);
    FUZZ_HOLDS(!d->io_uring);
    FUZZ_HOLDS(strstr(xml, "<on_crash>preserve</on_crash>"));
}

static void save(const char *running, const struct domxml *config, const struct params *p,
                 const char *text, size_t size)
{
    const struct domxml_saving saving = {
        .config = text, .config_size = size, .name = config->name, .uuid = config->uuid,
        .params = p
    };
    _cleanup_free_ char *saved = NULL;
    _cleanup_domxml_ struct domxml *d = NULL;
    struct err why = {0};

    if (domxml_to_save(running, &saving, &saved, &why) == 0) {
        FUZZ_HOLDS(domxml_parse(saved, strlen(saved), &d, &why) == 0);
        FUZZ_HOLDS(str_eq(d->name, config->name));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *) data;
    struct params p = {0};
    _cleanup_domxml_ struct domxml *d = NULL;
    _cleanup_free_ char *xml = NULL;
    struct err why = {0};

    params_defaults(&p);
    if (domxml_parse(text, size, &d, &why) == 0) {
        FUZZ_HOLDS(d->name[0] != '\0' && !strpbrk(d->name, "/\n"));
        if (domxml_effective(text, size, &p, &xml, &why) == 0) {
            same_guest(d, xml);
            save(xml, d, &p, text, size);
        }
    } else {
        FUZZ_HOLDS(!d && why.text[0] != '\0');
    }
    params_free(&p);
    return 0;
}
