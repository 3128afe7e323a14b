/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What validate-all and start tell of conflicts. Owns how loud each is, and that validate-all
 * fails for one that may have the guest run beside the cluster; a start never does: the guest
 * is wanted.
 */
#include "ocf/ocf.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "guard/checkup.h"

/* A start does not wait for what only warns. */
enum {
    VALIDATE_PERCENT = 50, VALIDATE_MOST_MS = 10 * 1000,
    START_PERCENT = 5, START_MOST_MS = 1000
};

static struct checkup *look(const struct ocf_context *c, bool thorough, struct deadline until)
{
    struct checkup_guest g = {
        .domain = c->guest.config, .text = c->guest.config_text, .size = c->guest.config_size,
        .params = &c->params, .thorough = thorough
    };

    return checkup_run(&g, until);
}

static void tell(const struct finding *f, bool conflicts_fail)
{
    const struct conflict_row *row = conflict_row(f->what);
    _cleanup_free_ char *remedy = finding_remedy(f);
    int loud = LOG_INFO;

    switch (row->weight) {
    case WEIGHT_CONFLICT:
        loud = conflicts_fail ? LOG_ERR : LOG_WARNING;
        break;
    case WEIGHT_WARNING:
        loud = LOG_WARNING;
        break;
    case WEIGHT_NOTE:
    case WEIGHT_LAST:
        break;
    }
    log_line(loud, "%s (%s): %s: %s; %s. To do: %s", weight_word(row->weight), row->word,
             f->object, f->seen, row->why, remedy);
}

static void tell_all(const struct findings *f, bool conflicts_fail)
{
    for (size_t i = 0; i < f->count; i++) {
        /* Notes are for who asks. */
        if (conflicts_fail || conflict_row(f->list[i].what)->weight != WEIGHT_NOTE) {
            tell(&f->list[i], conflicts_fail);
        }
    }
}

static int answer(const struct checkup *c)
{
    size_t count = findings_count(&c->guest, WEIGHT_CONFLICT) +
                   findings_count(&c->node, WEIGHT_CONFLICT);
    const struct finding *first = findings_first(&c->guest, WEIGHT_CONFLICT);

    first = first ? first : findings_first(&c->node, WEIGHT_CONFLICT);
    if (!first) {
        return PCMK_OCF_OK;
    }
    _cleanup_free_ char *remedy = finding_remedy(first);

    return ocf_answer(PCMK_OCF_UNKNOWN_ERROR, "%s, %s: %s; %s. To do: %s%s",
                      conflict_row(first->what)->word, first->object, first->seen,
                      conflict_row(first->what)->why, remedy,
                      count > 1 ? " (and others: guardedvm doctor)" : "");
}

int ocf_check_conflicts(const struct ocf_context *c)
{
    _cleanup_checkup_ struct checkup *found =
        look(c, true, deadline_part(c->until, VALIDATE_PERCENT, VALIDATE_MOST_MS));

    tell_all(&found->node, true);
    tell_all(&found->guest, true);
    return answer(found);
}

void ocf_warn_of_conflicts(const struct ocf_context *c)
{
    _cleanup_checkup_ struct checkup *found =
        look(c, false, deadline_part(c->until, START_PERCENT, START_MOST_MS));

    tell_all(&found->node, false);
    tell_all(&found->guest, false);
}
