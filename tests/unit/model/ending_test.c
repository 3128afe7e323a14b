/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/ending: each row written down a second time, what comes before what, and over every
 * combination of signs: who ended a guest is said only where something was seen of it.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "model/ending.h"

/* wait(2)'s statuses; what <sys/wait.h> reads from them is checked below. */
#define EXITED(CODE) .status_known = true, .status = (CODE) << 8
#define KILLED(SIGNAL) .status_known = true, .status = (SIGNAL)
#define CORE_DUMPED 0x80

struct expected {
    struct ending_signs signs;
    enum ending_by by;
    const char *text; /* begins with it */
};

static const struct expected each_row[] = {
    { { .watchdog_poweroff = true }, ENDED_BY_WATCHDOG, "its watchdog fired: poweroff" },
    { { .stopped = "destroyed" }, ENDED_BY_ADMINISTRATOR, "it was destroyed through libvirt" },
    { { .stopped = "migrated" }, ENDED_BY_MIGRATION, "it was migrated away" },
    { { .stopped = "saved" }, ENDED_BY_ADMINISTRATOR, "it was saved to a file" },
    { { .powerdown = true, .shutdown = SHUTDOWN_BY_GUEST }, ENDED_BY_ADMINISTRATOR,
      "an administrator of this node asked it to shut down" },
    { { .shutdown = SHUTDOWN_BY_GUEST }, ENDED_BY_GUEST, "it was shut down from inside" },
    { { .shutdown = SHUTDOWN_BY_HOST }, ENDED_BY_ADMINISTRATOR,
      "an administrator of this node ended its QEMU by a signal" },
    { { .stopped = "daemon" }, ENDED_BY_LIBVIRT, "libvirt's daemon ended it" },
    { { KILLED(SIGKILL) }, ENDED_BY_QEMU, "QEMU died by signal 9 (Killed)" },
    { { KILLED(SIGSEGV | CORE_DUMPED) }, ENDED_BY_QEMU,
      "QEMU died by signal 11 (Segmentation fault)" },
    { { EXITED(1) }, ENDED_BY_QEMU, "QEMU ended with exit status 1" },
    { { EXITED(255) }, ENDED_BY_QEMU, "QEMU ended with exit status 255" },
    { { .stopped = "crashed" }, ENDED_BY_QEMU, "QEMU was killed or crashed" },
    { { .stopped = "failed" }, ENDED_BY_QEMU, "QEMU was killed or crashed" },
};

static const struct expected nobody[] = {
    { { .status_known = false }, ENDED_BY_UNKNOWN, "" },
    { { .stopped = "shutdown" }, ENDED_BY_UNKNOWN, "" },
    { { .stopped = "from-snapshot" }, ENDED_BY_UNKNOWN, "" },
    { { .stopped = "destroyed by" }, ENDED_BY_UNKNOWN, "" },
    { { .powerdown = true }, ENDED_BY_UNKNOWN, "" }, /* asked, but nobody saw it obey */
    { { .shutdown = SHUTDOWN_UNTOLD }, ENDED_BY_UNKNOWN, "" },
    { { .powerdown = true, .shutdown = SHUTDOWN_UNTOLD }, ENDED_BY_UNKNOWN, "" },
    /* how a QEMU is asked to end, and how one ends that was: no crash */
    { { EXITED(0) }, ENDED_BY_UNKNOWN, "" },
    { { KILLED(SIGTERM) }, ENDED_BY_UNKNOWN, "" },
    { { .status_known = false, .status = SIGSEGV }, ENDED_BY_UNKNOWN, "" }, /* not known */
};

static void judged_as(const struct expected *e)
{
    struct ending ending;

    memset(&ending, 0x5a, sizeof ending);
    ending_judge(&e->signs, &ending);
    assert_string_equal(ending_by_name(ending.by), ending_by_name(e->by));
    if (strncmp(ending.text, e->text, strlen(e->text)) != 0) {
        fail_msg("'%s' does not begin with '%s'", ending.text, e->text);
    }
    assert_int_equal(ending.text[0] == '\0', e->text[0] == '\0');
}

static void each_row_alone(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof each_row / sizeof each_row[0]; i++) {
        judged_as(&each_row[i]);
    }
}

static void nobody_is_named_without_a_sign(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof nobody / sizeof nobody[0]; i++) {
        judged_as(&nobody[i]);
    }
}

static void stop_word(struct ending_signs *s, const char *word)
{
    snprintf(s->stopped, sizeof s->stopped, "%s", word);
}

/* All signs at once, and the strongest taken away, one after the other. */
static void what_was_meant_comes_before_what_only_happened(void **state)
{
    static const char *const meant[] = { "destroyed", "migrated", "saved" };
    static const enum ending_by by[] = {
        ENDED_BY_ADMINISTRATOR, ENDED_BY_MIGRATION, ENDED_BY_ADMINISTRATOR,
    };
    struct expected e = {
        .signs = {
            .watchdog_poweroff = true, .powerdown = true, .shutdown = SHUTDOWN_BY_GUEST,
            KILLED(SIGKILL),
        },
    };

    (void) state;
    for (size_t i = 0; i < sizeof meant / sizeof meant[0]; i++) {
        stop_word(&e.signs, meant[i]);
        e.signs.watchdog_poweroff = true;
        e.by = ENDED_BY_WATCHDOG, e.text = "its watchdog";
        judged_as(&e);
        e.signs.watchdog_poweroff = false;
        e.by = by[i], e.text = "it was ";
        judged_as(&e); /* libvirt's destroy is a SIGKILL as well */
    }
    stop_word(&e.signs, "daemon");
    e.by = ENDED_BY_ADMINISTRATOR, e.text = "an administrator of this node asked";
    judged_as(&e);
    e.signs.powerdown = false;
    e.by = ENDED_BY_GUEST, e.text = "it was shut down from inside";
    judged_as(&e);
    e.signs.shutdown = SHUTDOWN_BY_HOST;
    e.by = ENDED_BY_ADMINISTRATOR, e.text = "an administrator of this node ended";
    judged_as(&e);
    e.signs.shutdown = SHUTDOWN_UNTOLD;
    e.by = ENDED_BY_LIBVIRT, e.text = "libvirt's daemon";
    judged_as(&e);
    stop_word(&e.signs, "crashed");
    e.by = ENDED_BY_QEMU, e.text = "QEMU died by signal 9";
    judged_as(&e); /* the status says more than libvirt's word */
    e.signs.status_known = false;
    e.text = "QEMU was killed or crashed";
    judged_as(&e);
}

/* A shutdown pressed outside is no shutdown from inside, and a host's is one in any case. */
static void a_powerdown_only_explains_a_shutdown(void **state)
{
    struct expected e = { .signs = { .powerdown = true, .shutdown = SHUTDOWN_BY_HOST } };

    (void) state;
    e.by = ENDED_BY_ADMINISTRATOR, e.text = "an administrator of this node ended";
    judged_as(&e);
    stop_word(&e.signs, "shutdown");
    e.signs.shutdown = SHUTDOWN_BY_GUEST;
    e.text = "an administrator of this node asked";
    judged_as(&e);
}

/* Every status that wait(2) gives of an ended process, judged as <sys/wait.h> reads it. */
static void each_status(void **state)
{
    (void) state;
    for (int status = 0; status <= 0xffff; status++) {
        struct ending_signs s = { .status_known = true, .status = status };
        struct ending ending;
        char begin[64] = "";

        if (!WIFEXITED(status) && !WIFSIGNALED(status)) {
            continue;
        }
        if (WIFSIGNALED(status) && WTERMSIG(status) != SIGTERM) {
            snprintf(begin, sizeof begin, "QEMU died by signal %d (", WTERMSIG(status));
        } else if (WIFEXITED(status) && WEXITSTATUS(status) != 0) {
            snprintf(begin, sizeof begin, "QEMU ended with exit status %d", WEXITSTATUS(status));
        }
        ending_judge(&s, &ending);
        assert_int_equal(ending.by, begin[0] ? ENDED_BY_QEMU : ENDED_BY_UNKNOWN);
        assert_memory_equal(ending.text, begin, strlen(begin));
        assert_int_equal(ending.text[0] == '\0', begin[0] == '\0');
    }
}

static void check(const struct ending_signs *s)
{
    struct ending e;

    ending_judge(s, &e);
    assert_int_equal(e.by == ENDED_BY_UNKNOWN, e.text[0] == '\0');
    assert_null(strpbrk(e.text, "\n\t"));
    assert_int_equal(e.by == ENDED_BY_WATCHDOG, s->watchdog_poweroff);
    assert_int_not_equal(e.by, ENDED_BY_CLUSTER); /* our actions say so themselves */
    if (e.by == ENDED_BY_GUEST) {
        assert_true(s->shutdown == SHUTDOWN_BY_GUEST && !s->powerdown);
    }
    if (!s->status_known) {
        assert_null(strstr(e.text, "signal 1"));
        assert_null(strstr(e.text, "exit status"));
    }
}

static void any_combination(void **state)
{
    static const char *const words[] = {
        "", "shutdown", "destroyed", "crashed", "migrated", "saved", "failed", "daemon",
        "from-snapshot", "12345678901234567890123",
    };
    static const int statuses[] = { 0, 1 << 8, SIGTERM, 11, 15 << 8 };

    (void) state;
    for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
        for (size_t st = 0; st < sizeof statuses / sizeof statuses[0]; st++) {
            for (int bits = 0; bits < 8 * (SHUTDOWN_BY_HOST + 1); bits++) {
                struct ending_signs s = {
                    .watchdog_poweroff = bits & 1, .powerdown = bits & 2,
                    .status_known = bits & 4, .status = statuses[st],
                    .shutdown = (enum shutdown_origin) (bits / 8),
                };

                stop_word(&s, words[w]);
                check(&s);
            }
        }
    }
}

static void names_are_unlike(void **state)
{
    (void) state;
    for (int by = 0; by < ENDED_BY_LAST; by++) {
        const char *name = ending_by_name((enum ending_by) by);

        assert_true(name && *name);
        for (int other = 0; other < by; other++) {
            assert_string_not_equal(name, ending_by_name((enum ending_by) other));
        }
    }
    assert_string_equal(ending_by_name(ENDED_BY_UNKNOWN), "unknown");
    assert_string_equal(ending_by_name(ENDED_BY_LAST), "unknown");
    assert_string_equal(ending_by_name((enum ending_by) -1), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_alone),
        cmocka_unit_test(nobody_is_named_without_a_sign),
        cmocka_unit_test(what_was_meant_comes_before_what_only_happened),
        cmocka_unit_test(a_powerdown_only_explains_a_shutdown),
        cmocka_unit_test(each_status),
        cmocka_unit_test(any_combination),
        cmocka_unit_test(names_are_unlike),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
