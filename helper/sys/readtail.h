/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a file that somebody else writes: a log.
 */
#ifndef GVM_SYS_READTAIL_H
#define GVM_SYS_READTAIL_H

#include <stddef.h>

#include "base/err.h"

/* Up to `most` bytes before its end as a string (bytes of value 0 become spaces), the caller's.
 * Only of a regular file, not through a link. May block on dead storage: in a stage only. */
int readtail(const char *path, size_t most, char **ret, struct err *why);

#endif
