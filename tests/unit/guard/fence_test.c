/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Network and block nodes against a scripted QEMU: exactly which commands are given, what
 * is taken as "cut already", and what is given up at.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "guard/fence.h"
#include "script.h"

enum { PLENTY_MS = 20000 };

static struct fence fence_for(int64_t ms)
{
    return (struct fence){.pid = getpid(), .until = deadline_in_ms(ms)};
}

static void assert_says(const struct err *why, const char *part)
{
    if (!strstr(why->text, part)) {
        fail_msg("'%s' does not say '%s'", why->text, part);
    }
}

/* --- vCPUs ------------------------------------------------------------------------------ */

#define DUMPING {"stop", NULL, NULL, "There is a dump in process, please wait. (GenericError)"}

static void refused_stop_is_fine_where_they_stand(void **state)
{
    static const struct line lines[] = {
        DUMPING,
        {"query-status", NULL, "{\"status\":\"guest-panicked\",\"running\":false}", NULL},
    };
    struct fence f = fence_for(PLENTY_MS);
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(fence_vcpus(&f, &why), 0);
    script_end();
}

static void refused_stop_is_an_error_where_they_run(void **state)
{
    static const struct line lines[] = {
        DUMPING,
        {"query-status", NULL, "{\"status\":\"running\",\"running\":true}", NULL},
    };
    static const struct line silent[] = {DUMPING, {"query-status", NULL, NULL, "no answer"}};
    struct fence f = fence_for(PLENTY_MS);
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(fence_vcpus(&f, &why), -EREMOTEIO);
    assert_says(&why, "dump in process");
    SCRIPT(silent);
    assert_int_equal(fence_vcpus(&f, &why), -EREMOTEIO);
}

/* --- network ------------------------------------------------------------------------ */

#define INFO {"human-monitor-command", "{\"command-line\":\"info network\"}"
#define DOWN(id) {"set_link", "{\"name\":\"" id "\",\"up\":false}"
#define GONE(id) {"netdev_del", "{\"id\":\"" id "\"}"

static void every_back_end_goes_down_and_away_once(void **state)
{
    static const struct line lines[] = {
        INFO, "\"net0: index=0,type=nic,model=virtio-net-pci,macaddr=52:54:00:00:00:01\\r\\n"
              " \\\\ hostnet0: index=0,type=tap,fd=35\\r\\n"
              "net0: index=1,type=nic,\\r\\n \\\\ hostnet0: index=1,type=tap,fd=36\\r\\n"
              "net1: index=0,type=nic,model=e1000,macaddr=52:54:00:00:00:02\\r\\n"
              " \\\\ hostnet1: index=0,type=user,net=10.0.2.0,restrict=off\\r\\n"
              "alone: index=0,type=socket,\\r\\n\"", NULL},
        DOWN("hostnet0"), NULL, NULL}, GONE("hostnet0"), NULL, NULL},
        DOWN("hostnet1"), NULL, NULL}, GONE("hostnet1"), NULL, NULL},
        DOWN("alone"), NULL, NULL}, GONE("alone"), NULL, NULL},
    };
    struct fence f = fence_for(PLENTY_MS);
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(fence_network(&f, &why), 0);
    script_end();
}

static void back_end_that_is_gone_is_cut(void **state)
{
    static const struct line lines[] = {
        INFO, "\"net0: index=0,type=nic,model=e1000\\n \\\\ hostnet0: index=0,type=tap,fd=3\\n\"",
         NULL},
        DOWN("hostnet0"), NULL, "DeviceNotFound: Device 'hostnet0' not found"},
        GONE("hostnet0"), NULL, "DeviceNotFound: Device 'hostnet0' not found"},
    };
    struct fence f = fence_for(PLENTY_MS);
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(fence_network(&f, &why), 0);
    script_end();
}

static void back_end_that_stays_is_an_error(void **state)
{
    static const struct line lines[] = {
        INFO, "\" \\\\ hostnet0: index=0,type=tap,fd=3\\n\"", NULL},
        DOWN("hostnet0"), NULL, NULL},
        GONE("hostnet0"), NULL, "GenericError: Device 'hostnet0' is not a netdev"},
    };
    struct fence f = fence_for(PLENTY_MS);
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(fence_network(&f, &why), -EREMOTEIO);
    assert_says(&why, "hostnet0");
}

static void vhost_user_is_refused(void **state)
{
    static const struct line lines[] = {
        INFO, "\" \\\\ hostnet0: index=0,type=vhost-user,vhost-user0 to chardev\\n\"", NULL},
    };
    struct fence f = fence_for(PLENTY_MS);
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(fence_network(&f, &why), -ENOTSUP);
    assert_says(&why, "vhost-user");
    script_end();
}

/* --- block nodes ------------------------------------------------------------------------ */

#define NODES {"query-named-block-nodes", "{\"flat\":true}"
#define DEL(name) {"blockdev-del", "{\"node-name\":\"" name "\"}", NULL

static void nodes_go_in_passes_until_only_null_is_left(void **state)
{
    static const struct line lines[] = {
        NODES, "[{\"node-name\":\"base\",\"drv\":\"qcow2\"},"
               "{\"node-name\":\"null\",\"drv\":\"null-co\"},"
               "{\"node-name\":\"#block7\",\"drv\":\"file\"},"
               "{\"node-name\":\"top\",\"drv\":\"qcow2\"}]", NULL},
        DEL("base"), "GenericError: Node base is in use"},
        DEL("top"), NULL},
        NODES, "[{\"node-name\":\"base\",\"drv\":\"qcow2\"},"
               "{\"node-name\":\"null\",\"drv\":\"null-co\"}]", NULL},
        DEL("base"), NULL},
    };
    struct fence f = fence_for(PLENTY_MS);
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(fence_nodes(&f, &why), 0);
    script_end();
}

static void node_that_stays_in_use_is_an_error(void **state)
{
    enum { PASSES = 50 };
    struct line lines[PASSES * 2];
    struct fence f = fence_for(PLENTY_MS);
    struct err why = {0};

    (void) state;
    for (int i = 0; i < PASSES; i++) {
        lines[2 * i] = (struct line)
            NODES, "[{\"node-name\":\"n\",\"drv\":\"raw\"}]", NULL};
        lines[2 * i + 1] = (struct line) DEL("n"), "GenericError: Node n is in use"};
    }
    SCRIPT(lines);
    assert_int_equal(fence_nodes(&f, &why), -EBUSY);
    assert_says(&why, "Node n is in use");
    script_end();
}

static void nameless_node_alone_is_an_error(void **state)
{
    static const struct line lines[] = {
        NODES, "[{\"node-name\":\"#block7\",\"drv\":\"file\"}]", NULL},
    };
    struct fence f = fence_for(PLENTY_MS);
    struct err why = {0};

    (void) state;
    script_set(lines, 1, 1);
    assert_int_equal(fence_nodes(&f, &why), -EBUSY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_stop_is_fine_where_they_stand),
        cmocka_unit_test(refused_stop_is_an_error_where_they_run),
        cmocka_unit_test(every_back_end_goes_down_and_away_once),
        cmocka_unit_test(back_end_that_is_gone_is_cut),
        cmocka_unit_test(back_end_that_stays_is_an_error),
        cmocka_unit_test(vhost_user_is_refused),
        cmocka_unit_test(nodes_go_in_passes_until_only_null_is_left),
        cmocka_unit_test(node_that_stays_in_use_is_an_error),
        cmocka_unit_test(nameless_node_alone_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
