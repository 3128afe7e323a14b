/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/params_xml: the meta-data's parameters are well-formed and hold, for each
 * row, its flags, default and words; a DTD's worth of structure is checked here,
 * the real schemas where meta-data is printed whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include <cmocka.h>

#include "model/params.h"
#include "model/params_rows.h"

static xmlDoc *print_and_parse(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    params_print_xml(out);
    fclose(out);
    xmlDoc *doc = xmlReadMemory(text, (int) size, NULL, NULL, XML_PARSE_NOBLANKS);

    assert_non_null(doc);
    free(text);
    return doc;
}

static void attr_is(xmlNode *node, const char *name, const char *value)
{
    xmlChar *got = xmlGetProp(node, (const xmlChar *) name);

    if (value) {
        assert_non_null(got);
        assert_string_equal((const char *) got, value);
    } else {
        assert_null(got);
    }
    xmlFree(got);
}

static void check_parameter(xmlNode *node, const struct param_row *row)
{
    assert_string_equal((const char *) node->name, "parameter");
    attr_is(node, "name", row->name);
    attr_is(node, "unique", strcmp(row->name, "config") == 0 ? "1" : "0");
    attr_is(node, "required", strcmp(row->name, "config") == 0 ? "1" : "0");
    attr_is(node, "reloadable", row->reloadable ? "1" : "0");

    xmlNode *longdesc = node->children;
    xmlNode *shortdesc = longdesc->next;
    xmlNode *content = shortdesc->next;

    assert_string_equal((const char *) longdesc->name, "longdesc");
    assert_string_equal((const char *) shortdesc->name, "shortdesc");
    assert_string_equal((const char *) content->name, "content");
    assert_null(content->next);
    attr_is(content, "default", row->fallback);
    attr_is(content, "type", row->type == PARAM_BOOL ? "boolean" : "string");

    xmlChar *text = xmlNodeGetContent(longdesc);

    assert_non_null(strstr((const char *) text, row->text));
    for (const struct param_word *w = row->words; w && w->word; w++) {
        assert_non_null(strstr((const char *) text, w->word));
        assert_non_null(strstr((const char *) text, w->text));
    }
    xmlFree(text);
}

/* What a value may be, as people write it. */
static void bounds_are_told(void **state)
{
    static const char *const told[] = {
        "before the monitor fails. From 0s to 168h.\n",
        "each monitor answers at once. From 0s to 10min.\n",
        "counts as hung. From 5s to 24h.\n",
        "until somebody releases it. From 0s to 8784h.\n",
        "says otherwise). From 0 to 65535.\n",
        " A limit is from 1s to 24h.\n- save: ",
    };
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void) state;
    assert_non_null(out);
    params_print_xml(out);
    fclose(out);
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        if (!strstr(text, told[i])) {
            fail_msg("'%s' is not told", told[i]);
        }
    }
    free(text);
}

static void each_row_is_one_parameter(void **state)
{
    const struct param_row *row;
    xmlDoc *doc = print_and_parse();
    xmlNode *node = xmlDocGetRootElement(doc);

    (void) state;
    assert_string_equal((const char *) node->name, "parameters");
    node = node->children;
    for (size_t i = 0; (row = param_row_at(i)); i++, node = node->next) {
        assert_non_null(node);
        check_parameter(node, row);
    }
    assert_null(node);
    xmlFreeDoc(doc);
    xmlCleanupParser();
}

/* Written down a second time on purpose. */
static const char *const reloadable[] = {
    "force_stop",
    "crash_policy",
    "frozen_start",
    "on_watchdog",
    "on_io_error",
    "io_error_grace",
    "monitor_wait",
    "kdump_grace",
    "panic_grace",
    "on_guest_shutdown",
    "on_pause",
    "on_pmsuspend",
    "stop_sequence",
    "dump_format",
    "dump_dir",
    "dump_keep",
    "dump_min_free",
    "after_dump",
    "frozen_keep",
    "frozen_max",
    "migration_transport",
    "migration_user",
    "migration_network_suffix",
    "remoteuri",
    "migrateuri",
    "migrate_options",
    "migrateport",
    "migration_downtime",
    "migration_speed",
    "autoset_utilization_cpu",
    "autoset_utilization_host_memory",
    "autoset_utilization_hv_memory",
    "unset_utilization_cpu",
    "unset_utilization_host_memory",
    "unset_utilization_hv_memory",
    "start_resources",
    "stateless",
    "copyindirs",
    "save_config_on_stop",
    "sync_config_on_stop",
    "host_stop_sequence",
    "shutdown_mode",
    "snapshot",
    "save_bypass_cache",
    "sync_time",
    "monitor_scripts",
    "agent_ping",
    "agent_silence",
    "hung_nmi",
};

static void reloadable_are_those_of_the_design(void **state)
{
    size_t found = 0;
    const struct param_row *row;

    (void) state;
    for (size_t i = 0; (row = param_row_at(i)); i++) {
        bool expected = false;

        for (size_t k = 0; k < sizeof(reloadable) / sizeof(reloadable[0]); k++) {
            expected = expected || strcmp(row->name, reloadable[k]) == 0;
        }
        assert_int_equal(row->reloadable, expected);
        found += expected;
    }
    assert_int_equal(found, sizeof(reloadable) / sizeof(reloadable[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_is_one_parameter),
        cmocka_unit_test(bounds_are_told),
        cmocka_unit_test(reloadable_are_those_of_the_design),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
