/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/qmptext: commands as QEMU reads them, replies as QEMU 7.2 wrote them
 * (shortened), and replies that are none.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/qmptext.h"

static void commands(void **state)
{
    struct json_object *args = json_object_new_object();
    char *text = qmptext_command("stop", NULL);

    (void) state;
    assert_string_equal(text, "{\"execute\":\"stop\"}");
    free(text);
    json_object_object_add(args, "path", json_object_new_string("/machine/\"x\""));
    json_object_object_add(args, "size", json_object_new_uint64(UINT64_MAX));
    text = qmptext_command("qom-set", args);
    assert_string_equal(text, "{\"execute\":\"qom-set\",\"arguments\":{\"path\":"
                              "\"/machine/\\\"x\\\"\",\"size\":18446744073709551615}}");
    free(text);
}

static void returns(void **state)
{
    struct json_object *ret = NULL;
    struct err why;

    (void) state;
    assert_int_equal(qmptext_return("{\"return\":{\"a\":[1]},\"id\":\"libvirt-9\"}\r\n", &ret,
                                    &why), 0);
    assert_string_equal(json_object_to_json_string_ext(ret, JSON_C_TO_STRING_PLAIN),
                        "{\"a\":[1]}");
    json_object_put(ret);
    ret = (void *) &why;
    assert_int_equal(qmptext_return("{\"return\":null}", &ret, &why), 0);
    assert_null(ret);
    assert_int_equal(qmptext_return("{\"return\":[]}", &ret, &why), 0);
    assert_int_equal(json_object_array_length(ret), 0);
    json_object_put(ret);
}

static void refusals_keep_qemus_words(void **state)
{
    struct json_object *ret = NULL;
    struct err why;

    (void) state;
    assert_int_equal(qmptext_return("{\"id\":\"x\",\"error\":{\"class\":\"GenericError\","
                                    "\"desc\":\"Node 'a\\nb' is in use\"}}", &ret, &why),
                     -EREMOTEIO);
    assert_string_equal(why.text, "QEMU refused: Node 'a?b' is in use (GenericError)");
    assert_int_equal(qmptext_return("{\"error\":{}}", &ret, &why), -EREMOTEIO);
    assert_int_equal(qmptext_return("{\"error\":{},\"return\":{}}", &ret, &why), -EREMOTEIO);
    assert_null(ret);
}

static void no_replies(void **state)
{
    static const char *const texts[] = {
        "", "{", "{}", "[]", "null", "7", "{\"event\":\"STOP\"}", "{\"error\":\"x\"}",
        "Error: not found", "{\"return\":",
    };

    (void) state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct json_object *ret = NULL;
        struct err why;

        assert_int_equal(qmptext_return(texts[i], &ret, &why), -EBADMSG);
        assert_null(ret);
    }
}

static int devices(const char *json, struct qmp_device **ret, size_t *ret_count)
{
    struct json_object *o = json_tokener_parse(json);
    struct err why = { .text = "" };

    assert_true(o || strcmp(json, "null") == 0);
    int rc = qmptext_devices(o, ret, ret_count, &why);

    assert_int_equal(rc == 0, why.text[0] == '\0');
    json_object_put(o);
    return rc;
}

static const char query_block[] =
    "[{\"io-status\":\"ok\",\"device\":\"\",\"locked\":false,\"removable\":false,"
    "  \"inserted\":{\"iops_rd\":0,\"image\":{\"virtual-size\":18446744073709551615,"
    "    \"filename\":\"/srv/a.qcow2\",\"format\":\"qcow2\",\"backing-image\":"
    "    {\"virtual-size\":1}},\"node-name\":\"libvirt-12-format\",\"ro\":false,"
    "    \"drv\":\"qcow2\",\"file\":\"/srv/a.qcow2\"},"
    "  \"qdev\":\"/machine/peripheral/virtio-disk0/virtio-backend\",\"type\":\"unknown\"},"
    " {\"io-status\":\"ok\",\"device\":\"\",\"removable\":true,\"qdev\":\"sata1-0-0\","
    "  \"tray_open\":false,\"type\":\"unknown\"},"
    " {\"device\":\"\",\"removable\":true,\"qdev\":\"scsi0-0-0-2\",\"inserted\":"
    "  {\"image\":{\"virtual-size\":366592},\"node-name\":\"libvirt-3-format\",\"ro\":true,"
    "   \"drv\":\"raw\"}},"
    " {\"device\":\"\",\"qdev\":\"/machine/system.flash1\",\"inserted\":"
    "  {\"image\":{\"virtual-size\":540672},\"node-name\":\"null1\",\"ro\":false,"
    "   \"drv\":\"null-co\"}},"
    " {\"device\":\"drive0\",\"inserted\":"
    "  {\"image\":{\"virtual-size\":1},\"node-name\":\"lonely\",\"drv\":\"raw\"}}]";

static void devices_with_a_medium(void **state)
{
    struct qmp_device *d = NULL;
    size_t count = 0;

    (void) state;
    assert_int_equal(devices(query_block, &d, &count), 0);
    assert_int_equal(count, 3);
    assert_string_equal(d[0].qdev, "/machine/peripheral/virtio-disk0/virtio-backend");
    assert_string_equal(d[0].node, "libvirt-12-format");
    assert_true(d[0].size == UINT64_MAX);
    assert_false(d[0].read_only || d[0].null_co);
    assert_string_equal(d[1].qdev, "/machine/peripheral/scsi0-0-0-2");
    assert_int_equal(d[1].size, 366592);
    assert_true(d[1].read_only);
    assert_string_equal(d[2].qdev, "/machine/system.flash1");
    assert_true(d[2].null_co);
    qmptext_devices_free(d, count);
    qmptext_devices_free(NULL, 0);
}

/* A device that is overlooked would keep its disk. */
static void a_device_half_told_is_an_error(void **state)
{
    static const char *const texts[] = {
        "null", "{}", "7",
        "[{\"qdev\":\"a\",\"inserted\":{}}]",
        "[{\"qdev\":\"a\",\"inserted\":{\"node-name\":\"n\"}}]",
        "[{\"qdev\":\"a\",\"inserted\":{\"node-name\":\"n\",\"image\":{}}}]",
        "[{\"qdev\":\"a\",\"inserted\":{\"node-name\":\"n\",\"image\":{\"virtual-size\":\"1\"}}}]",
        "[{\"qdev\":\"a\",\"inserted\":{\"node-name\":\"n\",\"image\":{\"virtual-size\":-1}}}]",
        "[{\"qdev\":\"a\",\"inserted\":{\"node-name\":\"\",\"image\":{\"virtual-size\":1}}}]",
        ("[{\"qdev\":\"ok\",\"inserted\":{\"node-name\":\"n\",\"image\":{\"virtual-size\":1}}},"
         " {\"qdev\":\"a\",\"inserted\":{}}]"),
    };

    (void) state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct qmp_device *d = NULL;
        size_t count = 77;

        assert_int_equal(devices(texts[i], &d, &count), -EBADMSG);
        assert_null(d);
        assert_int_equal(count, 77);
    }
}

static void no_devices(void **state)
{
    struct qmp_device *d = (void *) &d;
    size_t count = 77;

    (void) state;
    assert_int_equal(devices("[]", &d, &count), 0);
    assert_int_equal(count, 0);
    assert_null(d);
}

static int status(const char *json, enum runstate *r, bool *running)
{
    struct json_object *o = json_tokener_parse(json);
    struct err why;
    int rc = qmptext_status(o, r, running, &why);

    json_object_put(o);
    return rc;
}

static void run_states(void **state)
{
    enum runstate r = RUNSTATE_COLO;
    bool running = true;

    (void) state;
    assert_int_equal(status("{\"status\":\"guest-panicked\",\"singlestep\":false,"
                            "\"running\":false}", &r, &running), 0);
    assert_int_equal(r, RUNSTATE_GUEST_PANICKED);
    assert_false(running);
    assert_int_equal(status("{\"status\":\"running\",\"running\":true}", &r, &running), 0);
    assert_int_equal(r, RUNSTATE_RUNNING);
    assert_true(running);
    assert_int_equal(status("{\"status\":\"brand-new\",\"running\":false}", &r, &running), 0);
    assert_int_equal(r, RUNSTATE_UNKNOWN);
    assert_int_equal(status("{\"status\":\"running\"}", &r, &running), -EBADMSG);
    assert_int_equal(status("{\"running\":true}", &r, &running), -EBADMSG);
    assert_int_equal(status("{\"status\":1,\"running\":true}", &r, &running), -EBADMSG);
    assert_int_equal(status("[]", &r, &running), -EBADMSG);
    assert_int_equal(status("null", &r, &running), -EBADMSG);
}

static int operations(const char *text, uint64_t *ret)
{
    struct json_object *value = json_tokener_parse(text);
    struct err why;
    int rc = qmptext_disk_operations(value, ret, &why);

    json_object_put(value);
    return rc;
}

static void disk_operations(void **state)
{
    uint64_t sum = 99;

    (void) state;
    assert_int_equal(operations("[]", &sum), 0);
    assert_true(sum == 0);
    assert_int_equal(operations("[{\"stats\":{\"rd_operations\":1,\"wr_operations\":20,"
                                "\"flush_operations\":300,\"unmap_operations\":4000,"
                                "\"rd_bytes\":7}},{\"stats\":{\"rd_operations\":50000,"
                                "\"wr_operations\":0}}]", &sum), 0);
    assert_true(sum == 54321);
    assert_int_equal(operations("[{\"stats\":{\"rd_operations\":1}}]", &sum), -EBADMSG);
    assert_int_equal(operations("[{}]", &sum), -EBADMSG);
    assert_int_equal(operations("{}", &sum), -EBADMSG);
    assert_int_equal(operations("null", &sum), -EBADMSG);
    assert_true(sum == 54321);
}

static bool failed(const char *text)
{
    struct json_object *o = json_tokener_parse(text);
    bool ret = qmptext_migration_failed(o);

    json_object_put(o);
    return ret;
}

static void only_a_migration_that_is_known_to_have_failed_has(void **state)
{
    (void) state;
    assert_true(failed("{\"status\":\"failed\",\"error-desc\":\"Connection reset by peer\"}"));
    assert_true(failed("{\"status\":\"cancelled\"}"));
    assert_false(failed("{\"status\":\"completed\",\"total-time\":99}"));
    assert_false(failed("{\"status\":\"cancelling\"}"));
    assert_false(failed("{\"status\":\"postcopy-paused\"}"));
    assert_false(failed("{}"));
    assert_false(failed("[]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands),
        cmocka_unit_test(returns),
        cmocka_unit_test(refusals_keep_qemus_words),
        cmocka_unit_test(no_replies),
        cmocka_unit_test(devices_with_a_medium),
        cmocka_unit_test(a_device_half_told_is_an_error),
        cmocka_unit_test(no_devices),
        cmocka_unit_test(run_states),
        cmocka_unit_test(disk_operations),
        cmocka_unit_test(only_a_migration_that_is_known_to_have_failed_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
