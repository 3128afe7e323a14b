/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors to record entries. Owns what counts as a disk; the reading of /proc
 * is sys/proc's.
 */
#include "guard/holdings.h"

#include "base/str.h"

bool holdings_is_stream(const struct proc_fd *fd)
{
    return fd->kind == FD_REGULAR && fd->writable && !fd->readable;
}

bool file_id_same(const struct file_id *a, const struct file_id *b)
{
    if (a->rdev != 0 || b->rdev != 0) {
        return a->rdev == b->rdev;
    }
    return a->dev == b->dev && a->ino == b->ino;
}

static void note_disk(struct record *r, const struct proc_fd *fd)
{
    for (size_t i = 0; i < r->disk_count; i++) {
        struct disk_record *known = &r->disk[i];

        if (file_id_same(&known->id, &fd->id)) {
            known->writable = known->writable || fd->writable;
            return;
        }
    }
    struct disk_record *disk = record_add_disk(r);
    disk->path = str_dup(fd->path);
    disk->id = fd->id;
    disk->writable = fd->writable;
}

static const char *mac_of(const struct domxml *live, const char *tap)
{
    for (size_t i = 0; live && i < live->nic_count; i++) {
        if (live->nic[i].tap && str_eq(live->nic[i].tap, tap)) {
            return live->nic[i].mac;
        }
    }
    return NULL;
}

/* A multiqueue tap has a descriptor for each queue. */
static void note_tap(struct record *r, const struct domxml *live, const char *tap)
{
    for (size_t i = 0; i < r->nic_count; i++) {
        if (str_eq(r->nic[i].tap, tap)) {
            return;
        }
    }
    struct nic_record *nic = record_add_nic(r);
    nic->tap = str_dup(tap);
    nic->mac = str_dup(mac_of(live, tap));
}

int holdings_note(struct record *r, const struct domxml *live, struct err *why)
{
    struct proc_fd *fds = NULL;
    size_t count = 0;
    int rc = proc_list_fds(r->process.pid, &fds, &count, why);

    if (rc < 0) {
        return rc;
    }
    for (size_t i = 0; i < count; i++) {
        if (fds[i].kind == FD_BLOCK || (fds[i].kind == FD_REGULAR &&
                                        !holdings_is_stream(&fds[i]))) {
            note_disk(r, &fds[i]);
        } else if (fds[i].kind == FD_TUN && fds[i].detail) {
            note_tap(r, live, fds[i].detail);
        }
    }
    proc_fds_free(fds, count);
    return 0;
}
