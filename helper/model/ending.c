/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signs to a verdict on who ended a guest: rows, the first that fits. What was certainly meant
 * (a watchdog's action, libvirt's destroy) comes before what only looks like something.
 */
#include "model/ending.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

enum { ANY = -1 };
enum how { HOW_ANY = 0, HOW_SIGNAL, HOW_FAILED };

struct row {
    int watchdog_poweroff;
    const char *stopped; /* NULL: any */
    int powerdown;
    int shutdown;        /* ANY, or an enum shutdown_origin */
    enum how how;
    enum ending_by by;
    const char *text;
};

static const struct row rows[] = {
    {1, NULL, ANY, ANY, HOW_ANY, ENDED_BY_WATCHDOG, "its watchdog fired: poweroff"},
    {ANY, "destroyed", ANY, ANY, HOW_ANY, ENDED_BY_ADMINISTRATOR,
     "it was destroyed through libvirt, not by the cluster"},
    {ANY, "migrated", ANY, ANY, HOW_ANY, ENDED_BY_MIGRATION,
     "it was migrated away, not by the cluster"},
    {ANY, "saved", ANY, ANY, HOW_ANY, ENDED_BY_ADMINISTRATOR,
     "it was saved to a file through libvirt, not by the cluster"},
    {ANY, NULL, 1, SHUTDOWN_BY_GUEST, HOW_ANY, ENDED_BY_ADMINISTRATOR,
     "an administrator of this node asked it to shut down"},
    {ANY, NULL, ANY, SHUTDOWN_BY_GUEST, HOW_ANY, ENDED_BY_GUEST,
     "it was shut down from inside, by its user"},
    {ANY, NULL, ANY, SHUTDOWN_BY_HOST, HOW_ANY, ENDED_BY_ADMINISTRATOR,
     "an administrator of this node ended its QEMU by a signal or a monitor command"},
    {ANY, "daemon", ANY, ANY, HOW_ANY, ENDED_BY_LIBVIRT, "libvirt's daemon ended it"},
    {ANY, NULL, ANY, ANY, HOW_SIGNAL, ENDED_BY_QEMU, NULL},
    {ANY, NULL, ANY, ANY, HOW_FAILED, ENDED_BY_QEMU, NULL},
    {ANY, "crashed", ANY, ANY, HOW_ANY, ENDED_BY_QEMU, "QEMU was killed or crashed"},
    {ANY, "failed", ANY, ANY, HOW_ANY, ENDED_BY_QEMU, "QEMU was killed or crashed"},
};

/* wait(2)'s status, in the one form that Linux has: <sys/wait.h> is not for the model. */
static int signal_of(int status)
{
    return status & 0x7f;
}

static int exit_code_of(int status)
{
    return status >> 8 & 0xff;
}

/* SIGTERM is how a QEMU is asked to end: no crash. */
static enum how how_of(const struct ending_signs *s)
{
    if (!s->status_known || signal_of(s->status) == SIGTERM) {
        return HOW_ANY;
    }
    if (signal_of(s->status) != 0) {
        return HOW_SIGNAL;
    }
    return exit_code_of(s->status) != 0 ? HOW_FAILED : HOW_ANY;
}

static bool fits(const struct row *r, const struct ending_signs *s)
{
    return (r->watchdog_poweroff == ANY || r->watchdog_poweroff == (int) s->watchdog_poweroff) &&
           (!r->stopped || str_eq(r->stopped, s->stopped)) &&
           (r->powerdown == ANY || r->powerdown == (int) s->powerdown) &&
           (r->shutdown == ANY || r->shutdown == (int) s->shutdown) &&
           (r->how == HOW_ANY || r->how == how_of(s));
}

static void describe(const struct row *r, const struct ending_signs *s, struct ending *ret)
{
    ret->by = r->by;
    switch (r->how) {
    case HOW_SIGNAL:
        snprintf(ret->text, sizeof ret->text, "QEMU died by signal %d (%s)",
                 signal_of(s->status), strsignal(signal_of(s->status)));
        return;
    case HOW_FAILED:
        snprintf(ret->text, sizeof ret->text, "QEMU ended with exit status %d",
                 exit_code_of(s->status));
        return;
    case HOW_ANY:
        snprintf(ret->text, sizeof ret->text, "%s", r->text);
    }
}

void ending_judge(const struct ending_signs *signs, struct ending *ret)
{
    *ret = (struct ending) {.by = ENDED_BY_UNKNOWN};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (fits(&rows[i], signs)) {
            describe(&rows[i], signs, ret);
            return;
        }
    }
}

static const char *const names[ENDED_BY_LAST] = {
    [ENDED_BY_UNKNOWN] = "unknown",
    [ENDED_BY_GUEST] = "guest",
    [ENDED_BY_ADMINISTRATOR] = "administrator",
    [ENDED_BY_CLUSTER] = "cluster",
    [ENDED_BY_WATCHDOG] = "watchdog",
    [ENDED_BY_QEMU] = "qemu",
    [ENDED_BY_LIBVIRT] = "libvirt",
    [ENDED_BY_MIGRATION] = "migration",
};

const char *ending_by_name(enum ending_by by)
{
    return names[(unsigned) by < ENDED_BY_LAST ? by : ENDED_BY_UNKNOWN];
}
