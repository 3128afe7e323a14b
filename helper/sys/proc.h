/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU seen from outside, through /proc: which process, alive or dead, what it
 * holds open. Anything that looks behind a file descriptor or into a process's
 * memory map can block on dead storage: call those inside a stage.
 * The root of /proc can be moved by tests (proc_set_root).
 */
#ifndef GVM_SYS_PROC_H
#define GVM_SYS_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/clock.h"
#include "base/err.h"
#include "model/record.h"
#include "model/verdict.h"

/* A QEMU process that libvirt started: the command line carries -name guest=NAME and -uuid
 * UUID. */
struct qemu_process {
    struct process_id id;
    char *name;
    char *uuid;
};

/*
 * All QEMU processes of this PID namespace: comm begins with "qemu" or "kvm", and it is no user's
 * own (proc_login.c). -EIO where one candidate could not be read (it is not known which guest it
 * is: doubt). A process that ended meanwhile is left out. Caller frees with proc_qemu_free.
 */
int proc_list_qemu(struct qemu_process **ret, size_t *ret_count, struct err *why);
/* That one process, whatever it is called and whosever it is. -ESRCH: it has ended, or is no QEMU
 * of libvirt's. -EIO as above. The caller frees ret's strings with proc_qemu_clear. */
int proc_read_qemu(pid_t pid, struct qemu_process *ret, struct err *why);
void proc_qemu_clear(struct qemu_process *q);
void proc_qemu_free(struct qemu_process *list, size_t count);

/*
 * The process that holds libvirt's pid file DIR/GUEST.pid, pid 0 where nobody does: a wrapper or
 * a QEMU under another name, too. -EIO: somebody does, or the file cannot be asked (doubt).
 * Never blocks.
 */
int proc_pidfile_holder(const char *dir, const char *guest, struct process_id *ret,
                        struct err *why);

/* The names of all guests that have a pid file in DIR, held or not; none where there is no DIR.
 * Caller frees with str_list_free. */
int proc_pidfile_guests(const char *dir, char ***ret, size_t *ret_count, struct err *why);

/* PROCESS_ALIVE / DEAD by PID and start time. A zombie is dead, but not while another of its
 * threads, stuck in I/O, still lives and holds its files. Never blocks.
 * UNPROVABLE with pid 0 or an unreadable /proc. */
enum process_state proc_state(const struct process_id *id);

/* Fills start_ticks of the pid given. */
int proc_identify(pid_t pid, struct process_id *ret, struct err *why);

/*
 * A pidfd (close it) of exactly that process: opened, then start time compared,
 * so that a reused PID is never signalled. -ESRCH: it is dead.
 */
int proc_open(const struct process_id *id, int *ret_pidfd, struct err *why);
enum { PROC_SIGTERM = 15, PROC_SIGKILL = 9 }; /* signal(7); <signal.h> is for sys/ only */
/* 0: sent, or it had ended already; proc_wait_end tells which. */
int proc_signal(int pidfd, int sig, struct err *why);
/* 0: it has ended (files closed, AIO finished: exit_notify comes after both).
 * -ETIMEDOUT: alive at `until`. */
int proc_wait_end(int pidfd, struct deadline until, struct err *why);
/* "3 of 7 threads in state D (wait channel io_schedule)"; for reasons. Caller frees; never NULL. */
char *proc_describe_stuck(pid_t pid);

/* What one descriptor of a process leads to. */
enum fd_kind {
    FD_OTHER = 0, /* nothing known to be harmless: counts as able to write */
    FD_HARMLESS,  /* anon_inode, pipe, memfd, tmpfs, /dev/null, /dev/kvm, ... */
    FD_REGULAR,   /* regular file on a real file system */
    FD_BLOCK,     /* block device */
    FD_TUN,       /* tap or macvtap that is attached: `detail` is the interface */
    FD_VHOST_NET, /* /dev/vhost-net: sends through its tap only */
    FD_PASSTHROUGH, /* vfio, vhost-vdpa, vhost-scsi, sg: DMA or commands of the guest's own */
    FD_UNIX_SOCKET,
    FD_INET_SOCKET /* `detail` is "tcp local-peer state" */
};

struct proc_fd {
    int fd;
    enum fd_kind kind;
    bool readable;       /* opened for reading (fdinfo flags): QEMU opens images so, logs not */
    bool writable;       /* opened for writing (fdinfo flags) */
    bool locked;         /* fdinfo shows a lock held through it: OFD, POSIX or flock */
    bool listening;      /* inet socket in LISTEN state */
    unsigned local_port; /* inet socket */
    struct file_id id;
    char *path;          /* the link's text */
    char *detail;
};

/* What the threads have done in which a QEMU runs its guest's processors, since each began. */
struct proc_vcpus {
    bool asleep;      /* none of them runs, waits for a processor or for a disk */
    uint64_t run_us;
    uint64_t wakeups; /* how often one gave its processor up and was woken again */
};
/* -ENODATA: no such thread is known by its name (QEMU's debug-threads=on, which libvirt
 * sets). Never blocks. */
int proc_vcpu_activity(pid_t pid, struct proc_vcpus *ret, struct err *why);

/* Every descriptor of the process, or an error: -ESRCH where it is ending (it shows none then,
 * while a stuck thread may still hold all). May block on dead storage: in a stage only. */
int proc_list_fds(pid_t pid, struct proc_fd **ret, size_t *ret_count, struct err *why);
void proc_fds_free(struct proc_fd *list, size_t count);

/*
 * True where the kernel names virtlockd, libvirt's lock daemon, as the peer of that unix socket of
 * the process (file_id's ino). False in doubt. Never blocks.
 */
bool proc_leads_to_lockd(pid_t pid, uint64_t inode);
/* The files of all leases that virtlockd holds for itself alone, of whatever guest; none where no
 * such daemon runs, or it cannot be looked at. Caller frees each, and the list. Never blocks. */
void proc_lockd_leases(char ***ret, size_t *ret_count);
void proc_lockd_set_run_dir(const char *path); /* tests only; NULL: as it was built */

/* True where the process lives in our network namespace, so that its interfaces' names are
 * ours, too. False in doubt. */
bool proc_shares_network(pid_t pid);

/* Shared, writable mappings of regular files on real file systems or of block devices:
 * they write without a descriptor. Sets *ret_path (caller frees) to the first, or NULL. */
int proc_shared_mapping(pid_t pid, char **ret_path, struct err *why);

/* Processes whose comm (15 characters at most) is this; caller frees. 0 or -errno. */
int proc_list_named(const char *comm, pid_t **ret, size_t *ret_count);

/* Whatever else wants the disks goes before this process (I/O class idle, ioprio_set(2); only some
 * schedulers know it). 0 or -errno. */
int proc_calm_io(pid_t pid);

/* What can be had without swapping, in KiB (MemAvailable, Linux 3.14). 0 or -errno. */
int proc_memory_available(uint64_t *ret_kib);

/* This boot's id, caller frees. */
int proc_boot_id(char **ret, struct err *why);

void proc_set_root(const char *root); /* tests only; "/proc" by default */

#endif
