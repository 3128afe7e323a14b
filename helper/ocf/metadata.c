/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * meta-data: OCF 1.1, put together from the table of parameters and the table of
 * actions. Owns the text about the agent as a whole.
 *
 * ra-api-1.dtd, against which ocf-tester validates, knows neither `reloadable` nor
 * `unique-group` nor the action reload-agent; the internal subset adds them.
 */
#include "ocf/ocf.h"

static const char HEAD[] =
    /* UTF-8, which goes without saying: crmsh (4.4) cannot read a declaration that says so. */
    "<?xml version=\"1.0\"?>\n"
    "<!DOCTYPE resource-agent SYSTEM \"ra-api-1.dtd\" [\n"
    "<!ATTLIST parameter reloadable (1|0) \"0\" unique-group CDATA #IMPLIED>\n"
    "<!ATTLIST action name NMTOKEN #REQUIRED>\n"
    "]>\n"
    "<resource-agent name=\"GuardedVM\" version=\"" PACKAGE_VERSION "\">\n"
    "<version>1.1</version>\n"
    "<longdesc lang=\"en\">\n"
    "Runs a libvirt QEMU guest. A guest that panics, hangs or loses its storage is frozen: its\n"
    "vCPUs are stopped, its network and disks are cut off for good, its memory is kept. Only\n"
    "when that is proven from outside QEMU does the agent say \"stopped\", so that the guest can\n"
    "be started on another node at once while its memory is still there to be examined. Where\n"
    "it cannot be proven, the guest is destroyed and its death is proven; where even that\n"
    "fails, the stop fails, so that the cluster fences the node.\n"
    "\n"
    "Recurring monitors wait for news (monitor_wait) instead of polling, so the interval that\n"
    "is advised, 1s, costs less than a poll every 10 s. With migration-threshold=1 the first\n"
    "crash moves the guest; else the node that holds it frozen is tried first.\n"
    "\n"
    "guardedvm(8) shows what is frozen on a node, and ends it.\n"
    "</longdesc>\n"
    "<shortdesc lang=\"en\">Libvirt guest that is frozen, not lost, when it crashes</shortdesc>\n";

static void print_action(FILE *out, const struct action *a)
{
    fprintf(out, "<action name=\"%s\" timeout=\"%ds\"", a->name, a->timeout_s);
    if (a->interval_s >= 0) {
        fprintf(out, " interval=\"%ds\" depth=\"0\"", a->interval_s);
    }
    fputs("/>\n", out);
}

void ocf_print_meta_data(FILE *out)
{
    fputs(HEAD, out);
    params_print_xml(out);
    fputs("<actions>\n", out);
    for (const struct action *a = ocf_actions; a->name; a++) {
        if (!(a->flags & ACTION_HIDDEN)) {
            print_action(out, a);
        }
    }
    fputs("</actions>\n</resource-agent>\n", out);
}

int ocf_meta_data(struct ocf_context *c)
{
    (void) c;
    ocf_print_meta_data(stdout);
    return fflush(stdout) == 0 ? PCMK_OCF_OK
                               : ocf_answer(PCMK_OCF_UNKNOWN_ERROR, "standard output is closed");
}
