/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taps that outlive their owner's close for a moment, and nothing else that does. Real taps, in
 * a network namespace of the test's own.
 */
#include "own_process.h"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "sys/fdkeep.h"

enum { SOON_MS = 5000 };

static bool tap_exists(void)
{
    struct ifreq request = {.ifr_name = "gvmkeep0"};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool there = ioctl(fd, SIOCGIFFLAGS, &request) == 0;

    close(fd);
    return there;
}

/* False where this user may not. */
static bool own_network(void)
{
    return unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

static int open_tap(void)
{
    struct ifreq request = {.ifr_name = "gvmkeep0", .ifr_flags = IFF_TAP | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

    if (fd >= 0 && ioctl(fd, TUNSETIFF, &request) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool gone_in_time(void)
{
    struct deadline until = deadline_in_ms(SOON_MS);

    while (tap_exists() && !deadline_over(until)) {
        clock_pause_ms(5, until);
    }
    return !tap_exists();
}

/* The owner is this very process: pidfd_getfd asks no other questions of it. */
static void a_tap_stays_until_it_is_let_go(void **state)
{
    struct fdkeep kept = FDKEEP_NONE;
    int tap = own_network() ? open_tap() : -1;

    (void) state;
    if (tap < 0) {
        SKIP("no tap in a network of its own for this user");
    }
    fdkeep_start(getpid(), &tap, 1, &kept);
    if (kept.go < 0) {
        SKIP("this kernel or its policy has no pidfd_getfd for us");
    }
    close(tap);
    assert_true(tap_exists());
    fdkeep_end(&kept);
    assert_int_equal(kept.go, -1);
    assert_true(gone_in_time());
}

/* The holder's death lets go, too: here, of the only other end of the keeper's pipe. */
static void what_is_no_tap_is_not_kept(void **state)
{
    struct fdkeep kept = FDKEEP_NONE;
    char byte;
    int ends[2];

    (void) state;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    fdkeep_start(getpid(), &ends[1], 1, &kept);
    assert_int_equal(kept.go, -1);
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 0); /* it was the last one */
    close(ends[0]);
}

static void nobody_and_nothing(void **state)
{
    struct fdkeep kept = {.go = 7};
    int fd = 999;

    (void) state;
    fdkeep_start(getpid(), &fd, 1, &kept);
    assert_int_equal(kept.go, -1);
    fdkeep_start(getpid(), NULL, 0, &kept);
    assert_int_equal(kept.go, -1);
    fdkeep_end(&kept);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_tap_is_not_kept),
        cmocka_unit_test(nobody_and_nothing),
        cmocka_unit_test(a_tap_stays_until_it_is_let_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
