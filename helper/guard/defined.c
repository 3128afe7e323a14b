/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares a guest's XML with what libvirt has defined already.
 */
#include "guard/defined.h"

#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "model/domxml.h"

int defined_match(const struct domain *defined, const char *xml, char **ret_xml, struct err *why)
{
    _cleanup_domxml_ struct domxml *d = NULL;
    int rc = domxml_parse(xml, strlen(xml), &d, why);

    if (rc < 0) {
        return rc;
    }
    if (!str_eq(d->name, virt_domain_name(defined)) ||
        (d->uuid && !str_eq(d->uuid, virt_domain_uuid(defined)))) {
        return err_set(why, -EEXIST, ERR_INSTALLED, "libvirt on this node has guest '%s' with the "
                       "UUID %s defined, the config says '%s' with %s: let them agree, or take the "
                       "definition away (virsh undefine --keep-nvram %s)",
                       virt_domain_name(defined), virt_domain_uuid(defined), d->name,
                       d->uuid ? d->uuid : "none", virt_domain_uuid(defined));
    }
    *ret_xml = NULL;
    return d->uuid ? 0 : domxml_with_uuid(xml, virt_domain_uuid(defined), ret_xml, why);
}
