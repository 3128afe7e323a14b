/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tidings: what the listener (one process for each libvirt connection) tells the watch, one
 * JSON object a line. Pure: text to struct and back. Owns the words on that line.
 */
#ifndef GVM_MODEL_TIDINGS_H
#define GVM_MODEL_TIDINGS_H

#include <stddef.h>

#include "base/err.h"

enum tiding_kind {
    TIDING_NONE = 0,
    TIDING_OPENED,    /* connected and registered; every active domain's STATE follows */
    TIDING_CONFIRMED, /* libvirt was asked for all states just now: what was told is still so */
    TIDING_STATE,     /* a domain's state, when it is first seen and whenever it differs */
    TIDING_GONE,      /* libvirt has no such active domain any more */
    TIDING_EVENT,
    TIDING_CLOSED,    /* the connection is lost; `text` says why; OPENED comes when it is back */
    TIDING_LAST
};

enum tiding_event {
    EVENT_NONE = 0,
    EVENT_PANICKED,       /* LIFECYCLE CRASHED_PANICKED */
    EVENT_CRASHLOADED,    /* LIFECYCLE CRASHED_CRASHLOADED (libvirt 6.1) */
    EVENT_REBOOTED,       /* REBOOT: the guest was reset, by itself, its watchdog or from outside */
    EVENT_WATCHDOG,       /* `word`: none, pause, reset, poweroff, shutdown, debug, inject-nmi */
    EVENT_IO_ERROR,       /* `word`: stop, report, none; `text`: "disk vda: no space" */
    EVENT_POWERDOWN,      /* QEMU's own: somebody outside pressed the power button */
    EVENT_SHUTDOWN,       /* LIFECYCLE SHUTDOWN_*; `word`: guest, host or finished */
    EVENT_STOPPED,        /* LIFECYCLE STOPPED_*; `word`: as in libvirt's log, "destroyed" */
    EVENT_LAST
};

enum { TIDING_UUID_SIZE = 40, TIDING_WORD_SIZE = 24, TIDING_TEXT_SIZE = 256 };

struct tiding {
    enum tiding_kind kind;
    enum tiding_event event;     /* of TIDING_EVENT */
    char uuid[TIDING_UUID_SIZE]; /* STATE, GONE, EVENT; lower case */
    int state;                   /* STATE: virDomainState */
    int reason;
    char word[TIDING_WORD_SIZE];
    char text[TIDING_TEXT_SIZE];
};

/* One line without its newline; caller frees. */
char *tiding_to_text(const struct tiding *t);
/* -EBADMSG where it is no tiding. */
int tiding_from_text(const char *line, struct tiding *ret, struct err *why);

#endif
