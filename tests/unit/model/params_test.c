/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/params: defaults, and every good spelling of every parameter. The bad
 * ones are params_bad_test.c's business.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/params.h"
#include "model/params_rows.h"

struct setting {
    const char *name;
    const char *value;
};

struct environment {
    const struct setting *setting; /* beside a good config */
    bool no_config;
    unsigned asked;
};

static const char *lookup(const char *env_name, void *data)
{
    struct environment *e = data;
    const char *name = env_name + strlen("OCF_RESKEY_");

    assert_memory_equal(env_name, "OCF_RESKEY_", strlen("OCF_RESKEY_"));
    e->asked++;
    if (e->setting && strcmp(name, e->setting->name) == 0) {
        return e->setting->value;
    }
    return strcmp(name, "config") == 0 && !e->no_config ? "/etc/vm.xml" : NULL;
}

static int parse(const char *name, const char *value, struct params *p, struct err *why)
{
    struct setting s = { name, value };
    struct environment e = { .setting = &s };

    return params_parse(p, lookup, &e, why);
}

static void migration_defaults(const struct params *p)
{
    assert_null(p->migration_transport);
    assert_null(p->migration_user);
    assert_null(p->migration_network_suffix);
    assert_null(p->remoteuri);
    assert_null(p->migrateuri);
    assert_null(p->migrate_options);
    assert_int_equal(p->migrateport, 0);
    assert_int_equal(p->migration_downtime_ms, 0);
    assert_int_equal(p->migration_speed_mibps, 0);
}

static void defaults_are_those_documented(void **state)
{
    struct environment e = { 0 };
    struct params p;
    struct err why;
    int count = 0;

    (void) state;
    while (param_row_at((size_t) count)) {
        count++;
    }
    assert_int_equal(params_parse(&p, lookup, &e, &why), 0);
    assert_int_equal(e.asked, count);
    assert_string_equal(p.config, "/etc/vm.xml");
    assert_string_equal(p.hypervisor, "qemu:///system");
    assert_false(p.force_stop);
    assert_false(p.start_resources || p.stateless || p.save_config_on_stop ||
                 p.sync_config_on_stop);
    assert_null(p.backingfile);
    assert_null(p.copyindirs);
    assert_int_equal(p.crash_policy, CRASH_FREEZE);
    assert_int_equal(p.frozen_start, FROZEN_START_REFUSE);
    assert_int_equal(p.watchdog, WATCHDOG_KEEP);
    assert_int_equal(p.panic_device, PANIC_KEEP);
    assert_int_equal(p.on_watchdog, ON_WATCHDOG_FREEZE);
    assert_int_equal(p.on_io_error, ON_IO_ERROR_RETRY);
    assert_int_equal(p.io_error_grace_s, 60);
    assert_int_equal(p.monitor_wait_s, 20);
    assert_int_equal(p.kdump_grace_s, 300);
    assert_int_equal(p.panic_grace_s, 0);
    assert_int_equal(p.on_guest_shutdown, ON_GUEST_SHUTDOWN_RESTART);
    assert_int_equal(p.on_pause, ON_PAUSE_DEGRADED);
    assert_int_equal(p.on_pmsuspend, ON_PMSUSPEND_OK);
    assert_int_equal(p.stop_sequence.count, 2);
    assert_int_equal(p.stop_sequence.step[0].word, STOP_WORD_SHUTDOWN);
    assert_int_equal(p.stop_sequence.step[0].limit_s, 0);
    assert_int_equal(p.stop_sequence.step[1].word, STOP_WORD_DESTROY);
    migration_defaults(&p);
    assert_true(p.autoset_utilization_cpu && p.autoset_utilization_host_memory &&
                p.autoset_utilization_hv_memory);
    assert_false(p.unset_utilization_cpu || p.unset_utilization_host_memory ||
                 p.unset_utilization_hv_memory);
    assert_int_equal(p.host_stop_sequence.count, 0);
    assert_int_equal(p.shutdown_mode, SHUTDOWN_BY_LIBVIRT);
    assert_null(p.snapshot);
    assert_false(p.save_bypass_cache);
    assert_false(p.sync_time);
    assert_null(p.monitor_scripts);
    assert_false(p.agent_ping);
    assert_int_equal(p.agent_silence_s, 60);
    assert_false(p.hung_nmi);
    params_free(&p);

    params_defaults(&p);
    assert_null(p.config);
    assert_string_equal(p.hypervisor, "qemu:///system");
    assert_int_equal(p.stop_sequence.count, 2);
    params_free(&p);
    params_free(&p);
    params_free(NULL);
}

static void config_is_required(void **state)
{
    struct environment e = { .no_config = true };
    struct params p = { .io_error_grace_s = 77 };
    struct err why;

    (void) state;
    assert_int_equal(params_parse(&p, lookup, &e, &why), -EINVAL);
    assert_int_equal(why.kind, ERR_CONFIGURED);
    assert_non_null(strstr(why.text, "config is required"));
    assert_int_equal(p.io_error_grace_s, 77);
}

static void each_word_of_each_row_is_read(void **state)
{
    const struct param_row *row;

    (void) state;
    for (size_t i = 0; (row = param_row_at(i)); i++) {
        if (row->type != PARAM_WORD) {
            continue;
        }
        for (const struct param_word *w = row->words; w->word; w++) {
            struct params p;
            struct err why;
            int value;

            assert_int_equal(parse(row->name, w->word, &p, &why), 0);
            memcpy(&value, (char *) &p + row->offset, sizeof(value));
            assert_int_equal(value, w->value);
            params_free(&p);
        }
    }
}

static void path_may_be_odd_but_not_endless(void **state)
{
    char path[5000];
    struct params p;
    struct err why;

    (void) state;
    assert_int_equal(parse("config", "/srv/my \"vm\" \xc3\xa4/-x'.xml", &p, &why), 0);
    assert_string_equal(p.config, "/srv/my \"vm\" \xc3\xa4/-x'.xml");
    params_free(&p);
    memset(path, 'x', sizeof(path));
    path[0] = '/';
    path[sizeof(path) - 1] = '\0';
    assert_int_equal(parse("config", path, &p, &why), -EINVAL);
}

static void local_uris(void **state)
{
    static const char *const good[] = {
        "qemu:///system", "qemu+unix:///system",
        "qemu+unix:///system?socket=/run/libvirt/virtqemud-sock",
        "qemu:///system?socket=/run/x",
    };

    (void) state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct params p;
        struct err why;

        assert_int_equal(parse("hypervisor", good[i], &p, &why), 0);
        assert_string_equal(p.hypervisor, good[i]);
        params_free(&p);
    }
}

static void booleans_as_ocf_has_them(void **state)
{
    static const char *const words[] = {
        "yes", "true", "1", "on", "YES", "True", "ON", "ja", "no", "false", "0", "off", "NO",
    };

    (void) state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct params p;
        struct err why;

        assert_int_equal(parse("force_stop", words[i], &p, &why), 0);
        assert_int_equal(p.force_stop, i < 8);
        params_free(&p);
    }
}

static void times_as_pacemaker_has_them(void **state)
{
    static const struct { const char *text; int64_t s; } times[] = {
        { "0", 0 }, { "90", 90 }, { "90s", 90 }, { "90sec", 90 }, { "5m", 300 }, { "5min", 300 },
        { "2h", 7200 }, { "1hr", 3600 }, { "1500ms", 2 }, { "1000ms", 1 }, { "1msec", 1 },
        { "0ms", 0 }, { "90S", 90 }, { "007", 7 }, { "604800", 604800 }, { "168h", 604800 },
    };

    (void) state;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        struct params p;
        struct err why;

        assert_int_equal(parse("io_error_grace", times[i].text, &p, &why), 0);
        assert_int_equal(p.io_error_grace_s, times[i].s);
        params_free(&p);
    }
}

/* Written down a second time on purpose. */
static const struct {
    const char *name;
    size_t offset;
    int64_t min, max;
} bounds[] = {
    { "io_error_grace", offsetof(struct params, io_error_grace_s), 0, 7 * 24 * 3600 },
    { "monitor_wait", offsetof(struct params, monitor_wait_s), 0, 600 },
    { "kdump_grace", offsetof(struct params, kdump_grace_s), 0, 24 * 3600 },
    { "panic_grace", offsetof(struct params, panic_grace_s), 0, 24 * 3600 },
    { "frozen_keep", offsetof(struct params, frozen_keep_s), 0, 366 * 24 * 3600 },
    { "dump_keep", offsetof(struct params, dump_keep), 1, 1000 },
    { "dump_min_free", offsetof(struct params, dump_min_free_mib), 0, 1024 * 1024 * 1024 },
    { "frozen_max", offsetof(struct params, frozen_max), 0, 1000 },
    { "migrateport", offsetof(struct params, migrateport), 0, 65535 },
    { "migration_downtime", offsetof(struct params, migration_downtime_ms), 0, 3600 * 1000 },
    { "migration_speed", offsetof(struct params, migration_speed_mibps), 0, 1024 * 1024 },
    { "agent_silence", offsetof(struct params, agent_silence_s), 5, 24 * 3600 },
};

static void takes(size_t at, int64_t number)
{
    struct params p;
    struct err why;
    int64_t value;
    char text[32];

    snprintf(text, sizeof text, "%lld", (long long) number);
    assert_int_equal(parse(bounds[at].name, text, &p, &why), 0);
    memcpy(&value, (char *) &p + bounds[at].offset, sizeof value);
    assert_true(value == number);
    params_free(&p);
}

static void each_number_has_its_bounds(void **state)
{
    const struct param_row *row;
    size_t numbers = 0;

    (void) state;
    for (size_t i = 0; (row = param_row_at(i)); i++) {
        numbers += row->type == PARAM_SECONDS || row->type == PARAM_NUMBER;
    }
    assert_int_equal(numbers, sizeof bounds / sizeof bounds[0]);
    for (size_t i = 0; i < numbers; i++) {
        struct params p;
        struct err why;
        char beyond[32];

        takes(i, bounds[i].min);
        takes(i, bounds[i].max);
        snprintf(beyond, sizeof beyond, "%lld", (long long) bounds[i].max + 1);
        assert_int_equal(parse(bounds[i].name, beyond, &p, &why), -EINVAL);
    }
}

static void stop_sequences(void **state)
{
    struct params p;
    struct err why;

    (void) state;
    assert_int_equal(parse("stop_sequence", "  shutdown:60\tshutdown:2min  destroy ", &p, &why),
                     0);
    assert_int_equal(p.stop_sequence.count, 3);
    assert_int_equal(p.stop_sequence.step[0].limit_s, 60);
    assert_int_equal(p.stop_sequence.step[1].word, STOP_WORD_SHUTDOWN);
    assert_int_equal(p.stop_sequence.step[1].limit_s, 120);
    assert_int_equal(p.stop_sequence.step[2].word, STOP_WORD_DESTROY);
    params_free(&p);
    assert_int_equal(parse("stop_sequence", "shutdown", &p, &why), 0);
    assert_int_equal(p.stop_sequence.count, 1);
    params_free(&p);
    assert_int_equal(parse("stop_sequence", "destroy:10s", &p, &why), 0);
    assert_int_equal(p.stop_sequence.step[0].limit_s, 10);
    params_free(&p);
}

static void what_is_saved_and_made_anew(void **state)
{
    struct params p;
    struct err why;

    (void) state;
    assert_int_equal(parse("sync_config_on_stop", "true", &p, &why), 0);
    assert_true(p.sync_config_on_stop && p.save_config_on_stop);
    params_free(&p);
    assert_int_equal(parse("copyindirs", " /etc/a  /b'c ", &p, &why), 0);
    assert_string_equal(p.copyindirs, "/etc/a /b'c");
    params_free(&p);
    assert_int_equal(parse("copyindirs", "", &p, &why), 0);
    assert_null(p.copyindirs);
    params_free(&p);
    assert_int_equal(parse("stateless", "true", &p, &why), -EINVAL);
    assert_int_equal(why.kind, ERR_CONFIGURED);
    assert_non_null(strstr(why.text, "backingfile"));
}

static const char *lookup_pairs(const char *env_name, void *data)
{
    const struct setting *s = data;

    for (; s->name; s++) {
        if (strcmp(env_name + strlen("OCF_RESKEY_"), s->name) == 0) {
            return s->value;
        }
    }
    return NULL;
}

static void parse_pairs(const struct setting *settings, struct params *p)
{
    struct err why;

    assert_int_equal(params_parse(p, lookup_pairs, (void *) (uintptr_t) settings, &why), 0);
}

static void snapshot_makes_a_stop_save(void **state)
{
    struct params p;

    (void) state;
    parse_pairs((const struct setting[]) {
        {"config", "/vm.xml"}, {"snapshot", "/srv/saved"}, {NULL, NULL}}, &p);
    assert_string_equal(p.snapshot, "/srv/saved");
    assert_true(params_saves(&p.stop_sequence));
    assert_int_equal(p.stop_sequence.count, 3);
    assert_int_equal(p.stop_sequence.step[0].word, STOP_WORD_SAVE);
    assert_int_equal(p.stop_sequence.step[1].word, STOP_WORD_SHUTDOWN);
    assert_int_equal(p.stop_sequence.step[2].word, STOP_WORD_DESTROY);
    assert_false(params_saves(&p.host_stop_sequence));
    params_free(&p);
    /* What is said is meant. */
    parse_pairs((const struct setting[]) {
        {"config", "/vm.xml"}, {"snapshot", "/srv/saved"}, {"stop_sequence", "shutdown destroy"},
        {"host_stop_sequence", "save:60s destroy"}, {NULL, NULL}}, &p);
    assert_false(params_saves(&p.stop_sequence));
    assert_true(params_saves(&p.host_stop_sequence));
    assert_int_equal(p.host_stop_sequence.step[0].limit_s, 60);
    params_free(&p);
    parse_pairs((const struct setting[]) {
        {"config", "/vm.xml"}, {"snapshot", ""}, {"host_stop_sequence", ""},
        {"shutdown_mode", ""}, {NULL, NULL}}, &p);
    assert_null(p.snapshot);
    assert_false(params_saves(&p.stop_sequence));
    assert_int_equal(p.shutdown_mode, SHUTDOWN_BY_LIBVIRT);
    params_free(&p);
}

/* As VirtualDomain's shell takes its list apart. */
static void lists_of_paths(void **state)
{
    struct params p;
    struct err why;

    (void) state;
    assert_int_equal(parse("monitor_scripts", "/a", &p, &why), 0);
    assert_string_equal(p.monitor_scripts, "/a");
    params_free(&p);
    assert_int_equal(parse("monitor_scripts", " /a\t/b/c \n  /d\n", &p, &why), 0);
    assert_string_equal(p.monitor_scripts, "/a /b/c /d");
    params_free(&p);
    assert_int_equal(parse("monitor_scripts", "", &p, &why), 0);
    assert_null(p.monitor_scripts);
    params_free(&p);
    assert_int_equal(parse("monitor_scripts", " \n", &p, &why), 0);
    assert_null(p.monitor_scripts);
    params_free(&p);
}

static void force_stop_leaves_only_destroy(void **state)
{
    struct params p;
    struct err why;

    (void) state;
    assert_int_equal(parse("force_stop", "1", &p, &why), 0);
    assert_int_equal(p.stop_sequence.count, 1);
    assert_int_equal(p.stop_sequence.step[0].word, STOP_WORD_DESTROY);
    assert_int_equal(p.host_stop_sequence.count, 1);
    assert_int_equal(p.host_stop_sequence.step[0].word, STOP_WORD_DESTROY);
    params_free(&p);
}

static void optional_text_is_null_where_it_is_not_given_or_empty(void **state)
{
    struct params p;
    struct err why;

    (void) state;
    assert_int_equal(parse("migration_user", "", &p, &why), 0);
    assert_null(p.migration_user);
    params_free(&p);
    assert_int_equal(parse("migration_user", "virt", &p, &why), 0);
    assert_string_equal(p.migration_user, "virt");
    params_free(&p);
    assert_int_equal(parse("migration_user", "a\nb", &p, &why), -EINVAL);
    assert_non_null(strstr(why.text, "control characters"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_those_documented),
        cmocka_unit_test(config_is_required),
        cmocka_unit_test(each_word_of_each_row_is_read),
        cmocka_unit_test(path_may_be_odd_but_not_endless),
        cmocka_unit_test(local_uris),
        cmocka_unit_test(booleans_as_ocf_has_them),
        cmocka_unit_test(times_as_pacemaker_has_them),
        cmocka_unit_test(each_number_has_its_bounds),
        cmocka_unit_test(stop_sequences),
        cmocka_unit_test(what_is_saved_and_made_anew),
        cmocka_unit_test(snapshot_makes_a_stop_save),
        cmocka_unit_test(lists_of_paths),
        cmocka_unit_test(force_stop_leaves_only_destroy),
        cmocka_unit_test(optional_text_is_null_where_it_is_not_given_or_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
