/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reload-agent: the reloadable parameters are read by every action anew, so there is little to
 * do but to say whether they are usable. The one that QEMU itself was told, it is told again.
 */
#include "ocf/ocf.h"

#include <unistd.h>

#include "base/log.h"
#include "guard/ask.h"

enum { ASK_PERCENT = 50, ASK_MOST_MS = 5000 };

/* panic_grace: whether a panic stops the guest. A guest that cannot be told now is told by nobody
 * until its next start, which is worth a warning, not a restart. */
static void tell_panic_action(struct ocf_context *c)
{
    struct err why = {0};
    enum ask what = c->params.panic_grace_s > 0 ? ASK_PANIC_RUNS : ASK_PANIC_STOPS;

    if (c->guest.source != IDENTITY_NONE && c->guest.record->phase == PHASE_RUNNING &&
        guest_ask(c->guest.record, what, deadline_part(c->until, ASK_PERCENT, ASK_MOST_MS),
                  &why) < 0) {
        log_warning("panic_grace is not in force before the guest's next start: %s", why.text);
    }
}

int ocf_reload(struct ocf_context *c)
{
    struct err why = {0};
    int code = ocf_check_config(c);

    guest_release(&c->guest);
    /* Only root's call is about a guest that runs. */
    if (code == PCMK_OCF_OK && geteuid() == 0 &&
        guest_identify(&c->guest, &c->params, c->call.resource, c->until, &why) == 0) {
        tell_panic_action(c);
        guest_release(&c->guest);
    }
    return code;
}
