/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Real sockets to real processes: only what leads to the holder of virtlockd's pid file, by the
 * name of its socket, is taken for libvirt's lock daemon. And the leases that such a process holds.
 */
#include "own_process.h"
#include "scratch_dir.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/str.h"
#include "sys/proc.h"

/* One connection and what is peculiar about it. */
struct link {
    const char *name; /* of the socket below SCRATCH; NULL: a socketpair, whose other end it has */
    bool accepted;
    bool locks; /* the daemon's process holds the pid file */
    bool other_network;
    int listener, ours, theirs;
};

static void close_if(int fd)
{
    if (fd >= 0) {
        close(fd);
    }
}

static void lock_file(const char *name, short type)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_len = 1};
    int fd = open(scratch_path(name), O_RDWR | O_CREAT, 0600);

    CHILD_CHECK(fd >= 0 && fcntl(fd, F_SETLK, &lock) == 0);
}

static void be_daemon(void *arg)
{
    const struct link *l = arg;

    close(l->ours);
    if (l->locks) {
        lock_file("virtlockd.pid", F_WRLCK);
    }
    if (l->accepted) {
        CHILD_CHECK(accept(l->listener, NULL, NULL) >= 0);
    }
}

static void be_qemu(void *arg)
{
    const struct link *l = arg;

    close_if(l->listener);
    close_if(l->theirs);
    if (l->other_network) {
        CHILD_CHECK(unshare(CLONE_NEWNET) == 0);
    }
}

static void connect_by_name(struct link *l)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    const char *path = scratch_path(l->name);

    assert_true(strlen(path) < sizeof a.sun_path);
    memcpy(a.sun_path, path, strlen(path) + 1);
    unlink(path);
    l->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(l->listener, (struct sockaddr *) &a, sizeof a), 0);
    assert_int_equal(listen(l->listener, 1), 0);
    l->ours = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(l->ours, (struct sockaddr *) &a, sizeof a), 0);
}

struct world {
    pid_t daemon, qemu;
    uint64_t inode; /* of QEMU's socket */
};

static struct world world_of(struct link l)
{
    struct world w;
    struct stat st;
    int ends[2];

    l.listener = l.theirs = -1;
    if (l.name) {
        connect_by_name(&l);
    } else {
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
        l.ours = ends[0];
        l.theirs = ends[1];
    }
    assert_int_equal(fstat(l.ours, &st), 0);
    w.inode = st.st_ino;
    w.daemon = own_start(be_daemon, &l);
    w.qemu = own_start(be_qemu, &l);
    close_if(l.listener);
    close_if(l.theirs);
    close(l.ours);
    return w;
}

static void world_end(struct world w)
{
    own_end(w.daemon);
    own_end(w.qemu);
}

static void leads(struct link l, bool expected)
{
    struct world w = world_of(l);
    bool leads = proc_leads_to_lockd(w.qemu, w.inode);

    world_end(w);
    assert_int_equal(leads, expected);
}

static const char good[] = "libvirt/virtlockd-sock";

static void test_the_daemon(void **state)
{
    (void) state;
    leads((struct link){.name = good, .accepted = true, .locks = true}, true);
}

static void test_its_name_alone(void **state)
{
    pid_t real;
    struct link real_daemon = {.locks = true, .ours = -1};

    (void) state;
    leads((struct link){.name = good, .accepted = true}, false);
    real = own_start(be_daemon, &real_daemon);
    leads((struct link){.name = good, .accepted = true}, false);
    own_end(real);
}

static void test_its_process_by_another_name(void **state)
{
    (void) state;
    leads((struct link){.name = "libvirt/virtlockd-admin-sock", .accepted = true, .locks = true},
          false);
    leads((struct link){.name = "virtlockd-sock", .accepted = true, .locks = true}, false);
    leads((struct link){.locks = true}, false);
}

static void test_not_accepted(void **state)
{
    (void) state;
    leads((struct link){.name = good, .locks = true}, false);
}

static void test_the_daemon_died(void **state)
{
    struct world w = world_of((struct link){.name = good, .accepted = true, .locks = true});
    struct link next = {.locks = true, .ours = -1};

    (void) state;
    own_end(w.daemon);
    assert_false(proc_leads_to_lockd(w.qemu, w.inode));
    w.daemon = own_start(be_daemon, &next);
    assert_false(proc_leads_to_lockd(w.qemu, w.inode));
    world_end(w);
}

static void test_another_network(void **state)
{
    (void) state;
    if (geteuid() != 0) {
        SKIP("a network namespace needs root");
    }
    leads((struct link){.name = good, .accepted = true, .locks = true, .other_network = true},
          false);
}

static void test_no_such_socket(void **state)
{
    (void) state;
    assert_false(proc_leads_to_lockd(getpid(), 0));
    assert_false(proc_leads_to_lockd(getpid(), UINT64_MAX));
    assert_false(proc_leads_to_lockd(getpid(), 1ULL << 32));
}

static void hold_leases(void *arg)
{
    (void) arg;
    lock_file("virtlockd.pid", F_WRLCK);
    lock_file("disk", F_WRLCK);
    lock_file("shareable", F_RDLCK);
    CHILD_CHECK(open(scratch_path("log"), O_RDWR | O_CREAT, 0600) >= 0);
}

static size_t count_leases(const char *wanted)
{
    char **list;
    size_t count, found = 0;

    proc_lockd_leases(&list, &count);
    for (size_t i = 0; i < count; i++) {
        found += str_eq(list[i], scratch_path(wanted));
        free(list[i]);
    }
    free(list);
    return found;
}

static void test_leases(void **state)
{
    pid_t daemon = own_start(hold_leases, NULL);
    size_t disk = count_leases("disk");
    size_t others = count_leases("shareable") + count_leases("log");

    (void) state;
    own_end(daemon);
    assert_int_equal(disk, 1);
    assert_int_equal(others, 0);
    assert_int_equal(count_leases("disk"), 0); /* none runs */
}

/* The names of sockets must be short: not below the build. */
static int setup(void **state)
{
    static char run[SCRATCH_BYTES + NAME_MAX + 2];

    (void) state;
    snprintf(scratch, sizeof scratch, "/tmp/guardedvm-lockd.XXXXXX");
    if (!mkdtemp(scratch)) {
        return -1;
    }
    snprintf(run, sizeof run, "%s", scratch_path("libvirt"));
    proc_lockd_set_run_dir(run);
    return mkdir(run, 0700);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_daemon),
        cmocka_unit_test(test_its_name_alone),
        cmocka_unit_test(test_its_process_by_another_name),
        cmocka_unit_test(test_not_accepted),
        cmocka_unit_test(test_the_daemon_died),
        cmocka_unit_test(test_another_network),
        cmocka_unit_test(test_no_such_socket),
        cmocka_unit_test(test_leases),
    };

    return cmocka_run_group_tests(tests, setup, scratch_teardown);
}
