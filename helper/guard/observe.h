/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which guest is meant, and what it is in now: record, config, processes and
 * libvirt put together into one observation, within a deadline, without
 * believing any of them alone.
 */
#ifndef GVM_GUARD_OBSERVE_H
#define GVM_GUARD_OBSERVE_H

#include "base/clock.h"
#include "base/err.h"
#include "model/domxml.h"
#include "model/params.h"
#include "model/record.h"
#include "model/verdict.h"

enum identity_source {
    IDENTITY_NONE = 0,   /* neither config nor record: the guest's name is not known */
    IDENTITY_RECORD,     /* config unreadable; the record knows */
    IDENTITY_CONFIG      /* config readable (and the record, if any, agrees) */
};

struct guest {
    const struct params *params;
    char resource[256];
    enum identity_source source;
    struct err config_error;   /* why the config could not be used; text empty if it could */
    char *config_text;         /* whole file, NULL if unreadable */
    size_t config_size;
    struct domxml *config;     /* NULL if unreadable */
    struct record *record;     /* never NULL after guest_identify: loaded or new */
    bool recorded;             /* it was loaded from the state directory */
};

/*
 * Finds out who is meant: reads config (in a stage), loads the record by name or
 * by resource. 0 also with IDENTITY_NONE. Errors: damaged record, doubt.
 */
int guest_identify(struct guest *g, const struct params *params, const char *resource,
                   struct deadline until, struct err *why);
void guest_release(struct guest *g);

struct sighting {
    struct observation seen;
    enum condition condition;
    char detail[256]; /* "libvirt: crashed (panicked), QEMU: guest-panicked, process 4711 alive" */
    size_t strangers; /* with IDENTITY_NONE: QEMU processes that no record accounts for */
};

/*
 * Looks at the guest now. Updates g->record's process identity (adopts a running guest found
 * by UUID or name) but saves nothing. Always fills *ret; what could not be learnt stays unknown.
 */
void observe(struct guest *g, struct deadline until, struct sighting *ret);

#endif
