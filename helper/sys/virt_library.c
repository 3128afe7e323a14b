/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt's libraries, loaded when libvirt is first asked and not before: they bring
 * some fifty others, and loading them is most of what a monitor costs. So only the
 * child that asks pays, and the process that forks it stays small; an action that asks
 * in several children loads them once, beforehand.
 */
#include <dlfcn.h>
#include <errno.h>

#include "sys/stage.h"
#include "sys/virt_internal.h"

/* Their names for as long as libvirt keeps its promise of a stable interface (since 2005). */
static const char *const sonames[] = {"libvirt.so.0", "libvirt-qemu.so.0"};

static struct virt_library library;
static bool complete;

const struct virt_library *virt_library(void)
{
    return &library;
}

/* RTLD_DEFAULT, after a global dlopen: what was preloaded comes first, as if we were linked. */
static int find_calls(struct err *why)
{
#define FIND(name)                                                                     \
    if (!(*(void **) &library.name = dlsym(RTLD_DEFAULT, #name))) {                    \
        return err_set(why, -ELIBACC, ERR_INSTALLED, "libvirt on this node lacks %s", \
                       #name);                                                         \
    }
    VIRT_CALLS(FIND)
#undef FIND
    return 0;
}

int virt_library_load(struct err *why)
{
    if (complete) {
        return 0;
    }
    for (size_t i = 0; i < sizeof sonames / sizeof sonames[0]; i++) {
        stage_at("loading %s", sonames[i]);
        if (!dlopen(sonames[i], RTLD_LAZY | RTLD_GLOBAL)) {
            return err_set(why, -ELIBACC, ERR_INSTALLED, "%s cannot be loaded: %s", sonames[i],
                           dlerror());
        }
    }
    int rc = find_calls(why);
    complete = rc == 0;
    return rc;
}

void virt_preload(void)
{
    struct err ignored = {0};

    virt_library_load(&ignored);
}
