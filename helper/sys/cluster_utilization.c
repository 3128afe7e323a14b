/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A resource's utilization in Pacemaker's configuration, through libcib. The library is loaded
 * when it is used, which is seldom: with what it brings along it is larger than all of ours. What
 * has to be changed is model/utilization_xml's to say.
 */
#include "sys/cluster.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/utilization_xml.h"
#include "sys/stage.h"

#ifdef HAVE_PACEMAKER_CIB

#include <dlfcn.h>

#include <crm/cib.h>
#include <crm/msg_xml.h>

static struct {
    cib_t *(*open)(void);
    void (*close)(cib_t *cib);
    const char *(*words)(int rc);
    void (*prepare)(void);
} library;

/* crm_xml_init: what newer libraries do by themselves. */
static int load_library(struct err *why)
{
    void *handle;

    stage_at("loading %s", CIB_LIBRARY);
    handle = dlopen(CIB_LIBRARY, RTLD_LAZY | RTLD_LOCAL);
    if (!handle) {
        return err_set(why, -ELIBACC, ERR_GENERIC, "%s cannot be loaded: %s", CIB_LIBRARY,
                       dlerror());
    }
    *(void **) &library.open = dlsym(handle, "cib_new");
    *(void **) &library.close = dlsym(handle, "cib_delete");
    *(void **) &library.words = dlsym(handle, "pcmk_strerror");
    *(void **) &library.prepare = dlsym(handle, "crm_xml_init");
    if (!library.open || !library.close || !library.words) {
        return err_set(why, -ELIBACC, ERR_GENERIC, "%s lacks what is needed of it", CIB_LIBRARY);
    }
    if (library.prepare) {
        library.prepare();
    }
    return 0;
}

static void close_cib(cib_t **cib)
{
    if (*cib) {
        (*cib)->cmds->signoff(*cib);
        library.close(*cib);
    }
}

/* Its own numbers are above those of errno, and mean nothing elsewhere. */
static int fail(struct err *why, int rc, const char *what)
{
    enum { OWN_NUMBERS = 200 };

    return err_set(why, rc > -OWN_NUMBERS ? rc : -EIO, ERR_GENERIC, "%s: %s", what,
                   library.words(rc));
}

static int query(cib_t *cib, const char *resource, xmlNode **ret, struct err *why)
{
    _cleanup_free_ char *path =
        str_printf("/cib/configuration/resources//primitive[@id='%s']", resource);
    int rc;

    stage_at("reading resource '%s' in the cluster's configuration", resource);
    rc = cib->cmds->query(cib, path, ret, cib_xpath | cib_scope_local | cib_sync_call);
    if (rc == -ENXIO) {
        return err_set(why, rc, ERR_GENERIC, "the cluster has no resource '%s'", resource);
    }
    return rc < 0 ? fail(why, rc, "reading the cluster's configuration") : 0;
}

static int carry_out(cib_t *cib, const struct utilization_plan *plan, struct err *why)
{
    int rc = 0;

    stage_at("changing the cluster's configuration");
    if (plan->change) {
        rc = cib->cmds->modify(cib, XML_CIB_TAG_RESOURCES, xmlDocGetRootElement(plan->change),
                               cib_sync_call);
    }
    for (int i = 0; i < UTILIZATION_LAST && rc >= 0; i++) {
        if (plan->removed[i]) {
            rc = cib->cmds->remove(cib, XML_CIB_TAG_RESOURCES,
                                   xmlDocGetRootElement(plan->removed[i]), cib_sync_call);
        }
    }
    return rc < 0 ? fail(why, rc, "changing the cluster's configuration") : 0;
}

/* The name goes into a path. */
static bool is_plain_name(const char *resource)
{
    return *resource && !strpbrk(resource, "'\"<>&[]()/ ");
}

int cluster_utilization(const char *resource, const int64_t due[UTILIZATION_LAST],
                        struct utilization_done *ret, struct err *why)
{
    _cleanup_(close_cib) cib_t *cib = NULL;
    struct utilization_plan plan;
    xmlNode *primitive = NULL;
    int rc = is_plain_name(resource)
                 ? load_library(why)
                 : err_set(why, -ENXIO, ERR_GENERIC, "'%s' is no resource's name", resource);

    if (rc < 0) {
        return rc;
    }
    stage_at("connecting to the cluster's configuration");
    cib = library.open();
    rc = cib ? cib->cmds->signon(cib, PACKAGE_NAME, cib_command) : -ENOTCONN;
    if (rc < 0) {
        return fail(why, rc, "connecting to the cluster's configuration");
    }
    rc = query(cib, resource, &primitive, why);
    if (rc < 0) {
        return rc;
    }
    utilization_plan(primitive, due, &plan);
    rc = carry_out(cib, &plan, why);
    if (rc == 0) {
        memcpy(ret->changed, plan.changed, sizeof ret->changed);
    }
    memcpy(ret->foreign, plan.foreign, sizeof ret->foreign);
    utilization_plan_free(&plan);
    return rc;
}

#else

int cluster_utilization(const char *resource, const int64_t due[UTILIZATION_LAST],
                        struct utilization_done *ret, struct err *why)
{
    (void) resource;
    (void) due;
    (void) ret;
    return err_set(why, -ELIBACC, ERR_GENERIC, "this program was built without Pacemaker's libcib");
}

#endif
