/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The texts of waiting.h, made and read. What is not understood whole is "look yourself":
 * the answer that is always safe.
 */
#include "model/waiting.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <crm/common/results.h>

#include "base/str.h"

static const char *const wanted[] = {
    "OCF_RESKEY_", "OCF_RESOURCE_INSTANCE=", "OCF_CHECK_LEVEL=",
};

static bool is_wanted(const char *entry)
{
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (str_starts(entry, wanted[i])) {
            return true;
        }
    }
    return false;
}

/* Appends with its NUL; false where there is no room. */
static bool append(const char *text, char *to, size_t size, size_t *used)
{
    size_t length = strlen(text) + 1;

    if (length > size - *used) {
        return false;
    }
    memcpy(to + *used, text, length);
    *used += length;
    return true;
}

size_t waiting_request(const char *version, char *const *entries, char *to, size_t size)
{
    size_t used = 0;

    if (!append(version, to, size, &used)) {
        return 0;
    }
    for (; *entries; entries++) {
        if (is_wanted(*entries) && !append(*entries, to, size, &used)) {
            return 0;
        }
    }
    return used;
}

bool waiting_parse(const char *version, const char *text, size_t size, struct request *ret)
{
    size_t head = strlen(version) + 1;

    if (size < head || text[size - 1] != '\0' || memcmp(text, version, head) != 0) {
        return false;
    }
    *ret = (struct request) {.text = text + head, .size = size - head};
    return true;
}

const char *waiting_value(const char *name, void *request)
{
    const struct request *r = request;
    size_t length = strlen(name);

    for (const char *p = r->text; p < r->text + r->size; p += strlen(p) + 1) {
        if (strncmp(p, name, length) == 0 && p[length] == '=') {
            return p + length + 1;
        }
    }
    return NULL;
}

static const char look[] = "look";
static const char held[] = "held";

size_t waiting_answer(const struct answer *a, char *to, size_t size)
{
    int n = 0;

    switch (a->kind) {
    case ANSWER_LOOK:
        n = snprintf(to, size, "%s", look);
        break;
    case ANSWER_HELD:
        n = snprintf(to, size, "%s", held);
        break;
    case ANSWER_DONE:
        n = snprintf(to, size, "done %d %" PRId64 " %s", a->code, a->age_ms, a->reason);
        break;
    }
    return n < 0 ? 0 : (size_t) n < size ? (size_t) n : size - 1;
}

static bool may_be_said(const struct answer *a)
{
    if (a->age_ms < 0) {
        return false;
    }
    return (a->code == PCMK_OCF_OK && a->age_ms <= WAITING_FRESH_MS) ||
           a->code == PCMK_OCF_UNKNOWN_ERROR || a->code == PCMK_OCF_DEGRADED;
}

void waiting_read_answer(const char *text, struct answer *ret)
{
    struct answer a = {.kind = ANSWER_DONE};
    int reason_at = -1;

    *ret = (struct answer) {.kind = ANSWER_LOOK};
    if (str_eq(text, held)) {
        ret->kind = ANSWER_HELD;
        return;
    }
    if (sscanf(text, "done %d %" SCNd64 " %n", &a.code, &a.age_ms, &reason_at) == 2 &&
        reason_at > 0 && may_be_said(&a)) {
        snprintf(a.reason, sizeof a.reason, "%s", text + reason_at);
        *ret = a;
    }
}
