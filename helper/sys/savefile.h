/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of a guest's saved memory, in the folder that the administrator named for them. Only
 * GUEST.state is ever restored; what libvirt is still writing, what was used up and what is too old
 * have other names. libvirtd opens them by path, and who can plant one chooses what root runs: the
 * folder has to be root's to its root. All of it may block on dead storage: in a stage only.
 */
#ifndef GVM_SYS_SAVEFILE_H
#define GVM_SYS_SAVEFILE_H

#include <stdint.h>

#include "base/err.h"
#include "model/domxml.h"

enum savefile {
    SAVEFILE_STATE,    /* GUEST.state, VirtualDomain's name for it: a start restores it */
    SAVEFILE_PARTIAL,  /* libvirt writes it, or was interrupted */
    SAVEFILE_RESTORED, /* a guest was restored from it, and may have run since */
    SAVEFILE_STALE,    /* its disks were written to since */
    SAVEFILE_LAST
};

/* Caller frees. */
char *savefile_path(const char *folder, const char *guest, enum savefile which);

/* The folder can be used, now. Errors (kind ERR_INSTALLED) name the parameter and the remedy. */
int savefile_folder(const char *folder, struct err *why);

/*
 * 0: that file is there, a regular one, root's, and nobody else may write to it; *ret_mtime_ns,
 * which may be NULL, is when that was last done (ns since the epoch). -ENOENT: there is none.
 * -EPERM: it is not to be believed; its time is told all the same.
 */
int savefile_look(const char *folder, const char *guest, enum savefile which,
                  int64_t *ret_mtime_ns, struct err *why);

/* A new, empty SAVEFILE_PARTIAL (mode 0600) in the place of what an interrupted save left. */
int savefile_begin(const char *folder, const char *guest, struct err *why);
/*
 * 1: libvirt has completed SAVEFILE_PARTIAL, its own mark in the file says so. 0: it has not, or
 * there is none. Else that cannot be told now, and the file may be the guest's only memory.
 */
int savefile_is_complete(const char *folder, const char *guest, struct err *why);
/*
 * SAVEFILE_PARTIAL becomes SAVEFILE_STATE, in one step, on the disk when this returns. Its time is
 * set to `mtime_ns` (0: left as it is).
 */
int savefile_publish(const char *folder, const char *guest, int64_t mtime_ns, struct err *why);

/* In one step, on the disk when this returns; what had the new name goes. -ENOENT: no such file. */
int savefile_move(const char *folder, const char *guest, enum savefile from, enum savefile to,
                  struct err *why);
/* 0 also where there is none. */
int savefile_remove(const char *folder, const char *guest, enum savefile which, struct err *why);

/*
 * When the guest's disks and NVRAM, as far as they are files, were last written to (ns since the
 * epoch, 0: no file). Asked of the file's owner, not of a network file system's cache.
 */
int64_t savefile_newest_disk(const struct domxml *d);

#endif
