/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * migrate_to and migrate_from: live migration is not offered, so the meta-data
 * does not name them; whoever calls them all the same gets an answer at once.
 */
#include "ocf/ocf.h"

int ocf_migrate(struct ocf_context *c)
{
    return ocf_answer(PCMK_OCF_UNIMPLEMENT_FEATURE, "%s: live migration is not implemented; "
                      "leave allow-migrate at false", c->action->name);
}
