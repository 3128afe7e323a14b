/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt for real: its own test driver, which needs no hypervisor, and sockets at which
 * no daemon answers.
 */
#include "own_process.h"
#include "scratch_dir.h"

#include <errno.h>
#include <libvirt/libvirt.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "sys/stage.h"
#include "sys/virt.h"

static struct virt *v;

/* The test driver reads its guests from a file. */
static int open_test_driver(void)
{
    static const char *const guests[][2] = {
        {"mayfly", "<test:transient/>"}, {"steady", ""}, {"wakeful", ""},
    };
    char uri[2 * SCRATCH_BYTES];
    FILE *f = fopen(scratch_path("guests"), "w");

    fputs("<node>", f);
    for (int i = 0; i < 3; i++) {
        fprintf(f, "<domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>"
                "<name>%s</name><memory>1024</memory><os><type>hvm</type></os>%s</domain>",
                guests[i][0], guests[i][1]);
    }
    fputs("</node>", f);
    fclose(f);
    snprintf(uri, sizeof uri, "test://%s", scratch_path("guests"));
    return virt_open(uri, deadline_in_ms(5000), &v, NULL);
}

static int setup(void **state)
{
    if (scratch_setup(state) < 0) {
        return -1;
    }
    return open_test_driver();
}

static int teardown(void **state)
{
    virt_close(v);
    return scratch_teardown(state);
}

static struct domain *find(const char *name)
{
    struct domain *d = NULL;

    assert_int_equal(virt_find(v, NULL, name, &d, NULL), 0);
    return d;
}

static void expect_state(struct domain *d, int state, int reason)
{
    int seen = -1, seen_reason = -1;

    assert_int_equal(virt_state(d, &seen, &seen_reason, NULL), 0);
    assert_int_equal(seen, state);
    assert_int_equal(seen_reason, reason);
}

static void test_find(void **state)
{
    _cleanup_domain_ struct domain *by_name = find("steady");
    _cleanup_domain_ struct domain *by_uuid = NULL;
    struct domain *none = NULL;
    struct guest_size size = {0};
    struct err why = {0};

    (void) state;
    assert_string_equal(virt_domain_name(by_name), "steady");
    assert_int_equal(strlen(virt_domain_uuid(by_name)), 36);
    assert_int_equal(virt_size(by_name, &size, NULL), 0);
    assert_true(size.vcpus > 0 && size.memory_kib > 0);
    assert_int_equal(virt_find(v, virt_domain_uuid(by_name), NULL, &by_uuid, NULL), 0);
    assert_string_equal(virt_domain_name(by_uuid), "steady");

    assert_int_equal(virt_find(v, NULL, "nobody", &none, &why), -ENOENT);
    assert_non_null(strstr(why.text, "nobody"));
    assert_int_equal(virt_find(v, "3f0e2c1a-0000-4000-8000-0000000000ab", NULL, &none, &why),
                     -ENOENT);
    /* Not "there is none": libvirt was not even asked a question it understands. */
    assert_int_equal(virt_find(v, "rubbish", NULL, &none, &why), -EIO);
    assert_int_equal(virt_find(v, NULL, NULL, &none, &why), -EINVAL);
    assert_null(none);
}

static void test_life(void **state)
{
    _cleanup_domain_ struct domain *d = find("mayfly");
    _cleanup_free_ char *live = NULL;
    struct err why = {0};

    (void) state;
    expect_state(d, VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_UNKNOWN);
    assert_int_equal(virt_suspend(d, NULL), 0);
    expect_state(d, VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_USER);
    assert_int_equal(virt_resume(d, NULL), 0);
    expect_state(d, VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_UNPAUSED);
    assert_int_equal(virt_xml(d, &live, NULL), 0);
    assert_non_null(strstr(live, "<name>mayfly</name>"));
    assert_int_equal(virt_destroy(d, NULL), 0);
    /* Transient: gone with its end, and libvirt says so in its own words. */
    assert_int_equal(virt_destroy(d, &why), -ENOENT);
    assert_non_null(strstr(why.text, "virDomainDestroy 'mayfly': libvirt says: Domain not found"));
    assert_true(virt_has_managed_save(d)); /* libvirt does not tell */
}

static void test_shutdown(void **state)
{
    _cleanup_domain_ struct domain *d = find("steady");
    struct err why = {0};

    (void) state;
    assert_false(virt_has_managed_save(d));
    assert_int_equal(virt_shutdown(d, NULL), 0);
    expect_state(d, VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_SHUTDOWN);
    assert_int_equal(virt_destroy(d, &why), -EINVAL);
    assert_non_null(strstr(why.text, "libvirt says: Requested operation is not valid"));
}

/* What the test driver cannot do arrives as an error with words, and is never "not there". */
static void test_libvirts_refusals_arrive(void **state)
{
    _cleanup_domain_ struct domain *d = find("wakeful");
    struct domain *made = NULL;
    char *reply = NULL;
    struct err why = {0};

    (void) state;
    assert_int_equal(virt_create_paused(v, "<domain", &made, &why), -EIO);
    assert_non_null(strstr(why.text, "virDomainCreateXML"));
    assert_int_equal(virt_wakeup(d, &why), -EIO);
    assert_non_null(strstr(why.text, "not supported"));
    assert_int_equal(virt_abort_job(d, &why), -EIO);
    assert_non_null(strstr(why.text, "not supported"));
    assert_int_equal(virt_qmp(d, "{\"execute\":\"query-status\"}", &reply, &why), -EIO);
    assert_non_null(strstr(why.text, "virDomainQemuMonitorCommand 'wakeful': libvirt says: "));
    assert_null(reply);
    assert_null(made);
}

static void test_wrong_uri_is_told_at_once(void **state)
{
    struct virt *none = NULL;
    struct err why = {0};
    int64_t begin = clock_mono_us();

    (void) state;
    assert_int_equal(virt_open("no-driver", deadline_in_ms(60000), &none, &why), -EIO);
    assert_int_equal(virt_open("test:///no/file", deadline_in_ms(60000), &none, &why), -EIO);
    assert_true(clock_mono_us() - begin < 30000000);
    assert_non_null(strstr(why.text, "test:///no/file"));
    assert_null(none);
}

/* A URI that leads to a socket file of ours. */
static void socket_uri(char *uri, size_t size, const char *socket)
{
    snprintf(uri, size, "qemu+unix:///system?socket=%s&mode=direct", scratch_path(socket));
}

static void test_daemon_that_is_not_there(void **state)
{
    char uri[2 * SCRATCH_BYTES];
    struct virt *none = NULL;
    struct err why = {0};
    int64_t begin = clock_mono_us();

    (void) state;
    socket_uri(uri, sizeof uri, "absent");
    assert_true(virt_open(uri, deadline_in_ms(300), &none, &why) < 0);
    assert_true(clock_mono_us() - begin >= 300000); /* it may come back: tried to the end */
    assert_non_null(strstr(why.text, "No such file"));
}

static int bound_socket(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    assert_true(strlen(scratch_path(name)) < sizeof address.sun_path);
    memcpy(address.sun_path, scratch_path(name), strlen(scratch_path(name)) + 1);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *) &address, sizeof address), 0);
    return fd;
}

static void test_daemon_that_died(void **state)
{
    char uri[2 * SCRATCH_BYTES];
    struct virt *none = NULL;
    struct err why = {0};

    (void) state;
    close(bound_socket("dead")); /* the file stays and refuses */
    socket_uri(uri, sizeof uri, "dead");
    assert_true(virt_open(uri, deadline_in_ms(200), &none, &why) < 0);
    assert_non_null(strstr(why.text, "refused"));
}

static int open_in_stage(void *shared, const void *input, struct err *why)
{
    struct virt *none = NULL;

    (void) shared;
    return virt_open(input, deadline_in_ms(60000), &none, why);
}

/* As a daemon under SIGSTOP: the connection is taken, no word ever comes. */
static void test_daemon_that_is_silent(void **state)
{
    char uri[2 * SCRATCH_BYTES];
    struct err why = {0};
    int fd = bound_socket("silent");

    (void) state;
    assert_int_equal(listen(fd, 5), 0);
    socket_uri(uri, sizeof uri, "silent");
    assert_int_equal(stage_run("connecting", open_in_stage, NULL, uri, deadline_in_ms(1500), &why),
                     -ETIMEDOUT);
    assert_non_null(strstr(why.text, "virConnectOpen"));
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_life),
        cmocka_unit_test(test_shutdown),
        cmocka_unit_test(test_libvirts_refusals_arrive),
        cmocka_unit_test(test_wrong_uri_is_told_at_once),
        cmocka_unit_test(test_daemon_that_is_not_there),
        cmocka_unit_test(test_daemon_that_died),
        cmocka_unit_test(test_daemon_that_is_silent),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
