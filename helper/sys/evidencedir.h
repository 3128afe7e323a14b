/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The folders of evidence: BASE/GUEST/TIME/, 0700, root's. libvirtd opens a dump in there by its
 * path, so every folder on the way has to be one that nobody but root can exchange.
 * All of it may block on dead storage: in a stage, or in a process that may hang.
 */
#ifndef GVM_SYS_EVIDENCEDIR_H
#define GVM_SYS_EVIDENCEDIR_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * BASE can be used: it is there, root's, and no folder on its way, links included, can be
 * exchanged by others. Only the built-in one is made where it is missing: in another's place an
 * unmounted file system's mount point would be filled. Errors say what to do.
 */
int evidencedir_check(const char *base, struct err *why);

/* The folder of one incident, made where it is missing; *ret_path is the caller's. */
int evidencedir_make(const char *base, const char *guest, int64_t seen_wall_ms, char **ret_path,
                     struct err *why);

/* MiB that its file system has free for root. */
int evidencedir_free_mib(const char *path, int64_t *ret, struct err *why);

/* Whole, synced, under its name at once or not at all; mode 0600. */
int evidencedir_write(const char *path, const char *name, const char *text, size_t size,
                      struct err *why);

/* Written last, when all else is there: a folder that has it is whole. */
#define EVIDENCEDIR_INDEX "index.json"

/*
 * Removes the same guest's other folders, the oldest first, so that with this one, made by
 * evidencedir_make, `keep` stay of those that are whole as it is, or are not, as it is not: a
 * picture of a guest that hung does not push out a dump. What is not whole goes with what is and
 * is as old. Goes on where one cannot be removed.
 */
int evidencedir_prune(const char *newest, int64_t keep, struct err *why);

#endif
