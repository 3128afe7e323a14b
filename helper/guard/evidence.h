/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is taken from a frozen guest beside its memory: the domain XML as it ran, QEMU's
 * registers, the picture of its screen, the end of its console's log, its kernel's log out of the
 * dump. Each file by itself: what cannot be had is noted, and nothing else suffers.
 */
#ifndef GVM_GUARD_EVIDENCE_H
#define GVM_GUARD_EVIDENCE_H

#include <json-c/json.h>

#include "base/err.h"
#include "model/record.h"
#include "sys/virt.h"

/* Their names in the folder. */
#define EVIDENCE_KERNEL_LOG "kernel.log"
#define EVIDENCE_CONSOLE_LOG "console.log"
#define EVIDENCE_SCREEN "screen.png"

/* What was taken, and what was not and why: the index's "files" and "missing". The caller's. */
struct json_object *evidence_index(void);

/* All that needs no dump. */
void evidence_collect(const struct record *r, const char *folder, struct json_object *index);

/* Inside a stage: the picture of its screen, also of a guest that runs. */
int evidence_screen(struct virt *v, struct domain *d, const char *folder, struct err *why);

/* A complete dump, which took so long to make and to sync. */
void evidence_note_dump(struct json_object *index, const char *file, int64_t took_us);

/* The last words of its kernel out of this dump in the folder: kernel.log. */
void evidence_kernel_log(const struct record *r, const char *folder, const char *dump,
                         struct json_object *index);

/* The line that says why it died, by what was collected; NULL: none does. The caller's. */
char *evidence_panic(const struct record *r, const char *folder);

/* index.json: what there is, and the whole record. */
int evidence_write_index(const struct record *r, const char *folder, struct json_object *index,
                         struct err *why);

#endif
