/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which guest is meant, and what it is in now: record, config, processes and
 * libvirt put together into one observation, within a deadline, without
 * believing any of them alone. identify.c answers "who", observe.c "how is it".
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
    IDENTITY_RECORD,     /* config unreadable, or names another guest; the record knows */
    IDENTITY_CONFIG      /* config readable (and the record, if any, agrees) */
};

struct guest {
    const struct params *params;
    char resource[256];
    enum identity_source source;
    int config_errno;          /* 0, or the negative errno of config_error */
    struct err config_error;   /* why the config could not be used; text empty if it could */
    char *config_text;         /* whole file, NULL if unreadable */
    size_t config_size;
    struct domxml *config;     /* NULL if unreadable */
    struct domxml *named;      /* the config of another guest while this one lives, else NULL */
    struct record *record;     /* never NULL after guest_identify: loaded or new */
    bool recorded;             /* it was loaded from the state directory */
    enum phase loaded_phase;   /* as it was on disk */
    struct process_id loaded_process;
    struct incident_mark {     /* what the watch may have noted since */
        enum incident_state state;
        size_t moments;
        bool halted;
        int64_t resumed_mono_us;
        int64_t watchdog_fired;
        int64_t dump_begun_mono_us;
    } loaded_mark;
    bool changed;              /* the record in memory says more than the one on disk */
    struct err record_error;   /* a damaged record that was set aside; text empty if none */
    char *superseded;          /* name of a dead guest's record that this config replaces */
};

/*
 * Finds out who is meant: reads config (in a stage), loads the record by name or
 * by resource. 0 also with IDENTITY_NONE. Saves nothing. Errors: nobody can tell
 * who is meant or whether it was frozen here (damaged record without a config,
 * state directory that is not root's).
 */
int guest_identify(struct guest *g, const struct params *params, const char *resource,
                   struct deadline until, struct err *why);
void guest_release(struct guest *g);
/* What of this record the watch notes beside the actions. */
struct incident_mark guest_mark(const struct record *r);

/*
 * Saves the record where it says more than the one on disk, so that a config that
 * vanishes later is no riddle. Nothing to do is 0 and costs nothing.
 */
int guest_remember(struct guest *g, struct err *why);

/*
 * The same for those who only look, and so hold no lock: saves nothing (and returns
 * -EBUSY) while an action is at work on the guest, or where one has changed the record since.
 */
int guest_remember_if_idle(struct guest *g, struct err *why);

/*
 * The record of a guest that lives in process g->record->process: phase, boot,
 * time of the first sight. For start and for adoption; saves nothing.
 */
void guest_note_running(struct guest *g);

/* The record of a guest whose process is proven dead: identity stays. Saves nothing. */
void guest_note_ended(struct guest *g);

/*
 * "Stopped" is about the guest that the config names, too: Pacemaker would start that one
 * elsewhere. 0: the config names no other guest, or that one has no process here, or lies frozen
 * and proven. Else it lives or that cannot be told; `why` says so.
 */
int guest_named_is_harmless(const struct guest *g, struct deadline until, struct err *why);

struct sighting {
    struct observation seen;
    enum condition condition;
    struct guest_size size;  /* of one that plainly runs; else not known */
    char detail[512]; /* "libvirt: crashed (panicked), QEMU: guest-panicked, process 4711 alive" */
    /* With IDENTITY_NONE only: */
    bool counted;     /* the next two were learnt */
    size_t strangers; /* QEMU processes that no record accounts for */
    bool namesake;    /* one of them is named as the config file is */
};

/*
 * Looks at the guest now. Updates g->record's process identity (adopts a running guest found
 * by UUID or name) but saves nothing. Always fills *ret; what could not be learnt stays unknown.
 */
void observe(struct guest *g, struct deadline until, struct sighting *ret);

#endif
