/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes in over the watch's socket and from its listener: model/waiting, model/tidings. No
 * answer says more than it may.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "fuzz.h"
#include "model/tidings.h"
#include "model/waiting.h"

static void request(const uint8_t *data, size_t size)
{
    struct request r;

    if (size > 0 && waiting_parse("1", (const char *) data, size, &r)) {
        (void) waiting_value("OCF_RESOURCE_INSTANCE", &r);
    }
}

static void answer(const char *text)
{
    struct answer a;

    waiting_read_answer(text, &a);
    FUZZ_HOLDS(a.kind != ANSWER_DONE || a.code == 0 || a.code == 1 || a.code == 190);
    FUZZ_HOLDS(a.kind != ANSWER_DONE || a.code != 0 ||
               (a.age_ms >= 0 && a.age_ms <= WAITING_FRESH_MS));
    FUZZ_HOLDS(strlen(a.reason) < sizeof a.reason);
}

static void tiding(const char *line)
{
    struct tiding t = {.kind = TIDING_NONE};
    struct tiding again = {.kind = TIDING_NONE};
    struct err why = {0};

    if (tiding_from_text(line, &t, &why) == 0) {
        _cleanup_free_ char *text = tiding_to_text(&t);

        FUZZ_HOLDS(t.kind > TIDING_NONE && t.kind < TIDING_LAST);
        FUZZ_HOLDS(tiding_from_text(text, &again, &why) == 0);
        FUZZ_HOLDS(again.kind == t.kind && again.event == t.event && str_eq(again.uuid, t.uuid));
    } else {
        FUZZ_HOLDS(why.text[0] != '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_free_ char *text = fuzz_text(data, size);

    request(data, size);
    answer(text);
    tiding(text);
    return 0;
}
