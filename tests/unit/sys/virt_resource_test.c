/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sys/virt_resource and guard/resources on libvirt's test driver: it has a pool and a network
 * that are active, and takes more.
 */
#include "own_process.h"

#include <dlfcn.h>

#include "guard/resources.h"
#include "sys/virt_internal.h"
#include "sys/virt_resource.h"

static struct virt *v;

static int setup(void **state)
{
    (void) state;
    return virt_open("test:///default", deadline_in_ms(5000), &v, NULL);
}

static int teardown(void **state)
{
    (void) state;
    virt_close(v);
    return 0;
}

/* What the product never calls. */
static int ended(const char *name, void *object)
{
    int (*call)(void *object);

    *(void **) &call = dlsym(RTLD_DEFAULT, name);
    assert_non_null(call);
    return call(object);
}

static void test_pools(void **state)
{
    const struct virt_library *lib = virt_library();
    virStoragePoolPtr pool = lib->virStoragePoolLookupByName(v->conn, "default-pool");
    struct err why = {0};

    (void) state;
    assert_non_null(pool);
    assert_int_equal(lib->virStoragePoolIsActive(pool), 1);
    assert_int_equal(virt_pool_start(v, "default-pool", &why), 0);
    assert_int_equal(ended("virStoragePoolDestroy", pool), 0);
    assert_int_equal(virt_pool_start(v, "default-pool", &why), 0);
    assert_int_equal(lib->virStoragePoolIsActive(pool), 1);
    lib->virStoragePoolFree(pool);
    assert_int_equal(virt_pool_start(v, "no-pool", &why), -ENOENT);
    assert_int_equal(why.kind, ERR_INSTALLED);
    assert_non_null(strstr(why.text, "'no-pool'"));
}

static void test_networks(void **state)
{
    const struct virt_library *lib = virt_library();
    virNetworkPtr network = lib->virNetworkLookupByName(v->conn, "default");
    struct err why = {0};

    (void) state;
    assert_non_null(network);
    assert_int_equal(virt_network_start(v, "default", &why), 0);
    assert_int_equal(ended("virNetworkDestroy", network), 0);
    assert_int_equal(virt_network_start(v, "default", &why), 0);
    assert_int_equal(lib->virNetworkIsActive(network), 1);
    lib->virNetworkFree(network);
    assert_int_equal(virt_network_start(v, "no-net", &why), -ENOENT);
    assert_int_equal(why.kind, ERR_INSTALLED);
    assert_non_null(strstr(why.text, "'no-net'"));
}

static int start_at(const char *uri, const char *pool, const char *network, struct err *why)
{
    char *pools[] = {(char *) pool};
    char *networks[] = {(char *) network};
    struct domxml d = {
        .pool = pools, .pool_count = pool != NULL, .network = networks,
        .network_count = network != NULL
    };

    return resources_start(uri, &d, deadline_in_ms(3000), why);
}

static void test_all(void **state)
{
    struct err why = {0};

    (void) state;
    assert_int_equal(start_at("test:///default", "default-pool", "default", &why), 0);
    assert_int_equal(start_at("test:///default", "default-pool", "none", &why), -ENOENT);
    assert_non_null(strstr(why.text, "test:///default"));
    assert_non_null(strstr(why.text, "'none'"));
    assert_int_equal(why.kind, ERR_INSTALLED);
    /* Where nothing is needed, nobody is asked. */
    assert_int_equal(start_at("nowhere:///", NULL, NULL, &why), 0);
    assert_true(start_at("qemu:///system?socket=/nowhere", NULL, "default", &why) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pools),
        cmocka_unit_test(test_networks),
        cmocka_unit_test(test_all),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
