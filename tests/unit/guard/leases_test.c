/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Leases that a process in virtlockd's place holds: which of them are the guest's, and what is
 * said where they stay held. libvirt's test driver suspends its guest, which here frees nothing;
 * that libvirt's lock manager gives leases back is seen on real components (lockd.bats).
 */
#include "../sys/own_process.h"
#include "../sys/scratch_dir.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/leases.h"
#include "model/leasename.h"
#include "sys/proc.h"

static const char source[] = "/dev/vg/guest";

static struct virt *v;
static struct domain *d;

static void lock_file(const char *path)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    int fd = open(path, O_RDWR | O_CREAT, 0600);

    CHILD_CHECK(fd >= 0 && fcntl(fd, F_SETLK, &lock) == 0);
}

static void hold_lease(void *path)
{
    lock_file(scratch_path("virtlockd.pid"));
    lock_file(path);
}

/* The guest has two disks; one empty drive. */
static int give_back(struct err *why)
{
    struct domxml_disk disks[] = {{.source = NULL}, {.source = (char *) source}};
    struct domxml live = {.disk_count = 2, .disk = disks};
    struct record *r = record_new();
    int rc;

    record_add_disk(r)->path = str_dup(scratch_path("disk"));
    rc = leases_give_back(r, &live, d, why);
    record_free(r);
    return rc;
}

static void stays_held(const char *path)
{
    pid_t daemon = own_start(hold_lease, (void *) path);
    struct err why = {0};
    int rc = give_back(&why);

    own_end(daemon);
    assert_int_equal(rc, -EBUSY);
    assert_non_null(strstr(why.text, path));
    assert_non_null(strstr(why.text, "started elsewhere"));
}

static void test_a_lease_that_stays(void **state)
{
    _cleanup_free_ char *sum = lease_name(source);

    (void) state;
    stays_held(scratch_path("disk"));
    stays_held(scratch_path(sum));
}

static void test_none(void **state)
{
    struct err why = {0};
    pid_t daemon;
    int rc;

    (void) state;
    assert_int_equal(give_back(&why), 0);
    daemon = own_start(hold_lease, (void *) scratch_path("of-another-guest"));
    rc = give_back(&why);
    own_end(daemon);
    assert_int_equal(rc, 0);
}

static int setup(void **state)
{
    static char run[SCRATCH_BYTES + NAME_MAX + 2];

    if (scratch_setup(state) < 0) {
        return -1;
    }
    snprintf(run, sizeof run, "%s", scratch_path("libvirt"));
    if (mkdir(run, 0700) < 0) {
        return -1;
    }
    proc_lockd_set_run_dir(run);
    return virt_open("test:///default", deadline_in_ms(60000), &v, NULL) < 0 ||
           virt_find(v, NULL, "test", &d, NULL) < 0 ? -1 : 0;
}

static int teardown(void **state)
{
    virt_domain_free(d);
    virt_close(v);
    return scratch_teardown(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_a_lease_that_stays),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
