/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The watch: one background process per node. What its files share: the watch, the guests that
 * it follows, the ears through which it hears of them and the monitors that wait at its desk.
 *
 *     ears.c   tidings of libvirt, from one listener process for each connection
 *     events.c what a tiding means: an incident's cause, a sign of an end, a state
 *     judge.c  what the guest is by all that, and the steps of its incident
 *     desk.c   monitors come, are held and get their answers
 *     guests.c the records of this node, followed as they change
 *     notes.c  what the watch learnt, into the records
 *     ends.c   how a guest's QEMU ended
 *     mend.c   the one thing it does to a guest, for a monitor that waits: resume it
 *     tell.c   the node attributes
 *     care.c   the process that looks after frozen guests: evidence, dump, release
 *
 * It never stops, cuts or ends a guest that may be in service, and never says that one is stopped.
 */
#ifndef GVM_WATCH_WATCH_H
#define GVM_WATCH_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <qb/qbloop.h>

#include "model/ending.h"
#include "model/params.h"
#include "model/record.h"
#include "model/series.h"
#include "model/tidings.h"
#include "model/verdict.h"
#include "model/waiting.h"
#include "watch/timer.h"

struct domain_state;
struct mending;
struct program;
struct stream;
struct visitor;
struct watched;

/* A listener process and what it has told last. */
struct ear {
    struct watch *watch;
    char *uri;
    struct stream *listener;   /* NULL: none runs */
    char line[8 * 1024];
    size_t used;
    bool open;                 /* connected, by its word */
    int64_t heard_us;          /* monotonic, when it said anything */
    int64_t confirmed_us;      /* monotonic; 0: nothing is confirmed */
    size_t domain_count;
    struct domain_state *domain;
    struct timer stale;        /* at the end of what the last confirmation is good for */
    struct timer restart;
};

struct watch {
    qb_loop_t *loop;
    int door;                  /* the listening socket */
    int changes;               /* inotify on the records */
    int deaths;                /* the proc connector; -1: not to be had here */
    size_t guest_count;
    struct watched **guest;
    size_t ear_count;
    struct ear **ear;
    size_t visitor_count;
    struct visitor **visitor;
    struct program *carer;     /* NULL: none is at work */
    struct timer care;         /* when something will be due, or is to be tried again */
    int64_t care_pause_ms;     /* before the next try, after one that failed; 0: none failed */
};

enum { TOLD_NOTHING = -1 };

struct watched {
    struct watch *watch;
    struct record *record;     /* as on disk when it was read last, and what is to be noted */
    struct ear *ear;           /* of its URI */

    /* libvirt's word; `known` false: none yet, or it has lost it */
    bool known;
    int state;
    int reason;
    enum runstate runstate;    /* told by an event since the state came; else unknown */

    /* its process and its end */
    int pidfd;                 /* -1: no process, or it has ended */
    struct process_id followed; /* the one that pidfd is of */
    bool ended;
    bool ordered;              /* while an action was at work on it: nothing to be told */
    struct ending_signs signs;
    int64_t powerdown_us;      /* when the power button was pressed; 0: never */
    struct timer end;          /* waits for what libvirt says of an end */

    /* its monitors */
    struct visitor *visitor;   /* the one that is under way */
    struct series series;
    struct params policy;      /* of the last monitor that came */
    bool has_policy;
    int told;                  /* the code of the last answer, TOLD_NOTHING */
    struct process_id met;     /* whose first monitor has had its answer */
    int64_t looked_us;         /* monotonic, when one was last sent to look itself; 0: never */

    struct timer grace;        /* the end of a grace, or of the settling after it */
    struct timer note;         /* the record was locked: again soon */
    bool unsaved;

    struct timer retry;        /* the next try to resume after an I/O error */
    int tries;
    struct mending *mending;   /* a request to libvirt that is under way */

    char *telling;             /* the attribute's newest value; NULL: none */
    bool told_any;             /* it was this watch that gave it */
    bool to_tell;              /* and has still to set it */
    struct program *teller;    /* the tool that does */
    struct timer tell;         /* the end of its time, or of the pause after it */
};

/* --- guests.c --- */
/* Reads all records and goes on following them. */
int guests_follow(struct watch *w, struct err *why);
/* Changes that are there already, now. */
void guests_catch_up(struct watch *w);
struct watched *guest_by_resource(struct watch *w, const char *resource);
struct watched *guest_by_uuid(struct watch *w, const struct ear *ear, const char *uuid);
/* By its record it runs in a process that is known: what the watch is for. */
bool guest_is_followed(const struct watched *g);

/* --- ears.c --- */
/* The ear of this connection, its listener started. */
struct ear *ear_of(struct watch *w, const char *uri);
/* What it told holds: confirmed within WAITING_FRESH_MS. */
bool ear_is_fresh(const struct ear *ear);
/* Connected, but what it told is not fresh: libvirt is slow, or the node is. */
bool ear_is_late(const struct ear *ear);
int64_t ear_age_ms(const struct ear *ear);
/* What it told of a domain last; false: it has none of this UUID. */
bool ear_knows(const struct ear *ear, const char *uuid, int *ret_state, int *ret_reason);

/* --- events.c --- */
void events_tiding(struct watched *g, const struct tiding *t);

/* --- judge.c --- */
/* By what is known now; not sure: a look of its own may find otherwise. */
enum condition judge(const struct watched *g, bool *ret_sure);
/* Sets the timer of a grace that runs, or of the settling after it. */
void judge_set_grace(struct watched *g);
/* Something changed that no tiding told (a grace's end, a stale ear, an end): think again. */
void judge_again(struct watched *g);
/* What the watch would answer a monitor of this guest now. */
void judge_answer(struct watched *g, struct answer *ret);
/* By its policy monitors run scripts or ask its agent: whether it is well is not the watch's to
 * say. */
bool judge_looks_deeper(const struct watched *g);
/* What only a look of the monitor's own can tell: that such a guest is well, and whether one that
 * was found standing still goes on to. */
bool judge_needs_look(const struct watched *g, const struct answer *a);
/* Notes in its incident that its vCPUs are known to stand; false: they are not, or it was noted.
 * Saving is the caller's. */
bool judge_note_halt(struct watched *g);
/* One step of its incident: noted, told, the grace's clock set. */
void judge_step(struct watched *g, enum incident_step step);
/* A monitor told Pacemaker this code of the guest: then its incident may be reported. */
void judge_told(struct watched *g, int code);
/* What the timer `grace` of a guest calls. */
void judge_grace_over(void *guest);

/* --- desk.c --- */
int desk_open(struct watch *w, struct err *why);
/* The guest's waiting monitor, if any, gets its answer if there is something to tell. */
void desk_serve(struct watched *g);
bool desk_is_waiting(const struct watched *g);
void desk_forget(struct watched *g);

/* --- notes.c --- */
/* Saves incident, ending and counts into the record; later, where an action is at work. */
void notes_save(struct watched *g);
/* The same running guest, in the same process. */
bool notes_are_of_one_life(const struct record *a, const struct record *b);
/* An action is at work on the guest. */
bool notes_are_locked_out(const struct watched *g);
/* The same from one record into another of the same life. */
void notes_carry_over(struct record *from, struct record *to);
void notes_init(struct watched *g);
void notes_forget(struct watched *g);

/* --- ends.c --- */
/* Listens to the kernel's proc connector, where that is to be had. */
void ends_open(struct watch *w);
/* Follows the process of its record from here on. */
void ends_follow(struct watched *g);
void ends_tiding(struct watched *g, const struct tiding *t);
/* It runs on or anew in the same QEMU: what looked like an end was none. */
void ends_not(struct watched *g);
/* libvirt speaks of its end, and its process is still there: both are given a moment. */
void ends_are_near(struct watched *g);
bool ends_are_awaited(const struct watched *g);
void ends_init(struct watched *g);
void ends_forget(struct watched *g);

/* --- mend.c --- */
/* Storage may be back: the guest is to be resumed, now or after a growing pause. */
void mend_storage(struct watched *g);
/* libvirt calls it crashed, and QEMU may let it run: QEMU is asked, anew where it is being asked.
 * `rebooted`: where it does run, it has recovered. */
void mend_crashed(struct watched *g, bool rebooted);
/* The guest's lock is ours already, for a request that is under way. */
bool mend_has_lock(const struct watched *g);
void mend_init(struct watched *g);
void mend_forget(struct watched *g);

/* --- tell.c --- the guest's node attribute: at once, or after the one that is under way */
void tell_incident(struct watched *g);
void tell_ending(struct watched *g);
void tell_nothing(struct watched *g);
void tell_init(struct watched *g);
void tell_forget(struct watched *g);

/* --- care.c --- */
void care_init(struct watch *w);
/* A record changed: whether a frozen guest is due for anything. */
void care_think(struct watch *w);
/* A guest was frozen: it does not wait for what could not be done for others. */
void care_anew(struct watch *w);

/* `guardedvm watch`: runs until SIGTERM. 0: told to end, or another watch is at work. */
int watch_run(void);

#endif
