/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cuts the network. Deleting a back-end (netdev_del) closes its tap, vhost and socket
 * descriptors, so neither `virsh resume`, `domif-setlink up` nor a reset can bring it
 * back, and /proc/PID/fd shows it. The NIC stays for the guest's memory image.
 *
 * The link goes down on the BACK-END's side first: QEMU keeps a deleted back-end as
 * the NIC's peer and would still hand packets to it if the NIC's link were set up
 * again (for "user" back-ends: into freed memory). A back-end that is down refuses
 * them, and once deleted nobody can find it to set it up.
 *
 * QMP of 7.2 has no list of back-ends; "info network" shows every one, also what
 * hot-plug or <qemu:commandline> added.
 */
#include "guard/fence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/fdkeep.h"
#include "sys/net.h"
#include "sys/proc.h"
#include "sys/qmp.h"

/* Another process moves their packets; QEMU can neither stop nor prove it. */
static const char *const unprovable[] = {"vhost-user", "vhost-vdpa"};

/*
 * One line of "info network": " \ hostnet0: index=0,type=tap,fd=32". False where it is
 * not about a back-end. Cuts `line` into pieces; *ret_name and *ret_type lie in it.
 */
static bool parse_backend(char *line, char **ret_name, char **ret_type)
{
    char *name = line + strspn(line, " \\");
    char *index = strstr(name, ": index=");
    char *type = index ? strstr(index, ",type=") : NULL;

    if (!type) {
        return false;
    }
    *index = '\0';
    type += strlen(",type=");
    type[strcspn(type, ",\r")] = '\0';
    *ret_name = name;
    *ret_type = type;
    return !str_eq(type, "nic");
}

/* An earlier attempt deleted it: "info network" shows it on as the NIC's peer. */
static int unless_gone(int rc, struct err *why)
{
    if (rc == -EREMOTEIO && strstr(why->text, "DeviceNotFound")) {
        why->text[0] = '\0';
        return 0;
    }
    return rc;
}

static int cut_backend(struct fence *f, const char *name, const char *type, struct err *why)
{
    for (size_t i = 0; i < sizeof unprovable / sizeof unprovable[0]; i++) {
        if (str_eq(type, unprovable[i])) {
            return err_set(why, -ENOTSUP, ERR_GENERIC,
                           "network back-end '%s' is of type %s: another process moves its "
                           "packets, which cannot be proven cut", name, type);
        }
    }
    struct json_object *args = fence_arg("name", name);
    json_object_object_add(args, "up", json_object_new_boolean(false));
    int rc = unless_gone(qmp_run(f->domain, "set_link", args, NULL, why), why);
    if (rc == 0) {
        rc = qmp_run(f->domain, "netdev_del", fence_arg("id", name), NULL, why);
        rc = unless_gone(rc, why);
    }
    return rc < 0 ? err_prefix(why, rc, "network back-end '%s'", name) : 0;
}

/*
 * A macvtap outlives its descriptor and goes on owning the guest's address: other guests of
 * this node that share the lower device would talk to it instead of to the peer that runs the
 * guest from now on. Done first, while the descriptors still tell which ones they are.
 *
 * Taps vanish with their last descriptor. That must not be QEMU's, or each netdev_del waits for
 * the kernel: duplicates are kept until all back-ends are gone. The interface stays on its bridge
 * for as long, and sends nothing: the back-end is down, QEMU has no descriptor of it (the proof
 * looks for one), a vhost worker lets go of its own with netdev_del, and nobody else ever writes.
 */
static int prepare_taps(struct fence *f, struct fdkeep *kept, struct err *why)
{
    struct proc_fd *fds = NULL;
    int *taps = NULL;
    size_t tap_count = 0;
    size_t count = 0;
    int rc = proc_list_fds(f->pid, &fds, &count, why);

    for (size_t i = 0; rc == 0 && i < count; i++) {
        if (fds[i].kind != FD_TUN) {
            continue;
        }
        if (fds[i].detail && str_starts(fds[i].path, "/dev/tap")) {
            rc = proc_shares_network(f->pid) ? net_link_down(fds[i].detail, why) : 0;
        } else {
            *(int *) array_add(&taps, &tap_count, sizeof *taps) = fds[i].fd;
        }
    }
    if (rc == 0 && tap_count > 0) {
        fdkeep_start(f->pid, taps, tap_count, kept);
    }
    free(taps);
    proc_fds_free(fds, count);
    return rc;
}

static int cut_backends(struct fence *f, char *text, struct err *why)
{
    const char *last = NULL;
    char *save = NULL;
    int rc = 0;

    for (char *line = strtok_r(text, "\n", &save); rc == 0 && line;
         line = strtok_r(NULL, "\n", &save)) {
        char *name = NULL;
        char *type = NULL;

        if (parse_backend(line, &name, &type) && !str_eq(name, last)) {
            rc = cut_backend(f, name, type, why);
            last = name;
        }
    }
    return rc;
}

/* Multiqueue back-ends have a line for each queue, one after the other, and one name. */
int fence_network(struct fence *f, struct err *why)
{
    _cleanup_free_ char *text = NULL;
    struct fdkeep kept = FDKEEP_NONE;
    int rc = prepare_taps(f, &kept, why);

    if (rc == 0) {
        rc = qmp_human(f->domain, "info network", &text, why);
    }
    if (rc == 0) {
        rc = cut_backends(f, text, why);
    }
    fdkeep_end(&kept);
    return rc;
}
