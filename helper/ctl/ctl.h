/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The operator's verbs: what is frozen on this node, proven again now, and how it
 * is given up. Each verb makes one JSON object, which is shown in three ways.
 */
#ifndef GVM_CTL_CTL_H
#define GVM_CTL_CTL_H

#include <stdbool.h>
#include <stdio.h>

#include <json-c/json.h>

#include "base/err.h"
#include "model/record.h"

/* Exit codes of the verbs, stable for scripts; the manual lists them. */
enum ctl_code {
    CTL_OK = 0,
    CTL_FAILED = 1,    /* it could not be done, or it is not known */
    CTL_USAGE = 2,     /* wrong words on the command line */
    CTL_NO_GUEST = 3,  /* no such guest is known on this node */
    CTL_REFUSED = 4,   /* the guest is not frozen, or the person said no */
    CTL_UNPROVEN = 5,  /* verify: the guest is frozen by its record, and the proof does not hold */
    CTL_CONFLICT = 6   /* doctor: something here fights the cluster */
};

enum ctl_output { CTL_OUTPUT_TEXT, CTL_OUTPUT_XML, CTL_OUTPUT_JSON };

struct ctl_request {
    const char *verb;
    const char *name;        /* guest or resource; NULL for verbs without */
    enum ctl_output output;
    const char *file;        /* where a report goes; NULL: standard output */
    const char *config;      /* doctor: a domain XML's file instead of a known guest; NULL: none */
    const char *dir;         /* where evidence goes instead of its policy's folder; NULL: there */
    enum dump_format format; /* DUMP_NONE: its policy's */
    bool force;
    bool stop;               /* debug: end it instead */
    bool cluster;            /* list: of all nodes, as the cluster was told */
    bool help;               /* only to be told what the verb does */
};

int ctl_list(const struct ctl_request *request);
int ctl_show(const struct ctl_request *request);
int ctl_verify(const struct ctl_request *request);
int ctl_release(const struct ctl_request *request);
int ctl_dump(const struct ctl_request *request);
int ctl_log(const struct ctl_request *request);
int ctl_screenshot(const struct ctl_request *request);
int ctl_aftercare(const struct ctl_request *request);
int ctl_report(const struct ctl_request *request);
int ctl_debug(const struct ctl_request *request);
int ctl_doctor(const struct ctl_request *request);
int ctl_policy(const struct ctl_request *request);

/* False where there is no such word. */
bool ctl_output_from_word(const char *word, enum ctl_output *ret);

/* "guardedvm: TEXT" on stderr; returns the code. */
int ctl_fail(enum ctl_code code, const struct err *why);

/* The record by domain name, else by resource. CTL_OK, or the code of what was said. */
int ctl_find(const char *name, struct record **ret);

/* The same, of a guest whose evidence is kept here. CTL_OK, or the code of what was said. */
int ctl_find_kept(const char *name, struct record **ret);

/* What verification found just now; does nothing for a guest that is not frozen. */
struct ctl_check {
    bool made;    /* a verification was made: the record says frozen */
    bool holds;
    bool alive;   /* the record's process lives */
    struct err why;
};
void ctl_check(struct record *r, struct ctl_check *ret);

/* The facts as one object, the caller's: all of them, or those of one line in a list. */
struct json_object *ctl_facts(const struct record *r, const struct ctl_check *check, bool all);
/* What was released, proven dead: its process was `pid`. The caller's. */
struct json_object *ctl_released(const struct record *r, pid_t pid);

/* Its evidence and dump, as they are now. The caller's. */
struct json_object *ctl_dumped(const struct record *r);
/* The lines of a log in a file. The caller's. */
struct json_object *ctl_log_facts(const struct record *r, const char *path, const char *text);
/* A file of a guest's evidence. The caller's. */
struct json_object *ctl_file_facts(const struct record *r, const char *path);
/* gdb's way to the guest; `socket` is NULL where it is closed. The caller's. */
struct json_object *ctl_debug_facts(const struct record *r, const char *socket);
/* One incident as the cluster was told of it. The caller's. */
struct announced;
struct json_object *ctl_announced(const struct announced *a);

/* Shows what was done or found, under `key`, as the request wants it. Takes over `facts`. */
void ctl_tell(const struct ctl_request *request, const char *key, struct json_object *facts);

/* Shows the object. Text and XML carry the same facts as JSON, names as element names. */
void ctl_render(FILE *out, struct json_object *facts, enum ctl_output output);

#endif
