/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the user's config file may be replaced by what the running guest has become: not
 * where nothing was changed, and not where somebody edited the file since. Sums of texts are
 * all that is kept of them.
 */
#ifndef GVM_MODEL_CONFIGSUMS_H
#define GVM_MODEL_CONFIGSUMS_H

#include <stddef.h>
#include <stdint.h>

/*
 * 0: not known. Of `file`: the guest was found running. Of `domain` alone: it was not asked for
 * when the guest came to run, or libvirt did not tell.
 */
struct config_sums {
    uint64_t file;   /* of the file that the guest was started from, or last saved to */
    uint64_t domain; /* of the guest as it would have been saved when `file` was current */
    uint64_t saved;  /* of the text that a save wrote, or was about to */
};

/* Never 0. Tells texts apart that differ by accident, not by design (FNV-1a). */
uint64_t config_sum(const char *text, size_t size);

enum config_verdict {
    CONFIG_EDITED = 0, /* it is neither what the guest was started from nor what was saved */
    CONFIG_SAME,       /* nothing was changed */
    CONFIG_NOTED,      /* never noted, so nobody knows what was changed: *sums has what is, from
                        * now on, and is to be kept */
    CONFIG_CHANGED     /* to be written; *sums says so, and is to be kept before that is done */
};

/* `file` and `domain`: the sums now. */
enum config_verdict config_judge(struct config_sums *sums, uint64_t file, uint64_t domain);

#endif
