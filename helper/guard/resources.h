/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The storage pools and networks that a guest needs to be active where it is to run.
 */
#ifndef GVM_GUARD_RESOURCES_H
#define GVM_GUARD_RESOURCES_H

#include "base/clock.h"
#include "base/err.h"
#include "model/domxml.h"

/*
 * Starts, at the libvirt of `uri`, this node's or another's, every pool and network that `d`
 * names and that is inactive; refreshes active pools. In a stage of its own. May be repeated; stops
 * nothing, also where it fails half-way. 0 at once where `d` names none. Errors name the pool or
 * network and the URI; ERR_INSTALLED where it is not defined there.
 */
int resources_start(const char *uri, const struct domxml *d, struct deadline until,
                    struct err *why);

#endif
