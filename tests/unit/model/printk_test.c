/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's log in both of its forms, as the kernel writes it and as no kernel does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/printk.h"
#include "printk_sample.h"

static int read_log(struct sample *s, char **ret, struct err *why)
{
    struct elfcore *core = NULL;
    int rc = elfcore_open(sample_read, s, &core, why);

    rc = rc < 0 ? rc : printk_text(core, ret, why);
    elfcore_close(core);
    return rc;
}

/* Ends the sample. */
static void says(struct sample *s, const char *expected)
{
    struct err why = {0};
    char *text = NULL;

    assert_int_equal(read_log(s, &text, &why), 0);
    assert_string_equal(text, expected);
    free(text);
    sample_free(s);
}

static void is_refused(struct sample *s, int code, const char *with)
{
    struct err why = {0};
    char *text = NULL;

    assert_int_equal(read_log(s, &text, &why), code);
    assert_null(text);
    assert_non_null(strstr(why.text, with));
    sample_free(s);
}

typedef void (*say)(struct sample *s, uint64_t ts_nsec, const char *text);
static const struct { struct sample *(*make)(void); say say; } forms[] = {
    {ring_sample, ring_say}, {log_sample, log_say},
};
enum { FORMS = sizeof forms / sizeof forms[0] };

static void a_kernel_that_said_nothing_has_an_empty_log(void **state)
{
    (void) state;
    for (size_t i = 0; i < FORMS; i++) {
        says(forms[i].make(), "");
    }
}

static void records_are_lines_with_their_time(void **state)
{
    (void) state;
    for (size_t i = 0; i < FORMS; i++) {
        struct sample *s = forms[i].make();

        forms[i].say(s, 0, "Linux version 6.1");
        forms[i].say(s, UINT64_C(1234567899), "two\nlines");
        forms[i].say(s, UINT64_C(99999123456789), "after a day");
        forms[i].say(s, 1000, "");
        says(s, "[    0.000000] Linux version 6.1\n"
                "[    1.234567] two\n"
                "[    1.234567] lines\n"
                "[99999.123456] after a day\n"
                "[    0.000001] \n");
    }
}

static void what_a_terminal_would_obey_is_harmless(void **state)
{
    (void) state;
    for (size_t i = 0; i < FORMS; i++) {
        struct sample *s = forms[i].make();

        forms[i].say(s, 0, "a\tb\r\x1b[2J\x7f\x9b\xc3\xa4~");
        says(s, "[    0.000000] a\tb\\x0d\\x1b[2J\\x7f\\x9b\\xc3\\xa4~\n");
    }
}

/* The newest lines, in order and without a gap; returns how many. */
static int in_order(const char *text, int newest)
{
    int count = 0;
    int number = -1;

    for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
        int found = -1;

        assert_int_equal(sscanf(line, "[%*d.%*d] line %d ", &found), 1);
        assert_true(number < 0 || found == number + 1);
        number = found;
        count++;
    }
    assert_int_equal(number, newest);
    return count;
}

static void a_log_that_went_round_has_its_newest_records(void **state)
{
    static const char filling[] =
        "............................................................";
    struct err why = {0};

    (void) state;
    for (size_t i = 0; i < FORMS; i++) {
        struct sample *s = forms[i].make();

        for (int n = 0; n < 400; n++) {
            char *line = str_printf("line %d %.*s", n, n * 7 % 61, filling);
            char *text = NULL;

            forms[i].say(s, (uint64_t) n * 1000000, line);
            assert_int_equal(read_log(s, &text, &why), 0);
            assert_true(in_order(text, n) >= (n < 9 ? n + 1 : 9));
            free(text);
            free(line);
        }
        sample_free(s);
    }
}

static void one_that_has_more_records_than_text_too(void **state)
{
    struct sample *s = ring_sample();
    struct err why = {0};
    char *text = NULL;

    (void) state;
    for (int n = 0; n < 100; n++) {
        char *line = str_printf("line %d ", n);

        ring_say(s, 0, line);
        free(line);
    }
    assert_int_equal(read_log(s, &text, &why), 0);
    assert_int_equal(in_order(text, 99), RING_DESCS);
    free(text);
    sample_free(s);
}

/* --- the ring --- */

static struct sample *ring_with(const char *second)
{
    struct sample *s = ring_sample();

    ring_say(s, 0, "first");
    ring_say(s, 0, second);
    return s;
}
static const char only_first[] = "[    0.000000] first\n";

static void only_whole_records_count(void **state)
{
    struct sample *s = ring_with("second");

    (void) state;
    ring_set_state(s, FINALIZED);
    says(s, "[    0.000000] first\n[    0.000000] second\n");
    s = ring_with("second");
    ring_set_state(s, RESERVED);
    says(s, only_first);
    s = ring_with("second");
    ring_set_state(s, REUSABLE);
    says(s, only_first);
    s = ring_with("second");
    ring_desc(s)[1] ^= 1; /* another id */
    says(s, only_first);
}

static void records_without_text_are_told_from_empty_ones(void **state)
{
    struct sample *s = ring_with("second");

    (void) state;
    ring_set_block(s, 3, 3);
    says(s, "[    0.000000] first\n[    0.000000] \n");
    s = ring_with("second");
    ring_set_block(s, 1, 1);
    says(s, only_first);
    s = ring_with("second");
    ring_set_block(s, 1, 3);
    says(s, only_first);
}

static void a_text_is_no_longer_than_its_place(void **state)
{
    struct sample *s = ring_with("12345678");

    (void) state;
    sample_put(ring_info(s) + 16, 2, UINT16_MAX);
    says(s, "[    0.000000] first\n[    0.000000] 12345678\n");
}

static void places_that_are_none_are_passed_over(void **state)
{
    static const struct { uint64_t begin, next; } rows[] = {
        {0, 0}, {8, 8}, {16, 8}, {8, 4096}, {UINT64_MAX - 7, 4096}, {4, 64}, {8, 60}, {1, 64},
        {64, 1}, {UINT64_MAX, UINT64_MAX}, {0, UINT64_MAX - 7}, {0, RING_BYTES + 8 + RING_BYTES},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sample *s = ring_with("second");

        ring_set_block(s, rows[i].begin, rows[i].next);
        says(s, only_first);
    }
}

static void a_text_may_end_where_the_ring_does(void **state)
{
    struct sample *s = ring_with("12345678");

    (void) state;
    memcpy(sample_at(s, RING_DATA + RING_BYTES - 8), "the last", 8);
    ring_set_block(s, RING_BYTES - 16, RING_BYTES);
    says(s, "[    0.000000] first\n[    0.000000] the last\n");
    s = ring_with("12345678");
    memcpy(sample_at(s, RING_DATA + RING_BYTES - 8), "the last", 8);
    ring_set_block(s, UINT64_C(0) - 16, 0);
    says(s, "[    0.000000] first\n[    0.000000] the last\n");
}

static void newest_and_oldest_that_cannot_be_are_mended(void **state)
{
    struct sample *s = ring_with("second");

    (void) state;
    sample_put(sample_at(s, RING_TAIL), 8, 12345);
    says(s, "[    0.000000] first\n[    0.000000] second\n");
}

static void a_ring_that_is_none_is_refused(void **state)
{
    static const struct { size_t at, size; uint64_t value; int code; } rows[] = {
        {RING_COUNT_BITS, 4, 60, -EPROTO}, {RING_COUNT_BITS, 4, UINT32_MAX, -EPROTO},
        {RING_SIZE_BITS, 4, 27, -EPROTO}, {RING_SIZE_BITS, 4, 64, -EPROTO},
        {RING_SIZE_BITS, 4, 0, -EPROTO}, {RING_POINTER, 8, 0, -EFAULT},
        {RING_POINTER, 8, UINT64_MAX - 20, -EFAULT}, {RING_DESCS_POINTER, 8, 16, -EFAULT},
        {RING_INFOS_POINTER, 8, UINT64_MAX, -EFAULT}, {RING_DATA_POINTER, 8, 0, -EFAULT},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sample *s = ring_with("second");

        sample_put(sample_at(s, rows[i].at), rows[i].size, rows[i].value);
        is_refused(s, rows[i].code, "the kernel's log: ");
    }
}

static void a_layout_has_to_be_whole(void **state)
{
    static const char *const lines[] = {
        "OFFSET(printk_ringbuffer.desc_ring)", "OFFSET(prb_desc_ring.infos)", "SIZE(prb_desc)",
        "SIZE(printk_info)", "OFFSET(prb_data_ring.data)", "OFFSET(atomic_long_t.counter)",
    };

    (void) state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        is_refused(ring_sample_without(lines[i]), -ENODATA, lines[i]);
    }
    is_refused(ring_sample_without("SYMBOL(prb)"), -ENODATA, "neither prb nor log_buf");
    is_refused(sample_new(NULL), -ENODATA, "qemu_fw_cfg");
    is_refused(sample_new("SYMBOL(prb)=0\nOFFSET(printk_ringbuffer.desc_ring)=99999999999\n"),
               -ENODATA, "no sound OFFSET(printk_ringbuffer.desc_ring)");
}

/* --- the older form --- */

static struct sample *log_with(const char *second)
{
    struct sample *s = log_sample();

    log_say(s, 0, "first");
    log_say(s, 0, second);
    return s;
}

static void a_log_is_read_as_far_as_it_is_sound(void **state)
{
    enum { SECOND = LOG_DATA + 24 };
    static const struct { size_t at, size; uint64_t value; } rows[] = {
        {SECOND + 8, 2, 0}, {SECOND + 8, 2, 4}, {SECOND + 8, 2, UINT16_MAX},
        {SECOND + 10, 2, UINT16_MAX}, {SECOND + 10, 2, 20},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sample *s = log_with("second");

        sample_put(sample_at(s, rows[i].at), rows[i].size, rows[i].value);
        says(s, only_first);
    }
}

/* The end is never met, or the beginning again and again. */
static void a_log_that_goes_in_circles_ends(void **state)
{
    struct sample *s = log_with("second");

    (void) state;
    sample_put(sample_at(s, LOG_NEXT), 4, 2);
    says(s, "[    0.000000] first\n[    0.000000] second\n");
    s = log_with("second");
    sample_put(sample_at(s, LOG_FIRST), 4, 900);
    sample_put(sample_at(s, LOG_NEXT), 4, 3);
    says(s, "[    0.000000] first\n[    0.000000] second\n");
    s = log_with("second");
    sample_put(sample_at(s, LOG_FIRST), 4, LOG_BYTES);
    says(s, "[    0.000000] first\n[    0.000000] second\n");
}

static void a_log_that_is_none_is_refused(void **state)
{
    static const struct { size_t at, size; uint64_t value; int code; } rows[] = {
        {LOG_LENGTH, 4, UINT32_MAX, -EPROTO}, {LOG_LENGTH, 4, 0, -EPROTO},
        {LOG_FIRST, 4, LOG_BYTES + 1, -EPROTO}, {LOG_NEXT, 4, UINT32_MAX, -EPROTO},
        {LOG_POINTER, 8, 0, -EFAULT}, {LOG_POINTER, 8, UINT64_MAX, -EFAULT},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sample *s = log_with("second");

        sample_put(sample_at(s, rows[i].at), rows[i].size, rows[i].value);
        is_refused(s, rows[i].code, "the kernel's log: ");
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kernel_that_said_nothing_has_an_empty_log),
        cmocka_unit_test(records_are_lines_with_their_time),
        cmocka_unit_test(what_a_terminal_would_obey_is_harmless),
        cmocka_unit_test(a_log_that_went_round_has_its_newest_records),
        cmocka_unit_test(one_that_has_more_records_than_text_too),
        cmocka_unit_test(only_whole_records_count),
        cmocka_unit_test(records_without_text_are_told_from_empty_ones),
        cmocka_unit_test(a_text_is_no_longer_than_its_place),
        cmocka_unit_test(places_that_are_none_are_passed_over),
        cmocka_unit_test(a_text_may_end_where_the_ring_does),
        cmocka_unit_test(newest_and_oldest_that_cannot_be_are_mended),
        cmocka_unit_test(a_ring_that_is_none_is_refused),
        cmocka_unit_test(a_layout_has_to_be_whole),
        cmocka_unit_test(a_log_is_read_as_far_as_it_is_sound),
        cmocka_unit_test(a_log_that_goes_in_circles_ends),
        cmocka_unit_test(a_log_that_is_none_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
