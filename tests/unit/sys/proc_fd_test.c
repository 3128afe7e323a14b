/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors of a real process seen from outside: every kind that a QEMU may hold.
 * What needs root (tap, packet socket, block device) is left out without it, with a word.
 */
#include "own_process.h"
#include "scratch_dir.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>

#include "base/cleanup.h"
#include "sys/proc.h"

/* The numbers that the child gave its descriptors. */
struct held {
    int image, readonly, deleted, ofd_locked, flocked, append, directory, memfd, shm, event, epoll,
        timer, pipe_end, null, unix_socket, listener, client, udp, listener6, netlink,
        unbound, ptmx, procfile, io_uring, tun, unattached_tun, packet, block;
    unsigned port;
};

static struct held *held;

static int own_file(const char *name, int flags)
{
    int fd = open(scratch_path(name), flags | O_CREAT, 0600);

    CHILD_CHECK(fd >= 0);
    return fd;
}

static void hold_files(void)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 100, .l_len = 1};

    held->image = own_file("image", O_RDWR);
    held->readonly = own_file("readonly", O_RDONLY);
    held->deleted = own_file("deleted", O_RDWR);
    CHILD_CHECK(unlink(scratch_path("deleted")) == 0);
    held->ofd_locked = own_file("ofd", O_RDWR);
    CHILD_CHECK(fcntl(held->ofd_locked, F_OFD_SETLK, &lock) == 0);
    held->flocked = own_file("flock", O_RDWR);
    CHILD_CHECK(flock(held->flocked, LOCK_EX) == 0);
    held->append = own_file("log", O_WRONLY | O_APPEND);
    held->directory = open(scratch, O_RDONLY | O_DIRECTORY);
    held->shm = open("/dev/shm", O_TMPFILE | O_RDWR, 0600);
    held->memfd = memfd_create("ram", 0);
    held->procfile = open("/proc/self/status", O_RDONLY);
}

static void hold_objects(void)
{
    char params[256] = {0};
    int ends[2];

    held->event = eventfd(0, 0);
    held->epoll = epoll_create1(0);
    held->timer = timerfd_create(CLOCK_MONOTONIC, 0);
    CHILD_CHECK(pipe(ends) == 0);
    held->pipe_end = ends[1];
    held->null = open("/dev/null", O_RDWR);
    held->ptmx = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    held->io_uring = (int) syscall(SYS_io_uring_setup, 4, params);
}

static int bound(int family, int type, struct sockaddr *address, socklen_t *size)
{
    int fd = socket(family, type, 0);

    CHILD_CHECK(fd >= 0 && bind(fd, address, *size) == 0);
    CHILD_CHECK(getsockname(fd, address, size) == 0);
    return fd;
}

static void hold_sockets(void)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in other = in;
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    socklen_t size = sizeof in, size6 = sizeof in6;
    int pair[2];

    CHILD_CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    held->unix_socket = pair[0];
    held->listener = bound(AF_INET, SOCK_STREAM, (struct sockaddr *) &in, &size);
    CHILD_CHECK(listen(held->listener, 5) == 0);
    held->port = ntohs(in.sin_port);
    held->client = socket(AF_INET, SOCK_STREAM, 0);
    CHILD_CHECK(connect(held->client, (struct sockaddr *) &in, size) == 0);
    held->udp = bound(AF_INET, SOCK_DGRAM, (struct sockaddr *) &other, &size);
    held->unbound = socket(AF_INET, SOCK_STREAM, 0);
    held->netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    held->listener6 = bound(AF_INET6, SOCK_STREAM, (struct sockaddr *) &in6, &size6);
    CHILD_CHECK(listen(held->listener6, 5) == 0);
}

static void hold_what_needs_root(void)
{
    struct ifreq tap = {.ifr_name = "gvmtest0", .ifr_flags = IFF_TAP | IFF_NO_PI};

    held->tun = open("/dev/net/tun", O_RDWR);
    held->unattached_tun = open("/dev/net/tun", O_RDWR);
    CHILD_CHECK(ioctl(held->tun, TUNSETIFF, &tap) == 0);
    held->packet = socket(AF_PACKET, SOCK_RAW, 0);
    held->block = open("/dev/loop0", O_RDONLY);
}

static void lo_up(void)
{
    struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    CHILD_CHECK(ioctl(fd, SIOCSIFFLAGS, &lo) == 0);
    close(fd);
}

static void hold_all(void *arg)
{
    (void) arg;
    memset(held, -1, sizeof *held);
    if (geteuid() == 0) {
        /* The tables of another network namespace: the process's, not ours. */
        CHILD_CHECK(unshare(CLONE_NEWNET) == 0);
        lo_up();
        hold_what_needs_root();
    }
    hold_files();
    hold_objects();
    hold_sockets();
}

static struct proc_fd *fds;
static size_t fd_count;
static pid_t holder;

static int setup(void **state)
{
    if (scratch_setup(state) < 0) {
        return -1;
    }
    held = mmap(NULL, sizeof *held, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    holder = own_start(hold_all, NULL);
    return proc_list_fds(holder, &fds, &fd_count, NULL);
}

static int teardown(void **state)
{
    own_end(holder);
    proc_fds_free(fds, fd_count);
    munmap(held, sizeof *held);
    return scratch_teardown(state);
}

static const struct proc_fd *seen(int fd)
{
    assert_true(fd >= 0);
    for (size_t i = 0; i < fd_count; i++) {
        if (fds[i].fd == fd) {
            return &fds[i];
        }
    }
    fail_msg("descriptor %d is not in the list", fd);
    return NULL;
}

static void expect_file(int fd, const char *name, bool readable, bool writable, bool locked)
{
    const struct proc_fd *f = seen(fd);
    struct stat st;

    assert_int_equal(f->kind, FD_REGULAR);
    assert_int_equal(f->readable, readable);
    assert_int_equal(f->writable, writable);
    assert_int_equal(f->locked, locked);
    assert_string_equal(f->path, scratch_path(name));
    assert_int_equal(stat(f->path, &st), 0);
    assert_int_equal(f->id.dev, st.st_dev);
    assert_int_equal(f->id.ino, st.st_ino);
    assert_int_equal(f->id.rdev, 0);
}

static void test_regular_files(void **state)
{
    (void) state;
    expect_file(held->image, "image", true, true, false);
    expect_file(held->readonly, "readonly", true, false, false);
    expect_file(held->ofd_locked, "ofd", true, true, true);
    expect_file(held->flocked, "flock", true, true, true);
    expect_file(held->append, "log", false, true, false);
}

static void test_deleted_file_still_counts(void **state)
{
    const struct proc_fd *f = seen(held->deleted);

    (void) state;
    assert_int_equal(f->kind, FD_REGULAR);
    assert_true(f->writable);
    assert_non_null(strstr(f->path, " (deleted)"));
    assert_true(f->id.ino != 0);
}

static void test_harmless(void **state)
{
    const int harmless[] = {held->memfd, held->shm, held->event, held->epoll, held->timer,
                            held->pipe_end, held->null, held->ptmx, held->procfile};

    (void) state;
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        const struct proc_fd *f = seen(harmless[i]);

        if (f->kind != FD_HARMLESS) {
            fail_msg("%s is not harmless", f->path);
        }
    }
    if (held->io_uring >= 0) {
        assert_int_equal(seen(held->io_uring)->kind, FD_HARMLESS);
    }
}

static void test_unknown_is_not_harmless(void **state)
{
    (void) state;
    assert_int_equal(seen(held->directory)->kind, FD_OTHER);
    assert_int_equal(seen(held->netlink)->kind, FD_OTHER);
    assert_int_equal(seen(held->unbound)->kind, FD_OTHER);
}

static void test_sockets(void **state)
{
    char expected[128];

    (void) state;
    assert_int_equal(seen(held->unix_socket)->kind, FD_UNIX_SOCKET);
    assert_int_equal(seen(held->listener)->kind, FD_INET_SOCKET);
    assert_true(seen(held->listener)->listening);
    assert_int_equal(seen(held->listener)->local_port, held->port);
    assert_int_equal(seen(held->client)->kind, FD_INET_SOCKET);
    assert_false(seen(held->client)->listening);
    snprintf(expected, sizeof expected, "tcp 127.0.0.1:%u-127.0.0.1:%u ESTABLISHED",
             seen(held->client)->local_port, held->port);
    assert_string_equal(seen(held->client)->detail, expected);
    assert_int_equal(seen(held->udp)->kind, FD_INET_SOCKET);
    assert_false(seen(held->udp)->listening);
    assert_true(seen(held->listener6)->listening);
    snprintf(expected, sizeof expected, "tcp6 ::1:%u-:::0 LISTEN",
             seen(held->listener6)->local_port);
    assert_string_equal(seen(held->listener6)->detail, expected);
}

static void test_what_needs_root(void **state)
{
    struct stat st;

    (void) state;
    if (geteuid() != 0) {
        SKIP("a tap, a packet socket and a block device need root");
    }
    assert_int_equal(seen(held->tun)->kind, FD_TUN);
    assert_string_equal(seen(held->tun)->detail, "gvmtest0");
    assert_int_equal(seen(held->unattached_tun)->kind, FD_HARMLESS);
    assert_int_equal(seen(held->packet)->kind, FD_OTHER);
    if (held->block >= 0) {
        assert_int_equal(seen(held->block)->kind, FD_BLOCK);
        assert_int_equal(stat("/dev/loop0", &st), 0);
        assert_int_equal(seen(held->block)->id.rdev, st.st_rdev);
    }
}

static void test_nothing_is_missing(void **state)
{
    size_t count = 0;
    char path[64];

    (void) state;
    for (int fd = 0; fd < 256; fd++) {
        char text[8];

        snprintf(path, sizeof path, "/proc/%d/fd/%d", (int) holder, fd);
        count += readlink(path, text, sizeof text) >= 0;
    }
    assert_int_equal(fd_count, count);
}

static void test_no_such_process(void **state)
{
    struct proc_fd *list = NULL;
    size_t count = 7;
    pid_t pid = own_start(NULL, NULL);

    (void) state;
    kill(pid, SIGKILL);
    assert_true(own_reaches_state(pid, 'Z'));
    /* A zombie's descriptors are root's to look at, even for who started it. */
    assert_int_equal(proc_list_fds(pid, &list, &count, NULL), geteuid() ? -EACCES : -ESRCH);
    waitpid(pid, NULL, 0);
    assert_true(proc_list_fds(pid, &list, &count, NULL) < 0);
    assert_null(list);
    assert_int_equal(count, 7);
}

static void become_somebody_else(void *arg)
{
    (void) arg;
    CHILD_CHECK(setuid(65534) == 0);
}

/* What we may not look at is an error, not an empty list. */
static void test_no_permission(void **state)
{
    struct err why = {0};
    struct proc_fd *list = NULL;
    size_t count = 0;
    pid_t looker;
    int status;

    (void) state;
    if (geteuid() != 0) {
        SKIP("becoming somebody else needs root");
    }
    fflush(NULL);
    looker = fork();
    if (looker == 0) {
        become_somebody_else(NULL);
        _exit(proc_list_fds(holder, &list, &count, &why) == -EACCES ? 0 : 1);
    }
    assert_int_equal(waitpid(looker, &status, 0), looker);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_regular_files),
        cmocka_unit_test(test_deleted_file_still_counts),
        cmocka_unit_test(test_harmless),
        cmocka_unit_test(test_unknown_is_not_harmless),
        cmocka_unit_test(test_sockets),
        cmocka_unit_test(test_what_needs_root),
        cmocka_unit_test(test_nothing_is_missing),
        cmocka_unit_test(test_no_such_process),
        cmocka_unit_test(test_no_permission),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
