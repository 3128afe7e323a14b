/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all nodes told of their guests, read back from their attributes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/announce.h"
#include "model/verdict.h"
#include "sys/cluster.h"

enum { MS_PER_S = 1000 };

/* The word that `value` begins with; NULL: it is none of ours. */
static const char *state_of(const char *value, size_t length)
{
    static const char *const others[] = {"ended", "migrating", "released"};
    _cleanup_free_ char *word = str_printf("%.*s", (int) length, value);
    enum condition c = condition_from_name(word);

    if (c != CONDITION_UNKNOWN || str_eq(word, condition_name(CONDITION_UNKNOWN))) {
        return condition_name(c);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (str_eq(word, others[i])) {
            return others[i];
        }
    }
    return NULL;
}

/* Only what clock_wall_text itself would write. */
static bool is_time(const char *text)
{
    char again[CLOCK_TEXT_SIZE];
    struct tm tm = {0};
    int ms = 0;
    char end = '\0';
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);

    if (!rest || sscanf(rest, ".%3d%c", &ms, &end) != 2 || end != 'Z' || ms < 0) {
        return false;
    }
    clock_wall_text((int64_t) timegm(&tm) * MS_PER_S + ms, again);
    return str_eq(again, text);
}

void announced_read(const char *value, struct announced *ret)
{
    const char *colon = strstr(value, ": ");
    const char *last = strrchr(value, ';');
    const char *time = last && last[1] == ' ' && is_time(last + 2) ? last + 2 : NULL;
    const char *state = colon ? state_of(value, (size_t) (colon - value)) : NULL;
    const char *from = state ? colon + 2 : value;
    size_t length = time && last >= from ? (size_t) (last - from) : strlen(from);

    ret->state = state ? state : condition_name(CONDITION_UNKNOWN);
    ret->reason = str_printf("%.*s", (int) length, from);
    ret->time = time && last >= from ? str_dup(time) : NULL;
}

void announced_free(struct announced *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(list[i].node);
        free(list[i].resource);
        free(list[i].reason);
        free(list[i].time);
    }
    free(list);
}

static void add(const struct crm_attribute *a, struct announced **list, size_t *count)
{
    struct announced *to = array_add(list, count, sizeof *to);

    to->node = str_dup(a->node);
    to->resource = str_dup(a->name + strlen(ANNOUNCE_PREFIX));
    announced_read(a->value, to);
}

int announced_list(struct announced **ret, size_t *ret_count, struct deadline until,
                   struct err *why)
{
    struct crm_attribute *attribute = NULL;
    struct announced *list = NULL;
    size_t attribute_count = 0;
    size_t count = 0;
    int rc = cluster_attributes(ANNOUNCE_PREFIX, &attribute, &attribute_count, until, why);

    if (rc < 0) {
        return rc;
    }
    for (size_t i = 0; i < attribute_count; i++) {
        if (attribute[i].value[0]) {
            add(&attribute[i], &list, &count);
        }
    }
    crmtext_attributes_free(attribute, attribute_count);
    *ret = list;
    *ret_count = count;
    return 0;
}
