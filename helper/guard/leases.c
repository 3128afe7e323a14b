/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt gives a guest's leases back when it hears that the guest stopped (STOP, a watchdog, an
 * I/O error, a panic), and only then: of one that stopped while libvirtd was down they stay held.
 * virDomainSuspend gives them back whatever libvirt takes the guest for but paused, and leaves
 * "crashed" as it is where the vCPUs stand already (libvirt 9.0).
 *
 * A lease is known by its file: the disk itself, or in file_lockspace_dir a file named by the
 * SHA-256 of the disk's path in the XML. Those of <lease>, of lvm_lockspace_dir and of
 * scsi_lockspace_dir are not recognised, and are given back by libvirt alone.
 */
#include "guard/leases.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/leasename.h"
#include "sys/proc.h"

static bool is_of(const char *lease, const struct record *r, const struct domxml *live)
{
    const char *slash = strrchr(lease, '/');

    for (size_t i = 0; i < r->disk_count; i++) {
        if (str_eq(r->disk[i].path, lease)) {
            return true;
        }
    }
    for (size_t i = 0; slash && i < live->disk_count; i++) {
        _cleanup_free_ char *name =
            live->disk[i].source ? lease_name(live->disk[i].source) : NULL;

        if (str_eq(slash + 1, name)) {
            return true;
        }
    }
    return false;
}

/* The first lease that is held, or NULL; caller frees. */
static char *held(const struct record *r, const struct domxml *live)
{
    char **lease;
    size_t count;
    char *found = NULL;

    proc_lockd_leases(&lease, &count);
    for (size_t i = 0; i < count; i++) {
        if (!found && is_of(lease[i], r, live)) {
            found = lease[i];
        } else {
            free(lease[i]);
        }
    }
    free(lease);
    return found;
}

int leases_give_back(const struct record *r, const struct domxml *live, struct domain *d,
                     struct err *why)
{
    _cleanup_free_ char *before = held(r, live);
    struct err refused = {0};

    if (!before) {
        return 0;
    }
    int rc = virt_suspend(d, &refused);
    _cleanup_free_ char *after = held(r, live);
    if (!after) {
        return 0;
    }
    return err_set(why, -EBUSY, ERR_GENERIC, "virtlockd goes on holding the lease '%s', which "
                   "keeps the guest from being started elsewhere%s%s", after,
                   rc < 0 ? ": " : ", though libvirt was told to suspend it",
                   rc < 0 ? refused.text : "");
}
