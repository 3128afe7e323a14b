/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What libvirt has defined under a guest's name, and would start by itself.
 */
#include <dlfcn.h>

#include "model/conflicts.h"
#include "sys/stage.h"
#include "sys/virt_internal.h"

/* libvirt 11.2; an older one, at either end, has no such thing. */
static bool starts_once(virDomainPtr dom)
{
    int (*ask)(virDomainPtr dom, int *ret) = NULL;
    int once = 0;

    *(void **) &ask = dlsym(RTLD_DEFAULT, "virDomainGetAutostartOnce");
    return ask && ask(dom, &once) == 0 && once == 1;
}

int virt_definition(struct domain *d, struct definition *ret, struct err *why)
{
    int autostart = 0;

    stage_at("virDomainIsPersistent '%s'", d->name);
    int persistent = virt_library()->virDomainIsPersistent(d->dom);

    if (persistent < 0) {
        return virt_fail(why, "virDomainIsPersistent", d->name);
    }
    stage_at("virDomainGetAutostart '%s'", d->name);
    if (virt_library()->virDomainGetAutostart(d->dom, &autostart) < 0) {
        return virt_fail(why, "virDomainGetAutostart", d->name);
    }
    stage_at("virDomainHasManagedSaveImage '%s'", d->name);
    int saved = virt_library()->virDomainHasManagedSaveImage(d->dom, 0);

    if (saved < 0) {
        return virt_fail(why, "virDomainHasManagedSaveImage", d->name);
    }
    *ret = (struct definition) {
        .persistent = persistent == 1, .autostart = autostart == 1,
        .autostart_once = persistent == 1 && starts_once(d->dom), .managed_save = saved == 1,
    };
    return 0;
}
