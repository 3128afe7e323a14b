/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bringing up what guests use. Nothing is ever stopped here.
 */
#include "sys/virt_resource.h"

#include <errno.h>

#include "sys/stage.h"
#include "sys/virt_internal.h"

static int last_code(void)
{
    const virError *e = virt_library()->virGetLastError();

    return e ? e->code : VIR_ERR_OK;
}

int virt_pool_start(struct virt *v, const char *name, struct err *why)
{
    const struct virt_library *lib = virt_library();
    virStoragePoolPtr pool;
    int rc = 0;

    stage_at("virStoragePoolLookupByName '%s'", name);
    pool = lib->virStoragePoolLookupByName(v->conn, name);
    if (!pool && last_code() == VIR_ERR_NO_STORAGE_POOL) {
        return err_set(why, -ENOENT, ERR_INSTALLED, "storage pool '%s', which the guest uses, is "
                       "not defined: define it there (virsh pool-define)", name);
    }
    if (!pool) {
        return virt_fail(why, "virStoragePoolLookupByName", name);
    }
    /* A refresh that fails ends a pool whose storage is gone; else the pool is good as it is. */
    stage_at("virStoragePoolRefresh '%s'", name);
    if (lib->virStoragePoolIsActive(pool) == 1) {
        lib->virStoragePoolRefresh(pool, 0);
    }
    stage_at("virStoragePoolCreate '%s'", name);
    if (lib->virStoragePoolIsActive(pool) != 1 && lib->virStoragePoolCreate(pool, 0) < 0) {
        rc = virt_fail(why, "virStoragePoolCreate", name);
    }
    /* Somebody else may have been faster. */
    if (rc < 0 && lib->virStoragePoolIsActive(pool) == 1) {
        rc = 0;
    }
    lib->virStoragePoolFree(pool);
    return rc;
}

int virt_network_start(struct virt *v, const char *name, struct err *why)
{
    const struct virt_library *lib = virt_library();
    virNetworkPtr network;
    int rc = 0;

    stage_at("virNetworkLookupByName '%s'", name);
    network = lib->virNetworkLookupByName(v->conn, name);
    if (!network && last_code() == VIR_ERR_NO_NETWORK) {
        return err_set(why, -ENOENT, ERR_INSTALLED, "network '%s', which the guest uses, is not "
                       "defined: define it there (virsh net-define)", name);
    }
    if (!network) {
        return virt_fail(why, "virNetworkLookupByName", name);
    }
    stage_at("virNetworkCreate '%s'", name);
    if (lib->virNetworkIsActive(network) != 1 && lib->virNetworkCreate(network) < 0) {
        rc = virt_fail(why, "virNetworkCreate", name);
    }
    if (rc < 0 && lib->virNetworkIsActive(network) == 1) {
        rc = 0;
    }
    lib->virNetworkFree(network);
    return rc;
}
