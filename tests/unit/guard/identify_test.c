/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is meant, when the config is there, gone, garbled or another guest's, and the record
 * there, gone, damaged, of another boot or changed meanwhile.
 */
#include "../sys/own_process.h"
#include "../sys/own_world.h"
#include "../sys/scratch_dir.h"

#include <fcntl.h>

#include "base/str.h"
#include "guard/observe.h"
#include "guard/scan.h"
#include "sys/proc.h"
#include "sys/statedir.h"

#define UUID_A "3f0e2c1a-0000-4000-8000-0000000000aa"
#define UUID_B "3f0e2c1a-0000-4000-8000-0000000000bb"
#define DOMAIN(NAME, UUID)                                                                       \
    "<domain type='kvm'><name>" NAME "</name><uuid>" UUID "</uuid><memory>1024</memory>"         \
    "</domain>"

static struct params params;
static struct guest guest;
static char state_path[SCRATCH_BYTES + 16];

static int setup(void **state)
{
    if (scratch_setup(state) < 0) {
        return -1;
    }
    snprintf(state_path, sizeof state_path, "%s/state", scratch);
    statedir_set_path(state_path);
    params_defaults(&params);
    params.config = str_dup(scratch_path("guest.xml"));
    return 0;
}

static int teardown(void **state)
{
    guest_release(&guest);
    params_free(&params);
    statedir_set_path(NULL);
    return scratch_teardown(state);
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void config_is(const char *text)
{
    write_file(params.config, text);
}

static int identify(struct err *why)
{
    guest_release(&guest);
    return guest_identify(&guest, &params, "rsc", deadline_in_ms(10000), why);
}

static void identified(enum identity_source source, const char *name)
{
    struct err why = {0};

    if (identify(&why) < 0) {
        fail_msg("%s", why.text);
    }
    assert_int_equal(guest.source, source);
    assert_non_null(guest.record);
    if (name) {
        assert_string_equal(guest.record->name, name);
    }
}

static void remembered(void)
{
    struct err why = {0};

    if (guest_remember(&guest, &why) < 0) {
        fail_msg("%s", why.text);
    }
}

/* As a start leaves it: the record of a guest that runs in this process. */
static void runs_in(pid_t pid)
{
    struct err why = {0};

    assert_int_equal(proc_identify(pid, &guest.record->process, &why), 0);
    guest_note_running(&guest);
    guest.changed = true;
    remembered();
}

static void known_and_running(pid_t pid)
{
    config_is(DOMAIN("identify-a", UUID_A));
    identified(IDENTITY_CONFIG, "identify-a");
    runs_in(pid);
}

static void test_config_names_the_guest_and_is_remembered(void **state)
{
    (void) state;
    config_is(DOMAIN("identify-a", UUID_A));
    identified(IDENTITY_CONFIG, "identify-a");
    assert_false(guest.recorded);
    assert_true(guest.changed);
    remembered();
    identified(IDENTITY_CONFIG, "identify-a");
    assert_true(guest.recorded);
    assert_false(guest.changed); /* a monitor writes nothing */
    assert_string_equal(guest.record->uuid, UUID_A);
    assert_string_equal(guest.record->resource, "rsc");
    assert_int_equal(guest.record->phase, PHASE_KNOWN);
}

static void test_without_config_and_record_nobody_is_known(void **state)
{
    (void) state;
    identified(IDENTITY_NONE, NULL);
    assert_int_equal(guest.config_errno, -ENOENT);
    assert_int_equal(guest.config_error.kind, ERR_INSTALLED);
    assert_non_null(strstr(guest.config_error.text, "guest.xml"));
    remembered();
    assert_true(access(state_path, F_OK) < 0);
}

static void test_vanished_config_leaves_the_record(void **state)
{
    (void) state;
    known_and_running(getpid());
    assert_int_equal(unlink(params.config), 0);
    identified(IDENTITY_RECORD, "identify-a");
    assert_int_equal(guest.record->phase, PHASE_RUNNING);
    assert_int_equal(guest.record->process.pid, getpid());
}

/* Else a guest that runs would be nobody's, and accounted for at that. */
static void test_vanished_config_of_a_renamed_resource_leaves_the_record(void **state)
{
    struct err why = {0};

    (void) state;
    known_and_running(getpid());
    assert_int_equal(unlink(params.config), 0);
    guest_release(&guest);
    assert_int_equal(guest_identify(&guest, &params, "renamed", deadline_in_ms(10000), &why), 0);
    assert_int_equal(guest.source, IDENTITY_RECORD);
    assert_string_equal(guest.record->name, "identify-a");
    assert_int_equal(guest.record->process.pid, getpid());
    assert_string_equal(guest.record->resource, "renamed");
}

static void test_garbled_config_leaves_the_record_and_is_wrong_only_here(void **state)
{
    (void) state;
    known_and_running(getpid());
    config_is("<domain><name>identify-a</na");
    identified(IDENTITY_RECORD, "identify-a");
    assert_int_equal(guest.config_error.kind, ERR_INSTALLED);
    assert_int_equal(guest.record->phase, PHASE_RUNNING);
}

static void test_swapped_config_does_not_hide_a_guest_that_lives(void **state)
{
    (void) state;
    known_and_running(getpid());
    config_is(DOMAIN("identify-b", UUID_B));
    identified(IDENTITY_RECORD, "identify-a");
    assert_null(guest.config);
    assert_non_null(strstr(guest.config_error.text, "identify-b"));
    assert_non_null(strstr(guest.config_error.text, "identify-a"));
}

/* A stop leaves it frozen: to ask for one would lead nowhere. */
static void test_swapped_config_of_a_frozen_guest_names_the_way_out(void **state)
{
    (void) state;
    known_and_running(getpid());
    assert_int_equal(guest.config_error.kind, ERR_GENERIC);
    guest.record->phase = PHASE_FROZEN;
    guest.changed = true;
    remembered();
    config_is(DOMAIN("identify-b", UUID_B));
    identified(IDENTITY_RECORD, "identify-a");
    assert_int_equal(guest.config_error.kind, ERR_INSTALLED);
    assert_non_null(strstr(guest.config_error.text, "guardedvm release identify-a"));
}

/* Held, and by nobody that could be told to be the guest's QEMU. */
static void hold_pidfile(void *path)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    int fd = open(path, O_RDWR | O_CREAT, 0644);

    CHILD_CHECK(fd >= 0 && fcntl(fd, F_SETLK, &lock) == 0);
}

static void test_guest_of_a_swapped_config_is_looked_for(void **state)
{
    struct err why = {0};
    pid_t pid;

    (void) state;
    scan_set_run_dir(scratch);
    known_and_running(getpid());
    identified(IDENTITY_CONFIG, "identify-a");
    assert_int_equal(guest_named_is_harmless(&guest, deadline_in_ms(10000), &why), 0);
    config_is(DOMAIN("identify-b", UUID_B));
    identified(IDENTITY_RECORD, "identify-a");
    assert_int_equal(guest_named_is_harmless(&guest, deadline_in_ms(10000), &why), 0);
    pid = own_start(hold_pidfile, (void *) (uintptr_t) scratch_path("identify-b.pid"));
    assert_true(guest_named_is_harmless(&guest, deadline_in_ms(10000), &why) < 0);
    assert_int_equal(why.kind, ERR_GENERIC);
    assert_non_null(strstr(why.text, "identify-b"));
    own_end(pid);
    assert_int_equal(guest_named_is_harmless(&guest, deadline_in_ms(10000), &why), 0);
    scan_set_run_dir(NULL);
}

static void test_swapped_config_replaces_a_guest_that_is_dead(void **state)
{
    struct record *old = NULL;
    struct err why = {0};
    pid_t pid = own_start(NULL, NULL);

    (void) state;
    known_and_running(pid);
    own_end(pid);
    config_is(DOMAIN("identify-b", UUID_B));
    identified(IDENTITY_CONFIG, "identify-b");
    assert_int_equal(statedir_load("identify-a", &old, &why), 0); /* nothing is lost by a look */
    record_free(old);
    remembered();
    assert_int_equal(statedir_load("identify-a", &old, &why), -ENOENT);
}

static void damage_record(void)
{
    char path[SCRATCH_BYTES + 64];

    snprintf(path, sizeof path, "%s/identify-a.json", state_path);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(truncate(path, 20), 0);
}

static void test_damaged_record_is_set_aside_where_the_config_tells(void **state)
{
    (void) state;
    known_and_running(getpid());
    damage_record();
    identified(IDENTITY_CONFIG, "identify-a");
    assert_true(guest.record_error.text[0] != '\0');
    assert_int_equal(guest.record->process.pid, 0);
    remembered();
    identified(IDENTITY_CONFIG, "identify-a");
    assert_string_equal(guest.record_error.text, "");
}

static void test_damaged_record_without_config_is_doubt(void **state)
{
    struct err why = {0};

    (void) state;
    known_and_running(getpid());
    damage_record();
    assert_int_equal(unlink(params.config), 0);
    assert_int_equal(identify(&why), -EBADMSG);
    assert_int_equal(why.kind, ERR_GENERIC);
    assert_non_null(strstr(why.text, "guest.xml"));
}

static void test_process_of_another_boot_is_dead(void **state)
{
    (void) state;
    known_and_running(getpid());
    free(guest.record->boot_id);
    guest.record->boot_id = str_dup("0c7a2b9e-0000-4000-8000-000000000001");
    guest.changed = true;
    remembered();
    identified(IDENTITY_CONFIG, "identify-a");
    assert_int_equal(guest.record->phase, PHASE_KNOWN);
    assert_int_equal(guest.record->process.pid, 0);
}

static void test_edited_uuid_waits_until_the_guest_has_ended(void **state)
{
    (void) state;
    known_and_running(getpid());
    config_is(DOMAIN("identify-a", UUID_B));
    identified(IDENTITY_CONFIG, "identify-a");
    assert_string_equal(guest.record->uuid, UUID_A);
    guest_note_ended(&guest);
    remembered();
    identified(IDENTITY_CONFIG, "identify-a");
    assert_string_equal(guest.record->uuid, UUID_B);
}

static void hold_lock(void *until_ended)
{
    struct err why = {0};
    int fd = -1;

    (void) until_ended;
    CHILD_CHECK(statedir_lock("identify-a", deadline_in_ms(1000), &fd, &why) == 0);
}

static void test_a_look_saves_nothing_while_an_action_works(void **state)
{
    struct err why = {0};
    pid_t pid;

    (void) state;
    known_and_running(getpid());
    pid = own_start(hold_lock, NULL);
    guest.record->watchdog_fired = 4711;
    guest.changed = true;
    assert_int_equal(guest_remember_if_idle(&guest, &why), -EBUSY);
    own_end(pid);
    assert_int_equal(guest_remember_if_idle(&guest, &why), 0);
    identified(IDENTITY_CONFIG, "identify-a");
    assert_int_equal(guest.record->watchdog_fired, 4711);
}

static void test_a_look_never_overwrites_what_an_action_wrote_since(void **state)
{
    struct record *frozen = NULL;
    struct err why = {0};

    (void) state;
    known_and_running(getpid());
    identified(IDENTITY_CONFIG, "identify-a");
    assert_int_equal(statedir_load("identify-a", &frozen, &why), 0);
    frozen->phase = PHASE_FROZEN;
    assert_int_equal(statedir_save(frozen, &why), 0);
    record_free(frozen);
    guest.changed = true;
    assert_int_equal(guest_remember_if_idle(&guest, &why), -EBUSY);
    identified(IDENTITY_CONFIG, "identify-a");
    assert_int_equal(guest.record->phase, PHASE_FROZEN);
}

/* Each by itself: a monitor that began before knows nothing of it. */
static void test_a_look_never_overwrites_what_the_watch_noted_since(void **state)
{
    struct err why = {0};

    (void) state;
    known_and_running(getpid());
    for (int what = 0; what < 4; what++) {
        struct record *noted = NULL;

        identified(IDENTITY_CONFIG, "identify-a");
        assert_int_equal(statedir_load("identify-a", &noted, &why), 0);
        switch (what) {
        case 0: noted->incident.state = INCIDENT_REPORTED; break;
        case 1: noted->incident.halted = true; break;
        case 2: noted->incident.resumed_mono_us = 4711; break;
        default: noted->watchdog_fired++; break;
        }
        assert_int_equal(statedir_save(noted, &why), 0);
        record_free(noted);
        guest.changed = true;
        assert_int_equal(guest_remember_if_idle(&guest, &why), -EBUSY);
    }
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_config_names_the_guest_and_is_remembered),
        TEST(test_without_config_and_record_nobody_is_known),
        TEST(test_vanished_config_leaves_the_record),
        TEST(test_vanished_config_of_a_renamed_resource_leaves_the_record),
        TEST(test_garbled_config_leaves_the_record_and_is_wrong_only_here),
        TEST(test_swapped_config_does_not_hide_a_guest_that_lives),
        TEST(test_swapped_config_of_a_frozen_guest_names_the_way_out),
        TEST(test_guest_of_a_swapped_config_is_looked_for),
        TEST(test_swapped_config_replaces_a_guest_that_is_dead),
        TEST(test_damaged_record_is_set_aside_where_the_config_tells),
        TEST(test_damaged_record_without_config_is_doubt),
        TEST(test_process_of_another_boot_is_dead),
        TEST(test_edited_uuid_waits_until_the_guest_has_ended),
        TEST(test_a_look_saves_nothing_while_an_action_works),
        TEST(test_a_look_never_overwrites_what_an_action_wrote_since),
        TEST(test_a_look_never_overwrites_what_the_watch_noted_since),
    };

    /* Real guests of this machine are none of the test's, and not everybody may look at them. */
    own_world();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
