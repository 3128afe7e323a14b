/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a guest ended: what the watch noted; else libvirt's log of the domain, and for a domain
 * that libvirt keeps defined the reason of its shut off state. Owns the words for people.
 */
#include "guard/ending.h"

#include <string.h>

#include "base/str.h"
#include "sys/guestlog.h"
#include "sys/stage.h"

enum { LOG_PERCENT = 20, LOG_MOST_MS = 1000 };

struct ending_row {
    const char *word; /* as in libvirt's log */
    const char *text;
};

static const struct ending_row rows[] = {
    {"shutdown", "the guest was powered off from inside or by a shutdown request"},
    {"destroyed", "it was destroyed through libvirt, not by the cluster"},
    {"crashed", "QEMU was killed or crashed"},
    {"migrated", "it was migrated away, not by the cluster"},
    {"saved", "it was saved to a file through libvirt, not by the cluster"},
    {"failed", "it failed to start"},
    {"from-snapshot", "it was ended by reverting to a snapshot of a guest that was off"},
    {"daemon", "libvirt's daemon ended it"},
};

static int log_stage(void *shared, const void *input, struct err *why)
{
    return guestlog_read(GVM_QEMU_LOG_DIR, input, shared, why);
}

static void read_log(const char *name, struct deadline until, struct guestlog_end *ret)
{
    struct guestlog_end *shared = stage_memory(sizeof *shared);
    struct err ignored = {0};

    memset(ret, 0, sizeof *ret);
    if (stage_run("reading libvirt's log of the guest", log_stage, shared, name,
                  deadline_part(until, LOG_PERCENT, LOG_MOST_MS), &ignored) == 0) {
        *ret = *shared;
    }
    stage_memory_free(shared, sizeof *shared);
}

static const char *text_of(const char *word)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (str_eq(rows[i].word, word)) {
            return rows[i].text;
        }
    }
    return NULL;
}

/* libvirt's own SIGTERM is how it ends every QEMU: no news. */
static bool foreign_signal(const struct guestlog_end *end)
{
    return end->sender[0] && !strstr(end->sender, "libvirtd") &&
           !strstr(end->sender, "virtqemud");
}

char *guest_why_ended(const struct guest *g, const struct sighting *seen, struct deadline until)
{
    struct guestlog_end end;
    const char *text;

    if (g->record->ending.by != ENDED_BY_UNKNOWN) {
        return str_dup(g->record->ending.text); /* the watch was there */
    }
    read_log(g->record->name, until, &end);
    if (foreign_signal(&end)) {
        return str_printf("QEMU was ended by signal %s from process %s", end.signal, end.sender);
    }
    text = text_of(end.reason);
    if (!text && verdict_libvirt_off(&seen->seen)) {
        text = text_of(domain_reason_name(seen->seen.state, seen->seen.reason));
    }
    if (!text && seen->seen.libvirt == LIBVIRT_SILENT) {
        text = "QEMU ended while libvirt did not answer";
    }
    return str_dup(text ? text : "neither libvirt nor its log say why");
}
