/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One QMP round trip over libvirt: command out, "return" member back.
 */
#ifndef GVM_SYS_QMP_H
#define GVM_SYS_QMP_H

#include <json-c/json.h>

#include "base/err.h"
#include "sys/virt.h"

/*
 * Takes over `args` (NULL: none). *ret (may be NULL: not wanted) is the
 * caller's. Errors: qmptext_return's, or virt_qmp's, with the command's name in front.
 */
int qmp_run(struct domain *d, const char *name, struct json_object *args,
            struct json_object **ret, struct err *why);

/* A line of the human monitor (HMP), for what QMP has no command for. *ret is its answer, the
 * caller's; -EBADMSG: it is no text. */
int qmp_human(struct domain *d, const char *line, char **ret, struct err *why);

#endif
