/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shape of the record's JSON, for its writer and its reader only.
 */
#ifndef GVM_MODEL_RECORD_FIELDS_H
#define GVM_MODEL_RECORD_FIELDS_H

#include <stddef.h>

enum { RECORD_VERSION = 5 };

enum field_type {
    FIELD_TEXT,      /* char *, not NULL, not empty */
    FIELD_TEXT_NULL, /* char *, NULL is null */
    FIELD_BOOL,
    FIELD_INT64,     /* times: never negative */
    FIELD_UINT64,
    FIELD_PID,
    FIELD_ENDING,    /* struct ending's text */
    /* Enums, written as their words (field_word). */
    FIELD_PHASE,
    FIELD_CONDITION,
    FIELD_STATE,
    FIELD_CAUSE,
    FIELD_BY,
    FIELD_FORMAT,
    FIELD_AFTER
};

struct field {
    const char *key;
    enum field_type type;
    size_t offset;
};

/* A list: where in the record its array and count are, what its elements are made of. */
struct list {
    const char *key;
    size_t array;
    size_t count;
    size_t size;
    const struct field *fields;
    size_t field_count;
};

/* One JSON object. Every offset of fields and lists is in struct record. */
struct shape {
    const struct field *fields;
    size_t field_count;
    const struct list *lists;
    size_t list_count;
};

/* The word of an enum's value; NULL where it has none. */
const char *field_word(enum field_type type, int value);

extern const struct shape record_shape;   /* besides: "version" and "incident" */
extern const struct shape incident_shape; /* the object "incident" */

#endif
