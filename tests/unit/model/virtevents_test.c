/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/virtevents: no event, detail or action of the libvirt headers in use lacks its row.
 * A newer libvirt with a new one fails here, by number, instead of failing to build.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define VIR_ENUM_SENTINELS
#include <libvirt/libvirt.h>

#include <cmocka.h>

#include "model/virtevents.h"

static const int details_last[] = {
    [VIR_DOMAIN_EVENT_DEFINED] = VIR_DOMAIN_EVENT_DEFINED_LAST,
    [VIR_DOMAIN_EVENT_UNDEFINED] = VIR_DOMAIN_EVENT_UNDEFINED_LAST,
    [VIR_DOMAIN_EVENT_STARTED] = VIR_DOMAIN_EVENT_STARTED_LAST,
    [VIR_DOMAIN_EVENT_SUSPENDED] = VIR_DOMAIN_EVENT_SUSPENDED_LAST,
    [VIR_DOMAIN_EVENT_RESUMED] = VIR_DOMAIN_EVENT_RESUMED_LAST,
    [VIR_DOMAIN_EVENT_STOPPED] = VIR_DOMAIN_EVENT_STOPPED_LAST,
    [VIR_DOMAIN_EVENT_SHUTDOWN] = VIR_DOMAIN_EVENT_SHUTDOWN_LAST,
    [VIR_DOMAIN_EVENT_PMSUSPENDED] = VIR_DOMAIN_EVENT_PMSUSPENDED_LAST,
    [VIR_DOMAIN_EVENT_CRASHED] = VIR_DOMAIN_EVENT_CRASHED_LAST,
};

static void each_detail_has_one_row(void **state)
{
    size_t count, expected = 0, exact = 0;
    const struct lifecycle_row *rows = lifecycle_rows(&count);

    (void) state;
    assert_int_equal(sizeof details_last / sizeof details_last[0], VIR_DOMAIN_EVENT_LAST);
    for (size_t i = 0; i < count; i++) {
        exact += rows[i].detail != LIFECYCLE_ANY;
    }
    for (int event = 0; event < VIR_DOMAIN_EVENT_LAST; event++) {
        for (int detail = 0; detail < details_last[event]; detail++) {
            const struct lifecycle_row *row = lifecycle_row_of(event, detail);

            if (row->event != event || row->detail != detail) {
                fail_msg("event %d, detail %d has no row", event, detail);
            }
            expected++;
        }
    }
    assert_int_equal(exact, expected); /* and none twice */
}

/* Words travel in tidings: they have to fit. */
static void words_fit(void **state)
{
    size_t count;
    const struct lifecycle_row *rows = lifecycle_rows(&count);

    (void) state;
    for (size_t i = 0; i < count; i++) {
        assert_in_range(strlen(rows[i].word), 0, TIDING_WORD_SIZE - 1);
    }
}

static void expect_row(int event, int detail, enum tiding_event tells, const char *word)
{
    assert_int_equal(lifecycle_row_of(event, detail)->tells, tells);
    assert_string_equal(lifecycle_row_of(event, detail)->word, word);
}

static void what_is_told(void **state)
{
    static const int quiet[] = {
        VIR_DOMAIN_EVENT_DEFINED, VIR_DOMAIN_EVENT_UNDEFINED, VIR_DOMAIN_EVENT_STARTED,
        VIR_DOMAIN_EVENT_SUSPENDED, VIR_DOMAIN_EVENT_RESUMED, VIR_DOMAIN_EVENT_PMSUSPENDED,
    };

    (void) state;
    for (size_t i = 0; i < sizeof quiet / sizeof quiet[0]; i++) {
        for (int detail = 0; detail < details_last[quiet[i]]; detail++) {
            assert_int_equal(lifecycle_row_of(quiet[i], detail)->tells, EVENT_NONE);
        }
    }
    expect_row(VIR_DOMAIN_EVENT_CRASHED, VIR_DOMAIN_EVENT_CRASHED_PANICKED, EVENT_PANICKED,
               "");
    expect_row(VIR_DOMAIN_EVENT_CRASHED, VIR_DOMAIN_EVENT_CRASHED_CRASHLOADED, EVENT_CRASHLOADED,
               "");
    expect_row(VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_DESTROYED, EVENT_STOPPED,
               "destroyed");
    expect_row(VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_FAILED, EVENT_STOPPED, "failed");
    expect_row(VIR_DOMAIN_EVENT_SHUTDOWN, VIR_DOMAIN_EVENT_SHUTDOWN_GUEST, EVENT_SHUTDOWN, "guest");
    expect_row(VIR_DOMAIN_EVENT_SHUTDOWN, VIR_DOMAIN_EVENT_SHUTDOWN_HOST, EVENT_SHUTDOWN, "host");
}

static void what_a_newer_libvirt_may_say(void **state)
{
    (void) state;
    expect_row(VIR_DOMAIN_EVENT_STOPPED, 99, EVENT_STOPPED, "unknown");
    expect_row(VIR_DOMAIN_EVENT_SHUTDOWN, 99, EVENT_SHUTDOWN, "unknown");
    expect_row(VIR_DOMAIN_EVENT_CRASHED, 99, EVENT_NONE, "");
    expect_row(VIR_DOMAIN_EVENT_STARTED, -1, EVENT_NONE, "");
    expect_row(99, 0, EVENT_NONE, "");
    expect_row(-1, -1, EVENT_NONE, "");
}

static void each_number_has_a_word(const char *(*word)(int), int last, int most_length)
{
    for (int number = 0; number < last; number++) {
        assert_string_not_equal(word(number), "unknown");
        assert_in_range(strlen(word(number)), 1, most_length);
    }
    assert_string_equal(word(last), "unknown");
    assert_string_equal(word(-1), "unknown");
}

static void actions_and_reasons(void **state)
{
    (void) state;
    each_number_has_a_word(watchdog_action_word, VIR_DOMAIN_EVENT_WATCHDOG_LAST,
                           TIDING_WORD_SIZE - 1);
    each_number_has_a_word(io_error_action_word, VIR_DOMAIN_EVENT_IO_ERROR_LAST,
                           TIDING_WORD_SIZE - 1);
    each_number_has_a_word(close_reason_word, VIR_CONNECT_CLOSE_REASON_LAST,
                           TIDING_TEXT_SIZE - 1);
    assert_string_equal(watchdog_action_word(VIR_DOMAIN_EVENT_WATCHDOG_INJECTNMI), "inject-nmi");
    assert_string_equal(io_error_action_word(VIR_DOMAIN_EVENT_IO_ERROR_PAUSE), "stop");
}

static void expect_text(const char *disk, const char *cause, const char *expected)
{
    char text[TIDING_TEXT_SIZE];

    io_error_text(text, sizeof text, disk, cause);
    assert_string_equal(text, expected);
}

static void io_errors(void **state)
{
    char small[12];

    (void) state;
    expect_text("vda", "enospc", "disk vda: no space");
    expect_text("vda", "", "disk vda: I/O error");
    expect_text("vda", NULL, "disk vda: I/O error");
    expect_text("sda", "Connection refused", "disk sda: Connection refused");
    expect_text("", "enospc", "disk (unnamed): no space");
    expect_text(NULL, "enospc", "disk (unnamed): no space");
    io_error_text(small, sizeof small, "vda", "enospc");
    assert_string_equal(small, "disk vda: n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_detail_has_one_row),
        cmocka_unit_test(words_fit),
        cmocka_unit_test(what_is_told),
        cmocka_unit_test(what_a_newer_libvirt_may_say),
        cmocka_unit_test(actions_and_reasons),
        cmocka_unit_test(io_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
