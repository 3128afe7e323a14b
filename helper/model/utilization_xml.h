/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A resource's utilization attributes in Pacemaker's configuration: what of it has to be changed,
 * as libxml2's trees, which Pacemaker's library gives and takes. Pure.
 */
#ifndef GVM_MODEL_UTILIZATION_XML_H
#define GVM_MODEL_UTILIZATION_XML_H

#include <libxml/tree.h>

#include "model/utilization.h"

struct utilization_plan {
    xmlDoc *change; /* a <primitive> to be merged into the configuration; NULL: nothing to set */
    xmlDoc *removed[UTILIZATION_LAST];  /* an <nvpair> each, to be taken out; NULL: none */
    int64_t changed[UTILIZATION_LAST];  /* what `change` and `removed` do, for people */
    int64_t foreign[UTILIZATION_LAST];  /* what is due and left alone: in several places, or in
                                         * one that rules or other resources have a share in */
};

/*
 * From the <primitive> as it is now and what is due. The caller frees with utilization_plan_free.
 * What the configuration says already needs no change.
 */
void utilization_plan(const xmlNode *primitive, const int64_t due[UTILIZATION_LAST],
                      struct utilization_plan *ret);
void utilization_plan_free(struct utilization_plan *plan);

#endif
