/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a descriptor can do to the outside, by file type, file system and device number:
 * names are not trusted where numbers tell. Harmless is only what is listed as harmless.
 */
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/proc_fd_internal.h"

#ifndef ANON_INODE_FS_MAGIC
#define ANON_INODE_FS_MAGIC 0x09041934
#endif
#ifndef DMA_BUF_MAGIC
#define DMA_BUF_MAGIC 0x444d4142
#endif
#define PIDFS_MAGIC 0x50494446       /* "PIDF", since 6.9; older headers lack it */
#define GUEST_MEMFD_MAGIC 0x474d454d /* "GMEM" */
#define AIO_RING_MAGIC 0xa10a10a1    /* fs/aio.c: completions of io='native', no file's data */

enum { ANY_MINOR = -1 };

/* Fixed numbers: Documentation/admin-guide/devices.txt. */
struct device_row {
    unsigned major;
    int first;
    int last;
    enum fd_kind kind;
};

static const struct device_row char_devices[] = {
    {1, 3, 3, FD_HARMLESS},               /* null */
    {1, 5, 5, FD_HARMLESS},               /* zero */
    {1, 7, 9, FD_HARMLESS},               /* full, random, urandom */
    {4, 0, 63, FD_HARMLESS},              /* consoles; serial lines come after them */
    {5, 0, 2, FD_HARMLESS},               /* tty, console, ptmx */
    {10, 183, 183, FD_HARMLESS},          /* hwrng */
    {10, 196, 196, FD_PASSTHROUGH},       /* vfio */
    {10, 200, 200, FD_TUN},
    {10, 232, 232, FD_HARMLESS},          /* kvm */
    {10, 238, 238, FD_VHOST_NET},
    {21, ANY_MINOR, 0, FD_PASSTHROUGH},   /* sg */
    {116, ANY_MINOR, 0, FD_HARMLESS},     /* sound */
    {136, ANY_MINOR, 0, FD_HARMLESS},     /* pts */
    {189, ANY_MINOR, 0, FD_PASSTHROUGH},  /* usb */
    {226, 128, 191, FD_HARMLESS},         /* render nodes of graphics cards */
};

/* Numbers given out at run time: only the name is left. */
static const struct {
    const char *prefix;
    enum fd_kind kind;
} named_devices[] = {
    {"/dev/vfio/", FD_PASSTHROUGH},       {"/dev/iommu", FD_PASSTHROUGH},
    {"/dev/vhost-scsi", FD_PASSTHROUGH},  {"/dev/vhost-vdpa", FD_PASSTHROUGH},
    {"/dev/ng", FD_PASSTHROUGH},          {"/dev/bsg/", FD_PASSTHROUGH},
    {"/dev/nvme", FD_PASSTHROUGH},        {"/dev/sev", FD_HARMLESS},
    {"/dev/sgx_", FD_HARMLESS},
};

/* Kernel objects without a file. "kvm-" are a VM's own parts. */
static const char *const anon_harmless[] = {
    "[eventfd]", "[eventpoll]", "[timerfd]", "[signalfd]", "[io_uring]", "[userfaultfd]",
    "[pidfd]", "[perf_event]", "inotify", "[kvm-", "kvm-", "sev", "sync_file",
};

bool file_is_memory(const struct file_look *look)
{
    switch (look->fs_type) {
    case TMPFS_MAGIC: /* memfds and System V shared memory too */
    case HUGETLBFS_MAGIC:
    case GUEST_MEMFD_MAGIC:
        return S_ISREG(look->st.st_mode);
    case DMA_BUF_MAGIC: /* kernel objects, which have no file type */
    case AIO_RING_MAGIC:
        return true;
    default:
        return false;
    }
}

static void classify_anon(const struct file_look *look, const struct fd_info *info,
                          struct proc_fd *ret)
{
    const char *name = look->link + (str_starts(look->link, "anon_inode:") ? 11 : 0);

    if (strstr(name, "vfio") || strstr(name, "iommufd")) {
        ret->kind = FD_PASSTHROUGH;
        return;
    }
    if (info->registered_files > 0) {
        ret->detail = str_printf("io_uring that keeps %u files open", info->registered_files);
        return;
    }
    for (size_t i = 0; i < sizeof anon_harmless / sizeof *anon_harmless; i++) {
        if (str_starts(name, anon_harmless[i])) {
            ret->kind = FD_HARMLESS;
            return;
        }
    }
}

static void classify_socket(const struct file_look *look, struct socket_table *sockets,
                            struct proc_fd *ret)
{
    const struct socket_entry *e = socket_table_find(sockets, look->family, look->st.st_ino);

    if (e) {
        ret->kind = look->family == SOCKET_UNIX ? FD_UNIX_SOCKET : FD_INET_SOCKET;
        ret->listening = e->listening;
        ret->local_port = e->local_port;
        ret->detail = str_dup(e->detail);
    }
}

static void classify_regular(const struct file_look *look, struct proc_fd *ret)
{
    if (file_is_memory(look)) {
        ret->kind = FD_HARMLESS;
        return;
    }
    switch (look->fs_type) {
    case PROC_SUPER_MAGIC:
    case SYSFS_MAGIC: /* a write there can reach a device */
        ret->kind = ret->writable ? FD_OTHER : FD_HARMLESS;
        break;
    case NSFS_MAGIC:
    case PIDFS_MAGIC:
        ret->kind = FD_HARMLESS;
        break;
    default:
        ret->kind = FD_REGULAR;
    }
}

/* macvtap and ipvtap: a device of its own for each interface, which sysfs names. */
static bool classify_macvtap(dev_t rdev, struct proc_fd *ret)
{
    static const char key[] = "/net/";
    _cleanup_free_ char *path = str_printf("/sys/dev/char/%u:%u", major(rdev), minor(rdev));
    _cleanup_free_ char *link = NULL;
    const char *name;

    if (file_link_text(path, &link) < 0) {
        return false;
    }
    name = strstr(link, key);
    if (!name) {
        return false;
    }
    name += sizeof key - 1;
    ret->kind = FD_TUN;
    ret->detail = str_printf("%.*s", (int) strcspn(name, "/"), name);
    return true;
}

static void classify_tun(const struct fd_info *info, struct proc_fd *ret)
{
    if (!info->is_tun) {
        ret->kind = FD_OTHER; /* which interface it feeds is not known */
    } else if (info->interface[0] == '\0') {
        ret->kind = FD_HARMLESS; /* attached to none, or its interface was deleted */
    } else {
        ret->kind = FD_TUN;
        ret->detail = str_dup(info->interface);
    }
}

static void classify_char(const struct file_look *look, const struct fd_info *info,
                          struct proc_fd *ret)
{
    unsigned maj = major(look->st.st_rdev);
    int min = (int) minor(look->st.st_rdev);

    for (size_t i = 0; i < sizeof char_devices / sizeof *char_devices; i++) {
        const struct device_row *row = &char_devices[i];

        if (row->major == maj && (row->first == ANY_MINOR ||
                                  (min >= row->first && min <= row->last))) {
            ret->kind = row->kind;
            if (ret->kind == FD_TUN) {
                classify_tun(info, ret);
            }
            return;
        }
    }
    if (classify_macvtap(look->st.st_rdev, ret)) {
        return;
    }
    for (size_t i = 0; i < sizeof named_devices / sizeof *named_devices; i++) {
        if (str_starts(look->link, named_devices[i].prefix)) {
            ret->kind = named_devices[i].kind;
            return;
        }
    }
}

void fd_classify(const struct file_look *look, const struct fd_info *info,
                 struct socket_table *sockets, struct proc_fd *ret)
{
    mode_t mode = look->st.st_mode;

    ret->kind = FD_OTHER;
    ret->id = (struct file_id){.dev = look->st.st_dev, .ino = look->st.st_ino,
                               .rdev = S_ISCHR(mode) || S_ISBLK(mode) ? look->st.st_rdev : 0};
    if (look->fs_type == ANON_INODE_FS_MAGIC) {
        classify_anon(look, info, ret);
    } else if (S_ISSOCK(mode)) {
        classify_socket(look, sockets, ret);
    } else if (S_ISFIFO(mode)) {
        ret->kind = FD_HARMLESS;
    } else if (S_ISBLK(mode)) {
        ret->kind = FD_BLOCK;
    } else if (S_ISCHR(mode)) {
        classify_char(look, info, ret);
    } else if (S_ISREG(mode) || look->fs_type == DMA_BUF_MAGIC) {
        classify_regular(look, ret);
    }
    /* What is left, a directory say, opens the way to files of its own: FD_OTHER. */
}
