/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MOCK of a libvirt daemon's socket: takes one connection, expects these very calls and gives
 * these very replies. For answers that no real daemon can be made to give; what real ones say
 * is held by tests/scenario/rpc.bats.
 */
#ifndef GVM_TESTS_SYS_MOCK_DAEMON_H
#define GVM_TESTS_SYS_MOCK_DAEMON_H

#include "own_process.h"
#include "scratch_dir.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>

/*
 * Messages as words in hexadecimal digits, without the length, which is put before them.
 * reply NULL: the connection is closed; empty: nothing comes, and nothing ever will.
 */
struct mock_exchange {
    const char *call;
    const char *reply;
    uint32_t length; /* if not 0: told instead of the true one, and then the connection ends */
};

/* program, version, procedure, call or reply, serial number, status */
#define MOCK_CALL(procedure, serial) "20008086 1 " procedure " 0 " serial " 0 "
#define MOCK_REPLY(procedure, serial) "20008086 1 " procedure " 1 " serial " 0 "
#define MOCK_GOODBYE(serial) {MOCK_CALL("2", serial), MOCK_REPLY("2", serial), 0}

#define MOCK_URI "qemu:///system"
#define MOCK_UUID "3f0e2c1a-0000-4000-8000-0000000000aa"
#define MOCK_WIRE_UUID "3f0e2c1a 00004000 80000000 000000aa "
/* "bench", number 1 */
#define MOCK_WIRE_DOMAIN "00000005 62656e63 68000000 " MOCK_WIRE_UUID "00000001 "

enum { MOCK_AUTH, MOCK_OPEN, MOCK_LOOKUP, MOCK_STATE, MOCK_INFO, MOCK_CLOSE };

/* As it goes when nothing is in the way: paused by an I/O error, 5 GiB at most, 2 vCPUs. */
static const struct mock_exchange mock_good[] = {
    [MOCK_AUTH] = {MOCK_CALL("42", "1"), MOCK_REPLY("42", "1") "1 0", 0},
    [MOCK_OPEN] = {MOCK_CALL("1", "2") "1 0000000e 71656d75 3a2f2f2f 73797374 656d0000 0",
                   MOCK_REPLY("1", "2"), 0},
    [MOCK_LOOKUP] = {MOCK_CALL("18", "3") MOCK_WIRE_UUID,
                     MOCK_REPLY("18", "3") MOCK_WIRE_DOMAIN, 0},
    [MOCK_STATE] = {MOCK_CALL("d4", "4") MOCK_WIRE_DOMAIN "0", MOCK_REPLY("d4", "4") "3 5", 0},
    [MOCK_INFO] = {MOCK_CALL("10", "5") MOCK_WIRE_DOMAIN,
                   MOCK_REPLY("10", "5") "3 0 500000 0 400000 2 1 0", 0},
    [MOCK_CLOSE] = MOCK_GOODBYE("6"),
};

enum { MOCK_EXCHANGES = 8, MOCK_BYTES = 8192 };

struct mock_daemon {
    pid_t pid;
    int listener;
    struct mock_exchange script[MOCK_EXCHANGES]; /* ends with a call of NULL */
    atomic_int *served;                          /* exchanges; -1: a call was not as expected */
};

static inline size_t mock_bytes(const char *words, unsigned char *ret)
{
    size_t size = 4;
    char *end;

    for (;; words = end) {
        uint32_t word = htonl((uint32_t) strtoul(words, &end, 16));

        if (end == words) {
            break;
        }
        CHILD_CHECK(size + 4 <= MOCK_BYTES);
        memcpy(ret + size, &word, 4);
        size += 4;
    }
    uint32_t length = htonl((uint32_t) size);

    memcpy(ret, &length, 4);
    return size;
}

static inline void mock_serve(struct mock_daemon *d)
{
    static unsigned char expected[MOCK_BYTES], told[MOCK_BYTES];
    int fd = accept(d->listener, NULL, NULL);

    CHILD_CHECK(fd >= 0);
    for (const struct mock_exchange *x = d->script; x->call; x++) {
        ssize_t size = (ssize_t) mock_bytes(x->call, expected);
        /* The length first: who calls something shorter waits for an answer. */
        ssize_t n = recv(fd, told, 4, MSG_WAITALL);

        if (n <= 0) { /* nobody calls any more */
            _exit(0);
        }
        if (n != 4 || memcmp(told, expected, 4) != 0 ||
            recv(fd, told + 4, (size_t) size - 4, MSG_WAITALL) != size - 4 ||
            memcmp(told, expected, (size_t) size) != 0) {
            *d->served = -1;
            _exit(0);
        }
        ++*d->served;
        if (!x->reply) {
            _exit(0);
        }
        size = x->reply[0] ? (ssize_t) mock_bytes(x->reply, told) : 0;
        if (x->length) {
            uint32_t length = htonl(x->length);
            memcpy(told, &length, 4);
        }
        CHILD_CHECK(send(fd, told, (size_t) size, MSG_NOSIGNAL) == size);
        if (x->length) {
            _exit(0);
        }
    }
    if (recv(fd, told, 1, 0) > 0) {
        *d->served = -1;
    }
    _exit(0);
}

/* A socket of that name in the scratch directory; nobody is there yet. */
static inline int mock_bind(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(strlen(scratch_path(name)) < sizeof address.sun_path);
    memcpy(address.sun_path, scratch_path(name), strlen(scratch_path(name)) + 1);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *) &address, sizeof address), 0);
    return fd;
}

static inline void mock_start(struct mock_daemon *d, const char *name)
{
    pid_t test = getpid();

    d->served = mmap(NULL, sizeof *d->served, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                     -1, 0);
    assert_true(d->served != MAP_FAILED);
    d->listener = mock_bind(name);
    assert_int_equal(listen(d->listener, 5), 0);
    fflush(NULL);
    d->pid = fork();
    assert_true(d->pid >= 0);
    if (d->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        CHILD_CHECK(getppid() == test);
        mock_serve(d);
    }
    close(d->listener);
}

/* Returns how many calls of the script were made; -1: others. */
static inline int mock_end(struct mock_daemon *d, const char *name)
{
    int served;

    assert_true(d->pid > 0); /* else it is a whole group of others that is meant */
    kill(d->pid, SIGKILL);
    assert_int_equal(waitpid(d->pid, NULL, 0), d->pid);
    served = *d->served;
    munmap((void *) d->served, sizeof *d->served);
    assert_int_equal(unlink(scratch_path(name)), 0);
    return served;
}

#endif
