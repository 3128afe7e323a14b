/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The swap of drives against a scripted QEMU: what is swapped, what is left alone, and
 * the way into an iothread. Node names are new each time, so the script matches all but them.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "guard/fence.h"
#include "script.h"

#define DISK(qdev, node, driver, ro) \
    "{\"device\":\"\",\"qdev\":\"" qdev "\",\"inserted\":{\"node-name\":\"" node "\"," \
    "\"drv\":\"" driver "\",\"ro\":" ro ",\"image\":{\"virtual-size\":1048576," \
    "\"filename\":\"x\",\"format\":\"" driver "\"}}}"
#define QUERY(list) {"query-block", NULL, "[" list "]", NULL}
#define ADD(more) \
    {"blockdev-add", "{\"driver\":\"null-co\",\"node-name\":\"*\",\"size\":1048576," \
     "\"read-zeroes\":true" more "}", NULL, NULL}
#define WRITABLE ADD("")
#define READ_ONLY ADD(",\"read-only\":true")
#define SET(path) \
    {"qom-set", "{\"path\":\"" path "\",\"property\":\"drive\",\"value\":\"*\"}", NULL
#define GET(path, property) \
    {"qom-get", "{\"path\":\"" path "\",\"property\":\"" property "\"}"

static const char other_context[] =
    "Different aio context is not supported for new node (GenericError)";

static int run(struct err *why)
{
    struct fence f = {.until = deadline_in_ms(20000)};

    return fence_drives(&f, why);
}

static void disks_are_swapped_and_others_left_alone(void **state)
{
    static const struct line lines[] = {
        QUERY(DISK("/machine/peripheral/d0/virtio-backend", "n0", "raw", "false") ","
              DISK("sata0-0-1", "n1", "qcow2", "true") ","
              DISK("sata0-0-2", "n2", "null-co", "false") ","
              "{\"device\":\"\",\"qdev\":\"sata0-0-3\",\"removable\":true}"),
        WRITABLE, SET("/machine/peripheral/d0/virtio-backend"), NULL},
        READ_ONLY, SET("/machine/peripheral/sata0-0-1"), NULL},
    };
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(run(&why), 0);
    script_end();
}

static void scsi_node_moves_into_the_controllers_iothread(void **state)
{
    static const struct line lines[] = {
        QUERY(DISK("scsi1-0-0-0", "n0", "raw", "false")),
        WRITABLE, SET("/machine/peripheral/scsi1-0-0-0"), other_context},
        GET("/machine/peripheral/scsi1-0-0-0", "parent_bus"),
         "\"/machine/peripheral/scsi1/virtio-backend/scsi1.0\"", NULL},
        GET("/machine/peripheral/scsi1", "iothread"), "\"/objects/iothread2\"", NULL},
        {"x-blockdev-set-iothread", "{\"node-name\":\"*\",\"iothread\":\"iothread2\"}", NULL,
         NULL},
        SET("/machine/peripheral/scsi1-0-0-0"), NULL},
    };
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(run(&why), 0);
    script_end();
}

static void refusal_without_an_iothread_is_told_as_it_was(void **state)
{
    static const struct line lines[] = {
        QUERY(DISK("scsi1-0-0-0", "n0", "raw", "false")),
        WRITABLE, SET("/machine/peripheral/scsi1-0-0-0"), other_context},
        GET("/machine/peripheral/scsi1-0-0-0", "parent_bus"),
         "\"/machine/peripheral/scsi1/virtio-backend/scsi1.0\"", NULL},
        GET("/machine/peripheral/scsi1", "iothread"), "\"\"", NULL},
    };
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(run(&why), -EREMOTEIO);
    assert_non_null(strstr(why.text, "aio context"));
    assert_non_null(strstr(why.text, "scsi1-0-0-0"));
    script_end();
}

static void other_refusals_end_it(void **state)
{
    static const struct line lines[] = {
        QUERY(DISK("sata0-0-1", "n1", "qcow2", "false") ","
              DISK("sata0-0-2", "n2", "raw", "false")),
        WRITABLE, SET("/machine/peripheral/sata0-0-1"), "Permission conflict on node"},
    };
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(run(&why), -EREMOTEIO);
    assert_non_null(strstr(why.text, "sata0-0-1"));
    script_end();
}

static void no_time_ends_it_before_the_next_disk(void **state)
{
    static const struct line lines[] = {QUERY(DISK("sata0-0-1", "n1", "qcow2", "false"))};
    struct fence f = {.until = deadline_in_ms(0)};
    struct err why = {0};

    (void) state;
    SCRIPT(lines);
    assert_int_equal(fence_drives(&f, &why), -ETIMEDOUT);
    script_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(disks_are_swapped_and_others_left_alone),
        cmocka_unit_test(scsi_node_moves_into_the_controllers_iothread),
        cmocka_unit_test(refusal_without_an_iothread_is_told_as_it_was),
        cmocka_unit_test(other_refusals_end_it),
        cmocka_unit_test(no_time_ends_it_before_the_next_disk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
