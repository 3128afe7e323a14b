/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the cluster's configuration says of a guest's size (the resource's utilization
 * attributes), and the rule of when it is written: once for each change of the guest's own
 * value. What others write there meanwhile is theirs: two who correct each other would never end,
 * and each turn is a new transition of the whole cluster. Pure.
 */
#ifndef GVM_MODEL_UTILIZATION_H
#define GVM_MODEL_UTILIZATION_H

#include <stdbool.h>
#include <stdint.h>

struct params;

enum utilization_name {
    UTILIZATION_CPU, UTILIZATION_HOST_MEMORY, UTILIZATION_HV_MEMORY, UTILIZATION_LAST
};

/* What an attribute is to be, beside a value. */
#define UTILIZATION_LEAVE INT64_C(0)  /* it is not ours */
#define UTILIZATION_REMOVE INT64_MAX

/* As Pacemaker's configuration has it: "cpu", ... */
const char *utilization_attribute(enum utilization_name name);

/* A guest's size; 0: not known. */
struct guest_size {
    int64_t vcpus;      /* that are plugged in */
    int64_t memory_kib; /* the most that a balloon leaves it */
};

/* What the cluster was told in this life of the guest. */
struct utilization {
    int64_t told[UTILIZATION_LAST]; /* UTILIZATION_LEAVE: nothing */
    int64_t failed_mono_us;         /* when telling it failed last; 0: it did not */
};

/* After a try that failed, the next one is not sooner. */
enum { UTILIZATION_AGAIN_S = 5 * 60 };

/*
 * Sets ret_due to what has to be told now, from `size`, which is known, and the parameters; false:
 * nothing has. Forgets in *u what is not ours any more; *ret_changed tells.
 */
bool utilization_due(struct utilization *u, const struct params *p,
                     const struct guest_size *size, int64_t now_mono_us,
                     int64_t ret_due[UTILIZATION_LAST], bool *ret_changed);

/* What was due has been told, or is not to be told. */
void utilization_settle(struct utilization *u, const int64_t due[UTILIZATION_LAST]);

/* "cpu=2, host_memory=64, hv_memory removed" of what is not left; caller frees; "" for nothing. */
char *utilization_words(const int64_t value[UTILIZATION_LAST]);

#endif
