/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The domains of one connection and what was told of each: the listener's memory. For
 * virt_listen.c only.
 */
#ifndef GVM_SYS_VIRT_KNOWN_H
#define GVM_SYS_VIRT_KNOWN_H

#include "sys/virt_internal.h"
#include "sys/virt_listen.h"

enum { DISK_NAME_SIZE = 64 };

struct known_domain {
    struct domain *domain;
    bool told;             /* TIDING_STATE, and no TIDING_GONE since */
    int state, reason;     /* as told */
    bool ask;              /* it may differ from what was told */
    unsigned heard;        /* bits of the events told since then: 1 << enum tiding_event */
    bool seen;             /* in the lists of this sweep */
    char alias[DISK_NAME_SIZE]; /* of the disk that had the last I/O error, and its target */
    char target[DISK_NAME_SIZE];
    int64_t io_error_us;   /* when that was told */
};

struct known {
    struct virt *virt;
    struct known_domain **list;
    size_t count;
    virt_tell tell;
    void *data;
    int patience; /* for events that have not come yet */
};

/* The entry of libvirt's domain, made where there is none. Keeps a reference of its own. */
struct known_domain *known_of(struct known *k, virDomainPtr dom);

/*
 * Asks libvirt for the state of every domain with `ask`, and tells what differs, after the
 * events that led to it. Hands those out, so not from inside a callback of libvirt's.
 */
int known_ask(struct known *k, struct err *why);

/* Finds out which domains there are, and asks those that may differ. */
int known_sweep(struct known *k, struct err *why);

void known_free(struct known *k);

#endif
