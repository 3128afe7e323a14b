/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tail of libvirt's domain log. The lines are as libvirt 9.0 and QEMU 7.2 write them.
 */
#include "own_process.h"
#include "scratch_dir.h"

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/guestlog.h"

#define STARTED "2026-11-20 18:57:22.414+0000: starting up libvirt version: 9.0.0, qemu version\n" \
                "LC_ALL=C \\\n/usr/bin/qemu-system-x86_64 \\\n-name guest=a \\\n"
#define TERMINATED(SENDER)                                                                       \
    "2026-11-20T18:58:00.100000Z qemu-system-x86_64: terminating on signal 15 from pid " SENDER  \
    "\n"
#define ENDED(WORD) "2026-11-20 18:58:00.200+0000: shutting down, reason=" WORD "\n"

static struct guestlog_end end_of(const char *text)
{
    struct guestlog_end end;

    guestlog_parse(text, &end);
    return end;
}

static void test_reason_word(void **state)
{
    (void) state;
    assert_string_equal(end_of(STARTED ENDED("crashed")).reason, "crashed");
    assert_string_equal(end_of(STARTED ENDED("destroyed")).reason, "destroyed");
    assert_string_equal(end_of(STARTED ENDED("from-snapshot")).reason, "from-snapshot");
}

static void test_signal_and_its_sender(void **state)
{
    struct guestlog_end end = end_of(STARTED TERMINATED("4711 (kill)") ENDED("shutdown"));

    (void) state;
    assert_string_equal(end.signal, "15");
    assert_string_equal(end.sender, "4711 (kill)");
}

static void test_only_the_last_life_counts(void **state)
{
    struct guestlog_end end = end_of(STARTED TERMINATED("1 (x)") ENDED("destroyed") STARTED);

    (void) state;
    assert_string_equal(end.reason, "");
    assert_string_equal(end.signal, "");
    assert_string_equal(end.sender, "");
}

static void test_the_bug_check_of_windows(void **state)
{
    static const char told[] = "2026-11-30 09:35:40.123+0000: panic hyper-v: arg1='0x7e', "
                               "arg2='0xffffffffc0000005', arg3='0x0', arg4='0x0', arg5='0x0'\n";
    _cleanup_free_ char *text = str_printf(STARTED "%s" ENDED("crashed"), told);
    _cleanup_free_ char *words = guestlog_panic_of(text);
    _cleanup_free_ char *of_its_last_life = str_printf(STARTED "%s" STARTED, told);

    (void) state;
    assert_string_equal(words, "Windows bug check arg1='0x7e', arg2='0xffffffffc0000005', "
                               "arg3='0x0', arg4='0x0', arg5='0x0'");
    assert_null(guestlog_panic_of(of_its_last_life));
}

static void test_tail_without_a_beginning(void **state)
{
    (void) state;
    assert_string_equal(end_of("half a line\n" ENDED("saved")).reason, "saved");
}

static void test_words_longer_than_their_place_and_lines_without_end(void **state)
{
    char text[400] = ": shutting down, reason=";

    (void) state;
    memset(text + strlen(text), 'x', sizeof text - strlen(text) - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(strlen(end_of(text).reason), sizeof((struct guestlog_end *) 0)->reason - 1);
    assert_string_equal(end_of("").reason, "");
    assert_string_equal(end_of("terminating on signal ").signal, "");
}

static void test_reads_the_tail_of_a_large_file(void **state)
{
    FILE *f = fopen(scratch_path("big.log"), "w");
    struct guestlog_end end;
    struct err why = {0};

    (void) state;
    assert_non_null(f);
    for (int i = 0; i < 5000; i++) {
        fputs("a guest that writes much to QEMU's standard error, as some do\n", f);
    }
    fputs(ENDED("crashed"), f);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(guestlog_read(scratch, "big", &end, &why), 0);
    assert_string_equal(end.reason, "crashed");
}

static void test_missing_file_is_an_error_with_its_name(void **state)
{
    struct guestlog_end end;
    struct err why = {0};

    (void) state;
    assert_int_equal(guestlog_read(scratch, "none", &end, &why), -ENOENT);
    assert_non_null(strstr(why.text, "none.log"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reason_word),
        cmocka_unit_test(test_signal_and_its_sender),
        cmocka_unit_test(test_only_the_last_life_counts),
        cmocka_unit_test(test_the_bug_check_of_windows),
        cmocka_unit_test(test_tail_without_a_beginning),
        cmocka_unit_test(test_words_longer_than_their_place_and_lines_without_end),
        cmocka_unit_test_setup_teardown(test_reads_the_tail_of_a_large_file, scratch_setup,
                                        scratch_teardown),
        cmocka_unit_test_setup_teardown(test_missing_file_is_an_error_with_its_name,
                                        scratch_setup, scratch_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
