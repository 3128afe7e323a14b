/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The administrator's monitor_scripts. Lists are as the parameter has them: absolute paths,
 * separated by single blanks.
 */
#ifndef GVM_GUARD_SCRIPTS_H
#define GVM_GUARD_SCRIPTS_H

#include "base/clock.h"
#include "base/err.h"

/*
 * Runs them one after the other, each with its share of the time, until one fails. 0: all of them
 * ended with exit code 0. Else `why` names the one that did not, how it ended and the last line
 * that it wrote. -ETIMEDOUT: it did not end in time, and was killed with all that it started.
 */
int scripts_run(const char *list, const char *guest, struct deadline until, struct err *why);

/* All of them are there and can be run; in a stage. Kind ERR_INSTALLED. */
int scripts_check(const char *list, struct deadline until, struct err *why);

#endif
