/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory for a guest that is to start, taken from frozen ones that have served.
 */
#ifndef GVM_GUARD_ROOM_H
#define GVM_GUARD_ROOM_H

#include <stdint.h>

#include "base/clock.h"

/*
 * While less than `kib` are available (MemAvailable), releases frozen guests whose dump is
 * complete, the oldest first, also where their policy keeps them. Others stay, whatever is missing:
 * the start then fails, or not, as it would without us. Logs what it gave up.
 */
void room_make(uint64_t kib, struct deadline until);

#endif
