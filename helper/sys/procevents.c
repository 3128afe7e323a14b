/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The proc connector: netlink messages that hold a connector's message that holds a
 * process event. What is no process's end is dropped by a filter in the kernel, before it
 * is queued: a node forks thousands of times in the lifetime of one QEMU.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/procevents.h"

/* Where things are in a message. The event is not aligned: it is copied, never pointed to. */
enum {
    CN_AT = NLMSG_HDRLEN,
    EVENT_AT = CN_AT + sizeof(struct cn_msg),
    WHAT_AT = EVENT_AT + offsetof(struct proc_event, what),
    PID_AT = EVENT_AT + offsetof(struct proc_event, event_data.exit.process_pid),
    TGID_AT = EVENT_AT + offsetof(struct proc_event, event_data.exit.process_tgid),
    EXIT_NEEDS = offsetof(struct proc_event, event_data.exit.exit_signal),
    ACK_AT = CN_AT + offsetof(struct cn_msg, ack)
};

enum {
    MESSAGE_SIZE = 1024,
    QUEUE_BYTES = 1 << 20, /* some thousand ends; memory is used only while they wait */
    FOREIGN_MOST = 32      /* messages that are none of ours, before the loop has its turn */
};

struct filter {
    struct sock_filter *rules;
    size_t count;
};

static void rule(struct filter *f, struct sock_filter r)
{
    *(struct sock_filter *) array_add(&f->rules, &f->count, sizeof *f->rules) = r;
}

/* A word of a message, as the kernel wrote it; the filter's machine reads big-endian. */
static void load(struct filter *f, unsigned at)
{
    rule(f, (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at));
}

static void unless(struct filter *f, uint32_t value, uint8_t skip)
{
    rule(f, (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(value), 0, skip));
}

static void answer(struct filter *f, bool pass)
{
    rule(f, (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, pass ? UINT32_MAX : 0));
}

/* Lets pass the kernel's answer to us, and the ends of processes: of all, if pids is NULL. */
static int set_filter(int fd, const pid_t *pids, size_t count)
{
    struct filter f = {.count = 0};
    struct sock_fprog program;
    int rc;

    load(&f, WHAT_AT);
    unless(&f, PROC_EVENT_NONE, 4);
    load(&f, ACK_AT);
    unless(&f, (uint32_t) getpid() + 1, 1); /* others' answers come to all, too */
    answer(&f, true);
    answer(&f, false);
    unless(&f, PROC_EVENT_EXIT, 4);
    load(&f, PID_AT);
    rule(&f, (struct sock_filter) BPF_STMT(BPF_MISC | BPF_TAX, 0));
    load(&f, TGID_AT);
    rule(&f, (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 1, 0));
    answer(&f, false); /* another event, or a thread's end */
    for (size_t i = 0; pids && i < count; i++) {
        unless(&f, (uint32_t) pids[i], 1);
        answer(&f, true);
    }
    answer(&f, !pids);
    program = (struct sock_fprog){.len = (unsigned short) f.count, .filter = f.rules};
    rc = f.count > BPF_MAXINSNS ? -ENOMEM : 0;
    if (rc == 0 && setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0) {
        rc = -errno;
    }
    free(f.rules);
    return rc;
}

static int join(int fd)
{
    struct sockaddr_nl group = {.nl_family = AF_NETLINK, .nl_groups = 1 << (CN_IDX_PROC - 1)};
    int size = QUEUE_BYTES;

    /* Beyond the administrator's limit where we may, else up to it. */
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0) {
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    }
    return bind(fd, (struct sockaddr *) &group, sizeof group) < 0 ? -errno : 0;
}

static int ask(int fd, enum proc_cn_mcast_op op)
{
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    struct cn_msg cn = {
        .id = {.idx = CN_IDX_PROC, .val = CN_VAL_PROC}, .len = sizeof op,
        .ack = (uint32_t) getpid(), /* comes back increased; the other number does not */
    };
    struct nlmsghdr header = {
        .nlmsg_len = NLMSG_LENGTH(sizeof cn + sizeof op), .nlmsg_type = NLMSG_DONE,
    };
    char message[NLMSG_LENGTH(sizeof cn + sizeof op)];

    memcpy(message, &header, sizeof header);
    memcpy(message + CN_AT, &cn, sizeof cn);
    memcpy(message + EVENT_AT, &op, sizeof op);
    return sendto(fd, message, sizeof message, 0, (struct sockaddr *) &kernel, sizeof kernel) < 0
        ? -errno : 0;
}

/* Any user may write to any netlink socket that he can name. */
static bool from_kernel(const struct msghdr *m)
{
    const struct sockaddr_nl *sender = m->msg_name;

    return m->msg_namelen == sizeof *sender && sender->nl_family == AF_NETLINK &&
           sender->nl_pid == 0;
}

static bool is_event(const char *message, size_t size)
{
    struct nlmsghdr header;
    struct cn_msg cn;

    if (size < EVENT_AT + EXIT_NEEDS) {
        return false;
    }
    memcpy(&header, message, sizeof header);
    memcpy(&cn, message + CN_AT, sizeof cn);
    return header.nlmsg_type == NLMSG_DONE && header.nlmsg_len <= size &&
           cn.id.idx == CN_IDX_PROC && cn.id.val == CN_VAL_PROC && cn.len >= EXIT_NEEDS &&
           cn.len <= size - EVENT_AT;
}

/* The next event, whatever it is. */
static int receive(int fd, struct proc_event *ret)
{
    for (int i = 0; i < FOREIGN_MOST; i++) {
        char message[MESSAGE_SIZE];
        struct sockaddr_nl sender;
        struct iovec part = {.iov_base = message, .iov_len = sizeof message};
        struct msghdr m = {
            .msg_name = &sender, .msg_namelen = sizeof sender, .msg_iov = &part, .msg_iovlen = 1,
        };
        ssize_t n = recvmsg(fd, &m, MSG_DONTWAIT);

        if (n < 0) {
            return -errno;
        }
        if (!(m.msg_flags & MSG_TRUNC) && from_kernel(&m) && is_event(message, (size_t) n)) {
            size_t size = (size_t) n - EVENT_AT;

            memset(ret, 0, sizeof *ret);
            memcpy(ret, message + EVENT_AT, size < sizeof *ret ? size : sizeof *ret);
            return 0;
        }
    }
    return -EAGAIN;
}

/* It came with our question, or it does not come. */
static int take_answer(int fd)
{
    struct proc_event event;
    int rc;

    do {
        rc = receive(fd, &event);
    } while (rc == 0 && (uint32_t) event.what != (uint32_t) PROC_EVENT_NONE);
    return rc < 0 ? rc : -(int) event.event_data.ack.err;
}

static int why_not(int rc, struct err *why)
{
    switch (-rc) {
    case EPERM:
        return err_set(why, -EPERM, ERR_GENERIC, "this user may not listen to the proc connector");
    case EPROTONOSUPPORT:
    case EAFNOSUPPORT:
        return err_set(why, -EOPNOTSUPP, ERR_GENERIC, "this kernel has no proc connector");
    case ECONNREFUSED:
        return err_set(why, -EOPNOTSUPP, ERR_GENERIC, "the proc connector does not speak in this "
                       "network namespace, or the kernel has none");
    case EAGAIN:
        return err_set(why, -EOPNOTSUPP, ERR_GENERIC, "the proc connector does not answer: this "
                       "is not the first PID and user namespace");
    }
    return err_set(why, rc, ERR_GENERIC, "the proc connector cannot be used: %s", strerror(-rc));
}

int procevents_open(int *ret_fd, struct err *why)
{
    _cleanup_close_ int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                                    NETLINK_CONNECTOR);
    /* The filter first: nothing is queued that it would have dropped. */
    int rc = fd < 0 ? -errno : set_filter(fd, NULL, 0);

    if (rc == 0) {
        rc = join(fd);
    }
    if (rc == 0) {
        rc = ask(fd, PROC_CN_MCAST_LISTEN);
    }
    if (rc == 0) {
        rc = take_answer(fd);
    }
    if (rc < 0) {
        return why_not(rc, why);
    }
    *ret_fd = fd;
    fd = -1;
    return 0;
}

int procevents_only(int fd, const pid_t *pids, size_t count, struct err *why)
{
    static const pid_t nobody;
    int rc = set_filter(fd, pids ? pids : &nobody, pids ? count : 0);

    return rc < 0 ? err_set(why, rc, ERR_GENERIC, "the proc connector cannot be told which %zu "
                            "processes are meant: %s", count, strerror(-rc))
                  : 0;
}

int procevents_read(int fd, struct procevents_exit *ret, struct err *why)
{
    for (int i = 0; i < FOREIGN_MOST; i++) {
        struct proc_event event;
        int rc = receive(fd, &event);

        if (rc == -ENOBUFS) {
            return err_set(why, rc, ERR_GENERIC, "the proc connector lost the ends of some "
                           "processes");
        }
        if (rc < 0) {
            return err_set(why, rc, ERR_GENERIC, "the proc connector: %s", strerror(-rc));
        }
        if ((uint32_t) event.what == (uint32_t) PROC_EVENT_EXIT &&
            event.event_data.exit.process_pid == event.event_data.exit.process_tgid) {
            *ret = (struct procevents_exit){
                .pid = event.event_data.exit.process_pid,
                .status = (int) event.event_data.exit.exit_code,
            };
            return 0;
        }
    }
    return err_set(why, -EAGAIN, ERR_GENERIC, "the proc connector: none of it was meant for us");
}

void procevents_close(int fd)
{
    if (fd >= 0) {
        ask(fd, PROC_CN_MCAST_IGNORE);
        close(fd);
    }
}
