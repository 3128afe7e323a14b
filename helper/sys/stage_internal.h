/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the halves of a stage share: the child's (stage_child.c), the parent's (errand.c),
 * and the one that waits (stage.c). Nobody else includes this.
 */
#ifndef GVM_SYS_STAGE_INTERNAL_H
#define GVM_SYS_STAGE_INTERNAL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "sys/childproc.h"
#include "sys/errand.h"

enum { STAGE_AT_SIZE = 256 };

/* Exit codes of a child that could not begin. */
enum { STAGE_NO_STDIO = 96, STAGE_ORPHAN = 97 };

/* In memory that both halves see. */
struct stage_control {
    atomic_int done; /* set last: everything else is complete then */
    int result;
    struct err why;
    char at[STAGE_AT_SIZE]; /* the last byte is never written: always terminated */
};

struct stage_work {
    struct stage_control *control;
    stage_fn fn;
    void *shared;
    const void *input;
    int done_fd; /* an eventfd, written when `done` is set */
    pid_t parent;
};

/* The child's whole life, from fork on. */
_Noreturn void stage_child(const struct stage_work *work);
/* True in a child. */
bool stage_inside(void);

/* errand_finish, with so much patience for the child's end. */
int errand_conclude(struct errand **e, const struct childproc_patience *patience, struct err *why);

#endif
