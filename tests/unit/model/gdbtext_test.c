/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of gdb's requests a frozen guest may be asked, and that nothing slips through by the way
 * in which it is written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/gdbtext.h"

static const struct {
    const char *request;
    enum gdb_verdict verdict;
} rows[] = {
    /* Reads, as gdb 13 sends them. */
    {"?", GDB_PASSES},
    {"g", GDB_PASSES},
    {"p10", GDB_PASSES},
    {"mffffffff81000000,40", GDB_PASSES},
    {"Hgp1.1", GDB_PASSES},
    {"Hc-1", GDB_PASSES},
    {"Tp1.1", GDB_PASSES},
    {"qSupported:multiprocess+;swbreak+", GDB_PASSES},
    {"qXfer:features:read:target.xml:0,ffb", GDB_PASSES},
    {"qC", GDB_PASSES},
    {"qfThreadInfo", GDB_PASSES},
    {"qsThreadInfo", GDB_PASSES},
    {"qThreadExtraInfo,p1.1", GDB_PASSES},
    {"qAttached:1", GDB_PASSES},
    {"qqemu.PhyMemMode", GDB_PASSES},
    {"Qqemu.PhyMemMode:1", GDB_PASSES},
    /* Lets the guest run. */
    {"c", GDB_REFUSED},
    {"c1000", GDB_REFUSED},
    {"C05", GDB_REFUSED},
    {"s", GDB_REFUSED},
    {"S05", GDB_REFUSED},
    {"i", GDB_REFUSED},
    {"bc", GDB_REFUSED},
    {"bs", GDB_REFUSED},
    {"vCont;c", GDB_UNSUPPORTED},
    {"vCont?", GDB_UNSUPPORTED},
    {"vAttach;1", GDB_UNSUPPORTED},
    {"vRun;", GDB_UNSUPPORTED},
    {"R00", GDB_REFUSED},
    {"r", GDB_REFUSED},
    /* Leaves it, which QEMU takes for "go on", or for "end the guest". */
    {"D", GDB_ENDS},
    {"D;1", GDB_ENDS},
    {"k", GDB_ENDS},
    {"vKill;1", GDB_UNSUPPORTED},
    /* Writes. */
    {"M1000,4:00000000", GDB_REFUSED},
    {"X1000,0:", GDB_REFUSED},
    {"G00", GDB_REFUSED},
    {"P10=00", GDB_REFUSED},
    {"Z0,1000,1", GDB_REFUSED},
    {"z0,1000,1", GDB_REFUSED},
    {"F0", GDB_REFUSED},
    /* QEMU's monitor, by which anything can be done. */
    {"qRcmd,636f6e74", GDB_UNSUPPORTED},
    {"QStartNoAckMode", GDB_UNSUPPORTED},
    {"Qqemu.sstep=1", GDB_UNSUPPORTED},
    {"vMustReplyEmpty", GDB_UNSUPPORTED},
    /* Almost. */
    {"", GDB_REFUSED},
    {"!", GDB_REFUSED},
    {"H", GDB_REFUSED},
    {"ga", GDB_REFUSED},
    {"?c", GDB_REFUSED},
    {"qCRC:0,10", GDB_UNSUPPORTED},
    {"qXfer:memory-map:read::0,ffb", GDB_UNSUPPORTED},
    {"qXfer:features:write:", GDB_UNSUPPORTED},
};

static void each_has_its_verdict(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (gdbtext_judge(rows[i].request) != rows[i].verdict) {
            fail_msg("'%s'", rows[i].request);
        }
    }
}

static void only_what_passes_is_not_answered_here(void **state)
{
    (void) state;
    assert_null(gdbtext_answer(GDB_PASSES));
    assert_string_equal(gdbtext_answer(GDB_UNSUPPORTED), "");
    assert_string_equal(gdbtext_answer(GDB_ENDS), "OK");
    assert_true(str_starts(gdbtext_answer(GDB_REFUSED), "E."));
}

static void a_packet_has_its_sum(void **state)
{
    static const char *const pairs[][2] = {
        {"", "$#00"}, {"OK", "$OK#9a"}, {"g", "$g#67"}, {"?", "$?#3f"},
    };

    (void) state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        _cleanup_free_ char *packet = gdbtext_packet(pairs[i][0]);

        assert_string_equal(packet, pairs[i][1]);
    }
}

/* The last thing that the bytes made of themselves. */
static enum gdb_read read_all(struct gdb_reader *r, const char *bytes, size_t size)
{
    enum gdb_read last = GDB_READ_MORE;

    for (size_t i = 0; i < size; i++) {
        last = gdbtext_read(r, bytes[i]);
        if (i + 1 < size) {
            assert_true(last == GDB_READ_MORE || last == GDB_READ_ACK);
        }
    }
    return last;
}

static void reads(const char *bytes, size_t size, const char *request)
{
    struct gdb_reader r = {0};

    assert_int_equal(read_all(&r, bytes, size), GDB_READ_REQUEST);
    assert_string_equal(r.request, request);
}

#define READS(BYTES, REQUEST) reads(BYTES, sizeof(BYTES) - 1, REQUEST)

static void whole_requests_are_read(void **state)
{
    (void) state;
    READS("$g#67", "g");
    READS("+$g#67", "g");
    READS("\003junk$g#67", "g"); /* an interrupt, and what is nothing */
    READS("$qC#B4", "qC");       /* in capitals */
}

/* An escape or a repetition could make of a request what it does not look like. */
static void what_only_data_needs_makes_it_nothing(void **state)
{
    (void) state;
    READS("$m}#ea", "");
    READS("$}C#c0", "");
    READS("$m**#c1", "");
    READS("$g$#8b", "");
    READS("$g #87", "");
    READS("$g\0#67", "");
    READS("$g\xff#66", "");
}

static void what_is_too_long_is_nothing(void **state)
{
    struct gdb_reader r = {0};
    enum { MANY = GDB_REQUEST_SIZE * 4 };

    (void) state;
    gdbtext_read(&r, '$');
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(gdbtext_read(&r, 'm'), GDB_READ_MORE);
    }
    assert_int_equal(read_all(&r, "#00", 3), GDB_READ_REQUEST);
    assert_string_equal(r.request, "");
    /* And it does not spoil the next one. */
    assert_int_equal(read_all(&r, "$g#67", 5), GDB_READ_REQUEST);
    assert_string_equal(r.request, "g");
}

static void a_wrong_sum_is_damage(void **state)
{
    static const char *const bad[] = {"$g#66", "$g#6x", "$g#x7", "$g#\0347", "$#g0"};

    (void) state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct gdb_reader r = {0};

        assert_int_equal(read_all(&r, bad[i], strlen(bad[i])), GDB_READ_DAMAGED);
    }
}

static void acks_are_between_requests_only(void **state)
{
    struct gdb_reader r = {0};

    (void) state;
    assert_int_equal(gdbtext_read(&r, '+'), GDB_READ_ACK);
    assert_int_equal(gdbtext_read(&r, '-'), GDB_READ_ACK);
    assert_int_equal(read_all(&r, "$Hc-1#09", 8), GDB_READ_REQUEST);
    assert_string_equal(r.request, "Hc-1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_its_verdict),
        cmocka_unit_test(only_what_passes_is_not_answered_here),
        cmocka_unit_test(a_packet_has_its_sum),
        cmocka_unit_test(whole_requests_are_read),
        cmocka_unit_test(what_only_data_needs_makes_it_nothing),
        cmocka_unit_test(what_is_too_long_is_nothing),
        cmocka_unit_test(a_wrong_sum_is_damage),
        cmocka_unit_test(acks_are_between_requests_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
