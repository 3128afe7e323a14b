/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What QEMU is told for a stub to come and go, against a scripted one, and where the stub's
 * socket is put.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "child.h"
#include "guard/debug.h"
#include "script.h"

#define MONITOR "human-monitor-command"
#define NONE "{\"command-line\":\"gdbserver none\"}"
#define START "{\"command-line\":\"gdbserver chardev:guardedvm-gdb\"}"
#define ID "{\"id\":\"guardedvm-gdb\"}"
#define UNIX "{\"type\":\"unix\",\"data\":{\"path\":\"/run/a b,c/gdb.sock\"}}"
#define SOCKET "{\"addr\":" UNIX ",\"server\":true,\"wait\":false}"
#define ADD "{\"id\":\"guardedvm-gdb\",\"backend\":{\"type\":\"socket\",\"data\":" SOCKET "}}"
#define DISABLED "\"Disabled gdbserver\\r\\n\""
#define GONE "GenericError: Chardev 'guardedvm-gdb' not found"

/* The stub takes its socket along. */
#define CLOSES {MONITOR, NONE, DISABLED, NULL}, {"chardev-remove", ID, NULL, GONE}

static int open_it(struct err *why)
{
    return debug_open_here(NULL, "/run/a b,c/gdb.sock", why);
}

static void it_is_opened_anew(void **state)
{
    static const struct line lines[] = {
        CLOSES,
        {"chardev-add", ADD, NULL, NULL},
        {MONITOR, START, "\"Waiting for gdb connection on device 'chardev:guardedvm-gdb'\\r\\n\"",
         NULL},
    };
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(open_it(&why), 0);
    script_end();
}

/* A stub that is given what it has already ends QEMU: not told to. */
static void a_socket_that_is_not_new_is_not_used(void **state)
{
    static const struct line lines[] = {
        CLOSES,
        {"chardev-add", ADD, NULL, "GenericError: duplicate"},
    };
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(open_it(&why), -EREMOTEIO);
    assert_non_null(strstr(why.text, "duplicate"));
    script_end();
}

static void a_stub_that_does_not_start_leaves_no_socket(void **state)
{
    static const struct line lines[] = {
        CLOSES,
        {"chardev-add", ADD, NULL, NULL},
        {MONITOR, START, "\"gdbstub: current accelerator doesn't support guest debugging\"", NULL},
        {"chardev-remove", ID, NULL, NULL},
    };
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(open_it(&why), -EREMOTEIO);
    assert_non_null(strstr(why.text, "accelerator"));
    script_end();
}

static void closing_can_be_repeated(void **state)
{
    static const struct line lines[] = {CLOSES, CLOSES};
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(debug_close_here(NULL, &why), 0);
    assert_int_equal(debug_close_here(NULL, &why), 0);
    script_end();
}

static void a_qemu_that_does_not_close_is_told(void **state)
{
    static const char *const replies[] = {"\"unknown command: 'gdbserver'\"", "\"\"", "{}"};

    (void) state;
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        const struct line lines[] = {{MONITOR, NONE, replies[i], NULL}};
        struct err why = {0};

        SCRIPT(lines);
        assert_int_equal(debug_close_here(NULL, &why), i < 2 ? -EREMOTEIO : -EBADMSG);
        assert_non_null(strstr(why.text, "gdbserver none"));
        script_end();
    }
}

/* In the child: a socket of that name, as libvirt's QEMU has it. */
static int hold_socket(void *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(a.sun_path, sizeof a.sun_path, "%s", (const char *) path);
    return fd < 0 || bind(fd, (struct sockaddr *) &a, sizeof a) < 0 || listen(fd, 1) < 0 ? errno
                                                                                         : 0;
}

static int place_with(const char *name, char **ret, char folder[32])
{
    _cleanup_free_ char *path = NULL;
    struct child c;
    struct err why = {0};
    int rc;

    snprintf(folder, 32, "/tmp/gvm-debug.XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
    child_start(&c, hold_socket, path);
    assert_int_equal(c.refused, 0);
    rc = debug_place_here(c.id.pid, ret, &why);
    child_end(&c);
    unlink(path);
    rmdir(folder);
    return rc;
}

static void it_is_put_beside_the_monitor(void **state)
{
    _cleanup_free_ char *place = NULL;
    _cleanup_free_ char *expected = NULL;
    char folder[32];

    (void) state;
    assert_int_equal(place_with("monitor.sock", &place, folder), 0);
    assert_true(asprintf(&expected, "%s/gdb.sock", folder) > 0);
    assert_string_equal(place, expected);
}

static void without_a_monitor_there_is_no_place(void **state)
{
    char *place = NULL;
    char folder[32];

    (void) state;
    assert_int_equal(place_with("xmonitor.sock", &place, folder), -ENOENT);
    assert_int_equal(place_with("monitor.sock.1", &place, folder), -ENOENT);
    assert_null(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_opened_anew),
        cmocka_unit_test(a_socket_that_is_not_new_is_not_used),
        cmocka_unit_test(a_stub_that_does_not_start_leaves_no_socket),
        cmocka_unit_test(closing_can_be_repeated),
        cmocka_unit_test(a_qemu_that_does_not_close_is_told),
        cmocka_unit_test(it_is_put_beside_the_monitor),
        cmocka_unit_test(without_a_monitor_there_is_no_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
