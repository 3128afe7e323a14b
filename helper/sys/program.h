/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Another's program, run without a shell and without a search through PATH: standard
 * input and error are /dev/null, so is its output unless it is wanted; no descriptor that
 * we opened, no signal mask and no ignored signal is handed on. Waited for, or left to an
 * event loop.
 */
#ifndef GVM_SYS_PROGRAM_H
#define GVM_SYS_PROGRAM_H

#include <stddef.h>

#include "base/clock.h"
#include "base/err.h"

struct program;

/* The path of an administrator's tool ("crm_mon"), caller frees; NULL where it is not
 * installed. */
char *program_find(const char *name);

/*
 * Starts words[0], a path, with these words (NULL ends them) and our environment, to be done
 * by `until`. Up to `most_output` bytes of its standard output are kept; 0: none. Never waits
 * for it. It is not ended with us: what it does, it does to its end. Uses SIGCHLD's default
 * action.
 */
int program_start(char *const words[], size_t most_output, struct deadline until,
                  struct program **ret, struct err *why);

/*
 * The same of a program that is judged by its end, and whose last words tell why: of what it
 * writes, to its standard error, too, the end is kept, at most `most_output` bytes of it and at
 * least half as many; writing more is no error. When its time is over, or we end before it does, it
 * is killed with all that it started (its process group); program_finish gives what it wrote in
 * time even so.
 */
int program_start_heard(char *const words[], size_t most_output, struct deadline until,
                        struct program **ret, struct err *why);

/* Readable whenever there is something for program_finish to do. */
int program_fd(const struct program *p);
/* When to finish it at the latest, so that one that hangs is ended. */
struct deadline program_until(const struct program *p);

/*
 * Its status of wait(2), 0 or more, and in *ret_output (may be NULL; caller frees; a string,
 * never NULL) what it wrote. -ETIMEDOUT after `until`, with the process killed; -EFBIG when
 * it wrote more than was agreed, killed as well: half a text would be read as the whole;
 * -ECHILD when somebody else has reaped it. *p is freed and NULL then. -EAGAIN with *p as
 * it was: it goes on, its output so far is taken. Takes some milliseconds at most; a process
 * that does not end so fast is left behind for childproc_reap.
 */
int program_finish(struct program **p, char **ret_output, struct err *why);

/* Kills it; nobody wants the result. NULL-safe. */
void program_drop(struct program **p);

/* program_finish for who has nothing else to do: waits, never answers -EAGAIN. */
int program_wait(struct program **p, char **ret_output, struct err *why);
/* Starts it, without output, and waits for it. */
int program_run(char *const words[], struct deadline until, struct err *why);

/* 0 for status 0, else -EIO with how `name` failed: its exit code or signal. */
int program_judge(const char *name, int status, struct err *why);

#endif
