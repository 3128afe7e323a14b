/* SPDX-License-Identifier: GPL-2.0-or-later */
/* temporary */
#ifndef GVM_SYS_PROGRAM_H
#define GVM_SYS_PROGRAM_H
#include <stddef.h>
#include "base/clock.h"
#include "base/err.h"
struct program;
int program_start_reading(char *const *words, struct program **ret, struct err *why);
int program_start(char *const *words, struct program **ret, struct err *why);
int program_fd(const struct program *p);
int program_output(const struct program *p);
int program_read(struct program *p, char *to, size_t size);
int program_finish(struct program **p, struct err *why);
void program_end(struct program **p);
#endif
