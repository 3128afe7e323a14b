/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every tiding there and back, its line as the reader has to find it, and what must not
 * pass for one.
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

#include "model/tidings.h"

#define UUID "3f0e2c1a-0000-4000-8000-0000000000ab"

static const struct {
    struct tiding tiding;
    const char *line;
} samples[] = {
    {{.kind = TIDING_OPENED}, "{\"kind\":\"opened\"}"},
    {{.kind = TIDING_CONFIRMED}, "{\"kind\":\"confirmed\"}"},
    {{.kind = TIDING_STATE, .uuid = UUID, .state = 6, .reason = 1},
     "{\"kind\":\"state\",\"uuid\":\"" UUID "\",\"state\":6,\"reason\":1}"},
    {{.kind = TIDING_GONE, .uuid = UUID}, "{\"kind\":\"gone\",\"uuid\":\"" UUID "\"}"},
    {{.kind = TIDING_EVENT, .event = EVENT_IO_ERROR, .uuid = UUID, .word = "stop",
      .text = "disk vda: no space"},
     "{\"kind\":\"event\",\"event\":\"io-error\",\"uuid\":\"" UUID
     "\",\"word\":\"stop\",\"text\":\"disk vda: no space\"}"},
    {{.kind = TIDING_CLOSED, .text = "end of file"},
     "{\"kind\":\"closed\",\"text\":\"end of file\"}"},
};

enum { SAMPLES = sizeof samples / sizeof samples[0] };

static void expect_back(const struct tiding *t, const char *line)
{
    struct tiding back;

    assert_int_equal(tiding_from_text(line, &back, NULL), 0);
    assert_memory_equal(&back, t, sizeof back);
}

static void test_there_and_back(void **state)
{
    (void) state;
    for (size_t i = 0; i < SAMPLES; i++) {
        char *line = tiding_to_text(&samples[i].tiding);

        assert_string_equal(line, samples[i].line);
        expect_back(&samples[i].tiding, line);
        free(line);
    }
}

static void test_every_kind_is_sampled(void **state)
{
    (void) state;
    for (int kind = TIDING_NONE + 1; kind < TIDING_LAST; kind++) {
        size_t i = 0;

        while (i < SAMPLES && (int) samples[i].tiding.kind != kind) {
            i++;
        }
        assert_true(i < SAMPLES);
    }
}

static void test_every_event(void **state)
{
    (void) state;
    for (int event = EVENT_NONE + 1; event < EVENT_LAST; event++) {
        struct tiding t = {
            .kind = TIDING_EVENT, .event = (enum tiding_event) event, .uuid = UUID};
        char *line = tiding_to_text(&t);

        expect_back(&t, line);
        free(line);
    }
}

static void fill(char *place, size_t size)
{
    memset(place, '\n', size - 1); /* the longest on the line, too */
}

static void test_longest_and_hostile_texts_stay_one_line(void **state)
{
    struct tiding t = {.kind = TIDING_EVENT, .event = EVENT_STOPPED, .uuid = UUID};
    char *line;

    (void) state;
    fill(t.word, sizeof t.word);
    fill(t.text, sizeof t.text);
    memcpy(t.text, "\"}\\\x01\xc3\xa4\xff", 7);
    line = tiding_to_text(&t);
    assert_null(strchr(line, '\n'));
    assert_true(strlen(line) < 4096); /* PIPE_BUF: a line is written whole or not at all */
    expect_back(&t, line);
    free(line);
}

static void refuse(const char *line)
{
    struct tiding untouched = {.kind = TIDING_OPENED, .text = "mine"};
    struct tiding t = untouched;
    struct err why = {0};

    if (tiding_from_text(line, &t, &why) != -EBADMSG) {
        fail_msg("passed: %s", line);
    }
    assert_non_null(strstr(why.text, "not a tiding"));
    assert_memory_equal(&t, &untouched, sizeof t);
}

static void test_half_a_line(void **state)
{
    (void) state;
    for (size_t i = 0; i < SAMPLES; i++) {
        for (size_t length = 0; length < strlen(samples[i].line); length++) {
            char *half = strndup(samples[i].line, length);

            refuse(half);
            free(half);
        }
    }
}

static void test_what_is_no_tiding(void **state)
{
    static const char *const lines[] = {
        "null", "[]", "7", "\"opened\"", "{}", "opened",
        "{\"kind\":null}", "{\"kind\":1}", "{\"kind\":\"\"}", "{\"kind\":\"none\"}",
        "{\"kind\":\"Opened\"}", "{\"kind\":\"opened\\u0000\"}",
        "{\"kind\":\"opened\"}{\"kind\":\"opened\"}", "{\"kind\":\"opened\"} x",
        "{\"kind\":\"opened\",}", "{'kind':'opened'}", "{\"kind\":\"opened\",\"text\":\"\"}",
        "{\"kind\":\"gone\"}", "{\"kind\":\"closed\"}", "{\"kind\":\"closed\",\"text\":null}",
        "{\"kind\":\"closed\",\"text\":\"a\\u0000b\"}",
    };

    (void) state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        refuse(lines[i]);
    }
}

static void test_numbers(void **state)
{
    static const char *const numbers[] = {
        "-1", "2147483648", "9223372036854775807", "1.0", "1e0", "\"1\"", "true", "null", "[1]",
    };
    char line[200];

    (void) state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        snprintf(line, sizeof line,
                 "{\"kind\":\"state\",\"uuid\":\"" UUID "\",\"state\":%s,\"reason\":1}",
                 numbers[i]);
        refuse(line);
        snprintf(line, sizeof line,
                 "{\"kind\":\"state\",\"uuid\":\"" UUID "\",\"state\":1,\"reason\":%s}",
                 numbers[i]);
        refuse(line);
    }
}

static void test_uuids(void **state)
{
    static const char *const uuids[] = {
        "\"\"", "7", "null", "\"3F0E2C1A-0000-4000-8000-0000000000AB\"",
        "\"3f0e2c1a-0000-4000-8000-0000000000a\"", "\"3f0e2c1a-0000-4000-8000-0000000000abc\"",
        "\"3f0e2c1a00000-4000-8000-0000000000ab\"", "\"3f0e2c1a-0000-4000-8000-0000000000ag\"",
        "\"3f0e2c1a-0000-4000-8000-00000000-0ab\"",
        "\"3f0e2c1a-0000-4000-8000-0000000000a\\u0000\"",
    };
    char line[200];

    (void) state;
    for (size_t i = 0; i < sizeof uuids / sizeof uuids[0]; i++) {
        snprintf(line, sizeof line, "{\"kind\":\"gone\",\"uuid\":%s}", uuids[i]);
        refuse(line);
    }
}

static void refuse_event(const char *event, const char *word, size_t text_length)
{
    char line[600];
    char text[300];

    memset(text, 'x', text_length);
    text[text_length] = '\0';
    snprintf(line, sizeof line, "{\"kind\":\"event\",\"event\":\"%s\",\"uuid\":\"" UUID
             "\",\"word\":\"%s\",\"text\":\"%s\"}", event, word, text);
    refuse(line);
}

static void test_events_that_are_none(void **state)
{
    (void) state;
    refuse_event("none", "", 0);
    refuse_event("", "", 0);
    refuse_event("rebooted", "a word of 24 characters!", 0);
    refuse_event("rebooted", "", TIDING_TEXT_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_every_kind_is_sampled),
        cmocka_unit_test(test_every_event),
        cmocka_unit_test(test_longest_and_hostile_texts_stay_one_line),
        cmocka_unit_test(test_half_a_line),
        cmocka_unit_test(test_what_is_no_tiding),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_uuids),
        cmocka_unit_test(test_events_that_are_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
