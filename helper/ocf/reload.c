/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reload-agent: the reloadable parameters are read by every action anew, so there
 * is nothing to do but to say whether they are usable.
 */
#include "ocf/ocf.h"

int ocf_reload(struct ocf_context *c)
{
    int code = ocf_check_config(c);

    guest_release(&c->guest);
    return code;
}
