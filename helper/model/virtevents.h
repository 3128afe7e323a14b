/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What libvirt's events are as tidings, and its numbers in words. Pure tables; who hears
 * the events is sys/virt_listen.c.
 */
#ifndef GVM_MODEL_VIRTEVENTS_H
#define GVM_MODEL_VIRTEVENTS_H

#include <stddef.h>

#include "model/tidings.h"

struct lifecycle_row {
    int event;  /* virDomainEventType */
    int detail; /* VIR_DOMAIN_EVENT_*_*, or LIFECYCLE_ANY */
    enum tiding_event tells; /* EVENT_NONE: only the state that follows is told */
    const char *word; /* the tiding's, "" where its event says it all */
};

enum { LIFECYCLE_ANY = -1 };

const struct lifecycle_row *lifecycle_rows(size_t *ret_count);
/* Never NULL: details that this table does not know have their event's row for any. */
const struct lifecycle_row *lifecycle_row_of(int event, int detail);

/* Never NULL; "unknown" where the table knows none. */
const char *watchdog_action_word(int action);
const char *io_error_action_word(int action);
/* The end of "the connection to libvirt ended: ". */
const char *close_reason_word(int reason);

/* "disk vda: no space". `cause` is libvirt's word, "" where it gives none. */
void io_error_text(char *to, size_t size, const char *disk, const char *cause);

#endif
