/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between program.c and program_spawn.c; nobody else includes this.
 */
#ifndef GVM_SYS_PROGRAM_INTERNAL_H
#define GVM_SYS_PROGRAM_INTERNAL_H

#include <sys/types.h>

/* words[0] is run with these words, its standard output is out_fd, or /dev/null with -1. */
int program_spawn(char *const words[], int out_fd, pid_t *ret);

#endif
