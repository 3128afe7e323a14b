/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Links of a network namespace of the test's own. Without root only what may be looked at.
 */
#include "own_process.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/ioctl.h>

#include "sys/net.h"

static int tap = -1;

static void set_up(const char *name)
{
    struct ifreq request = {.ifr_flags = IFF_UP};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &request), 0);
    close(fd);
}

static bool is_up(const char *name)
{
    struct ifreq request = {.ifr_flags = 0};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    assert_int_equal(ioctl(fd, SIOCGIFFLAGS, &request), 0);
    close(fd);
    return request.ifr_flags & IFF_UP;
}

static int own_network(void **state)
{
    struct ifreq request = {.ifr_name = "gvmtest-fifteen", .ifr_flags = IFF_TAP | IFF_NO_PI};

    (void) state;
    if (geteuid() != 0) {
        return 0;
    }
    if (unshare(CLONE_NEWNET) < 0) {
        return -1;
    }
    tap = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    return tap < 0 ? -1 : ioctl(tap, TUNSETIFF, &request);
}

static void test_bad_names(void **state)
{
    struct err why = {0};

    (void) state;
    /* Never "gone": a name that cannot be asked for proves nothing. */
    assert_true(net_link_down("", &why) < 0);
    assert_true(net_link_down("a-name-of-sixteen", &why) < 0);
    assert_non_null(strstr(why.text, "a-name-of-sixteen"));
}

static void test_down(void **state)
{
    (void) state;
    if (geteuid() != 0) {
        SKIP("a network of its own needs root");
    }
    assert_false(is_up("gvmtest-fifteen"));
    set_up("gvmtest-fifteen");
    assert_true(is_up("gvmtest-fifteen"));
    assert_int_equal(net_link_down("gvmtest-fifteen", NULL), 0);
    assert_false(is_up("gvmtest-fifteen"));
    assert_int_equal(net_link_down("gvmtest-fifteen", NULL), 0);
    close(tap); /* the interface goes with it */
    assert_int_equal(net_link_down("gvmtest-fifteen", NULL), 0);
}

static void test_other_links_stay(void **state)
{
    (void) state;
    if (geteuid() != 0) {
        SKIP("a network of its own needs root");
    }
    set_up("lo");
    assert_int_equal(net_link_down("gvm-none", NULL), 0);
    assert_true(is_up("lo"));
}

static void test_no_permission(void **state)
{
    struct err why = {0};
    pid_t pid;
    int status;

    (void) state;
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        if (geteuid() == 0) {
            CHILD_CHECK(setuid(65534) == 0);
        }
        CHILD_CHECK(net_link_down("lo", &why) == -EPERM);
        CHILD_CHECK(strstr(why.text, "'lo'"));
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {     cmocka_unit_test(test_bad_names),
        cmocka_unit_test(test_down),             cmocka_unit_test(test_other_links_stay),
        cmocka_unit_test(test_no_permission),
    };

    return cmocka_run_group_tests(tests, own_network, NULL);
}
