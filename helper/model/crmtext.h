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

#endif
