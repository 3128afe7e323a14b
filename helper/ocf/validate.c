/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * validate-all. Level 0: parameters and config file. Level 10: also what this node
 * has: libvirt answers, every local disk is there, evidence would have its place, and nothing
 * fights the cluster. Starts nothing, and changes nothing but that the built-in place is made.
 */
#include "ocf/ocf.h"

#include <string.h>

#include "sys/configfile.h"
#include "sys/evidencedir.h"
#include "sys/savefile.h"
#include "sys/stage.h"
#include "sys/virt.h"

enum { CHECK_LEVEL_NODE = 10, PROBE_PERCENT = 40, PROBE_MOST_MS = 10 * 1000, OPEN_PERCENT = 90 };

struct reach_input {
    const char *uri;
    struct deadline until;
};

static int reach_stage(void *shared, const void *input, struct err *why)
{
    const struct reach_input *in = input;
    _cleanup_virt_ struct virt *v = NULL;

    (void) shared;
    return virt_open(in->uri, deadline_part(in->until, OPEN_PERCENT, PROBE_MOST_MS), &v, why);
}

/* A path in a storage pool that is not active, or on the network, is libvirt's to find. */
static int disks_stage(void *shared, const void *input, struct err *why)
{
    const struct domxml *d = input;

    (void) shared;
    for (size_t i = 0; i < d->disk_count; i++) {
        const struct domxml_disk *disk = &d->disk[i];

        if (disk->network || !disk->source || disk->source[0] != '/') {
            continue;
        }
        int rc = configfile_stat(disk->source);
        if (rc < 0) {
            return err_set(why, rc, ERR_INSTALLED, "disk %s of guest '%s': '%s': %s",
                           disk->target ? disk->target : "?", d->name, disk->source,
                           strerror(-rc));
        }
    }
    return 0;
}

/* Where evidence of its crash would go. */
static int dump_dir_stage(void *shared, const void *input, struct err *why)
{
    (void) shared;
    return evidencedir_check(input, why);
}

/* Where a start would look for saved memory. */
static int snapshot_stage(void *shared, const void *input, struct err *why)
{
    (void) shared;
    return savefile_folder(input, why);
}

static int check_node(struct ocf_context *c)
{
    struct err why = {0};
    struct reach_input in = {
        .uri = c->params.hypervisor,
        .until = deadline_part(c->until, PROBE_PERCENT, PROBE_MOST_MS)
    };

    if (stage_run("connecting to libvirt", reach_stage, NULL, &in, in.until, &why) < 0) {
        why.kind = ERR_INSTALLED;
        return ocf_fail(&why);
    }
    if (stage_run("looking at the disks", disks_stage, NULL, c->guest.config,
                  deadline_part(c->until, PROBE_PERCENT, PROBE_MOST_MS), &why) < 0) {
        return ocf_fail(&why);
    }
    if (c->params.snapshot &&
        stage_run("looking at snapshot", snapshot_stage, NULL, c->params.snapshot,
                  deadline_part(c->until, PROBE_PERCENT, PROBE_MOST_MS), &why) < 0) {
        return ocf_fail(&why);
    }
    if (stage_run("looking at dump_dir", dump_dir_stage, NULL, c->params.dump_dir,
                  deadline_part(c->until, PROBE_PERCENT, PROBE_MOST_MS), &why) < 0) {
        return ocf_fail(&why);
    }
    return ocf_check_conflicts(c);
}

int ocf_validate(struct ocf_context *c)
{
    int code = ocf_check_single(c);

    if (code == PCMK_OCF_OK) {
        code = ocf_check_config(c);
    }
    if (code == PCMK_OCF_OK && c->call.check_level >= CHECK_LEVEL_NODE) {
        code = check_node(c);
    }
    guest_release(&c->guest);
    return code;
}
