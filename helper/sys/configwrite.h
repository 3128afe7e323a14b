/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one place that writes a user's file: the config, for save_config_on_stop. May block on
 * dead storage: in a stage only.
 */
#ifndef GVM_SYS_CONFIGWRITE_H
#define GVM_SYS_CONFIGWRITE_H

#include <stddef.h>

#include "base/err.h"

struct config_text {
    const char *text;
    size_t size;
};

/*
 * The file at `path`, or that its link leads to, becomes `now`, whole and on the disk, or stays as
 * it was; it keeps its owner and mode. -ESTALE: it is not `before` any more. -EPERM: others than
 * root may write to its folder or to one above (sys/safepath.h).
 */
int configwrite_replace(const char *path, const struct config_text *before,
                        const struct config_text *now, struct err *why);

#endif
