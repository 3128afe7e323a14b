/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * policy: the tables, as the program uses them.
 */
#include "ctl/ctl.h"

#include "model/incident.h"
#include "model/outcome.h"
#include "model/verdict.h"

int ctl_policy(const struct ctl_request *request)
{
    (void) request;
    verdict_print(stdout);
    fputc('\n', stdout);
    outcome_print(stdout);
    fputc('\n', stdout);
    incident_print(stdout);
    return CTL_OK;
}
