/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When a guest's utilization is written. Owns the names and units; where in the configuration it
 * stands is utilization_xml.c's.
 */
#include "model/utilization.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/params.h"

enum { KIB_PER_MIB = 1024, US_PER_S = 1000 * 1000 };

const char *utilization_attribute(enum utilization_name name)
{
    switch (name) {
    case UTILIZATION_CPU: return "cpu";
    case UTILIZATION_HOST_MEMORY: return "host_memory";
    case UTILIZATION_HV_MEMORY: return "hv_memory";
    case UTILIZATION_LAST: break;
    }
    return NULL;
}

static int64_t choose(bool autoset, bool unset, int64_t value)
{
    return autoset ? value : unset ? UTILIZATION_REMOVE : UTILIZATION_LEAVE;
}

bool utilization_due(struct utilization *u, const struct params *p,
                     const struct guest_size *size, int64_t now_mono_us,
                     int64_t ret_due[UTILIZATION_LAST], bool *ret_changed)
{
    int64_t mib = size->memory_kib / KIB_PER_MIB;
    const int64_t wanted[UTILIZATION_LAST] = {
        [UTILIZATION_CPU] = choose(p->autoset_utilization_cpu, p->unset_utilization_cpu,
                                   size->vcpus),
        [UTILIZATION_HOST_MEMORY] = choose(p->autoset_utilization_host_memory,
                                           p->unset_utilization_host_memory, mib),
        [UTILIZATION_HV_MEMORY] = choose(p->autoset_utilization_hv_memory,
                                         p->unset_utilization_hv_memory, mib),
    };
    bool any = false;

    *ret_changed = false;
    for (int i = 0; i < UTILIZATION_LAST; i++) {
        ret_due[i] = wanted[i] == u->told[i] ? UTILIZATION_LEAVE : wanted[i];
        any = any || ret_due[i] != UTILIZATION_LEAVE;
        if (wanted[i] == UTILIZATION_LEAVE && u->told[i] != UTILIZATION_LEAVE) {
            u->told[i] = UTILIZATION_LEAVE;
            *ret_changed = true;
        }
    }
    return any && (u->failed_mono_us == 0 ||
                   now_mono_us - u->failed_mono_us >= (int64_t) UTILIZATION_AGAIN_S * US_PER_S);
}

void utilization_settle(struct utilization *u, const int64_t due[UTILIZATION_LAST])
{
    for (int i = 0; i < UTILIZATION_LAST; i++) {
        if (due[i] != UTILIZATION_LEAVE) {
            u->told[i] = due[i];
        }
    }
    u->failed_mono_us = 0;
}

char *utilization_words(const int64_t value[UTILIZATION_LAST])
{
    char *words = str_dup("");

    for (int i = 0; i < UTILIZATION_LAST; i++) {
        _cleanup_free_ char *before = words;
        const char *name = utilization_attribute((enum utilization_name) i);
        const char *comma = *before ? ", " : "";

        if (value[i] == UTILIZATION_LEAVE) {
            words = str_dup(before);
        } else if (value[i] == UTILIZATION_REMOVE) {
            words = str_printf("%s%s%s removed", before, comma, name);
        } else {
            words = str_printf("%s%s%s=%lld", before, comma, name, (long long) value[i]);
        }
    }
    return words;
}
