/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest that a user has defined in libvirt, too: its definition is left alone, and the guest is
 * created beside it, which libvirt does where name and UUID are the same.
 */
#ifndef GVM_GUARD_DEFINED_H
#define GVM_GUARD_DEFINED_H

#include "base/err.h"
#include "sys/virt.h"

/*
 * Whether the guest of `xml` can be created while `defined`, of its name or its UUID, is there.
 * 0: yes; *ret_xml (caller frees) is the XML to use where it has to say more, the UUID, else
 * NULL. -EEXIST: another guest by that name or UUID.
 */
int defined_match(const struct domain *defined, const char *xml, char **ret_xml,
                  struct err *why);

#endif
