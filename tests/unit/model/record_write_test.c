/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/record_write: what is written is read back whole, and what could not be
 * read back is not written.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "record_sample.h"

static void same_records(const struct record *a, const struct record *b)
{
    assert_true(str_eq(a->resource, b->resource) && str_eq(a->name, b->name));
    assert_true(str_eq(a->uuid, b->uuid) && str_eq(a->uri, b->uri));
    assert_true(str_eq(a->config, b->config) && str_eq(a->boot_id, b->boot_id));
    assert_int_equal(a->phase, b->phase);
    assert_int_equal(a->process.pid, b->process.pid);
    assert_true(a->process.start_ticks == b->process.start_ticks);
    assert_true(a->started_wall_ms == b->started_wall_ms);
    assert_true(a->watchdog_fired == b->watchdog_fired);
    assert_int_equal(a->ending.by, b->ending.by);
    assert_string_equal(a->ending.text, b->ending.text);
    assert_true(a->memory_kib == b->memory_kib);
    assert_memory_equal(&a->utilization, &b->utilization, sizeof a->utilization);
    assert_memory_equal(&a->config_sums, &b->config_sums, sizeof a->config_sums);
    assert_int_equal(a->pulse.agent_seen, b->pulse.agent_seen);
    assert_true(a->pulse.silent_us == b->pulse.silent_us);
    assert_true(a->pulse.still_us == b->pulse.still_us);
    assert_true(a->pulse.then.run_us == b->pulse.then.run_us);
    assert_true(a->pulse.then.wakeups == b->pulse.then.wakeups);
    assert_true(a->pulse.then.disk_ops == b->pulse.then.disk_ops);
    assert_int_equal(a->disk_count, b->disk_count);
    for (size_t i = 0; i < a->disk_count; i++) {
        assert_string_equal(a->disk[i].path, b->disk[i].path);
        assert_memory_equal(&a->disk[i].id, &b->disk[i].id, sizeof(struct file_id));
        assert_int_equal(a->disk[i].writable, b->disk[i].writable);
    }
    assert_int_equal(a->nic_count, b->nic_count);
    for (size_t i = 0; i < a->nic_count; i++) {
        assert_true(str_eq(a->nic[i].tap, b->nic[i].tap));
        assert_true(str_eq(a->nic[i].mac, b->nic[i].mac));
    }
}

static void same_incidents(const struct incident *a, const struct incident *b)
{
    assert_int_equal(a->state, b->state);
    assert_int_equal(a->cause, b->cause);
    assert_int_equal(a->condition, b->condition);
    assert_true(str_eq(a->reason, b->reason));
    assert_true(a->seen_wall_ms == b->seen_wall_ms && a->frozen_wall_ms == b->frozen_wall_ms);
    assert_true(a->seen_mono_us == b->seen_mono_us);
    assert_int_equal(a->halted, b->halted);
    assert_true(a->resumed_mono_us == b->resumed_mono_us);
    assert_int_equal(a->moment_count, b->moment_count);
    for (size_t i = 0; i < a->moment_count; i++) {
        assert_string_equal(a->moment[i].what, b->moment[i].what);
        assert_true(a->moment[i].wall_ms == b->moment[i].wall_ms);
        assert_true(a->moment[i].mono_us == b->moment[i].mono_us);
    }
    assert_int_equal(a->step_count, b->step_count);
    for (size_t i = 0; i < a->step_count; i++) {
        assert_string_equal(a->step[i].name, b->step[i].name);
        assert_true(a->step[i].us == b->step[i].us);
    }
    assert_int_equal(a->proof_count, b->proof_count);
    for (size_t i = 0; i < a->proof_count; i++) {
        assert_string_equal(a->proof[i].check, b->proof[i].check);
        assert_true(str_eq(a->proof[i].seen, b->proof[i].seen));
        assert_int_equal(a->proof[i].holds, b->proof[i].holds);
    }
}

static void round_trip(void **state)
{
    struct record *a = full_record();
    struct record *b = NULL;
    char *text = text_of(a);

    (void) state;
    assert_int_equal(text[strlen(text) - 1], '\n');
    assert_int_equal(read_back(text, strlen(text), &b), 0);
    same_records(a, b);
    same_incidents(&a->incident, &b->incident);
    char *again = text_of(b);

    assert_string_equal(text, again);
    free(again);
    free(text);
    record_free(a);
    record_free(b);
}

static void round_trip_of_almost_nothing(void **state)
{
    struct record *a = record_new();
    struct record *b = NULL;

    (void) state;
    a->name = str_dup("vm");
    char *text = text_of(a);

    assert_int_equal(read_back(text, strlen(text), &b), 0);
    same_records(a, b);
    same_incidents(&a->incident, &b->incident);
    free(text);
    record_free(a);
    record_free(b);
}

/* The words of each enum, with one value beyond them and one before. */
static const struct {
    const char *key;
    size_t offset;
    int last;
} words[] = {
    { "phase", offsetof(struct record, phase), PHASE_FROZEN },
    { "ended_by", offsetof(struct record, ending.by), ENDED_BY_LAST - 1 },
    { "state", offsetof(struct record, incident.state), INCIDENT_STATE_LAST - 1 },
    { "cause", offsetof(struct record, incident.cause), CAUSE_LAST - 1 },
    { "condition", offsetof(struct record, incident.condition), CONDITION_LAST - 1 },
    { "dump_format", offsetof(struct record, care.dump_format), DUMP_FORMAT_LAST - 1 },
    { "after_dump", offsetof(struct record, care.after_dump), AFTER_DUMP_LAST - 1 },
};

enum { WORDS = sizeof words / sizeof words[0] };

static void set_word(struct record *r, size_t at, int value)
{
    memcpy((char *) r + words[at].offset, &value, sizeof value);
}

static void round_trip_of_every_word(void **state)
{
    (void) state;
    for (size_t w = 0; w < WORDS; w++) {
        for (int value = 0; value <= words[w].last; value++) {
            struct record *a = full_record();
            struct record *b = NULL;

            set_word(a, w, value);
            char *text = text_of(a);

            assert_int_equal(read_back(text, strlen(text), &b), 0);
            assert_memory_equal((char *) b + words[w].offset, &value, sizeof value);
            same_records(a, b);
            same_incidents(&a->incident, &b->incident);
            free(text);
            record_free(a);
            record_free(b);
        }
    }
}

static void a_value_without_a_word_is_not_written(void **state)
{
    (void) state;
    for (size_t w = 0; w < WORDS; w++) {
        const int strange[] = { -1, words[w].last + 1, 9999 };

        for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++) {
            struct record *r = full_record();
            struct err why = { .text = "" };
            char *text = NULL;

            set_word(r, w, strange[i]);
            assert_int_equal(record_to_text(r, &text, &why), -EINVAL);
            assert_non_null(strstr(why.text, words[w].key));
            assert_null(text);
            record_free(r);
        }
    }
}

/* Words in records outlive the program: these are not to be changed. */
static void the_words_are_those_of_version_5(void **state)
{
    struct record *r = full_record();
    char *text = text_of(r);

    (void) state;
    assert_non_null(strstr(text, "\"version\": 5,"));
    assert_non_null(strstr(text, "\"ended_by\": \"qemu\""));
    assert_non_null(strstr(text, "\"state\": \"frozen\""));
    assert_non_null(strstr(text, "\"cause\": \"crashload\""));
    assert_non_null(strstr(text, "\"dump_format\": \"kdump-lzo\""));
    assert_non_null(strstr(text, "\"after_dump\": \"keep\""));
    assert_non_null(strstr(text, "\"what\": \"recovering\""));
    free(text);
    record_free(r);
}

/* What could not be read back must not be written either. */
static void unwritable_records(void **state)
{
    struct record *r = full_record();
    char *text = NULL;
    struct err why;

    (void) state;
    r->started_wall_ms = -1;
    assert_int_equal(record_to_text(r, &text, &why), -EINVAL);
    r->started_wall_ms = 0;
    r->watchdog_fired = -1;
    assert_int_equal(record_to_text(r, &text, &why), -EINVAL);
    assert_non_null(strstr(why.text, "watchdog_fired"));
    r->watchdog_fired = 0;
    r->incident.resumed_mono_us = -1;
    assert_int_equal(record_to_text(r, &text, &why), -EINVAL);
    assert_non_null(strstr(why.text, "resumed_mono_us"));
    r->incident.resumed_mono_us = 0;
    r->incident.moment[1].mono_us = -1;
    assert_int_equal(record_to_text(r, &text, &why), -EINVAL);
    assert_non_null(strstr(why.text, "mono_us"));
    r->incident.moment[1].mono_us = 0;
    record_add_disk(r);
    assert_int_equal(record_to_text(r, &text, &why), -EINVAL);
    assert_non_null(strstr(why.text, "path"));
    free(r->name);
    r->name = NULL;
    assert_int_equal(record_to_text(r, &text, &why), -EINVAL);
    assert_non_null(strstr(why.text, "name"));
    assert_null(text);
    record_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(round_trip_of_almost_nothing),
        cmocka_unit_test(round_trip_of_every_word),
        cmocka_unit_test(a_value_without_a_word_is_not_written),
        cmocka_unit_test(the_words_are_those_of_version_5),
        cmocka_unit_test(unwritable_records),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
