/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a program is started, for those who know what becomes of it: program.c (it ends soon),
 * stream.c (it talks for as long as we listen), detach.c (it outlives us).
 */
#ifndef GVM_SYS_PROGRAM_INTERNAL_H
#define GVM_SYS_PROGRAM_INTERNAL_H

#include <stdbool.h>
#include <sys/types.h>

struct program_way {
    int out_fd;               /* its standard output; -1: /dev/null */
    bool err_to_out;          /* its standard error, too; else /dev/null */
    char *const *environment; /* NULL: ours */
    bool own_session;
    bool own_group;           /* a process group of its own, to be ended as a whole */
};

/* Runs words[0], a path, with these words. */
int program_spawn(char *const words[], const struct program_way *way, pid_t *ret);

#endif
