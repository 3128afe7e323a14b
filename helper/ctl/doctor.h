/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What doctor*.c share: a guest that was looked at, as facts and as text.
 */
#ifndef GVM_CTL_DOCTOR_H
#define GVM_CTL_DOCTOR_H

#include "ctl/ctl.h"
#include "model/conflicts.h"

struct patient {
    const char *name;
    const char *resource;    /* NULL: none is known */
    const char *config;
    bool cluster;            /* its parameters are the cluster's; else the defaults are assumed */
    enum crash_policy policy;
    bool live;               /* its devices are those that it runs with */
    const struct domxml *domain; /* NULL: it could not be read */
    const struct findings *findings;
};

/* The caller's. */
struct json_object *doctor_guest(const struct patient *p);
/* A list; the caller's. */
struct json_object *doctor_findings(const struct findings *f);

/* For people, of {findings, guests}. */
void doctor_text(FILE *out, struct json_object *facts);

#endif
