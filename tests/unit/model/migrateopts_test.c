/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/migrateopts and migrateuri: each option of virsh migrate is known, and either gives
 * libvirt's API what virsh would give it or is refused with a reason; URIs as VirtualDomain makes
 * them.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libvirt/libvirt.h>

#include "model/migrateopts.h"
#include "model/migrateuri.h"

static void flags_are_libvirts(void **state)
{
    static const struct { const char *word; unsigned flag; } rows[] = {
        {"--live", VIR_MIGRATE_LIVE}, {"--p2p", VIR_MIGRATE_PEER2PEER},
        {"--persistent", VIR_MIGRATE_PERSIST_DEST},
        {"--undefinesource", VIR_MIGRATE_UNDEFINE_SOURCE},
        {"--copy-storage-all", VIR_MIGRATE_NON_SHARED_DISK},
        {"--copy-storage-inc", VIR_MIGRATE_NON_SHARED_INC},
        {"--copy-storage-synchronous-writes", VIR_MIGRATE_NON_SHARED_SYNCHRONOUS_WRITES},
        {"--change-protection", VIR_MIGRATE_CHANGE_PROTECTION},
        {"--unsafe", VIR_MIGRATE_UNSAFE}, {"--compressed", VIR_MIGRATE_COMPRESSED},
        {"--auto-converge", VIR_MIGRATE_AUTO_CONVERGE},
        {"--rdma-pin-all", VIR_MIGRATE_RDMA_PIN_ALL},
        {"--abort-on-error", VIR_MIGRATE_ABORT_ON_ERROR},
        {"--postcopy", VIR_MIGRATE_POSTCOPY}, {"--zerocopy", VIR_MIGRATE_ZEROCOPY},
        {"--tls", VIR_MIGRATE_TLS}, {"--parallel", VIR_MIGRATE_PARALLEL},
        {"--p2p --tunnelled", VIR_MIGRATE_PEER2PEER | VIR_MIGRATE_TUNNELLED},
        {"--verbose", 0}, {"", 0}, {NULL, 0},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct migrate_options o;
        struct err why;

        assert_int_equal(migrateopts_parse(rows[i].word, &o, &why), 0);
        assert_int_equal(o.flags, rows[i].flag | VIR_MIGRATE_LIVE);
        assert_int_equal(o.param_count, 0);
        migrateopts_free(&o);
    }
}

static void values_come_after_a_blank_or_an_equals_sign(void **state)
{
    static const struct { const char *text; const char *field; enum migrate_type type;
                          const char *value; int64_t number; } rows[] = {
        {"--bandwidth 10", VIR_MIGRATE_PARAM_BANDWIDTH, MIGRATE_ULLONG, NULL, 10},
        {"--bandwidth=10", VIR_MIGRATE_PARAM_BANDWIDTH, MIGRATE_ULLONG, NULL, 10},
        {"--postcopy-bandwidth 3", VIR_MIGRATE_PARAM_BANDWIDTH_POSTCOPY, MIGRATE_ULLONG, NULL, 3},
        {"--comp-xbzrle-cache 9", VIR_MIGRATE_PARAM_COMPRESSION_XBZRLE_CACHE, MIGRATE_ULLONG,
         NULL, 9},
        {"--disks-port 5000", VIR_MIGRATE_PARAM_DISKS_PORT, MIGRATE_INT, NULL, 5000},
        {"--comp-mt-level 1", VIR_MIGRATE_PARAM_COMPRESSION_MT_LEVEL, MIGRATE_INT, NULL, 1},
        {"--comp-mt-threads 2", VIR_MIGRATE_PARAM_COMPRESSION_MT_THREADS, MIGRATE_INT, NULL, 2},
        {"--comp-mt-dthreads 3", VIR_MIGRATE_PARAM_COMPRESSION_MT_DTHREADS, MIGRATE_INT, NULL, 3},
        {"--auto-converge-initial 30", VIR_MIGRATE_PARAM_AUTO_CONVERGE_INITIAL, MIGRATE_INT, NULL,
         30},
        {"--auto-converge-increment 5", VIR_MIGRATE_PARAM_AUTO_CONVERGE_INCREMENT, MIGRATE_INT,
         NULL, 5},
        {"--parallel-connections=4", VIR_MIGRATE_PARAM_PARALLEL_CONNECTIONS, MIGRATE_INT, NULL, 4},
        {"--graphicsuri spice://a", VIR_MIGRATE_PARAM_GRAPHICS_URI, MIGRATE_TEXT, "spice://a", 0},
        {"--listen-address ::", VIR_MIGRATE_PARAM_LISTEN_ADDRESS, MIGRATE_TEXT, "::", 0},
        {"--disks-uri tcp://a:1", VIR_MIGRATE_PARAM_DISKS_URI, MIGRATE_TEXT, "tcp://a:1", 0},
        {"--tls-destination a=b", VIR_MIGRATE_PARAM_TLS_DESTINATION, MIGRATE_TEXT, "a=b", 0},
        {"--migrate-disks vda", VIR_MIGRATE_PARAM_MIGRATE_DISKS, MIGRATE_TEXT, "vda", 0},
        {"--comp-methods xbzrle", VIR_MIGRATE_PARAM_COMPRESSION, MIGRATE_TEXT, "xbzrle", 0},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct migrate_options o;
        struct err why;

        assert_int_equal(migrateopts_parse(rows[i].text, &o, &why), 0);
        assert_int_equal(o.param_count, 1);
        assert_string_equal(o.param[0].field, rows[i].field);
        assert_int_equal(o.param[0].type, rows[i].type);
        if (rows[i].value) {
            assert_string_equal(o.param[0].text, rows[i].value);
        } else {
            assert_int_equal(o.param[0].number, rows[i].number);
        }
        migrateopts_free(&o);
    }
}

static void lists_are_one_parameter_each(void **state)
{
    struct migrate_options o;
    struct err why;

    (void) state;
    assert_int_equal(migrateopts_parse("--migrate-disks vda,vdb", &o, &why), 0);
    assert_int_equal(o.param_count, 2);
    assert_string_equal(o.param[0].text, "vda");
    assert_string_equal(o.param[1].text, "vdb");
    migrateopts_free(&o);
}

static void ours_are_kept_apart(void **state)
{
    struct migrate_options o;
    struct err why;

    (void) state;
    assert_int_equal(migrateopts_parse("--postcopy --timeout 60 --timeout-postcopy "
                                       "--migrateuri tcp://%n:1", &o, &why), 0);
    assert_int_equal(o.timeout_s, 60);
    assert_true(o.timeout_postcopy);
    assert_false(o.timeout_suspend || o.postcopy_at_once);
    assert_true(migrateopts_postcopy(&o));
    assert_false(migrateopts_by_source(&o));
    assert_string_equal(o.migrateuri, "tcp://%n:1");
    assert_int_equal(o.param_count, 0);
    migrateopts_free(&o);
    assert_int_equal(migrateopts_parse("--postcopy --postcopy-after-precopy", &o, &why), 0);
    assert_true(o.postcopy_at_once);
    migrateopts_free(&o);
    assert_int_equal(migrateopts_parse("--timeout 5 --timeout-suspend", &o, &why), 0);
    assert_true(o.timeout_suspend);
    migrateopts_free(&o);
}

static void what_is_refused_says_why(void **state)
{
    static const struct { const char *text; const char *says; } rows[] = {
        {"--suspend", "would not run"}, {"--offline", "would not run"}, {"--direct", "QEMU"},
        {"--postcopy-resume", "failed before"}, {"--dname x", "another name"},
        {"--xml /tmp/x", "another one"}, {"--persistent-xml=/x", "another one"},
        {"--domain x", "resource"}, {"--desturi x", "remoteuri"},
        {"--liv", "no option"}, {"live", "no option"}, {"--live=1", "takes no value"},
        {"--bandwidth", "needs a value"}, {"--bandwidth=", "needs a value"},
        {"--bandwidth x", "whole number"}, {"--bandwidth -1", "whole number"},
        {"--disks-port 4294967296", "whole number"}, {"--timeout x", "whole number"},
        {"--timeout-postcopy --timeout 1", "needs --postcopy"},
        {"--postcopy-after-precopy", "needs --postcopy"},
        {"--timeout-suspend", "needs --timeout"}, {"--tunnelled", "needs --p2p"},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct migrate_options o;
        struct err why = {0};

        assert_int_equal(migrateopts_parse(rows[i].text, &o, &why), -EINVAL);
        assert_int_equal(why.kind, ERR_CONFIGURED);
        assert_non_null(strstr(why.text, "migrate_options"));
        if (!strstr(why.text, rows[i].says)) {
            fail_msg("'%s' gives: %s", rows[i].text, why.text);
        }
    }
}

static void the_options_win_over_other_parameters(void **state)
{
    struct migrate_options o;
    struct err why;

    (void) state;
    assert_int_equal(migrateopts_parse("--bandwidth 7", &o, &why), 0);
    migrateopts_set_bandwidth(&o, 99);
    migrateopts_set_uri(&o, "tcp://a");
    assert_int_equal(o.param_count, 2);
    assert_int_equal(o.param[0].number, 7);
    assert_string_equal(o.param[1].text, "tcp://a");
    migrateopts_free(&o);
}

static void uri_is(char *uri, const char *expected)
{
    if (expected) {
        assert_non_null(uri);
        assert_string_equal(uri, expected);
    } else {
        assert_null(uri);
    }
    free(uri);
}

static void the_remote_uri_is_made_as_virtualdomain_makes_it(void **state)
{
    struct params p = {.hypervisor = (char *) "qemu:///system"};

    (void) state;
    uri_is(migrateuri_remote(&p, "n2"), "qemu://n2/system");
    p.migration_transport = (char *) "ssh";
    uri_is(migrateuri_remote(&p, "n2"), "qemu+ssh://n2/system");
    p.migration_user = (char *) "virt";
    uri_is(migrateuri_remote(&p, "n2"), "qemu+ssh://virt@n2/system");
    p.migration_network_suffix = (char *) "-mig";
    uri_is(migrateuri_remote(&p, "n2.example.org"), "qemu+ssh://virt@n2-mig.example.org/system");
    p.hypervisor = (char *) "qemu+unix:///system?socket=/x";
    uri_is(migrateuri_remote(&p, "n2"), "qemu+ssh://virt@n2-mig/system?socket=/x");
    p.remoteuri = (char *) "qemu+tcp://%n:99/system?%n";
    uri_is(migrateuri_remote(&p, "n2"), "qemu+tcp://n2:99/system?n2");
}

static void the_memory_goes_where_libvirt_or_somebody_says(void **state)
{
    struct params p = {.hypervisor = (char *) "qemu:///system"};
    struct migrate_options o = {0};

    (void) state;
    uri_is(migrateuri_memory(&p, &o, "n2"), NULL);
    p.migrateport = 49200;
    uri_is(migrateuri_memory(&p, &o, "n2"), "tcp://n2:49200");
    p.migration_network_suffix = (char *) "-mig";
    uri_is(migrateuri_memory(&p, &o, "n2.org"), "tcp://n2-mig.org:49200");
    p.migrateport = 0;
    uri_is(migrateuri_memory(&p, &o, "n2.org"), "tcp://n2-mig.org");
    o.migrateuri = (char *) "tcp://o-%n";
    uri_is(migrateuri_memory(&p, &o, "n2"), "tcp://o-n2-mig");
    p.migrateuri = (char *) "tcp://%n:1";
    uri_is(migrateuri_memory(&p, &o, "n2"), "tcp://n2-mig:1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flags_are_libvirts),
        cmocka_unit_test(values_come_after_a_blank_or_an_equals_sign),
        cmocka_unit_test(lists_are_one_parameter_each),
        cmocka_unit_test(ours_are_kept_apart),
        cmocka_unit_test(what_is_refused_says_why),
        cmocka_unit_test(the_options_win_over_other_parameters),
        cmocka_unit_test(the_remote_uri_is_made_as_virtualdomain_makes_it),
        cmocka_unit_test(the_memory_goes_where_libvirt_or_somebody_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
