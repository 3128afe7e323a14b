/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: the actions' names, out of the table.
 */
#include "ocf/ocf.h"

void ocf_print_usage(FILE *out)
{
    fputs("usage: GuardedVM {", out);
    for (const struct action *a = ocf_actions; a->name; a++) {
        fprintf(out, "%s%s", a == ocf_actions ? "" : "|", a->name);
    }
    fputs("}\nParameters come from the environment (OCF_RESKEY_*); Pacemaker calls this.\n", out);
}

int ocf_usage(struct ocf_context *c)
{
    (void) c;
    ocf_print_usage(stdout);
    return PCMK_OCF_OK;
}
