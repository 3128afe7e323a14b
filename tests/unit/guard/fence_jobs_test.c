/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What goes on after the vCPUs stop, against a scripted QEMU: migration, exports, block jobs.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "guard/fence.h"
#include "script.h"

enum { PLENTY_MS = 20000 };

static struct fence fence_for(int64_t ms)
{
    return (struct fence){.until = deadline_in_ms(ms)};
}

static void assert_says(const struct err *why, const char *part)
{
    if (!strstr(why->text, part)) {
        fail_msg("'%s' does not say '%s'", why->text, part);
    }
}

static void migration_is_cancelled_once_and_waited_for(void **state)
{
    static const struct line lines[] = {
        {"query-migrate", NULL, "{\"status\":\"active\"}", NULL},
        {"migrate_cancel", NULL, NULL, NULL},
        {"query-migrate", NULL, "{\"status\":\"cancelling\"}", NULL},
        {"query-migrate", NULL, "{\"status\":\"cancelled\"}", NULL},
    };
    struct fence f = fence_for(PLENTY_MS);
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(fence_migration(&f, &why), 0);
    script_end();
}

static void post_copy_cannot_be_frozen(void **state)
{
    static const struct line lines[] = {
        {"query-migrate", NULL, "{\"status\":\"postcopy-active\"}", NULL},
    };
    struct fence f = fence_for(PLENTY_MS);
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(fence_migration(&f, &why), -EBUSY);
    assert_says(&why, "post-copy");
    script_end();
}

static void exports_are_closed_by_force(void **state)
{
    static const struct line lines[] = {
        {"query-block-exports", NULL, "[{\"id\":\"e1\"},{\"id\":\"e2\"}]", NULL},
        {"block-export-del", "{\"id\":\"e1\",\"mode\":\"hard\"}", NULL, NULL},
        {"block-export-del", "{\"id\":\"e2\",\"mode\":\"hard\"}", NULL,
         "BlockExportNotFound: it has just gone"},
        {"query-block-exports", NULL, "[{\"id\":\"e1\",\"shutting-down\":true}]", NULL},
        {"query-block-exports", NULL, "[]", NULL},
    };
    struct fence f = fence_for(PLENTY_MS);
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(fence_exports(&f, &why), 0);
    script_end();
}

static void jobs_are_cancelled_once_and_waited_for(void **state)
{
    static const struct line lines[] = {
        {"query-jobs", NULL, "[{\"id\":\"j\",\"status\":\"ready\"}]", NULL},
        {"job-cancel", "{\"id\":\"j\"}", NULL, NULL},
        {"query-jobs", NULL, "[{\"id\":\"j\",\"status\":\"aborting\"}]", NULL},
        {"query-jobs", NULL, "[]", NULL},
    };
    struct fence f = fence_for(PLENTY_MS);
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(fence_jobs(&f, &why), 0);
    script_end();
}

/* libvirt dismisses its own; one that nobody does is dismissed by us, later. */
static void concluded_job_is_left_to_libvirt_first(void **state)
{
    enum { LEFT = 10 };
    struct line lines[LEFT + 3];
    struct fence f = fence_for(PLENTY_MS);
    struct err why = {0};

    (void) state;
    for (int i = 0; i <= LEFT; i++) {
        lines[i] = (struct line){"query-jobs", NULL, "[{\"id\":\"j\",\"status\":\"concluded\"}]",
                                 NULL};
    }
    lines[LEFT + 1] = (struct line){"job-dismiss", "{\"id\":\"j\"}", NULL, NULL};
    lines[LEFT + 2] = (struct line){"query-jobs", NULL, "[]", NULL};
    SCRIPT(lines);
    assert_int_equal(fence_jobs(&f, &why), 0);
    script_end();
}

static void job_that_does_not_end_ends_in_time(void **state)
{
    static const struct line lines[] = {
        {"query-jobs", NULL, "[{\"id\":\"j\",\"status\":\"running\"}]", NULL},
        {"job-cancel", "{\"id\":\"j\"}", NULL, NULL},
        {"query-jobs", NULL, "[{\"id\":\"j\",\"status\":\"aborting\"}]", NULL},
    };
    struct fence f = fence_for(400);
    struct err why = {0};
    int64_t begun = clock_mono_us();

    (void) state;
    script_set(lines, 3, 1);
    assert_int_equal(fence_jobs(&f, &why), -ETIMEDOUT);
    assert_in_range(clock_mono_us() - begun, 390000, 5000000);
    assert_in_range(script_calls(), 4, 400); /* it pauses between looks */
}

static void answer_of_another_kind_is_an_error(void **state)
{
    static const struct line lines[] = {{"query-jobs", NULL, "{\"a\":1}", NULL}};
    static const struct line nameless[] = {{"query-jobs", NULL, "[{\"status\":\"ready\"}]", NULL}};
    struct fence f = fence_for(PLENTY_MS);
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(fence_jobs(&f, &why), -EBADMSG);
    SCRIPT(nameless);
    assert_int_equal(fence_jobs(&f, &why), -EBADMSG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(migration_is_cancelled_once_and_waited_for),
        cmocka_unit_test(post_copy_cannot_be_frozen),
        cmocka_unit_test(exports_are_closed_by_force),
        cmocka_unit_test(jobs_are_cancelled_once_and_waited_for),
        cmocka_unit_test(concluded_job_is_left_to_libvirt_first),
        cmocka_unit_test(job_that_does_not_end_ends_in_time),
        cmocka_unit_test(answer_of_another_kind_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
