/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The proof from outside against real processes: one child with all that a frozen
 * QEMU may keep, and for each rule a child that breaks it with a real descriptor, lock
 * or mapping. Device nodes that this machine has no driver for are opened with O_PATH:
 * they look the same in /proc. Rows that need root are skipped without it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/str.h"
#include "child.h"
#include "guard/verify.h"

enum { PLENTY_MS = 20000 };

/* A folder on a real file system (not tmpfs), with one file that plays the guest's disk. */
static char folder[PATH_MAX];
static char disk_path[PATH_MAX + 16];

static struct sockaddr_in server; /* a TCP port on which main() listens */

static int open_in_folder(const char *name, int flags)
{
    char path[PATH_MAX + 64];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return open(path, flags | O_CREAT, 0600);
}

static int errno_unless(int fd)
{
    return fd < 0 ? errno : 0;
}

/* --- what a frozen QEMU keeps ------------------------------------------------------- */

static int listen_on(struct sockaddr *address, socklen_t size)
{
    int fd = socket(address->sa_family, SOCK_STREAM, 0);

    return fd < 0 || bind(fd, address, size) < 0 || listen(fd, 1) < 0 ? -1 : fd;
}

/* A VNC console with a client: listener and the accepted end stay, the client's end goes. */
static int open_console(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof a;
    int listener = listen_on((struct sockaddr *) &a, size);
    int client = socket(AF_INET, SOCK_STREAM, 0);

    getsockname(listener, (struct sockaddr *) &a, &size);
    if (connect(client, (struct sockaddr *) &a, size) < 0 || accept(listener, NULL, NULL) < 0) {
        return errno;
    }
    return close(client);
}

/* A monitor: a named listener and the end that came from libvirt. */
static int open_monitor(void)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};

    snprintf(a.sun_path, sizeof a.sun_path, "/tmp/guardedvm-verify-%d.sock", (int) getpid());
    int listener = listen_on((struct sockaddr *) &a, sizeof a);
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    int rc = connect(client, (struct sockaddr *) &a, sizeof a) < 0 ||
             accept(listener, NULL, NULL) < 0 ? errno : 0;

    unlink(a.sun_path);
    close(client);
    return rc;
}

/* As QEMU's pid file: locked for life, in memory. */
static int open_pid_file(void)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    char path[] = "/dev/shm/guardedvm-verify-XXXXXX";
    int fd = mkstemp(path);

    unlink(path);
    return errno_unless(fd < 0 ? fd : fcntl(fd, F_SETLK, &lock));
}

static int be_frozen_qemu(void *data)
{
    int pipe_ends[2];
    int rc = errno_unless(pipe(pipe_ends));

    (void) data;
    if (rc == 0) {
        rc = errno_unless(eventfd(0, 0));
    }
    if (rc == 0) {
        rc = open_pid_file();
    }
    if (rc == 0) {
        rc = open_console();
    }
    if (rc == 0) {
        rc = open_monitor();
    }
    if (rc == 0) { /* a serial log, and a base image of others that is only read */
        rc = errno_unless(open_in_folder("serial.log", O_WRONLY | O_APPEND));
    }
    return rc ? rc : errno_unless(open("/etc/passwd", O_RDONLY));
}

/* --- what breaks a rule -------------------------------------------------------------- */

static int hold_disk(void *data)
{
    (void) data;
    return errno_unless(open(disk_path, O_RDONLY));
}

static int hold_disk_by_other_name(void *data)
{
    char other[PATH_MAX + 32];

    (void) data;
    snprintf(other, sizeof other, "%s/other-name", folder);
    unlink(other);
    return link(disk_path, other) < 0 ? errno : errno_unless(open(other, O_WRONLY));
}

static int hold_writable_file(void *data)
{
    (void) data;
    return errno_unless(open_in_folder("unknown.qcow2", O_RDWR));
}

static int hold_deleted_writable_file(void *data)
{
    int rc = hold_writable_file(data);
    char path[PATH_MAX + 64];

    snprintf(path, sizeof path, "%s/unknown.qcow2", folder);
    return rc ? rc : errno_unless(unlink(path));
}

static int hold_lock(void *data)
{
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 100, .l_len = 1};
    int fd = open_in_folder("locked", O_RDONLY);

    (void) data;
    return errno_unless(fd < 0 ? fd : fcntl(fd, F_OFD_SETLK, &lock));
}

static int hold_flock(void *data)
{
    int fd = open_in_folder("flocked", O_RDONLY);

    (void) data;
    return errno_unless(fd < 0 ? fd : flock(fd, LOCK_SH));
}

static int hold_node(mode_t type, unsigned maj, unsigned min)
{
    char path[PATH_MAX + 32];

    snprintf(path, sizeof path, "%s/node-%u-%u", folder, maj, min);
    unlink(path);
    if (mknod(path, type | 0600, makedev(maj, min)) < 0) {
        return errno;
    }
    return errno_unless(open(path, O_PATH));
}

static int hold_block_device(void *data)
{
    (void) data;
    return hold_node(S_IFBLK, 7, 250);
}

static int hold_scsi_generic(void *data)
{
    (void) data;
    return hold_node(S_IFCHR, 21, 0);
}

static int hold_vfio(void *data)
{
    (void) data;
    return hold_node(S_IFCHR, 10, 196);
}

static int hold_vhost_net(void *data)
{
    (void) data;
    return hold_node(S_IFCHR, 10, 238);
}

static int hold_unknown_device(void *data)
{
    (void) data;
    return hold_node(S_IFCHR, 240, 7);
}

static int hold_tap(void *data)
{
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR);

    (void) data;
    return errno_unless(fd < 0 ? fd : ioctl(fd, TUNSETIFF, &request));
}

/* As a disk over NBD: a connection to a server that is another process, this test's. */
static int hold_tcp_client(void *data)
{
    int client = socket(AF_INET, SOCK_STREAM, 0);

    (void) data;
    return errno_unless(connect(client, (struct sockaddr *) &server, sizeof server));
}

static int hold_udp(void *data)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    (void) data;
    return errno_unless(fd < 0 ? fd : bind(fd, (struct sockaddr *) &a, sizeof a));
}

static int hold_nameless_unix(void *data)
{
    int ends[2];

    (void) data;
    return errno_unless(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
}

static int hold_packet_socket(void *data)
{
    (void) data;
    return errno_unless(socket(AF_PACKET, SOCK_RAW, 0));
}

static int hold_netlink(void *data)
{
    (void) data;
    return errno_unless(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int hold_folder(void *data)
{
    (void) data;
    return errno_unless(open(folder, O_RDONLY | O_DIRECTORY));
}

static int hold_mapping(void *data)
{
    int fd = open_in_folder("mapped", O_RDWR);

    (void) data;
    if (fd < 0 || ftruncate(fd, 4096) < 0 ||
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED) {
        return errno;
    }
    return close(fd);
}

struct row {
    const char *name;
    child_prepare prepare;
    const char *check; /* the proof that must not hold */
};

static const struct row rows[] = {
    {"a disk, only read", hold_disk, "disks of the guest"},
    {"a disk by another name, as a stream", hold_disk_by_other_name, "disks of the guest"},
    {"a writable file", hold_writable_file, "files"},
    {"a deleted writable file", hold_deleted_writable_file, "files"},
    {"a lock of the descriptor", hold_lock, "file locks"},
    {"a flock", hold_flock, "file locks"},
    {"a flock in the table", hold_flock, "lock table"},
    {"a block device", hold_block_device, "block devices"},
    {"SCSI generic", hold_scsi_generic, "pass-through devices"},
    {"VFIO", hold_vfio, "pass-through devices"},
    {"vhost-net", hold_vhost_net, "network interfaces"},
    {"a tap", hold_tap, "network interfaces"},
    {"a TCP connection of its own", hold_tcp_client, "network sockets"},
    {"UDP", hold_udp, "network sockets"},
    {"a unix connection of its own", hold_nameless_unix, "unix sockets"},
    {"a packet socket", hold_packet_socket, "other descriptors"},
    {"netlink", hold_netlink, "other descriptors"},
    {"an unknown device", hold_unknown_device, "other descriptors"},
    {"a folder", hold_folder, "other descriptors"},
    {"a shared mapping", hold_mapping, "shared mappings"},
};

/* --- tests ----------------------------------------------------------------------------- */

static struct record *record_of(const struct child *c)
{
    struct record *r = record_new();
    struct disk_record *disk = record_add_disk(r);
    struct stat st;

    assert_int_equal(stat(disk_path, &st), 0);
    disk->path = str_dup(disk_path);
    disk->id = (struct file_id){.dev = st.st_dev, .ino = st.st_ino};
    disk->writable = true;
    r->name = str_dup("verify-test");
    r->uuid = str_dup("00000000-0000-4000-8000-000000000000");
    r->uri = str_dup("test:///default");
    r->process = c->id;
    return r;
}

static const struct proof_record *proof_of(const struct record *r, const char *check)
{
    for (size_t i = 0; i < r->incident.proof_count; i++) {
        if (str_eq(r->incident.proof[i].check, check)) {
            return &r->incident.proof[i];
        }
    }
    fail_msg("no proof '%s'", check);
    return NULL;
}

static size_t count_broken(const struct record *r)
{
    size_t count = 0;

    for (size_t i = 0; i < r->incident.proof_count; i++) {
        count += !r->incident.proof[i].holds;
    }
    return count;
}

static void frozen_qemu_is_proven(void **state)
{
    struct child c;
    struct err why = {0};

    (void) state;
    child_start(&c, be_frozen_qemu, NULL);
    assert_int_equal(c.refused, 0);
    struct record *r = record_of(&c);
    int rc = verify_look(r, NULL, &why);
    if (rc != 0) {
        fail_msg("%d: %s", rc, why.text);
    }
    assert_int_equal(count_broken(r), 0);
    assert_true(r->incident.proof_count >= 10);
    record_free(r);
    child_end(&c);
}

static void broken_rule_breaks_the_proof(void **state)
{
    const struct row *row = *state;
    struct child c;
    struct err why = {0};

    child_start(&c, row->prepare, NULL);
    if (c.refused) {
        child_end(&c);
        print_message("%s: %s\n", row->name, strerror(c.refused));
        skip();
    }
    struct record *r = record_of(&c);
    assert_int_equal(verify_look(r, NULL, &why), -EBUSY);
    assert_string_not_equal(why.text, "");
    assert_false(proof_of(r, row->check)->holds);
    record_free(r);
    child_end(&c);
}

/* libvirt's test driver has no such guest: what the kernel shows must be enough, and the
 * record must say that nobody was asked. */
static void whole_verification_stands_without_libvirt(void **state)
{
    struct child c;
    struct err why = {0};

    (void) state;
    child_start(&c, be_frozen_qemu, NULL);
    struct record *r = record_of(&c);
    int rc = verify_guest(r, deadline_in_ms(PLENTY_MS), &why);
    if (rc != 0) {
        fail_msg("%d: %s", rc, why.text);
    }
    assert_non_null(strstr(proof_of(r, "QEMU's own answers")->seen, "not asked"));
    assert_true(proof_of(r, "disks of the guest")->holds);
    record_free(r);
    child_end(&c);
}

static void whole_verification_brings_back_the_broken_proof(void **state)
{
    struct child c;
    struct err why = {0};

    (void) state;
    child_start(&c, hold_disk, NULL);
    struct record *r = record_of(&c);
    record_add_proof(r, true, "left from before", "");
    assert_int_equal(verify_guest(r, deadline_in_ms(PLENTY_MS), &why), -EBUSY);
    assert_non_null(strstr(why.text, disk_path));
    assert_int_equal(count_broken(r), 1);
    assert_false(proof_of(r, "disks of the guest")->holds);
    assert_string_not_equal(r->incident.proof[0].check, "left from before");
    record_free(r);
    child_end(&c);
}

static void dead_or_other_process_proves_nothing(void **state)
{
    struct child c;
    struct err why = {0};

    (void) state;
    child_start(&c, be_frozen_qemu, NULL);
    struct record *r = record_of(&c);
    r->process.start_ticks--;
    assert_int_equal(verify_guest(r, deadline_in_ms(PLENTY_MS), &why), -ESRCH);
    r->process.start_ticks++;
    child_end(&c);
    assert_int_equal(verify_guest(r, deadline_in_ms(PLENTY_MS), &why), -ESRCH);
    r->process = (struct process_id){0};
    assert_true(verify_guest(r, deadline_in_ms(PLENTY_MS), &why) < 0);
    record_free(r);
}

static void no_time_is_no_proof(void **state)
{
    struct child c;
    struct err why = {0};

    (void) state;
    child_start(&c, be_frozen_qemu, NULL);
    struct record *r = record_of(&c);
    assert_int_equal(verify_guest(r, deadline_in_ms(0), &why), -ETIMEDOUT);
    record_free(r);
    child_end(&c);
}

static void listen_as_server(void)
{
    socklen_t size = sizeof server;

    server.sin_family = AF_INET;
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = listen_on((struct sockaddr *) &server, size);
    if (fd < 0 || getsockname(fd, (struct sockaddr *) &server, &size) < 0) {
        abort();
    }
}

static void make_folder(void)
{
    if (!getcwd(folder, sizeof folder - 32)) {
        abort();
    }
    strcat(folder, "/verify-test-XXXXXX");
    if (!mkdtemp(folder)) {
        abort();
    }
    snprintf(disk_path, sizeof disk_path, "%s/disk.img", folder);
    close(open_in_folder("disk.img", O_RDWR));
}

int main(void)
{
    enum { ROWS = sizeof rows / sizeof rows[0] };
    struct CMUnitTest tests[ROWS + 5] = {
        cmocka_unit_test(frozen_qemu_is_proven),
        cmocka_unit_test(whole_verification_stands_without_libvirt),
        cmocka_unit_test(whole_verification_brings_back_the_broken_proof),
        cmocka_unit_test(dead_or_other_process_proves_nothing),
        cmocka_unit_test(no_time_is_no_proof),
    };
    char remove[PATH_MAX + 32];

    for (size_t i = 0; i < ROWS; i++) {
        tests[5 + i] = (struct CMUnitTest){.name = rows[i].name,
                                           .test_func = broken_rule_breaks_the_proof,
                                           .initial_state = (void *) &rows[i]};
    }
    make_folder();
    listen_as_server();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    snprintf(remove, sizeof remove, "rm -rf '%s'", folder);
    return system(remove) == 0 ? failed : 1;
}
