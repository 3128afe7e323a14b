/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cuts of a freeze, one function each, in the order in which freeze.c's table
 * runs them: 0, or a negative errno and the reason why it could not be cut. All work
 * inside the one stage of a freeze. Each can be repeated: what an earlier attempt cut is
 * found cut, not an error. None proves anything, and none trusts the domain XML for what
 * QEMU really has: they ask QEMU. The proof is verify.h's business.
 */
#ifndef GVM_GUARD_FENCE_H
#define GVM_GUARD_FENCE_H

#include <sys/types.h>

#include <json-c/json.h>

#include "base/clock.h"
#include "base/err.h"
#include "sys/virt.h"

/* What the names of our null-co nodes begin with: the mark of a guest that a freeze has cut. */
#define FENCE_NODE "guardedvm-"

struct fence {
    struct domain *domain;
    pid_t pid; /* QEMU's, for what only the kernel can tell */
    struct deadline until;
};

/*
 * QMP stop. Its return is the drain barrier: QEMU answers after bdrv_drain_all, also
 * where the vCPUs were stopped already. Hangs on hanging storage. 0 also where QEMU refuses
 * because it dumps, and the vCPUs stand.
 */
int fence_vcpus(struct fence *f, struct err *why);

/*
 * Every network back-end of QEMU: link down, then deleted, which closes its tap and sockets.
 * Taps of libvirt's vanish with that; macvtaps, which do not, are set down.
 */
int fence_network(struct fence *f, struct err *why);

/* An outgoing migration is cancelled; one that cannot be (post-copy) is an error. */
int fence_migration(struct fence *f, struct err *why);

/* NBD and other exports of disks: closed with their clients' connections. */
int fence_exports(struct fence *f, struct err *why);

/* Block jobs (commit, stream, mirror, backup, ...): cancelled by force and waited for. */
int fence_jobs(struct fence *f, struct err *why);

/* Every device with a medium gets a null-co node of its size instead of its image. */
int fence_drives(struct fence *f, struct err *why);

/* Every block node but null-co is deleted, which closes and unlocks the images. */
int fence_nodes(struct fence *f, struct err *why);

/* {key: value}, for qmp_run, which takes it over. */
struct json_object *fence_arg(const char *key, const char *value);

/* The text of member `key`, NULL where there is none; owned by `object`. */
const char *fence_text(struct json_object *object, const char *key);

#endif
