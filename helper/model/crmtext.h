/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Pacemaker's tools print as XML (--output-as=xml), read.
 */
#ifndef GVM_MODEL_CRMTEXT_H
#define GVM_MODEL_CRMTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * Whether the cluster manages the resource, by crm_mon's element <resource id= managed=>
 * (seen with Pacemaker 2.1.5). -EPROTO: this is no such XML, or says something else; -ENOENT: it
 * does not tell of that resource.
 */
int crmtext_managed(const char *xml, size_t size, const char *resource, bool *ret,
                    struct err *why);

/* A node attribute. */
struct crm_attribute {
    char *node;
    char *name;
    char *value;
};

/*
 * Those whose name begins with `prefix`, by crm_mon's <node_attributes><node name=><attribute name=
 * value=> (seen with Pacemaker 2.1.5); none where there is no such element. -EPROTO: this is not
 * what crm_mon prints. The caller frees with crmtext_attributes_free.
 */
int crmtext_attributes(const char *xml, size_t size, const char *prefix,
                       struct crm_attribute **ret, size_t *ret_count, struct err *why);
void crmtext_attributes_free(struct crm_attribute *list, size_t count);

#endif
