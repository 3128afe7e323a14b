/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The live records on disk: GVM_STATEDIR (default /run/guardedvm, 0700 root),
 * one file per guest (record_file_name), 0600, replaced whole by rename, and one
 * lock per guest. Paths are opened by directory descriptor without following links.
 */
#ifndef GVM_SYS_STATEDIR_H
#define GVM_SYS_STATEDIR_H

#include <stddef.h>

#include "base/clock.h"
#include "base/err.h"
#include "model/record.h"

/* -ENOENT: no record. -EBADMSG: there is one and it is damaged (doubt, never "none").
 * -EPERM: the directory or file is not root's, or others could have written to it. */
int statedir_load(const char *domain_name, struct record **ret, struct err *why);
/* fsync, rename, fsync of the directory: after a return of 0 it survives a power cut of
 * this process at any point; before, the old record is still whole. */
int statedir_save(const struct record *r, struct err *why);
int statedir_remove(const char *domain_name, struct err *why);

/* All records; a damaged one makes this fail, naming the file. */
int statedir_list(struct record ***ret, size_t *ret_count, struct err *why);
void statedir_list_free(struct record **list, size_t count);

/*
 * Following the records: a descriptor (non-blocking, close it) that becomes readable when one
 * changed. Then statedir_changed gives the changes one by one: 0 with the file's name in `ret`,
 * -EAGAIN: that was all, -EOVERFLOW: some were lost, list them all.
 */
enum { STATEDIR_NAME_SIZE = 256 };
int statedir_follow(int *ret_fd, struct err *why);
int statedir_changed(int fd, char ret[STATEDIR_NAME_SIZE]);
/* The names of all records' files (str_list_free); the records need not be readable. */
int statedir_files(char ***ret, size_t *ret_count, struct err *why);
/* The record in this file; -ENOENT: it is gone. */
int statedir_load_file(const char *file, struct record **ret, struct err *why);

/* The one whose resource is `resource`; -ENOENT if none, -ENOTUNIQ if two guests' records
 * claim it. */
int statedir_find_resource(const char *resource, struct record **ret, struct err *why);
/* The same by the path of the config that it was started from. */
int statedir_find_config(const char *config, struct record **ret, struct err *why);

/*
 * One action at a time per guest. Waits until `until`; *ret_fd keeps the lock
 * (close releases; kill -9 releases too). -ETIMEDOUT names who holds it. The lock is
 * the process's (fcntl): a stage child does not have it and cannot keep it, and the same
 * process must not take it twice (the second close would release both).
 */
int statedir_lock(const char *domain_name, struct deadline until, int *ret_fd, struct err *why);

/* The same of all that is done with frozen guests afterwards: one process of a node at a time. */
int statedir_lock_care(struct deadline until, int *ret_fd, struct err *why);

/* Tests only (and no environment variable: this runs as root); NULL: the built-in one. */
void statedir_set_path(const char *path);

#endif
