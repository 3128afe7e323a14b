/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/params: a bad value gets one sentence that names the parameter, the value
 * and what is valid, and changes nothing.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/params.h"

struct setting {
    const char *name;
    const char *value;
};

/* The one setting, beside a good config. */
static const char *lookup(const char *env_name, void *data)
{
    const struct setting *s = data;
    const char *name = env_name + strlen("OCF_RESKEY_");

    if (strcmp(name, s->name) == 0) {
        return s->value;
    }
    return strcmp(name, "config") == 0 ? "/etc/vm.xml" : NULL;
}

static int parse(const char *name, const char *value, struct params *p, struct err *why)
{
    struct setting s = { name, value };

    return params_parse(p, lookup, &s, why);
}

static const struct setting bad[] = {
    { "config", "" }, { "config", "vm.xml" }, { "config", "./vm.xml" }, { "config", "~/vm.xml" },
    { "config", "/etc/vm\n.xml" }, { "config", "/etc/vm\x7f.xml" }, { "config", " /etc/vm.xml" },
    { "hypervisor", "" }, { "hypervisor", "qemu+ssh://peer/system" },
    { "hypervisor", "qemu:///session" }, { "hypervisor", "test:///default" },
    { "hypervisor", "xen:///system" }, { "hypervisor", "qemu:///systemd" },
    { "hypervisor", "qemu://localhost/system" }, { "hypervisor", "qemu+tcp:///system" },
    { "hypervisor", "qemu:///system?socket=/x\n" }, { "hypervisor", "qemu:///system/" },
    { "backingfile", "vm.img" }, { "copyindirs", "/a b" },
    { "copyindirs", "-a" }, { "start_resources", "maybe" },
    { "force_stop", "" }, { "force_stop", "2" }, { "force_stop", "maybe" },
    { "force_stop", " true" }, { "force_stop", "t" },
    { "crash_policy", "" }, { "crash_policy", "Freeze" }, { "crash_policy", "freeze " },
    { "crash_policy", "dump" }, { "frozen_start", "yes" }, { "watchdog", "dump" },
    { "panic_device", "isa" }, { "on_watchdog", "fail" }, { "on_io_error", "ok" },
    { "on_guest_shutdown", "ignore" }, { "on_guest_shutdown", "Stop" },
    { "on_guest_shutdown", "" }, { "on_pause", "freeze" }, { "on_pmsuspend", "degraded" },
    { "io_error_grace", "" }, { "io_error_grace", "-1" }, { "io_error_grace", "-3s" },
    { "io_error_grace", "s" }, { "io_error_grace", "1 s" }, { "io_error_grace", "1.5" },
    { "io_error_grace", "10days" }, { "io_error_grace", "604801" }, { "io_error_grace", "+5" },
    { "io_error_grace", "0x10" }, { "io_error_grace", "9223372036854775807" },
    { "io_error_grace", "9223372036854775807h" }, { "io_error_grace", "99999999999999999999" },
    { "io_error_grace", "5124095576030431h" }, { "io_error_grace", "60s60s" },
    { "monitor_wait", "" }, { "monitor_wait", "-1" }, { "monitor_wait", "601" },
    { "monitor_wait", "11m" }, { "kdump_grace", "soon" }, { "kdump_grace", "86401" },
    { "kdump_grace", "25h" }, { "panic_grace", "-1s" }, { "panic_grace", "86401" },
    { "stop_sequence", "" }, { "stop_sequence", " " }, { "stop_sequence", "saved" },
    { "stop_sequence", "shutdown,destroy" }, { "stop_sequence", "destroy shutdown" },
    { "stop_sequence", "destroy destroy" }, { "stop_sequence", "shutdown:0 destroy" },
    { "stop_sequence", "shutdown: destroy" }, { "stop_sequence", "shutdown:-5" },
    { "stop_sequence", "shutdown:5:6" }, { "stop_sequence", "Shutdown" },
    { "stop_sequence", "shutdown:90000 destroy" }, { "stop_sequence", ":5" },
    { "stop_sequence", "shutdown shutdown shutdown shutdown destroy" },
    { "host_stop_sequence", "sleep" }, { "host_stop_sequence", "destroy save" },
    { "shutdown_mode", "initctl" }, { "shutdown_mode", "acpi agent" },
    { "snapshot", "saved" }, { "snapshot", "./saved" }, { "sync_time", "2" },
    { "save_bypass_cache", "maybe" },
    { "monitor_scripts", "check" }, { "monitor_scripts", "/bin/true check" },
    { "monitor_scripts", "./check" }, { "monitor_scripts", "/bin/a\x01b" },
    { "agent_ping", "maybe" }, { "agent_silence", "4" }, { "agent_silence", "25h" },
    { "hung_nmi", "" },
};

static void bad_values_get_one_sentence(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct params p;
        struct err why = { .text = "" };
        char begin[64];

        memset(&p, 0x5a, sizeof(p));
        struct params before = p;

        if (parse(bad[i].name, bad[i].value, &p, &why) != -EINVAL) {
            fail_msg("%s='%s' was accepted", bad[i].name, bad[i].value);
        }
        assert_memory_equal(&p, &before, sizeof(p));
        assert_int_equal(why.kind, ERR_CONFIGURED);
        snprintf(begin, sizeof(begin), "%s='", bad[i].name);
        assert_memory_equal(why.text, begin, strlen(begin));
        assert_non_null(strstr(why.text, "is not valid: use "));
        assert_null(strchr(why.text, '\n'));
    }
}

static void words_are_listed(void **state)
{
    struct params p;
    struct err why;

    (void) state;
    assert_int_equal(parse("on_pause", "foo", &p, &why), -EINVAL);
    assert_string_equal(why.text,
                        "on_pause='foo' is not valid: use one of degraded, ok, fail");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_values_get_one_sentence),
        cmocka_unit_test(words_are_listed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
