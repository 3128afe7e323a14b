/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fetches and writes for save_config_on_stop. When, and whether the file may be replaced, is
 * ocf/saveconfig's and model/configsums'.
 */
#include "guard/saveconfig.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/ask.h"
#include "sys/configwrite.h"
#include "sys/stage.h"

struct fetch_input {
    const struct guest *guest;
    struct deadline until;
};

struct fetched {
    size_t size;
    char text[DOMXML_MAX_BYTES];
};

static int fetch(const struct fetch_input *in, char **ret_xml, struct err *why)
{
    const struct record *r = in->guest->record;
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    int rc = guest_reach(r, in->until, &v, &d, why);

    rc = rc < 0 ? rc : virt_is_persistent(d, why);
    if (rc == 1) {
        rc = err_set(why, -EEXIST, ERR_GENERIC, "it is also defined in libvirt, and what was "
                     "changed of the running guest is not told from that; to have it saved, take "
                     "the definition away (virsh undefine --keep-nvram %s)", r->name);
    }
    return rc < 0 ? rc : virt_xml_inactive(d, ret_xml, why);
}

static int fetch_stage(void *shared, const void *input, struct err *why)
{
    const struct fetch_input *in = input;
    const struct guest *g = in->guest;
    struct fetched *ret = shared;
    _cleanup_free_ char *running = NULL;
    _cleanup_free_ char *text = NULL;
    struct domxml_saving saving = {
        .config = g->config_text, .config_size = g->config_size, .name = g->record->name,
        .uuid = g->record->uuid, .params = g->params
    };
    int rc = fetch(in, &running, why);

    rc = rc < 0 ? rc : domxml_to_save(running, &saving, &text, why);
    if (rc < 0) {
        return rc;
    }
    ret->size = strlen(text);
    if (ret->size > sizeof ret->text) {
        return err_set(why, -EFBIG, ERR_GENERIC, "its XML is too large to be read again");
    }
    memcpy(ret->text, text, ret->size);
    return 0;
}

int saveconfig_fetch(const struct guest *g, struct deadline until, char **ret_text,
                     struct err *why)
{
    struct fetch_input in = {.guest = g, .until = until};
    struct fetched *got = stage_memory(sizeof *got);
    int rc = stage_run("reading the running guest's XML", fetch_stage, got, &in, until, why);

    if (rc == 0) {
        *ret_text = mem_zero(got->size + 1, 1);
        memcpy(*ret_text, got->text, got->size);
    }
    stage_memory_free(got, sizeof *got);
    return rc;
}

struct write_input {
    const char *path;
    struct config_text before, now;
};

static int write_stage(void *shared, const void *input, struct err *why)
{
    const struct write_input *in = input;

    (void) shared;
    return configwrite_replace(in->path, &in->before, &in->now, why);
}

int saveconfig_write(const struct guest *g, const char *text, struct deadline until,
                     struct err *why)
{
    struct write_input in = {
        .path = g->params->config, .before = {g->config_text, g->config_size},
        .now = {text, strlen(text)}
    };

    return stage_run("writing the config", write_stage, NULL, &in, until, why);
}
