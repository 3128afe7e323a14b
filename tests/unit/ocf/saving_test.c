/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ocf/saving: a stop on one node leaves alone what a stop on another node may just be saving, as
 * after a migration whose end got lost.
 */
#include "../sys/own_process.h"
#include "../sys/scratch_dir.h"

#include <libvirt/libvirt.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/str.h"
#include "ocf/saving.h"

#define HALF "LibvirtQemudPart and the rest"

enum { PLENTY_MS = 20 * 1000 };

/* A guest that this node has run, as it is looked at now. */
static void begin(struct ocf_context *c, enum process_state process, int reason)
{
    *c = (struct ocf_context) {.until = deadline_in_ms(PLENTY_MS)};
    c->params.snapshot = scratch;
    c->guest.record = record_new();
    c->guest.record->name = str_dup("vm");
    c->guest.record->uri = str_dup("test:///default");
    c->guest.record->phase = PHASE_RUNNING;
    c->guest.record->process = (struct process_id) {.pid = getpid(), .start_ticks = 1};
    c->guest.loaded_process = c->guest.record->process;
    c->sight.condition = CONDITION_BUSY;
    c->sight.seen = (struct observation) {
        .libvirt = LIBVIRT_KNOWS, .state = VIR_DOMAIN_PAUSED, .reason = reason, .process = process
    };
}

static void end(struct ocf_context *c)
{
    record_free(c->guest.record);
}

static void of_a_guest_that_is_here_nothing_older_stays(void **state)
{
    struct ocf_context c;

    (void) state;
    begin(&c, PROCESS_ALIVE, VIR_DOMAIN_PAUSED_USER);
    scratch_put("vm.state", "old memory");
    assert_int_equal(saving_begin_stop(&c), 0);
    assert_false(scratch_has("vm.state"));
    scratch_put("vm.state.partial", HALF);
    saving_end_stop(&c, false);
    assert_false(scratch_has("vm.state.partial"));
    end(&c);
}

static void leaves_all(struct ocf_context *c)
{
    scratch_put("vm.state", "memory from the other node");
    scratch_put("vm.state.partial", HALF);
    assert_int_equal(saving_begin_stop(c), 0);
    saving_end_stop(c, false);
    assert_true(scratch_has("vm.state"));
    assert_true(scratch_has("vm.state.partial"));
    end(c);
}

static void what_the_target_of_a_migration_saves_is_left_to_it(void **state)
{
    struct ocf_context c;

    (void) state;
    begin(&c, PROCESS_ALIVE, VIR_DOMAIN_PAUSED_MIGRATION);
    leaves_all(&c);
}

static void so_it_is_where_the_source_has_ended(void **state)
{
    struct ocf_context c;

    (void) state;
    begin(&c, PROCESS_DEAD, 0);
    c.sight.condition = CONDITION_ABSENT;
    c.sight.seen.libvirt = LIBVIRT_NOT_FOUND;
    leaves_all(&c);
}

static void what_was_sent_away_was_not_paused_to_be_saved(void **state)
{
    static const enum condition stands[] = {CONDITION_PAUSED, CONDITION_BUSY};
    struct ocf_context c;

    (void) state;
    for (size_t i = 0; i < sizeof stands / sizeof stands[0]; i++) {
        begin(&c, PROCESS_ALIVE, VIR_DOMAIN_PAUSED_USER);
        c.sight.condition = stands[i];
        assert_true(saving_stands_paused(&c));
        c.sight.seen.reason = VIR_DOMAIN_PAUSED_MIGRATION;
        assert_false(saving_stands_paused(&c));
        end(&c);
    }
    begin(&c, PROCESS_ALIVE, VIR_DOMAIN_PAUSED_USER);
    c.sight.condition = CONDITION_RUNNING;
    assert_false(saving_stands_paused(&c));
    end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_a_guest_that_is_here_nothing_older_stays),
        cmocka_unit_test(what_the_target_of_a_migration_saves_is_left_to_it),
        cmocka_unit_test(so_it_is_where_the_source_has_ended),
        cmocka_unit_test(what_was_sent_away_was_not_paused_to_be_saved),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
