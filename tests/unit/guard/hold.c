/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Real descriptors, locks and mappings of hold.h. Device nodes that this machine has
 * no driver for are opened with O_PATH: they look the same in /proc.
 */
#include "hold.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

/* On a real file system, not in memory. */
static char folder[HOLD_PATH_SIZE / 2];
char disk_path[HOLD_PATH_SIZE];

static struct sockaddr_in server; /* a TCP port on which main() listens */

static int open_in_folder(const char *name, int flags)
{
    char path[HOLD_PATH_SIZE];

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

int be_frozen_qemu(void *data)
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

int hold_disk(void *data)
{
    (void) data;
    return errno_unless(open(disk_path, O_RDONLY));
}

int hold_disk_by_other_name(void *data)
{
    char other[HOLD_PATH_SIZE];

    (void) data;
    snprintf(other, sizeof other, "%s/other-name", folder);
    unlink(other);
    return link(disk_path, other) < 0 ? errno : errno_unless(open(other, O_WRONLY));
}

int hold_writable_file(void *data)
{
    (void) data;
    return errno_unless(open_in_folder("unknown.qcow2", O_RDWR));
}

int hold_deleted_writable_file(void *data)
{
    int rc = hold_writable_file(data);
    char path[HOLD_PATH_SIZE];

    snprintf(path, sizeof path, "%s/unknown.qcow2", folder);
    return rc ? rc : errno_unless(unlink(path));
}

int hold_lock(void *data)
{
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 100, .l_len = 1};
    int fd = open_in_folder("locked", O_RDONLY);

    (void) data;
    return errno_unless(fd < 0 ? fd : fcntl(fd, F_OFD_SETLK, &lock));
}

int hold_flock(void *data)
{
    int fd = open_in_folder("flocked", O_RDONLY);

    (void) data;
    return errno_unless(fd < 0 ? fd : flock(fd, LOCK_SH));
}

int hold_device(void *data)
{
    const struct hold_device *d = data;
    char path[HOLD_PATH_SIZE];

    snprintf(path, sizeof path, "%s/node-%u-%u", folder, d->major, d->minor);
    unlink(path);
    if (mknod(path, d->type | 0600, makedev(d->major, d->minor)) < 0) {
        return errno;
    }
    return errno_unless(open(path, O_PATH));
}

int hold_tap(void *data)
{
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR);

    (void) data;
    return errno_unless(fd < 0 ? fd : ioctl(fd, TUNSETIFF, &request));
}

/* As a disk over NBD: a connection to a server that is another process, this test's. */
int hold_tcp_client(void *data)
{
    int client = socket(AF_INET, SOCK_STREAM, 0);

    (void) data;
    return errno_unless(connect(client, (struct sockaddr *) &server, sizeof server));
}

int hold_udp(void *data)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    (void) data;
    return errno_unless(fd < 0 ? fd : bind(fd, (struct sockaddr *) &a, sizeof a));
}

int hold_nameless_unix(void *data)
{
    int ends[2];

    (void) data;
    return errno_unless(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
}

int hold_packet_socket(void *data)
{
    (void) data;
    return errno_unless(socket(AF_PACKET, SOCK_RAW, 0));
}

int hold_netlink(void *data)
{
    (void) data;
    return errno_unless(socket(AF_NETLINK, SOCK_RAW, 0));
}

int hold_folder(void *data)
{
    (void) data;
    return errno_unless(open(folder, O_RDONLY | O_DIRECTORY));
}

int hold_mapping(void *data)
{
    int fd = open_in_folder("mapped", O_RDWR);

    (void) data;
    if (fd < 0 || ftruncate(fd, 4096) < 0 ||
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED) {
        return errno;
    }
    return close(fd);
}

/* --- set-up ------------------------------------------------------------------------- */

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
    if (!getcwd(folder, sizeof folder)) {
        abort();
    }
    size_t length = strlen(folder);
    snprintf(folder + length, sizeof folder - length, "/verify-test-XXXXXX");
    if (!mkdtemp(folder)) {
        abort();
    }
    snprintf(disk_path, sizeof disk_path, "%s/disk.img", folder);
    close(open_in_folder("disk.img", O_RDWR));
}

void hold_setup(void)
{
    make_folder();
    listen_as_server();
}

int hold_teardown(void)
{
    char command[HOLD_PATH_SIZE + 16];

    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) == 0 ? 0 : -1;
}
