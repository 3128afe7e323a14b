/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The node attribute of a guest. Owns its name and how long telling may take.
 */
#include "guard/announce.h"

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/cluster.h"

enum { TELL_PERCENT = 30, TELL_MOST_MS = 2000 };

static char *attribute_of(const char *resource)
{
    return str_printf("guardedvm-%s", resource);
}

int announce(const char *resource, const char *value, struct deadline until, struct err *why)
{
    _cleanup_free_ char *name = attribute_of(resource);

    return cluster_attribute(name, value, deadline_part(until, TELL_PERCENT, TELL_MOST_MS), why);
}

int announce_start(const char *resource, const char *value, struct deadline until,
                   struct program **ret, struct err *why)
{
    _cleanup_free_ char *name = attribute_of(resource);

    return cluster_attribute_start(name, value, until, ret, why);
}

int announce_judge(const char *resource, int status, struct err *why)
{
    _cleanup_free_ char *name = attribute_of(resource);

    return cluster_attribute_judge(name, status, why);
}
