/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The watch's door and lock, with real sockets in a directory of the test's own; and the
 * records as they change.
 */
#include "own_process.h"
#include "scratch_dir.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include "model/record.h"
#include "sys/statedir.h"
#include "sys/watchsock.h"

enum { SOON_MS = 2000 };

static char directory[SCRATCH_BYTES];

/* A socket's path is short, a build directory's often is not. */
static int set_up(void **state)
{
    (void) state;
    snprintf(directory, sizeof directory, "/tmp/gvm-sock.XXXXXX");
    if (!mkdtemp(directory)) {
        return -1;
    }
    snprintf(scratch, sizeof scratch, "%s", directory);
    statedir_set_path(directory);
    return 0;
}

static int tear_down(void **state)
{
    statedir_set_path(NULL);
    return scratch_teardown(state);
}

static void nobody_is_there(void **state)
{
    int fd = -1;
    struct err why = {0};

    (void) state;
    assert_int_equal(watchsock_connect(&fd, &why), -ENOENT);
    assert_int_equal(fd, -1);
    assert_non_null(strstr(why.text, directory));
}

static void a_watch_that_is_gone_leaves_a_door_that_is_closed(void **state)
{
    int door = -1;
    int fd = -1;

    (void) state;
    assert_int_equal(watchsock_listen(&door, NULL), 0);
    close(door);
    assert_int_equal(watchsock_connect(&fd, NULL), -ECONNREFUSED);
    assert_int_equal(watchsock_listen(&door, NULL), 0); /* over what the old one left */
    assert_int_equal(watchsock_connect(&fd, NULL), 0);
    close(fd);
    close(door);
}

static void the_door_is_for_its_owner_only(void **state)
{
    struct stat st;
    int door = -1;

    (void) state;
    assert_int_equal(watchsock_listen(&door, NULL), 0);
    assert_int_equal(stat(scratch_path(".watch.socket"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    close(door);
}

static void a_word_and_an_answer(void **state)
{
    char text[32];
    int door = -1;
    int inside = -1;
    int outside = -1;

    (void) state;
    assert_int_equal(watchsock_listen(&door, NULL), 0);
    assert_int_equal(watchsock_accept(door, &inside), -EAGAIN);
    assert_int_equal(watchsock_connect(&outside, NULL), 0);
    assert_int_equal(watchsock_send(outside, "hello", 5), 0);
    assert_int_equal(watchsock_accept(door, &inside), 0);
    assert_int_equal(watchsock_receive(inside, text, sizeof text, deadline_in_ms(SOON_MS)), 5);
    assert_string_equal(text, "hello");
    assert_int_equal(watchsock_send(inside, "a", 1), 0);
    assert_int_equal(watchsock_send(inside, "b", 1), 0);
    /* Two words stay two. */
    assert_int_equal(watchsock_receive(outside, text, sizeof text, deadline_in_ms(SOON_MS)), 1);
    assert_string_equal(text, "a");
    assert_int_equal(watchsock_receive(outside, text, sizeof text, deadline_in_ms(SOON_MS)), 1);
    assert_string_equal(text, "b");
    close(inside);
    assert_int_equal(watchsock_receive(outside, text, sizeof text, deadline_in_ms(SOON_MS)), 0);
    close(outside);
    close(door);
}

static void silence_has_an_end(void **state)
{
    char text[32];
    int door = -1;
    int fd = -1;

    (void) state;
    assert_int_equal(watchsock_listen(&door, NULL), 0);
    assert_int_equal(watchsock_connect(&fd, NULL), 0);
    assert_int_equal(watchsock_receive(fd, text, sizeof text, deadline_in_ms(20)), -ETIMEDOUT);
    close(fd);
    close(door);
}

/* A watch that stands still takes nobody in: the queue fills up, and nobody waits for it. */
static void a_full_queue_is_no_wait(void **state)
{
    enum { MANY = 5000 };
    static int fds[MANY];
    int door = -1;
    int rc = 0;
    int n = 0;

    (void) state;
    assert_int_equal(watchsock_listen(&door, NULL), 0);
    while (n < MANY && rc == 0) {
        rc = watchsock_connect(&fds[n], NULL);
        n += rc == 0;
    }
    assert_true(rc == -EAGAIN || rc == -EMFILE);
    while (n-- > 0) {
        close(fds[n]);
    }
    close(door);
}

static void hold_lock(void *unused)
{
    int lock = -1;

    (void) unused;
    CHILD_CHECK(watchsock_lock(&lock, NULL) == 0);
}

static void only_one_watch(void **state)
{
    struct err why = {0};
    int lock = -1;
    pid_t other = own_start(hold_lock, NULL);

    (void) state;
    assert_int_equal(watchsock_lock(&lock, &why), -EBUSY);
    assert_non_null(strstr(why.text, "another watch"));
    own_end(other);
    assert_int_equal(watchsock_lock(&lock, &why), 0); /* also after a kill -9 */
    close(lock);
}

static void save(const char *name)
{
    struct record *r = record_new();
    struct err why = {0};

    r->name = strdup(name);
    assert_int_equal(statedir_save(r, &why), 0);
    record_free(r);
}

static void changes_are_told_by_name(void **state)
{
    char file[STATEDIR_NAME_SIZE];
    struct record *r = NULL;
    int fd = -1;

    (void) state;
    assert_int_equal(statedir_follow(&fd, NULL), 0);
    assert_int_equal(statedir_changed(fd, file), -EAGAIN);
    save("one");
    save("two.x");
    assert_int_equal(statedir_changed(fd, file), 0);
    assert_string_equal(file, "one.json");
    assert_int_equal(statedir_changed(fd, file), 0);
    assert_string_equal(file, "two%2Ex.json");
    assert_int_equal(statedir_changed(fd, file), -EAGAIN);
    assert_int_equal(statedir_load_file("two%2Ex.json", &r, NULL), 0);
    assert_string_equal(r->name, "two.x");
    record_free(r);
    assert_int_equal(statedir_remove("one", NULL), 0);
    assert_int_equal(statedir_changed(fd, file), 0);
    assert_string_equal(file, "one.json");
    assert_int_equal(statedir_load_file(file, &r, NULL), -ENOENT);
    close(fd);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nobody_is_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_watch_that_is_gone_leaves_a_door_that_is_closed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_door_is_for_its_owner_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_word_and_an_answer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(silence_has_an_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_queue_is_no_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_one_watch, set_up, tear_down),
        cmocka_unit_test_setup_teardown(changes_are_told_by_name, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
