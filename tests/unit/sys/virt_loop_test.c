/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt's own entry points for timers and handles, as its drivers call them, and our loop
 * behind them.
 */
#include "own_process.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <libvirt/libvirt.h>
#include <qb/qbdefs.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "sys/virt_loop.h"

enum { MOST_MS = 10000, LONG_ENOUGH_MS = 60 };

static qb_loop_t *loop;
static __typeof__(virEventAddTimeout) *add_timer;
static __typeof__(virEventUpdateTimeout) *update_timer;
static __typeof__(virEventRemoveTimeout) *remove_timer;
static __typeof__(virEventAddHandle) *add_handle;
static __typeof__(virEventUpdateHandle) *update_handle;
static __typeof__(virEventRemoveHandle) *remove_handle;

/* What is given along with a timer or handle; what its callback shall do, and did. */
struct probe {
    int id;
    int calls;
    int events;            /* of the last call */
    int stop_after;        /* calls, then the loop stops */
    int new_interval;      /* set with `update` */
    bool update, remove;   /* itself, in its callback */
    struct probe *remove_also;
    int frees;
};

static bool removing; /* inside libvirt's remove */

static void on_free(void *data)
{
    struct probe *p = data;

    assert_false(removing);
    p->frees++;
}

static void remove_probe(struct probe *p, int (*remove)(int))
{
    removing = true;
    assert_int_equal(remove(p->id), 0);
    removing = false;
}

static void called(struct probe *p, int (*remove)(int))
{
    assert_int_equal(p->frees, 0);
    p->calls++;
    if (p->remove) {
        remove_probe(p, remove);
    }
    if (p->remove_also) {
        remove_probe(p->remove_also, remove);
    }
    if (p->calls == p->stop_after) {
        qb_loop_stop(loop);
    }
}

static void on_timer(int id, void *data)
{
    struct probe *p = data;

    assert_int_equal(id, p->id);
    if (p->update) {
        update_timer(id, p->new_interval);
    }
    called(p, remove_timer);
}

static void on_handle(int id, int fd, int events, void *data)
{
    struct probe *p = data;

    (void) fd;
    assert_int_equal(id, p->id);
    p->events = events;
    called(p, remove_handle);
}

static void timer(struct probe *p, int interval_ms)
{
    p->id = add_timer(interval_ms, on_timer, p, on_free);
    assert_true(p->id >= 0);
}

static void handle(struct probe *p, int fd, int events)
{
    p->id = add_handle(fd, events, on_handle, p, on_free);
    assert_true(p->id >= 0);
}

static void on_end(void *data)
{
    *(bool *) data = true;
    qb_loop_stop(loop);
}

/* False where nothing stopped the loop before. */
static bool run_ms(uint64_t ms)
{
    qb_loop_timer_handle end;
    bool ended = false;

    qb_loop_timer_add(loop, QB_LOOP_MED, ms * QB_TIME_NS_IN_MSEC, &ended, on_end, &end);
    qb_loop_run(loop);
    if (!ended) {
        qb_loop_timer_del(loop, end);
    }
    return !ended;
}

static void run(void)
{
    assert_true(run_ms(MOST_MS));
}

/* Removed now, and freed by the loop, once. */
static void end(struct probe *p, int (*remove)(int))
{
    remove_probe(p, remove);
    assert_int_equal(p->frees, 0);
    run_ms(1);
    assert_int_equal(p->frees, 1);
}

static void test_timer_is_periodic(void **state)
{
    struct probe p = {.stop_after = 4};
    int64_t begin = clock_mono_us();

    (void) state;
    timer(&p, 10);
    run();
    assert_true(clock_mono_us() - begin >= 40000);
    assert_int_equal(p.calls, 4);
    end(&p, remove_timer);
}

static void test_timer_of_each_turn_lets_others_run(void **state)
{
    struct probe busy = {0};
    struct probe other = {.stop_after = 3};

    (void) state;
    timer(&busy, 0);
    timer(&other, 5);
    run();
    assert_true(busy.calls > 3);
    end(&busy, remove_timer);
    end(&other, remove_timer);
}

static void test_timer_that_is_off(void **state)
{
    struct probe p = {.stop_after = 1};

    (void) state;
    timer(&p, -1);
    assert_false(run_ms(LONG_ENOUGH_MS));
    update_timer(p.id, 5);
    run();
    update_timer(p.id, -1);
    assert_false(run_ms(LONG_ENOUGH_MS));
    assert_int_equal(p.calls, 1);
    end(&p, remove_timer);
}

static void test_timer_changes_itself(void **state)
{
    struct probe p = {.update = true, .new_interval = -1};

    (void) state;
    timer(&p, 0);
    assert_false(run_ms(LONG_ENOUGH_MS));
    assert_int_equal(p.calls, 1);
    p.new_interval = 5;
    p.stop_after = 3;
    update_timer(p.id, 0);
    run();
    end(&p, remove_timer);
}

static void test_timer_is_put_off(void **state)
{
    struct probe p = {.stop_after = 1};

    (void) state;
    timer(&p, 1);
    update_timer(p.id, 3600 * 1000);
    assert_false(run_ms(LONG_ENOUGH_MS));
    end(&p, remove_timer);
}

static void test_timer_removes_itself_and_another(void **state)
{
    struct probe other = {0};
    struct probe p = {.remove = true, .remove_also = &other};

    (void) state;
    timer(&p, 5);
    timer(&other, LONG_ENOUGH_MS / 2);
    assert_false(run_ms(LONG_ENOUGH_MS));
    assert_int_equal(p.calls, 1);
    assert_int_equal(p.frees, 1);
    assert_int_equal(other.calls, 0);
    assert_int_equal(other.frees, 1);
    assert_int_equal(remove_timer(p.id), -1);
    update_timer(p.id, 0); /* no such timer: nothing happens */
    assert_false(run_ms(1));
    assert_int_equal(p.frees, 1);
}

/* Both are due in the same turn: the second is in qb's list when the first removes it. */
static void test_timer_removes_one_that_is_due(void **state)
{
    struct probe second = {0};
    struct probe first = {.remove_also = &second, .stop_after = 1};
    struct probe *none = NULL;

    (void) state;
    timer(&first, 1);
    timer(&second, 1);
    usleep(3000);
    run();
    first.remove_also = none;
    assert_false(run_ms(LONG_ENOUGH_MS));
    assert_int_equal(second.calls, 0);
    assert_int_equal(second.frees, 1);
    end(&first, remove_timer);
}

static void test_hand_out(void **state)
{
    struct probe due = {.update = true, .new_interval = -1};
    struct probe later = {0}, off = {0}, gone = {0};

    (void) state;
    timer(&later, 1);
    timer(&off, -1);
    timer(&due, 0);
    timer(&gone, 0);
    remove_probe(&gone, remove_timer);
    virt_loop_hand_out();
    virt_loop_hand_out();
    assert_int_equal(due.calls, 1);
    assert_int_equal(later.calls + off.calls + gone.calls, 0);
    end(&due, remove_timer);
    end(&later, remove_timer);
    end(&off, remove_timer);
    assert_int_equal(gone.frees, 1);
}

static void test_handle_on_a_pipe(void **state)
{
    struct probe p = {.stop_after = 1};
    int fds[2];

    (void) state;
    assert_int_equal(pipe(fds), 0);
    handle(&p, fds[0], VIR_EVENT_HANDLE_READABLE);
    assert_false(run_ms(LONG_ENOUGH_MS));
    assert_int_equal(write(fds[1], "x", 1), 1);
    run();
    assert_int_equal(p.events, VIR_EVENT_HANDLE_READABLE);

    update_handle(p.id, 0); /* still readable, and nobody wants to know */
    assert_false(run_ms(LONG_ENOUGH_MS));
    update_handle(p.id, VIR_EVENT_HANDLE_READABLE);
    p.stop_after = 2;
    run();

    close(fds[1]);
    p.stop_after = 3;
    run();
    assert_int_equal(p.events, VIR_EVENT_HANDLE_READABLE | VIR_EVENT_HANDLE_HANGUP);
    end(&p, remove_handle);
    close(fds[0]);
}

static int64_t cpu_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

/* epoll would report the hang-up again and again. */
static void test_handle_that_wants_nothing_costs_nothing(void **state)
{
    struct probe p = {0};
    int64_t begin;
    int fds[2];

    (void) state;
    assert_int_equal(pipe(fds), 0);
    handle(&p, fds[0], VIR_EVENT_HANDLE_READABLE);
    update_handle(p.id, 0);
    close(fds[1]);
    begin = cpu_us();
    assert_false(run_ms(300));
    assert_int_equal(p.calls, 0);
    assert_true(cpu_us() - begin < 60000);
    end(&p, remove_handle);
    close(fds[0]);
}

static void test_two_handles_on_one_fd(void **state)
{
    struct probe reader = {.stop_after = 1}, writer = {0}, idle = {0};
    int fds[2];

    (void) state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    handle(&idle, fds[0], 0);
    handle(&reader, fds[0], VIR_EVENT_HANDLE_READABLE);
    handle(&writer, fds[0], VIR_EVENT_HANDLE_WRITABLE);
    assert_false(run_ms(LONG_ENOUGH_MS));
    assert_int_equal(reader.calls, 0);
    assert_true(writer.calls > 0);
    assert_int_equal(writer.events, VIR_EVENT_HANDLE_WRITABLE);

    end(&writer, remove_handle);
    assert_int_equal(write(fds[1], "x", 1), 1);
    run();
    assert_int_equal(reader.events, VIR_EVENT_HANDLE_READABLE);
    assert_int_equal(idle.calls, 0);
    end(&reader, remove_handle);
    end(&idle, remove_handle);
    close(fds[0]);
    close(fds[1]);
}

static void test_handle_removes_the_other_on_its_fd(void **state)
{
    struct probe second = {0};
    struct probe first = {.remove = true, .remove_also = &second, .stop_after = 1};
    int fds[2];

    (void) state;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "x", 1), 1);
    handle(&first, fds[0], VIR_EVENT_HANDLE_READABLE);
    handle(&second, fds[0], VIR_EVENT_HANDLE_READABLE);
    run();
    assert_false(run_ms(LONG_ENOUGH_MS));
    assert_int_equal(first.calls, 1);
    assert_int_equal(first.frees, 1);
    assert_int_equal(second.calls, 0);
    assert_int_equal(second.frees, 1);
    assert_int_equal(remove_handle(first.id), -1);
    update_handle(first.id, VIR_EVENT_HANDLE_READABLE);
    assert_false(run_ms(1));
    close(fds[0]);
    close(fds[1]);
}

static struct {
    int old_fd, new_read, new_write;
    struct probe newcomer;
} reuse;

/* Closes its file and watches another one that got the same number. */
static void on_reuse(int id, int fd, int events, void *data)
{
    (void) events;
    (void) data;
    assert_int_equal(remove_handle(id), 0);
    close(fd);
    assert_int_equal(dup2(reuse.new_read, fd), fd);
    handle(&reuse.newcomer, fd, VIR_EVENT_HANDLE_READABLE);
}

static void test_number_of_a_closed_fd_is_used_again(void **state)
{
    int old[2], fresh[2];

    (void) state;
    assert_int_equal(pipe(old), 0);
    assert_int_equal(pipe(fresh), 0);
    assert_int_equal(write(old[1], "x", 1), 1);
    reuse.new_read = fresh[0];
    assert_true(add_handle(old[0], VIR_EVENT_HANDLE_READABLE, on_reuse, NULL, NULL) >= 0);
    assert_false(run_ms(LONG_ENOUGH_MS));
    assert_int_equal(reuse.newcomer.calls, 0); /* not by what the old file had */
    reuse.newcomer.stop_after = 1;
    assert_int_equal(write(fresh[1], "x", 1), 1);
    run();
    end(&reuse.newcomer, remove_handle);
    close(old[0]);
    close(old[1]);
    close(fresh[0]);
    close(fresh[1]);
}

static void test_file_that_cannot_be_watched(void **state)
{
    struct probe p = {0};
    int fd = open("/dev/null", O_RDONLY);

    (void) state;
    close(fd);
    assert_int_equal(add_handle(fd, VIR_EVENT_HANDLE_READABLE, on_handle, &p, on_free), -1);
    assert_false(run_ms(1));
    assert_int_equal(p.frees, 0); /* nothing was taken over */
}

static void test_number_of_a_file_that_could_not_be_watched(void **state)
{
    struct probe p = {.stop_after = 1};
    int fd = open("/dev/null", O_RDONLY);
    int fds[2];

    (void) state;
    assert_int_equal(add_handle(fd, VIR_EVENT_HANDLE_READABLE, on_handle, &p, on_free), -1);
    close(fd);
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(fds[0], fd);
    assert_int_equal(write(fds[1], "x", 1), 1);
    handle(&p, fd, VIR_EVENT_HANDLE_READABLE);
    run();
    end(&p, remove_handle);
    close(fds[0]);
    close(fds[1]);
}

#define FIND(function, name) \
    assert_non_null(*(void **) &(function) = dlsym(RTLD_DEFAULT, name))

static int setup(void **state)
{
    (void) state;
    loop = qb_loop_create();
    if (virt_loop_register(loop, NULL) < 0) {
        return -1;
    }
    FIND(add_timer, "virEventAddTimeout");
    FIND(update_timer, "virEventUpdateTimeout");
    FIND(remove_timer, "virEventRemoveTimeout");
    FIND(add_handle, "virEventAddHandle");
    FIND(update_handle, "virEventUpdateHandle");
    FIND(remove_handle, "virEventRemoveHandle");
    return 0;
}

static int teardown(void **state)
{
    (void) state;
    qb_loop_destroy(loop);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_timer_is_periodic),
        cmocka_unit_test(test_timer_of_each_turn_lets_others_run),
        cmocka_unit_test(test_timer_that_is_off),
        cmocka_unit_test(test_timer_changes_itself),
        cmocka_unit_test(test_timer_is_put_off),
        cmocka_unit_test(test_timer_removes_itself_and_another),
        cmocka_unit_test(test_timer_removes_one_that_is_due),
        cmocka_unit_test(test_hand_out),
        cmocka_unit_test(test_handle_on_a_pipe),
        cmocka_unit_test(test_handle_that_wants_nothing_costs_nothing),
        cmocka_unit_test(test_two_handles_on_one_fd),
        cmocka_unit_test(test_handle_removes_the_other_on_its_fd),
        cmocka_unit_test(test_number_of_a_closed_fd_is_used_again),
        cmocka_unit_test(test_file_that_cannot_be_watched),
        cmocka_unit_test(test_number_of_a_file_that_could_not_be_watched),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
