/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who ended a guest, and how: what libvirt's events, QEMU's exit status and the watchdog
 * tell, weighed by rows. Pure. It explains an end; it never proves one.
 */
#ifndef GVM_MODEL_ENDING_H
#define GVM_MODEL_ENDING_H

#include <stdbool.h>
#include <stddef.h>

/* Records keep the words of these. */
enum ending_by {
    ENDED_BY_UNKNOWN = 0,
    ENDED_BY_GUEST,         /* somebody inside it */
    ENDED_BY_ADMINISTRATOR, /* somebody on this node, through libvirt or by a signal */
    ENDED_BY_CLUSTER,       /* an action of ours */
    ENDED_BY_WATCHDOG,
    ENDED_BY_QEMU,          /* QEMU crashed or was killed */
    ENDED_BY_LIBVIRT,       /* libvirt's daemon or a failed start */
    ENDED_BY_MIGRATION,
    ENDED_BY_LAST
};

/* SHUTDOWN event's detail (libvirt 3.4). */
enum shutdown_origin { SHUTDOWN_UNSEEN = 0, SHUTDOWN_UNTOLD, SHUTDOWN_BY_GUEST, SHUTDOWN_BY_HOST };

struct ending_signs {
    enum shutdown_origin shutdown;
    bool powerdown;         /* QEMU's POWERDOWN came before: somebody pressed the button outside */
    bool watchdog_poweroff; /* the watchdog fired with the action poweroff just before */
    char stopped[24];       /* STOPPED event's detail, libvirt's word ("destroyed"); "": unseen */
    bool status_known;
    int status;             /* of wait(2): how QEMU's process ended */
};

struct ending {
    enum ending_by by;
    char text[160]; /* "QEMU died by signal 11 (Segmentation fault)", plain words for crm_mon */
};

/* First row that fits; by UNKNOWN with an empty text where nothing was seen. */
void ending_judge(const struct ending_signs *signs, struct ending *ret);

const char *ending_by_name(enum ending_by by);

#endif
