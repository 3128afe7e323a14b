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

#define ROW(STATE, REASON, WORD, CONDITION, ASK)                                              \
    {                                                                                         \
        .state = VIR_DOMAIN_##STATE, .reason = VIR_DOMAIN_##STATE##_##REASON, .word = (WORD), \
        .condition = CONDITION_##CONDITION, .needs_runstate = (ASK)                           \
    }

/*
 * needs_runstate: libvirt's answer is ambiguous or can be stale; then `condition` is only
 * what holds if QEMU does not tell. Each state has a row for reason 0, which also stands
 * for reasons that this table does not know.
 */
static const struct state_row rows[] = {
    /* never set by libvirt's QEMU driver: proves nothing */
    ROW(NOSTATE, UNKNOWN, "unknown", UNKNOWN, true),

    ROW(RUNNING, UNKNOWN, "unknown", RUNNING, false),
    ROW(RUNNING, BOOTED, "booted", RUNNING, false),
    ROW(RUNNING, MIGRATED, "migrated", RUNNING, false),
    ROW(RUNNING, RESTORED, "restored", RUNNING, false),
    ROW(RUNNING, FROM_SNAPSHOT, "from snapshot", RUNNING, false),
    ROW(RUNNING, UNPAUSED, "unpaused", RUNNING, false),
    ROW(RUNNING, MIGRATION_CANCELED, "migration canceled", RUNNING, false),
    ROW(RUNNING, SAVE_CANCELED, "save canceled", RUNNING, false),
    ROW(RUNNING, WAKEUP, "event wakeup", RUNNING, false),
    ROW(RUNNING, CRASHED, "crashed", RUNNING, false),
    /* memory is split over two hosts: a fail-over now would lose the guest */
    ROW(RUNNING, POSTCOPY, "post-copy", BUSY, false),
#if LIBVIR_CHECK_VERSION(8, 5, 0)
    ROW(RUNNING, POSTCOPY_FAILED, "post-copy failed", BUSY, false),
#endif

    ROW(BLOCKED, UNKNOWN, "unknown", RUNNING, false),

    /* nobody asked for this pause; if not even QEMU can tell why, the guest is as good as hung */
    ROW(PAUSED, UNKNOWN, "unknown", HUNG, true),
    ROW(PAUSED, USER, "user", PAUSED, true),
    ROW(PAUSED, MIGRATION, "migrating", BUSY, false),
    ROW(PAUSED, SAVE, "saving", BUSY, false),
    ROW(PAUSED, DUMP, "dumping", BUSY, false),
    ROW(PAUSED, IOERROR, "I/O error", IO_ERROR, false),
    ROW(PAUSED, WATCHDOG, "watchdog", HUNG, false),
    ROW(PAUSED, FROM_SNAPSHOT, "from snapshot", BUSY, false),
    ROW(PAUSED, SHUTTING_DOWN, "shutting down", STOPPING, true),
    ROW(PAUSED, SNAPSHOT, "creating snapshot", BUSY, false),
    ROW(PAUSED, CRASHED, "crashed", CRASHED, true),
    ROW(PAUSED, STARTING_UP, "starting up", BUSY, false),
    ROW(PAUSED, POSTCOPY, "post-copy", BUSY, false),
#if LIBVIR_CHECK_VERSION(8, 5, 0)
    ROW(PAUSED, POSTCOPY_FAILED, "post-copy failed", BUSY, false),
#endif
#if LIBVIR_CHECK_VERSION(9, 2, 0)
    ROW(PAUSED, API_ERROR, "api error", HUNG, true),
#endif

    ROW(SHUTDOWN, UNKNOWN, "unknown", STOPPING, false),
    ROW(SHUTDOWN, USER, "user", STOPPING, false),

    /* only together with a proven death: libvirt can say so with QEMU alive */
    ROW(SHUTOFF, UNKNOWN, "unknown", ABSENT, false),
    ROW(SHUTOFF, SHUTDOWN, "shutdown", ABSENT, false),
    ROW(SHUTOFF, DESTROYED, "destroyed", ABSENT, false),
    ROW(SHUTOFF, CRASHED, "crashed", ABSENT, false),
    ROW(SHUTOFF, MIGRATED, "migrated", ABSENT, false),
    ROW(SHUTOFF, SAVED, "saved", ABSENT, false),
    ROW(SHUTOFF, FAILED, "failed", ABSENT, false),
    ROW(SHUTOFF, FROM_SNAPSHOT, "from snapshot", ABSENT, false),
#if LIBVIR_CHECK_VERSION(4, 10, 0)
    ROW(SHUTOFF, DAEMON, "daemon", ABSENT, false),
#endif

    /* stays so even after the guest has rebooted itself, when QEMU did not stop it */
    ROW(CRASHED, UNKNOWN, "unknown", CRASHED, true),
    ROW(CRASHED, PANICKED, "panicked", CRASHED, true),

    ROW(PMSUSPENDED, UNKNOWN, "unknown", SLEEPING, false),
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
    RUNSTATE(INTERNAL_ERROR, "internal-error", HUNG, true),
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
