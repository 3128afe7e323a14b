/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between gdb and a stub, both played: what arrives at either side, and how a session begins and
 * ends.
 */
#include "own_process.h"
#include "scratch_dir.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/gdbrelay.h"
#include "sys/statedir.h"

enum { HEARD_SIZE = 4096, RECEIVE_S = 5 };

#define REFUSED "$E.the guest is frozen and can only be read#d6"

/* What the stub got, from its process. */
static char *heard;

/* A socket's path is short, a build directory's often is not. */
static int set_up(void **state)
{
    (void) state;
    snprintf(scratch, sizeof scratch, "/tmp/gvm-gdb.XXXXXX");
    if (!mkdtemp(scratch)) {
        return -1;
    }
    statedir_set_path(scratch);
    heard = mmap(NULL, HEARD_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return heard == MAP_FAILED ? -1 : 0;
}

static int tear_down(void **state)
{
    statedir_set_path(NULL);
    munmap(heard, HEARD_SIZE);
    return scratch_teardown(state);
}

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};

    snprintf(a.sun_path, sizeof a.sun_path, "%.*s", (int) sizeof a.sun_path - 1, path);
    return a;
}

static int listen_at(const char *path)
{
    struct sockaddr_un a = address_of(path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    unlink(path);
    if (fd < 0 || bind(fd, (struct sockaddr *) &a, sizeof a) < 0 || listen(fd, 1) < 0) {
        return -1;
    }
    return fd;
}

static int come_to(const char *path)
{
    struct sockaddr_un a = address_of(path);
    struct timeval limit = {.tv_sec = RECEIVE_S};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    CHILD_CHECK(fd >= 0 && connect(fd, (struct sockaddr *) &a, sizeof a) == 0);
    CHILD_CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0);
    return fd;
}

/* The stub: notes what it gets, and says "ok" to each request. */
static void answer(int listening)
{
    int fd = accept(listening, NULL, NULL);
    size_t size = 0;

    CHILD_CHECK(fd >= 0);
    for (;;) {
        ssize_t n = recv(fd, heard + size, HEARD_SIZE - 1 - size, 0);

        if (n <= 0) {
            _exit(0);
        }
        size += (size_t) n;
        if (memchr(heard + size - n, '#', (size_t) n)) {
            CHILD_CHECK(send(fd, "+$ok#da", 7, MSG_NOSIGNAL) == 7);
        }
    }
}

static void expect(int fd, const char *text)
{
    char got[HEARD_SIZE] = "";
    size_t size = 0;

    while (size < strlen(text)) {
        ssize_t n = recv(fd, got + size, sizeof got - 1 - size, 0);

        CHILD_CHECK(n > 0);
        size += (size_t) n;
    }
    if (strcmp(got, text) != 0) {
        fprintf(stderr, "gdb got '%s', not '%s'\n", got, text);
        _exit(98);
    }
}

struct row {
    const char *asked;
    const char *answered;
    const char *heard;
};

static pid_t fork_one(void)
{
    pid_t pid;

    fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    }
    return pid;
}

static pid_t start_stub(const char *path)
{
    int listening = listen_at(path);
    pid_t pid;

    assert_true(listening >= 0);
    memset(heard, 0, HEARD_SIZE);
    pid = fork_one();
    if (pid == 0) {
        answer(listening);
    }
    close(listening);
    return pid;
}

static pid_t start_gdb(const char *door, const struct row *row)
{
    pid_t pid = fork_one();

    if (pid == 0) {
        int fd = come_to(door);

        CHILD_CHECK(send(fd, row->asked, strlen(row->asked), MSG_NOSIGNAL) > 0);
        expect(fd, row->answered);
        _exit(0);
    }
    return pid;
}

static void ended_well(pid_t pid)
{
    int status;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static struct gdbrelay *relay_to(const char *stub)
{
    struct gdbrelay *g = NULL;
    struct err why = {0};

    if (gdbrelay_open(getpid(), &g, &why) < 0 || gdbrelay_connect(g, stub, &why) < 0) {
        fail_msg("%s", why.text);
    }
    return g;
}

static void only_what_reads_arrives(void **state)
{
    static const struct row rows[] = {
        {"$g#67", "+$ok#da", "$g#67"},
        {"+$mff,4#99", "+$ok#da", "+$mff,4#99"},
        {"\003zzz$g#67", "+$ok#da", "$g#67"},
        {"$c#63", "+" REFUSED, ""},
        {"$vCont;c#a8", "+$#00", ""},
        {"$qRcmd,63#8c", "+$#00", ""},
        {"$M0,1:00#74", "+" REFUSED, ""},
        {"$D;1#b0", "+$OK#9a", ""},
        {"$g#66", "-", ""},
    };
    const char *path = scratch_path("gdb.sock");

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        pid_t stub = start_stub(path);
        struct gdbrelay *g = relay_to(path);
        pid_t gdb = start_gdb(gdbrelay_path(g), &rows[i]);
        struct err why = {0};

        assert_int_equal(gdbrelay_run(g, &why), 0);
        gdbrelay_close(&g);
        ended_well(gdb);
        ended_well(stub);
        assert_string_equal(heard, rows[i].heard);
    }
}

static void nobody_else_finds_the_stub(void **state)
{
    const char *path = scratch_path("gdb.sock");
    pid_t stub = start_stub(path);
    struct gdbrelay *g = relay_to(path);

    (void) state;
    assert_int_equal(access(path, F_OK), -1);
    gdbrelay_close(&g);
    ended_well(stub);
}

static void the_door_is_for_its_owner_and_goes_with_the_session(void **state)
{
    _cleanup_free_ char *door = NULL;
    struct gdbrelay *g = NULL;
    struct err why = {0};
    struct stat st;

    (void) state;
    assert_int_equal(gdbrelay_open(getpid(), &g, &why), 0);
    door = str_dup(gdbrelay_path(g));
    assert_int_equal(stat(door, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    gdbrelay_close(&g);
    assert_int_equal(access(door, F_OK), -1);
}

static void listen_for(void *path)
{
    CHILD_CHECK(listen_at(path) >= 0);
}

static void another_process_is_no_stub(void **state)
{
    const char *path = scratch_path("other.sock");
    pid_t other = own_start(listen_for, (void *) (uintptr_t) path);
    struct gdbrelay *g = NULL;
    struct err why = {0};

    (void) state;
    assert_int_equal(gdbrelay_open(getpid(), &g, &why), 0);
    assert_int_equal(gdbrelay_connect(g, path, &why), -EPERM);
    assert_int_equal(access(path, F_OK), 0); /* it is not ours to remove */
    gdbrelay_close(&g);
    own_end(other);
}

static void open_for(void *pid)
{
    struct gdbrelay *g = NULL;

    CHILD_CHECK(gdbrelay_open(*(pid_t *) pid, &g, NULL) == 0);
}

static void one_session_for_each_guest(void **state)
{
    pid_t mine = getpid();
    pid_t other = own_start(open_for, &mine);
    struct gdbrelay *g = NULL;
    struct err why = {0};

    (void) state;
    assert_int_equal(gdbrelay_open(mine, &g, &why), -EBUSY);
    assert_null(g);
    assert_int_equal(gdbrelay_open(mine + 1, &g, &why), 0); /* another guest's */
    gdbrelay_close(&g);
    own_end(other);
    assert_int_equal(gdbrelay_open(mine, &g, &why), 0); /* over what the dead one left */
    gdbrelay_close(&g);
}

static void a_second_gdb_is_turned_away(void **state)
{
    const char *path = scratch_path("gdb.sock");
    pid_t stub = start_stub(path);
    struct gdbrelay *g = relay_to(path);
    struct err why = {0};
    pid_t gdb = fork_one();

    (void) state;
    if (gdb == 0) {
        char byte;
        int first = come_to(gdbrelay_path(g));
        int second;

        CHILD_CHECK(send(first, "$g#67", 5, MSG_NOSIGNAL) == 5);
        expect(first, "+$ok#da");
        second = come_to(gdbrelay_path(g));
        CHILD_CHECK(recv(second, &byte, 1, 0) == 0);
        CHILD_CHECK(send(first, "$g#67", 5, MSG_NOSIGNAL) == 5);
        expect(first, "+$ok#da");
        _exit(0);
    }
    assert_int_equal(gdbrelay_run(g, &why), 0);
    gdbrelay_close(&g);
    ended_well(gdb);
    ended_well(stub);
}

static void a_signal_ends_it_and_nobody_else(void **state)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    const char *path = scratch_path("gdb.sock");

    (void) state;
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        pid_t stub = start_stub(path);
        struct gdbrelay *g = relay_to(path);
        struct err why = {0};

        assert_int_equal(kill(getpid(), signals[i]), 0);
        assert_int_equal(gdbrelay_run(g, &why), 0);
        gdbrelay_close(&g);
        ended_well(stub);
    }
}

static void a_stub_that_closes_ends_it(void **state)
{
    const char *path = scratch_path("gdb.sock");
    pid_t stub = start_stub(path);
    struct gdbrelay *g = relay_to(path);
    struct err why = {0};

    (void) state;
    own_end(stub);
    assert_int_equal(gdbrelay_run(g, &why), -EPIPE);
    assert_non_null(strstr(why.text, "closed"));
    gdbrelay_close(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_what_reads_arrives, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_else_finds_the_stub, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_door_is_for_its_owner_and_goes_with_the_session,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_process_is_no_stub, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_session_for_each_guest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_second_gdb_is_turned_away, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_signal_ends_it_and_nobody_else, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stub_that_closes_ends_it, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
