/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows of an incident's steps, for the one who takes them (incident.c), the one who prints
 * them (incident_words.c) and their test.
 */
#ifndef GVM_MODEL_INCIDENT_ROWS_H
#define GVM_MODEL_INCIDENT_ROWS_H

#include <stddef.h>

#include "model/incident.h"

struct incident_row {
    enum incident_state from;
    enum incident_step step;
    enum incident_state to;
    enum incident_deed deed;
};

const struct incident_row *incident_rows(size_t *ret_count);

#endif
