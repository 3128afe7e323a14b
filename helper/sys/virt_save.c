/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Saving and restoring a guest's memory.
 */
#include "sys/virt_save.h"

#include "sys/stage.h"
#include "sys/virt_internal.h"

static unsigned bypass_flag(bool bypass_cache)
{
    return bypass_cache ? VIR_DOMAIN_SAVE_BYPASS_CACHE : 0U;
}

int virt_save(struct domain *d, const char *path, bool bypass_cache, struct err *why)
{
    unsigned flags = VIR_DOMAIN_SAVE_RUNNING | bypass_flag(bypass_cache);

    stage_at("virDomainSaveFlags '%s'", d->name);
    if (virt_library()->virDomainSaveFlags(d->dom, path, NULL, flags) < 0) {
        return virt_fail(why, "virDomainSaveFlags", d->name);
    }
    return 0;
}

int virt_saved_xml(struct virt *v, const char *path, char **ret, struct err *why)
{
    char *xml;

    stage_at("virDomainSaveImageGetXMLDesc '%s'", path);
    xml = virt_library()->virDomainSaveImageGetXMLDesc(v->conn, path,
                                                       VIR_DOMAIN_SAVE_IMAGE_XML_SECURE);
    if (!xml) {
        return virt_fail(why, "virDomainSaveImageGetXMLDesc", path);
    }
    *ret = xml;
    return 0;
}

int virt_restore_paused(struct virt *v, const char *path, const char *xml, bool bypass_cache,
                        struct err *why)
{
    unsigned flags = VIR_DOMAIN_SAVE_PAUSED | bypass_flag(bypass_cache);

    stage_at("virDomainRestoreFlags '%s'", path);
    if (virt_library()->virDomainRestoreFlags(v->conn, path, xml, flags) < 0) {
        return virt_fail(why, "virDomainRestoreFlags", path);
    }
    return 0;
}

int virt_sync_time(struct domain *d, struct err *why)
{
    stage_at("virDomainSetTime '%s'", d->name);
    if (virt_library()->virDomainSetTime(d->dom, 0, 0, VIR_DOMAIN_TIME_SYNC) < 0) {
        return virt_fail(why, "virDomainSetTime", d->name);
    }
    return 0;
}
