/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The record: what is known of one guest on this node, and its text form (JSON).
 * Pure: reading and writing the file is sys/statedir's business. A record that
 * does not parse whole is an error, never an empty record.
 */
#ifndef GVM_MODEL_RECORD_H
#define GVM_MODEL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "model/configsums.h"
#include "model/ending.h"
#include "model/incident.h"
#include "model/params.h"
#include "model/utilization.h"
#include "model/pulse.h"
#include "model/verdict.h"

/* A process for ever: a PID is reused, a PID with its start time is not. */
struct process_id {
    pid_t pid;            /* 0: none known */
    uint64_t start_ticks; /* /proc/PID/stat field 22, clock ticks since boot */
};

bool process_same(const struct process_id *a, const struct process_id *b);

/* A file for ever: names lie, device and inode do not (rdev != 0: a device node). */
struct file_id {
    uint64_t dev;
    uint64_t ino;
    uint64_t rdev;
};

enum phase {
    PHASE_KNOWN = 0, /* identity learnt from the config; no process of ours */
    PHASE_STARTING,  /* created paused, not yet let run */
    PHASE_RUNNING,
    PHASE_FREEZING,  /* a freeze was begun: some cuts may be made, none is proven */
    PHASE_FROZEN     /* cut and proven; holds only together with a verification now */
};

struct disk_record {
    char *path;        /* as /proc/PID/fd showed it */
    struct file_id id;
    bool writable;
};

struct nic_record {
    char *tap; /* host interface */
    char *mac;
};

struct step_record {
    char *name;    /* "links down", "drain", "swap virtio-disk0", ... */
    int64_t us;    /* duration */
};

struct proof_record {
    char *check;   /* "process file descriptors", "query-named-block-nodes", ... */
    char *seen;    /* what was found, in words */
    bool holds;
};

struct moment_record {
    char *what;      /* the incident's state from then on */
    int64_t wall_ms;
    int64_t mono_us; /* CLOCK_MONOTONIC of this boot, as long as which a record lives */
};

/* What is kept of an incident beside the frozen guest itself. */
struct evidence {
    char *folder;            /* where; NULL: nothing yet */
    char *panic;             /* the guest's own words for why it died; NULL: not known */
    char *dump;              /* the complete dump's file in the folder; NULL: none */
    char *note;              /* why there is none, or why it is of another format */
    int64_t done_bytes;      /* of a dump that is being made */
    int64_t total_bytes;     /* 0: not known yet */
    int64_t begun_mono_us;
};

struct incident {
    enum incident_state state;
    enum incident_cause cause;
    enum condition condition; /* crashed, hung, io-error; CONDITION_UNKNOWN: no incident */
    char *reason;             /* plain words: "guest panicked (libvirt: crashed, panicked)" */
    int64_t seen_wall_ms;     /* its first sign */
    int64_t seen_mono_us;     /* the same; every grace counts from here */
    bool halted;              /* its vCPUs were seen to stand for it: if it runs, it was let run */
    int64_t resumed_mono_us;  /* after an I/O error: runs again since; 0: does not */
    int64_t frozen_wall_ms;   /* when the proof was complete; 0: not frozen */
    struct evidence evidence;
    size_t moment_count;
    struct moment_record *moment; /* its states so far, in time's order */
    size_t step_count;
    struct step_record *step;
    size_t proof_count;
    struct proof_record *proof;
};

/* What the policy, when the guest was frozen, wants done with it afterwards: params.h has the
 * meaning of each. Pacemaker runs no action here that would bring a newer one. */
struct care {
    enum dump_format dump_format;
    char *dump_dir;
    int64_t dump_keep;
    int64_t dump_min_free_mib;
    enum after_dump after_dump;
    int64_t frozen_keep_s;
    int64_t frozen_max;
};

struct record {
    char *resource; /* OCF_RESOURCE_INSTANCE that owns the guest on this node */
    char *name;     /* domain name */
    char *uuid;     /* canonical lower-case text */
    char *uri;
    char *config;
    char *boot_id;  /* /proc/sys/kernel/random/boot_id: another boot means that process is dead */
    enum phase phase;
    struct process_id process;
    int64_t started_wall_ms;
    int64_t watchdog_fired; /* how often since its start */
    struct ending ending;   /* of its last life; by unknown: it lives, or nobody knows */
    struct config_sums config_sums; /* of the guest that lives */
    uint64_t memory_kib;
    struct utilization utilization; /* what the cluster has been told of this life */
    struct pulse pulse;     /* of this life */
    size_t disk_count;
    struct disk_record *disk;
    size_t nic_count;
    struct nic_record *nic;
    struct care care;       /* of a frozen guest */
    struct incident incident;
};

/* A new, empty record; the caller frees it with record_free (NULL-safe). */
struct record *record_new(void);
void record_free(struct record *r);
void record_cleanup(struct record **r);
#define _cleanup_record_ __attribute__((cleanup(record_cleanup)))

struct disk_record *record_add_disk(struct record *r);
struct nic_record *record_add_nic(struct record *r);
struct step_record *record_add_step(struct record *r, const char *name, int64_t us);
void record_add_proof(struct record *r, bool holds, const char *check, const char *seen);
/* What a new attempt or a new look replaces; the incident itself stays. */
void record_clear_steps(struct record *r);
void record_clear_proofs(struct record *r);
/* Forgets disks and interfaces. */
void record_clear_devices(struct record *r);
/*
 * A first sign, or a further one of an incident that is open: then the time of the first stays, and
 * with it the clock of its grace. What was known of one that is over goes. Its state is
 * incident_step's.
 */
void record_note_incident(struct record *r, enum incident_cause cause, enum condition c,
                          const char *reason, int64_t wall_ms, int64_t mono_us);
/* Forgets incident, steps and proofs. */
void record_clear_incident(struct record *r);

/* Takes the policy down. */
void record_set_care(struct record *r, const struct params *policy);

const char *phase_name(enum phase p);

/* Sets *ret_text (caller frees) to one JSON object that ends with a newline. */
int record_to_text(const struct record *r, char **ret_text, struct err *why);
/* -EBADMSG where the text is not one whole record of a version that we know. */
int record_from_text(const char *text, size_t size, struct record **ret, struct err *why);

/* File name of the guest's record: the domain name percent-encoded (so that
 * slashes, dots and control characters are harmless) + ".json". Caller frees. */
char *record_file_name(const char *domain_name);
/* The same without an ending, and with one of the caller's. */
char *record_name_with(const char *domain_name, const char *ending);

#endif
