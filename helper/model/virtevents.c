/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows. A new detail of libvirt's: one row, guarded by LIBVIR_CHECK_VERSION where Debian
 * 12's headers lack it; the completeness test names the ones that are missing.
 */
#include <stdio.h>

#include <libvirt/libvirt.h>

#include "base/str.h"
#include "model/virtevents.h"

#define ROW(EVENT_TYPE, DETAIL, TELLS, WORD)                                                    \
    {                                                                                           \
        .event = VIR_DOMAIN_EVENT_##EVENT_TYPE,                                                 \
        .detail = VIR_DOMAIN_EVENT_##EVENT_TYPE##_##DETAIL, .tells = EVENT_##TELLS, .word = WORD \
    }
#define ANY(EVENT_TYPE, TELLS, WORD)                                                   \
    {                                                                                  \
        .event = VIR_DOMAIN_EVENT_##EVENT_TYPE, .detail = LIFECYCLE_ANY,               \
        .tells = EVENT_##TELLS, .word = WORD                                           \
    }

static const struct lifecycle_row rows[] = {
    ROW(DEFINED, ADDED, NONE, ""),
    ROW(DEFINED, UPDATED, NONE, ""),
    ROW(DEFINED, RENAMED, NONE, ""),
    ROW(DEFINED, FROM_SNAPSHOT, NONE, ""),

    ROW(UNDEFINED, REMOVED, NONE, ""),
    ROW(UNDEFINED, RENAMED, NONE, ""),

    ROW(STARTED, BOOTED, NONE, ""),
    ROW(STARTED, MIGRATED, NONE, ""),
    ROW(STARTED, RESTORED, NONE, ""),
    ROW(STARTED, FROM_SNAPSHOT, NONE, ""),
    ROW(STARTED, WAKEUP, NONE, ""),

    /* why it stands still is in the state that follows */
    ROW(SUSPENDED, PAUSED, NONE, ""),
    ROW(SUSPENDED, MIGRATED, NONE, ""),
    ROW(SUSPENDED, IOERROR, NONE, ""),
    ROW(SUSPENDED, WATCHDOG, NONE, ""),
    ROW(SUSPENDED, RESTORED, NONE, ""),
    ROW(SUSPENDED, FROM_SNAPSHOT, NONE, ""),
    ROW(SUSPENDED, API_ERROR, NONE, ""),
    ROW(SUSPENDED, POSTCOPY, NONE, ""),
    ROW(SUSPENDED, POSTCOPY_FAILED, NONE, ""),

    ROW(RESUMED, UNPAUSED, NONE, ""),
    ROW(RESUMED, MIGRATED, NONE, ""),
    ROW(RESUMED, FROM_SNAPSHOT, NONE, ""),
    ROW(RESUMED, POSTCOPY, NONE, ""),
#if LIBVIR_CHECK_VERSION(8, 5, 0)
    ROW(RESUMED, POSTCOPY_FAILED, NONE, ""),
#endif

    ROW(STOPPED, SHUTDOWN, STOPPED, "shutdown"),
    ROW(STOPPED, DESTROYED, STOPPED, "destroyed"),
    ROW(STOPPED, CRASHED, STOPPED, "crashed"),
    ROW(STOPPED, MIGRATED, STOPPED, "migrated"),
    ROW(STOPPED, SAVED, STOPPED, "saved"),
    ROW(STOPPED, FAILED, STOPPED, "failed"),
    ROW(STOPPED, FROM_SNAPSHOT, STOPPED, "from snapshot"),

    ROW(SHUTDOWN, FINISHED, SHUTDOWN, "finished"),
    ROW(SHUTDOWN, GUEST, SHUTDOWN, "guest"),
    ROW(SHUTDOWN, HOST, SHUTDOWN, "host"),

    ROW(PMSUSPENDED, MEMORY, NONE, ""),
    ROW(PMSUSPENDED, DISK, NONE, ""),

    ROW(CRASHED, PANICKED, PANICKED, ""),
#if LIBVIR_CHECK_VERSION(6, 1, 0)
    ROW(CRASHED, CRASHLOADED, CRASHLOADED, ""),
#endif

    /* Details of a newer libvirt. That it ended is told whatever ended it; which kind of crash
     * it was is not guessed, the state tells. */
    ANY(STOPPED, STOPPED, "unknown"),
    ANY(SHUTDOWN, SHUTDOWN, "unknown"),
};

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static const struct lifecycle_row unknown = {
    .event = LIFECYCLE_ANY, .detail = LIFECYCLE_ANY, .tells = EVENT_NONE, .word = ""};

const struct lifecycle_row *lifecycle_rows(size_t *ret_count)
{
    *ret_count = ROW_COUNT;
    return rows;
}

const struct lifecycle_row *lifecycle_row_of(int event, int detail)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].event == event &&
            (rows[i].detail == detail || rows[i].detail == LIFECYCLE_ANY)) {
            return &rows[i];
        }
    }
    return &unknown;
}

static const char *const watchdog_actions[] = {
    [VIR_DOMAIN_EVENT_WATCHDOG_NONE] = "none",
    [VIR_DOMAIN_EVENT_WATCHDOG_PAUSE] = "pause",
    [VIR_DOMAIN_EVENT_WATCHDOG_RESET] = "reset",
    [VIR_DOMAIN_EVENT_WATCHDOG_POWEROFF] = "poweroff",
    [VIR_DOMAIN_EVENT_WATCHDOG_SHUTDOWN] = "shutdown",
    [VIR_DOMAIN_EVENT_WATCHDOG_DEBUG] = "debug",
    [VIR_DOMAIN_EVENT_WATCHDOG_INJECTNMI] = "inject-nmi",
};

static const char *const io_error_actions[] = {
    [VIR_DOMAIN_EVENT_IO_ERROR_NONE] = "none",
    [VIR_DOMAIN_EVENT_IO_ERROR_PAUSE] = "stop", /* as in <driver error_policy> and werror= */
    [VIR_DOMAIN_EVENT_IO_ERROR_REPORT] = "report",
};

static const char *const close_reasons[] = {
    [VIR_CONNECT_CLOSE_REASON_ERROR] = "an I/O error",
    [VIR_CONNECT_CLOSE_REASON_EOF] = "the daemon hung up",
    [VIR_CONNECT_CLOSE_REASON_KEEPALIVE] = "the daemon did not answer in time",
    [VIR_CONNECT_CLOSE_REASON_CLIENT] = "closed by this side",
};

#define WORD_OF(table, number) word_of(table, sizeof(table) / sizeof(table)[0], number)

static const char *word_of(const char *const *table, size_t count, int number)
{
    return number >= 0 && (size_t) number < count ? table[number] : "unknown";
}

const char *watchdog_action_word(int action)
{
    return WORD_OF(watchdog_actions, action);
}

const char *io_error_action_word(int action)
{
    return WORD_OF(io_error_actions, action);
}

const char *close_reason_word(int reason)
{
    return WORD_OF(close_reasons, reason);
}

void io_error_text(char *to, size_t size, const char *disk, const char *cause)
{
    /* libvirt's only word of its own; others come from QEMU and are for people already */
    const char *what = str_eq(cause, "enospc") ? "no space" : cause;

    snprintf(to, size, "disk %s: %s", disk && *disk ? disk : "(unnamed)",
             what && *what ? what : "I/O error");
}
