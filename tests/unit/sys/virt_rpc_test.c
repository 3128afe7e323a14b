/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt's state without its library: the very words on the wire, and that nothing but the
 * expected answer is taken for one. Against a mock of the daemon.
 *
 * virt_rpc_test --ask UUID: no test, but what this node's real daemon tells, in the words of `virsh
 * domstate --reason`; tests/scenario/rpc.bats holds the two together. Exit code 1: nothing.
 */
#include "mock_daemon.h"

#include "base/clock.h"
#include "base/str.h"
#include "model/verdict.h"
#include "sys/stage.h"
#include "sys/virt_rpc.h"

/* The goodbye after each step. */
static const struct mock_exchange goodbyes[] = {
    [MOCK_AUTH] = MOCK_GOODBYE("2"),
    [MOCK_OPEN] = MOCK_GOODBYE("3"),
    [MOCK_LOOKUP] = MOCK_GOODBYE("4"),
    [MOCK_STATE] = MOCK_GOODBYE("5"),
    [MOCK_INFO] = MOCK_GOODBYE("6"),
};

static int state, reason;
static struct guest_size size;

static int ask(void)
{
    state = reason = -1;
    size = (struct guest_size) {0};
    return virt_rpc_state(MOCK_URI, MOCK_UUID, &state, &reason, &size);
}

static int ask_mock(struct mock_daemon *d, const char *name, int *ret_served)
{
    int rc;

    mock_start(d, name);
    rc = ask();
    *ret_served = mock_end(d, name);
    return rc;
}

static void test_state(void **data)
{
    static const char *const names[] = {"virtqemud-sock", "libvirt-sock"};

    (void) data;
    for (int i = 0; i < 2; i++) {
        struct mock_daemon d = {0};
        int served;

        memcpy(d.script, mock_good, sizeof mock_good);
        assert_int_equal(ask_mock(&d, names[i], &served), 0);
        assert_int_equal(served, 6);
        assert_int_equal(state, 3);
        assert_int_equal(reason, 5);
        assert_int_equal(size.vcpus, 2);
        assert_int_equal(size.memory_kib, 5 << 20);
    }
}

struct surprise {
    const char *what;
    int step;
    const char *reply;
    int expected;
    uint32_t length;
};

static const struct surprise surprises[] = {
    {"a daemon that wants SASL", MOCK_AUTH, MOCK_REPLY("42", "1") "1 1", -EPROTO, 0},
    {"a daemon that wants polkit", MOCK_AUTH, MOCK_REPLY("42", "1") "1 2", -EPROTO, 0},
    {"a choice of authentications", MOCK_AUTH, MOCK_REPLY("42", "1") "2 0 1", -EPROTO, 0},
    {"no authentication at all", MOCK_AUTH, MOCK_REPLY("42", "1") "0", -EPROTO, 0},
    {"more than was asked for", MOCK_AUTH, MOCK_REPLY("42", "1") "1 0 0", -EPROTO, 0},
    {"another program", MOCK_AUTH, "6b656570 1 42 1 1 0 1 0", -EPROTO, 0},
    {"another version", MOCK_AUTH, "20008086 2 42 1 1 0 1 0", -EPROTO, 0},
    {"another procedure's reply", MOCK_AUTH, MOCK_REPLY("43", "1") "1 0", -EPROTO, 0},
    {"an event", MOCK_AUTH, "20008086 1 42 2 1 0 1 0", -EPROTO, 0},
    {"another call's reply", MOCK_AUTH, MOCK_REPLY("42", "2") "1 0", -EPROTO, 0},
    {"a connection that ends", MOCK_AUTH, NULL, -EIO, 0},
    {"a connection that ends in a message", MOCK_AUTH, MOCK_REPLY("42", "1"), -EIO, 36},
    {"a message of no length", MOCK_AUTH, MOCK_REPLY("42", "1") "1 0", -EIO, 3},
    {"a huge message", MOCK_AUTH, MOCK_REPLY("42", "1") "1 0", -EIO, 4097},
    {"the hugest", MOCK_AUTH, MOCK_REPLY("42", "1") "1 0", -EIO, UINT32_MAX},
    {"a driver that is refused", MOCK_OPEN, "20008086 1 1 1 2 1 26 0 0", -EPROTO, 0},
    {"no such domain", MOCK_LOOKUP, "20008086 1 18 1 3 1 2a a 0", -EPROTO, 0},
    {"another domain", MOCK_LOOKUP,
     MOCK_REPLY("18", "3") "5 62656e63 68000000 3f0e2c1a 00004000 80000000 000000ab 1", -EPROTO, 0},
    {"a name longer than the message", MOCK_LOOKUP,
     MOCK_REPLY("18", "3") "50 62656e63 68000000 " MOCK_WIRE_UUID "1", -EPROTO, 0},
    {"the longest name", MOCK_LOOKUP,
     MOCK_REPLY("18", "3") "ffffffff 62656e63 68000000 " MOCK_WIRE_UUID "1", -EPROTO, 0},
    {"a domain and more", MOCK_LOOKUP, MOCK_REPLY("18", "3") MOCK_WIRE_DOMAIN "0", -EPROTO, 0},
    {"no state", MOCK_STATE, "20008086 1 d4 1 4 1 2a a 0", -EPROTO, 0},
    {"a state and more", MOCK_STATE, MOCK_REPLY("d4", "4") "1 1 1", -EPROTO, 0},
};

/* The reply of one step replaced, and a goodbye where there is somebody left to hear it. */
static int with_reply(int step, const char *reply, uint32_t length, int *ret_served)
{
    struct mock_daemon d = {0};

    memcpy(d.script, mock_good, sizeof mock_good[0] * (size_t) (step + 1));
    d.script[step].reply = reply;
    d.script[step].length = length;
    d.script[step + 1] = goodbyes[step];
    return ask_mock(&d, "libvirt-sock", ret_served);
}

static void test_surprises(void **data)
{
    (void) data;
    for (size_t i = 0; i < sizeof surprises / sizeof surprises[0]; i++) {
        const struct surprise *s = &surprises[i];
        int served;
        int rc = with_reply(s->step, s->reply, s->length, &served);

        if (rc != s->expected || served != s->step + (rc == -EIO ? 1 : 2) || state != -1 ||
            reason != -1) {
            fail_msg("%s: %d after %d calls, state %d", s->what, rc, served, state);
        }
    }
}

/* Every reply cut off after every word. */
static void test_short_replies(void **data)
{
    (void) data;
    for (int step = MOCK_AUTH; step <= MOCK_STATE; step++) {
        char reply[256];

        snprintf(reply, sizeof reply, "%s", mock_good[step].reply);
        for (;;) {
            size_t length = strlen(reply);
            int served;

            /* The last blanks and the last word before them. */
            while (length > 0 && reply[length - 1] == ' ') {
                length--;
            }
            while (length > 0 && reply[length - 1] != ' ') {
                length--;
            }
            reply[length] = '\0';
            if (length == 0) {
                break;
            }
            assert_int_equal(with_reply(step, reply, 0, &served), -EPROTO);
            assert_int_equal(served, step + 2);
        }
    }
}

/* The state stands without it. */
static void test_sizes_that_are_none(void **data)
{
    static const char *const replies[] = {
        "20008086 1 10 1 5 1 2a a 0",                             /* refused */
        MOCK_REPLY("10", "5") "3 0 500000 0 400000 2 1",          /* too short */
        MOCK_REPLY("10", "5") "3 0 500000 0 400000 2 1 0 0",      /* too long */
        MOCK_REPLY("10", "5") "3 80000000 0 0 400000 2 1 0",      /* too much */
        NULL,                                                     /* the connection ends */
        "",                                                       /* nothing comes */
    };

    (void) data;
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        int served;

        assert_int_equal(with_reply(MOCK_INFO, replies[i], 0, &served), 0);
        assert_int_equal(served, replies[i] && *replies[i] ? 6 : 5);
        assert_int_equal(state, 3);
        assert_int_equal(size.vcpus, 0);
        assert_int_equal(size.memory_kib, 0);
    }
}

/* A whole, true message about a domain with a name of `length` bytes. */
static int with_name(unsigned length, int *ret_served)
{
    static char reply[16000];
    size_t at = (size_t) snprintf(reply, sizeof reply, MOCK_REPLY("18", "3") "%x ", length);

    for (unsigned i = 0; i < length / 4; i++) {
        at += (size_t) snprintf(reply + at, sizeof reply - at, "61616161 ");
    }
    snprintf(reply + at, sizeof reply - at, MOCK_WIRE_UUID "1");
    return with_reply(MOCK_LOOKUP, reply, 0, ret_served);
}

/* Header, length, UUID and number are 52 bytes; a message has 4096. */
static void test_long_names(void **data)
{
    int served;

    (void) data;
    /* No room for the flags when the domain is given back. */
    assert_int_equal(with_name(4096 - 52, &served), -EPROTO);
    assert_int_equal(served, MOCK_LOOKUP + 2);
    assert_int_equal(with_name(4096 - 48, &served), -EIO);
    assert_int_equal(with_name(5000, &served), -EIO);
    assert_int_equal(served, MOCK_LOOKUP + 1);
}

static void test_what_is_not_asked(void **data)
{
    static const char *const others[][2] = {
        {"qemu+unix:///system", MOCK_UUID},
        {"qemu:///system?socket=/x", MOCK_UUID},
        {"qemu:///session", MOCK_UUID},
        {"test:///default", MOCK_UUID},
        {"", MOCK_UUID},
        {MOCK_URI, ""},
        {MOCK_URI, "3F0E2C1A-0000-4000-8000-0000000000AA"},
        {MOCK_URI, "3f0e2c1a00004000800000000000000aa"},
        {MOCK_URI, "3f0e2c1a-0000-4000-8000-0000000000a"},
        {MOCK_URI, "3f0e2c1a-0000-4000-8000-0000000000aaa"},
        {MOCK_URI, "3f0e2c1a-0000-4000-8000-0000000000ag"},
    };
    struct mock_daemon d = {0};

    (void) data;
    memcpy(d.script, mock_good, sizeof mock_good);
    mock_start(&d, "libvirt-sock");
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_int_equal(virt_rpc_state(others[i][0], others[i][1], &state, &reason, &size),
                         -EOPNOTSUPP);
    }
    /* It was there to be asked. */
    assert_int_equal(ask(), 0);
    assert_int_equal(mock_end(&d, "libvirt-sock"), 6);
}

/* As libvirt's library: the first that exists is the one, even if nobody is there. */
static void test_daemons_that_are_not_there(void **data)
{
    struct mock_daemon d = {0};

    (void) data;
    assert_int_equal(ask(), -ENOENT);
    close(mock_bind("virtqemud-sock"));
    memcpy(d.script, mock_good, sizeof mock_good);
    mock_start(&d, "libvirt-sock");
    assert_int_equal(ask(), -ECONNREFUSED);
    assert_int_equal(mock_end(&d, "libvirt-sock"), 0);
    assert_int_equal(unlink(scratch_path("virtqemud-sock")), 0);
}

static int ask_in_stage(void *shared, const void *input, struct err *why)
{
    (void) shared;
    (void) input;
    (void) why;
    return ask();
}

static void test_a_daemon_that_is_silent(void **data)
{
    struct mock_daemon d = {0};
    struct err why = {0};

    (void) data;
    memcpy(d.script, mock_good, sizeof mock_good);
    d.script[MOCK_OPEN].reply = "";
    d.script[MOCK_LOOKUP].call = NULL;
    mock_start(&d, "libvirt-sock");
    assert_int_equal(stage_run("asking", ask_in_stage, NULL, NULL, deadline_in_ms(1500), &why),
                     -ETIMEDOUT);
    assert_int_equal(mock_end(&d, "libvirt-sock"), 2);
    assert_non_null(strstr(why.text, "asking libvirt for the state of domain " MOCK_UUID));
}

static int ask_for_a_scenario(const char *uuid)
{
    if (virt_rpc_state(MOCK_URI, uuid, &state, &reason, &size) < 0) {
        return 1;
    }
    printf("%s (%s)\n", domain_state_name(state), domain_reason_name(state, reason));
    return 0;
}

static int setup(void **data)
{
    if (scratch_setup(data) < 0) {
        return -1;
    }
    virt_rpc_set_run_dir(scratch);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_state),
        cmocka_unit_test(test_surprises),
        cmocka_unit_test(test_short_replies),
        cmocka_unit_test(test_sizes_that_are_none),
        cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_what_is_not_asked),
        cmocka_unit_test(test_daemons_that_are_not_there),
        cmocka_unit_test(test_a_daemon_that_is_silent),
    };

    if (argc == 3 && str_eq(argv[1], "--ask")) {
        return ask_for_a_scenario(argv[2]);
    }
    return cmocka_run_group_tests(tests, setup, scratch_teardown);
}
