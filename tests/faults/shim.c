/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A mock of time and death, for tests only: preloaded into the helper it counts the steps that
 * change or ask something outside (libvirt calls, file steps, signals) over all its processes,
 * and at the N-th one kills the whole action, hangs for ever or fails. Nothing else of the
 * machine is mocked: every other step goes to the real library. What is right afterwards is
 * judged by the tests, from outside.
 *
 * GVM_FAULT_COUNTER  a file of at least 8 bytes, shared by all processes: the count so far
 * GVM_FAULT_TRACE    a file that gets one line "N NAME" for each step (may be unset)
 * GVM_FAULT          kill-before:N | kill-after:N | hang:N | hang-from:N | fail:N; unset: count
 * GVM_FAULT_ONLY     libvirt: count only steps that can block on a daemon or on storage
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libvirt/libvirt-qemu.h>
#include <libvirt/libvirt.h>

enum fault { FAULT_NONE, FAULT_KILL_BEFORE, FAULT_KILL_AFTER, FAULT_HANG, FAULT_HANG_FROM,
             FAULT_FAIL };
enum step_class { STEP_LIBVIRT, STEP_LOCAL };

static const struct {
    const char *word;
    enum fault fault;
} words[] = {
    { "kill-before:", FAULT_KILL_BEFORE }, { "kill-after:", FAULT_KILL_AFTER },
    { "hang:", FAULT_HANG }, { "hang-from:", FAULT_HANG_FROM }, { "fail:", FAULT_FAIL },
};

static _Atomic unsigned long *counter; /* NULL: this process is not under test */
static enum fault fault;
static unsigned long at;
static int only_libvirt;

static void read_fault(const char *text)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t length = strlen(words[i].word);

        if (strncmp(text, words[i].word, length) == 0) {
            fault = words[i].fault;
            at = strtoul(text + length, NULL, 10);
            return;
        }
    }
    fprintf(stderr, "shim: GVM_FAULT='%s' is unknown\n", text);
    _exit(99); /* a test with a typing mistake must not pass */
}

/* Only the helper is under test: the shell and the tools around it are not. */
__attribute__((constructor)) static void shim_init(void)
{
    const char *path = getenv("GVM_FAULT_COUNTER");
    const char *only = getenv("GVM_FAULT_ONLY");
    int fd;
    void *page;

    if (!path || strcmp(program_invocation_short_name, "guardedvm") != 0) {
        return;
    }
    fd = open(path, O_RDWR | O_CLOEXEC);
    page = fd < 0 ? MAP_FAILED
                  : mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (page == MAP_FAILED) {
        perror("shim: GVM_FAULT_COUNTER");
        _exit(99);
    }
    close(fd);
    counter = page;
    if (getenv("GVM_FAULT")) {
        read_fault(getenv("GVM_FAULT"));
    }
    only_libvirt = only && strcmp(only, "libvirt") == 0;
}

static void note(unsigned long n, const char *name)
{
    char line[128];
    int length = snprintf(line, sizeof(line), "%lu %s\n", n, name);
    const char *path = getenv("GVM_FAULT_TRACE");
    int trace;

    if (!path) {
        return;
    }
    /* Each time anew: a stage's child closes what it has inherited. */
    trace = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (trace < 0 || write(trace, line, (size_t) length) != length) {
        _exit(99);
    }
    close(trace);
}

/* The tests give every action a session of its own, so group 0 is the action and nothing else.
 * Refused where that is not so: the group could be the test itself. */
static void die_all(void)
{
    if (getpgrp() != getsid(0) || !getenv("GVM_FAULT_OWN_SESSION")) {
        fprintf(stderr, "shim: the action has no session of its own\n");
        _exit(99);
    }
    kill(0, SIGKILL);
    for (;;) {
        pause();
    }
}

/* Counts the step. 0: make it; 1: it fails. *ret_die: the action dies once it is made. */
static int step(enum step_class class, const char *name, int *ret_die)
{
    unsigned long n;

    *ret_die = 0;
    if (!counter || (only_libvirt && class != STEP_LIBVIRT)) {
        return 0;
    }
    n = atomic_fetch_add(counter, 1) + 1;
    note(n, name);
    if (n < at || at == 0 || (n > at && fault != FAULT_HANG_FROM)) {
        return 0;
    }
    switch (fault) {
    case FAULT_NONE:
        return 0;
    case FAULT_KILL_BEFORE:
        die_all();
        return 0;
    case FAULT_KILL_AFTER:
        *ret_die = 1;
        return 0;
    case FAULT_HANG:
    case FAULT_HANG_FROM:
        for (;;) {
            pause();
        }
    case FAULT_FAIL:
        errno = EIO;
        return 1;
    }
    return 0;
}

/* `bad` is what the real function returns on failure. */
#define WRAP(class, type, bad, name, parameters, arguments)                                       \
    __attribute__((visibility("default"))) type name parameters                                   \
    {                                                                                             \
        static type(*real) parameters;                                                            \
        type result;                                                                              \
        int die;                                                                                  \
        int saved_errno;                                                                          \
                                                                                                  \
        if (!real) {                                                                              \
            *(void **) &real = dlsym(RTLD_NEXT, #name);                                           \
        }                                                                                         \
        if (step(class, #name, &die)) {                                                           \
            return bad;                                                                           \
        }                                                                                         \
        result = real arguments;                                                                  \
        saved_errno = errno;                                                                      \
        if (die) {                                                                                \
            die_all();                                                                            \
        }                                                                                         \
        errno = saved_errno;                                                                      \
        return result;                                                                            \
    }
#define WRAP_VIRT(type, bad, name, parameters, arguments)                                         \
    WRAP(STEP_LIBVIRT, type, bad, name, parameters, arguments)
#define WRAP_LOCAL(name, parameters, arguments)                                                   \
    WRAP(STEP_LOCAL, int, -1, name, parameters, arguments)

WRAP_VIRT(virConnectPtr, NULL, virConnectOpen, (const char *uri), (uri))
WRAP_VIRT(virConnectPtr, NULL, virConnectOpenAuth,
          (const char *uri, virConnectAuthPtr auth, unsigned int flags), (uri, auth, flags))
WRAP_VIRT(int, -1, virConnectClose, (virConnectPtr c), (c))
WRAP_VIRT(virDomainPtr, NULL, virDomainLookupByUUIDString, (virConnectPtr c, const char *uuid),
          (c, uuid))
WRAP_VIRT(virDomainPtr, NULL, virDomainLookupByName, (virConnectPtr c, const char *name),
          (c, name))
WRAP_VIRT(int, -1, virDomainGetState,
          (virDomainPtr d, int *state, int *reason, unsigned int flags), (d, state, reason, flags))
WRAP_VIRT(char *, NULL, virDomainGetXMLDesc, (virDomainPtr d, unsigned int flags), (d, flags))
WRAP_VIRT(int, -1, virDomainHasManagedSaveImage, (virDomainPtr d, unsigned int flags), (d, flags))
WRAP_VIRT(int, -1, virDomainIsPersistent, (virDomainPtr d), (d))
WRAP_VIRT(int, -1, virDomainGetAutostart, (virDomainPtr d, int *autostart), (d, autostart))
WRAP_VIRT(virDomainPtr, NULL, virDomainCreateXML,
          (virConnectPtr c, const char *xml, unsigned int flags), (c, xml, flags))
WRAP_VIRT(int, -1, virDomainResume, (virDomainPtr d), (d))
WRAP_VIRT(int, -1, virDomainSuspend, (virDomainPtr d), (d))
WRAP_VIRT(int, -1, virDomainPMWakeup, (virDomainPtr d, unsigned int flags), (d, flags))
WRAP_VIRT(int, -1, virDomainShutdown, (virDomainPtr d), (d))
WRAP_VIRT(int, -1, virDomainShutdownFlags, (virDomainPtr d, unsigned int flags), (d, flags))
WRAP_VIRT(int, -1, virDomainSaveFlags,
          (virDomainPtr d, const char *to, const char *xml, unsigned int flags),
          (d, to, xml, flags))
WRAP_VIRT(int, -1, virDomainRestoreFlags,
          (virConnectPtr c, const char *from, const char *xml, unsigned int flags),
          (c, from, xml, flags))
WRAP_VIRT(char *, NULL, virDomainSaveImageGetXMLDesc,
          (virConnectPtr c, const char *file, unsigned int flags), (c, file, flags))
WRAP_VIRT(int, -1, virDomainAbortJob, (virDomainPtr d), (d))
WRAP_VIRT(int, -1, virDomainDestroy, (virDomainPtr d), (d))
WRAP_VIRT(int, -1, virDomainDestroyFlags, (virDomainPtr d, unsigned int flags), (d, flags))
WRAP_VIRT(int, -1, virDomainUpdateDeviceFlags,
          (virDomainPtr d, const char *xml, unsigned int flags), (d, xml, flags))
WRAP_VIRT(int, -1, virDomainDetachDeviceFlags,
          (virDomainPtr d, const char *xml, unsigned int flags), (d, xml, flags))
WRAP_VIRT(int, -1, virDomainQemuMonitorCommand,
          (virDomainPtr d, const char *command, char **result_text, unsigned int flags),
          (d, command, result_text, flags))

/* What is said to libvirt's daemon without its library. */
WRAP_VIRT(ssize_t, -1, send, (int fd, const void *bytes, size_t size, int flags),
          (fd, bytes, size, flags))

WRAP_LOCAL(rename, (const char *from, const char *to), (from, to))
WRAP_LOCAL(renameat, (int from_dir, const char *from, int to_dir, const char *to),
           (from_dir, from, to_dir, to))
WRAP_LOCAL(fsync, (int fd), (fd))
WRAP_LOCAL(fdatasync, (int fd), (fd))
WRAP_LOCAL(unlink, (const char *path), (path))
WRAP_LOCAL(unlinkat, (int dir, const char *path, int flags), (dir, path, flags))
WRAP_LOCAL(pidfd_send_signal, (int pidfd, int sig, siginfo_t *info, unsigned int flags),
           (pidfd, sig, info, flags))
