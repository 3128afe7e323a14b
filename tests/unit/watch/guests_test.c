/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records as the watch follows them: on real files, by the kernel's own inotify, whose queue
 * really overflows.
 */
#include "scratch_watch.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>

enum { QUEUE_MOST = 1000 * 1000 };

static int set_up(void **state)
{
    (void) state;
    if (scratch_watch_setup() < 0) {
        return -1;
    }
    scratch_save(scratch_record("gone"));
    scratch_save(scratch_record("stays"));
    return guests_follow(&w, NULL) < 0 || w.guest_count != 2 ? -1 : 0;
}

static int queue_limit(void)
{
    FILE *f = fopen("/proc/sys/fs/inotify/max_queued_events", "r");
    int limit = 0;

    assert_non_null(f);
    assert_int_equal(fscanf(f, "%d", &limit), 1);
    fclose(f);
    return limit;
}

/* More changes than the kernel keeps for who does not read: of a file that is no record. */
static void overflow(void)
{
    const char *a = scratch_path("a");
    const char *b = scratch_path("b");
    int limit = queue_limit();
    int fd = open(a, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

    if (limit > QUEUE_MOST) {
        SKIP("inotify's queue is too long here to be filled");
    }
    assert_true(fd >= 0);
    close(fd);
    for (int i = 0; i <= limit; i++) {
        assert_int_equal(rename(i % 2 ? b : a, i % 2 ? a : b), 0);
    }
}

static void change(const char *name)
{
    struct record *r = scratch_load(name);

    r->watchdog_fired = 7;
    scratch_save(r);
}

/* One went, one changed, one came. */
static void changes_are_found(void)
{
    assert_int_equal(statedir_remove("gone", NULL), 0);
    change("stays");
    scratch_save(scratch_record("new"));
    guests_catch_up(&w);
    assert_int_equal(w.guest_count, 2);
    assert_null(guest_by_resource(&w, "gone"));
    assert_non_null(guest_by_resource(&w, "new"));
    assert_int_equal(guest_by_resource(&w, "stays")->record->watchdog_fired, 7);
}

static void changes_are_followed(void **state)
{
    (void) state;
    changes_are_found();
}

static void what_changed_in_a_gap_is_found(void **state)
{
    (void) state;
    overflow();
    changes_are_found();
}

static void all_that_went_in_a_gap_are_dropped(void **state)
{
    (void) state;
    overflow();
    assert_int_equal(statedir_remove("gone", NULL), 0);
    assert_int_equal(statedir_remove("stays", NULL), 0);
    guests_catch_up(&w);
    assert_int_equal(w.guest_count, 0);
}

static void after_a_gap_changes_are_followed_again(void **state)
{
    (void) state;
    overflow();
    guests_catch_up(&w);
    assert_int_equal(w.guest_count, 2);
    assert_int_equal(statedir_remove("gone", NULL), 0);
    guests_catch_up(&w);
    assert_int_equal(w.guest_count, 1);
    assert_null(guest_by_resource(&w, "gone"));
}

/* How often the file was opened since `fd` follows it. */
static int opened(int fd)
{
    _Alignas(struct inotify_event) char bytes[64 * sizeof(struct inotify_event)];
    ssize_t n = read(fd, bytes, sizeof bytes);
    int count = 0;

    for (ssize_t at = 0; at < n; at += (ssize_t) sizeof(struct inotify_event)) {
        const struct inotify_event *e = (const void *) (bytes + at);

        count += (e->mask & IN_OPEN) != 0;
    }
    return count;
}

static void each_record_is_read_once(void **state)
{
    /* Closing, too: the kernel makes one event of two that are the same. */
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

    (void) state;
    assert_true(inotify_add_watch(fd, scratch_path("stays.json"), IN_OPEN | IN_CLOSE) >= 0);
    overflow();
    guests_catch_up(&w);
    assert_int_equal(opened(fd), 1);
    close(fd);
}

/* Of a guest that nobody knows any more, nothing is told: its monitors look themselves. */
static void a_record_that_is_not_to_be_believed_is_dropped(void **state)
{
    int fd;

    (void) state;
    overflow();
    fd = open(scratch_path("gone.json"), O_WRONLY | O_TRUNC | O_CLOEXEC);
    assert_true(fd >= 0);
    close(fd);
    guests_catch_up(&w);
    assert_int_equal(w.guest_count, 1);
    assert_null(guest_by_resource(&w, "gone"));
}

static void records_that_are_not_to_be_believed_are_dropped(void **state)
{
    (void) state;
    overflow();
    assert_int_equal(chmod(scratch, 0777), 0); /* anybody may have written them */
    guests_catch_up(&w);
    assert_int_equal(w.guest_count, 0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, scratch_watch_teardown)
    static const struct CMUnitTest tests[] = {
        T(changes_are_followed), T(what_changed_in_a_gap_is_found),
        T(all_that_went_in_a_gap_are_dropped), T(after_a_gap_changes_are_followed_again),
        T(each_record_is_read_once), T(a_record_that_is_not_to_be_believed_is_dropped),
        T(records_that_are_not_to_be_believed_are_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
