/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt's lock daemon, virtlockd: which process it is, whether a socket leads to it, and the
 * leases that it holds. What that means for a guest is others' business.
 *
 * Why a socket that leads to it cannot be feigned: the kernel itself names the peer
 * (sock_diag(7)); that peer has to be a descriptor of the very process that holds the write lock
 * on virtlockd's pid file, and only root may open that file for writing. The name that the peer
 * bears (its listener's) is what somebody bound, and proves nothing; it tells the daemon's
 * clients from its other sockets. Whatever is missing means no: another network namespace, a
 * kernel without unix_diag, a daemon that died (its guests' sockets have no peer any more, and
 * what they led to is not to be told then).
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/netlink.h"
#include "sys/proc.h"
#include "sys/proc_fd_internal.h"
#include "sys/procfile.h"

static const char *run_dir = GVM_LIBVIRT_RUN_DIR;

void proc_lockd_set_run_dir(const char *path)
{
    run_dir = path ? path : GVM_LIBVIRT_RUN_DIR;
}

/* pid 0: no such daemon runs, or its pid file does not tell. */
static struct process_id find_daemon(void)
{
    _cleanup_free_ char *dir = str_printf("%s/..", run_dir);
    struct process_id id = {0};

    return proc_pidfile_holder(dir, "virtlockd", &id, NULL) < 0 ? (struct process_id){0} : id;
}

/* What the kernel says of one unix socket. */
struct unix_socket {
    uint32_t peer; /* inode; 0: none, or nobody has accepted it yet */
    char name[sizeof(struct sockaddr_un)]; /* "": nameless or abstract */
};

static void take(struct unix_socket *s, const struct rtattr *a)
{
    size_t size = RTA_PAYLOAD(a);

    if (a->rta_type == UNIX_DIAG_PEER && size >= sizeof s->peer) {
        memcpy(&s->peer, RTA_DATA(a), sizeof s->peer);
    } else if (a->rta_type == UNIX_DIAG_NAME && size < sizeof s->name) {
        memcpy(s->name, RTA_DATA(a), size);
        s->name[size] = '\0';
    }
}

/* Of our own network namespace. */
static bool ask(uint32_t inode, struct unix_socket *ret)
{
    struct {
        struct nlmsghdr head;
        struct unix_diag_req what;
    } request = {
        .head = {.nlmsg_len = sizeof request, .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                 .nlmsg_flags = NLM_F_REQUEST},
        .what = {.sdiag_family = AF_UNIX, .udiag_states = ~0U, .udiag_ino = inode,
                 .udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_PEER,
                 .udiag_cookie = {~0U, ~0U}}, /* whatever its cookie */
    };
    union netlink_reply reply;
    const struct unix_diag_msg *m = NLMSG_DATA(&reply.head);
    ssize_t n = netlink_ask(NETLINK_SOCK_DIAG, &request.head, &reply);

    *ret = (struct unix_socket){0};
    if (n < (ssize_t) NLMSG_LENGTH(sizeof *m) || reply.head.nlmsg_len > (size_t) n ||
        reply.head.nlmsg_type != SOCK_DIAG_BY_FAMILY || m->udiag_ino != inode) {
        return false;
    }
    /* Signed: RTA_NEXT goes below zero after a last attribute that is not filled up. */
    int left = (int) NLMSG_PAYLOAD(&reply.head, sizeof *m);
    for (const struct rtattr *a = (const void *) (m + 1); RTA_OK(a, left); a = RTA_NEXT(a, left)) {
        take(ret, a);
    }
    return true;
}

/* Called with each descriptor of a process by its link's text; true ends the walk. */
typedef bool (*visit_fn)(pid_t pid, int fd, const char *link, void *data);

static bool walk(pid_t pid, visit_fn visit, void *data)
{
    _cleanup_free_ char *path = procfile_path("%d/fd", (int) pid);
    DIR *dir = opendir(path);
    struct dirent *entry;
    bool found = false;

    while (dir && !found && (entry = readdir(dir))) {
        _cleanup_free_ char *link_path = str_printf("%s/%s", path, entry->d_name);
        _cleanup_free_ char *link = NULL;

        if (procfile_number(entry->d_name) >= 0 && file_link_text(link_path, &link) == 0) {
            found = visit(pid, (int) procfile_number(entry->d_name), link, data);
        }
    }
    if (dir) {
        closedir(dir);
    }
    return found;
}

static bool is_link(pid_t pid, int fd, const char *link, void *data)
{
    (void) pid;
    (void) fd;
    return str_eq(link, data);
}

/* The daemon is asked for before and after: a PID that was used again meanwhile is another's. */
static bool daemon_holds(uint32_t inode)
{
    _cleanup_free_ char *link = str_printf("socket:[%u]", inode);
    struct process_id before = find_daemon();

    if (before.pid <= 0 || !walk(before.pid, is_link, link)) {
        return false;
    }
    struct process_id after = find_daemon();
    return before.pid == after.pid && before.start_ticks == after.start_ticks;
}

bool proc_leads_to_lockd(pid_t pid, uint64_t inode)
{
    _cleanup_free_ char *name = str_printf("%s/virtlockd-sock", run_dir);
    struct unix_socket ours, theirs;

    return inode <= UINT32_MAX && proc_shares_network(pid) && ask((uint32_t) inode, &ours) &&
           ours.peer != 0 && ask(ours.peer, &theirs) && theirs.peer == inode &&
           str_eq(theirs.name, name) && daemon_holds(ours.peer);
}

struct lease_list {
    char **path;
    size_t count;
};

/* fdinfo: "lock:\t1: POSIX  ADVISORY  WRITE 160 fe:00:1207081 0 0". */
static bool add_lease(pid_t pid, int fd, const char *link, void *data)
{
    _cleanup_free_ char *path = procfile_path("%d/fdinfo/%d", (int) pid, fd);
    _cleanup_free_ char *text = NULL;
    struct lease_list *l = data;
    const char *lock;

    if (procfile_read(path, &text, NULL) == 0 && (lock = strstr(text, "\nlock:")) &&
        strstr(lock, " WRITE ")) {
        *(char **) array_add(&l->path, &l->count, sizeof *l->path) = str_dup(link);
    }
    return false;
}

void proc_lockd_leases(char ***ret, size_t *ret_count)
{
    struct process_id daemon = find_daemon();
    struct lease_list list = {0};

    if (daemon.pid > 0) {
        walk(daemon.pid, add_lease, &list);
    }
    *ret = list.path;
    *ret_count = list.count;
}
