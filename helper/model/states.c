/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every (state, reason) of libvirt and every run state of QEMU, one row each:
 * its word and the condition that it stands for. How the rows are weighed
 * against process and record is verdict.c's business.
 *
 * To add a reason: one row, guarded by LIBVIR_CHECK_VERSION where Debian 12's
 * headers lack it; the completeness test names the ones that are missing.
 */
#include <libvirt/libvirt.h>

#include "model/states.h"

#define ROW(STATE, REASON, WORD, CONDITION, USE)                                              \
    {                                                                                         \
        .state = VIR_DOMAIN_##STATE, .reason = VIR_DOMAIN_##STATE##_##REASON, .word = (WORD), \
        .condition = CONDITION_##CONDITION, .use = RUNSTATE_##USE                             \
    }

/*
 * QEMU is asked where libvirt's answer is ambiguous or can be stale. A stop that not even
 * QEMU explains counts as a crash: no policy for watchdogs or pauses may excuse it. Each
 * state has a row for reason 0, which also stands for reasons that this table does not know.
 */
static const struct state_row rows[] = {
    /* never set by libvirt's QEMU driver: proves nothing */
    ROW(NOSTATE, UNKNOWN, "unknown", UNKNOWN, DECIDES),

    ROW(RUNNING, UNKNOWN, "unknown", RUNNING, UNASKED),
    ROW(RUNNING, BOOTED, "booted", RUNNING, UNASKED),
    ROW(RUNNING, MIGRATED, "migrated", RUNNING, UNASKED),
    ROW(RUNNING, RESTORED, "restored", RUNNING, UNASKED),
    ROW(RUNNING, FROM_SNAPSHOT, "from snapshot", RUNNING, UNASKED),
    ROW(RUNNING, UNPAUSED, "unpaused", RUNNING, UNASKED),
    ROW(RUNNING, MIGRATION_CANCELED, "migration canceled", RUNNING, UNASKED),
    ROW(RUNNING, SAVE_CANCELED, "save canceled", RUNNING, UNASKED),
    ROW(RUNNING, WAKEUP, "event wakeup", RUNNING, UNASKED),
    ROW(RUNNING, CRASHED, "crashed", RUNNING, UNASKED),
    /* memory is split over two hosts: a fail-over now would lose the guest */
    ROW(RUNNING, POSTCOPY, "post-copy", BUSY, UNASKED),
#if LIBVIR_CHECK_VERSION(8, 5, 0)
    ROW(RUNNING, POSTCOPY_FAILED, "post-copy failed", BUSY, UNASKED),
#endif

    ROW(BLOCKED, UNKNOWN, "unknown", RUNNING, UNASKED),

    /* nobody asked for this pause */
    ROW(PAUSED, UNKNOWN, "unknown", CRASHED, DECIDES),
    ROW(PAUSED, USER, "user", PAUSED, DECIDES),
    ROW(PAUSED, MIGRATION, "migrating", BUSY, UNASKED),
    ROW(PAUSED, SAVE, "saving", BUSY, UNASKED),
    ROW(PAUSED, DUMP, "dumping", BUSY, UNASKED),
    ROW(PAUSED, IOERROR, "I/O error", IO_ERROR, UNASKED),
    ROW(PAUSED, WATCHDOG, "watchdog", HUNG, UNASKED),
    ROW(PAUSED, FROM_SNAPSHOT, "from snapshot", BUSY, UNASKED),
    ROW(PAUSED, SHUTTING_DOWN, "shutting down", STOPPING, DECIDES),
    ROW(PAUSED, SNAPSHOT, "creating snapshot", BUSY, UNASKED),
    ROW(PAUSED, CRASHED, "crashed", CRASHED, CLEARS),
    ROW(PAUSED, STARTING_UP, "starting up", BUSY, UNASKED),
    ROW(PAUSED, POSTCOPY, "post-copy", BUSY, UNASKED),
#if LIBVIR_CHECK_VERSION(8, 5, 0)
    ROW(PAUSED, POSTCOPY_FAILED, "post-copy failed", BUSY, UNASKED),
#endif
#if LIBVIR_CHECK_VERSION(9, 2, 0)
    ROW(PAUSED, API_ERROR, "api error", CRASHED, DECIDES),
#endif

    ROW(SHUTDOWN, UNKNOWN, "unknown", STOPPING, UNASKED),
    ROW(SHUTDOWN, USER, "user", STOPPING, UNASKED),

    /* only together with a proven death: libvirt can say so with QEMU alive */
    ROW(SHUTOFF, UNKNOWN, "unknown", ABSENT, UNASKED),
    ROW(SHUTOFF, SHUTDOWN, "shutdown", ABSENT, UNASKED),
    ROW(SHUTOFF, DESTROYED, "destroyed", ABSENT, UNASKED),
    ROW(SHUTOFF, CRASHED, "crashed", ABSENT, UNASKED),
    ROW(SHUTOFF, MIGRATED, "migrated", ABSENT, UNASKED),
    ROW(SHUTOFF, SAVED, "saved", ABSENT, UNASKED),
    ROW(SHUTOFF, FAILED, "failed", ABSENT, UNASKED),
    ROW(SHUTOFF, FROM_SNAPSHOT, "from snapshot", ABSENT, UNASKED),
#if LIBVIR_CHECK_VERSION(4, 10, 0)
    ROW(SHUTOFF, DAEMON, "daemon", ABSENT, UNASKED),
#endif

    /* stays so even after the guest has rebooted itself, when QEMU did not stop it */
    ROW(CRASHED, UNKNOWN, "unknown", CRASHED, CLEARS),
    ROW(CRASHED, PANICKED, "panicked", CRASHED, CLEARS),

    ROW(PMSUSPENDED, UNKNOWN, "unknown", SLEEPING, UNASKED),
};

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

#define RUNSTATE(NAME, WORD, CONDITION, OVER)                                   \
    [RUNSTATE_##NAME] = {                                                       \
        .word = (WORD), .condition = CONDITION_##CONDITION, .over_crash = (OVER) \
    }

/*
 * over_crash: a guest that libvirt holds for crashed is in this condition all the same. The
 * others only say that it stands still, as a crashed guest does (after a reset: prelaunch).
 */
static const struct runstate_row runstates[RUNSTATE_LAST] = {
    RUNSTATE(UNKNOWN, "unknown", UNKNOWN, false),
    RUNSTATE(DEBUG, "debug", PAUSED, false),
    RUNSTATE(INMIGRATE, "inmigrate", BUSY, false),
    /* QEMU or KVM gave up: no watchdog did this */
    RUNSTATE(INTERNAL_ERROR, "internal-error", CRASHED, true),
    RUNSTATE(IO_ERROR, "io-error", IO_ERROR, true),
    RUNSTATE(PAUSED, "paused", PAUSED, false),
    /* runs elsewhere by now: to resume it here would be a second copy */
    RUNSTATE(POSTMIGRATE, "postmigrate", BUSY, false),
    /* created paused or just reset, and nobody let it run */
    RUNSTATE(PRELAUNCH, "prelaunch", PAUSED, false),
    RUNSTATE(FINISH_MIGRATE, "finish-migrate", BUSY, false),
    RUNSTATE(RESTORE_VM, "restore-vm", BUSY, false),
    RUNSTATE(RUNNING, "running", RUNNING, true),
    RUNSTATE(SAVE_VM, "save-vm", BUSY, false),
    RUNSTATE(SHUTDOWN, "shutdown", STOPPING, true),
    RUNSTATE(SUSPENDED, "suspended", SLEEPING, true),
    RUNSTATE(WATCHDOG, "watchdog", HUNG, true),
    RUNSTATE(GUEST_PANICKED, "guest-panicked", CRASHED, true),
    RUNSTATE(COLO, "colo", BUSY, false),
};

const struct state_row *state_rows(size_t *ret_count)
{
    *ret_count = ROW_COUNT;
    return rows;
}

const struct state_row *state_row_exact(int state, int reason)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].state == state && rows[i].reason == reason) {
            return &rows[i];
        }
    }
    return NULL;
}

const struct state_row *state_row_of(int state, int reason)
{
    const struct state_row *row = state_row_exact(state, reason);

    if (!row) {
        row = state_row_exact(state, 0);
    }
    return row ? row : state_row_exact(VIR_DOMAIN_NOSTATE, 0);
}

const struct runstate_row *runstate_row_of(enum runstate r)
{
    return &runstates[(unsigned) r < RUNSTATE_LAST ? r : RUNSTATE_UNKNOWN];
}

bool state_runs(int state)
{
    return state == VIR_DOMAIN_RUNNING;
}

bool state_crashed(int state)
{
    return state == VIR_DOMAIN_CRASHED;
}

bool state_ends(int state)
{
    return state == VIR_DOMAIN_SHUTDOWN || state == VIR_DOMAIN_SHUTOFF;
}

bool state_lacks_storage(int state, int reason)
{
    return state == VIR_DOMAIN_PAUSED && reason == VIR_DOMAIN_PAUSED_IOERROR;
}

void state_set_panicked(int *ret_state, int *ret_reason)
{
    *ret_state = VIR_DOMAIN_CRASHED;
    *ret_reason = VIR_DOMAIN_CRASHED_PANICKED;
}

static const char *const use_words[] = {
    [RUNSTATE_UNASKED] = "no",
    [RUNSTATE_DECIDES] = "decides",
    [RUNSTATE_CLEARS] = "can clear it",
};

static void tell_states(struct table_sink *sink)
{
    static const struct table_column columns[] = {
        {"state", "STATE", 14, false}, {"reason", "REASON", 20, false},
        {"condition", "CONDITION", 15, false}, {"qemu-asked", "QEMU IS ASKED", 0, false},
    };
    static const struct table table = TABLE("states", "libvirt's state and reason", columns);
    size_t count;
    const struct state_row *row = state_rows(&count);

    sink->begin(sink, &table);
    for (size_t i = 0; i < count; i++, row++) {
        sink->row(sink, &table, (const char *const[]) {
            domain_state_name(row->state), row->word, condition_name(row->condition),
            use_words[row->use]});
    }
}

static void tell_runstates(struct table_sink *sink)
{
    static const struct table_column columns[] = {
        {"run-state", "RUN STATE", 18, false}, {"condition", "CONDITION", 15, false},
        {"over-crash", "EVEN IF LIBVIRT SAYS CRASHED", 0, false},
    };
    static const struct table table =
        TABLE("run-states", "QEMU's run state, where it is asked", columns);

    sink->begin(sink, &table);
    for (int r = RUNSTATE_UNKNOWN; r < RUNSTATE_LAST; r++) {
        const struct runstate_row *row = runstate_row_of((enum runstate) r);
        bool settled = row->condition != CONDITION_UNKNOWN;

        sink->row(sink, &table, (const char *const[]) {
            row->word, settled ? condition_name(row->condition) : "(libvirt's)",
            row->over_crash ? "yes" : "no"});
    }
}

void states_tell(struct table_sink *sink)
{
    tell_states(sink);
    tell_runstates(sink);
}
