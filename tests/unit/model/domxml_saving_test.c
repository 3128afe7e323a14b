/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/domxml_saving: what a start adds to the XML is not in what is saved; what the user or
 * libvirt changed since is. And model/domxml_resources: what a guest needs of libvirt.
 */
#include <errno.h>
#include <stdio.h>

#include "domxml_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/str.h"

#define UUID "c7a5fdbd-cdaf-9455-926a-d65c16db1809"

static char *domain(const char *inner, const char *devices)
{
    return str_printf("<domain type=\"qemu\">\n  <name>vm</name>\n  <uuid>" UUID "</uuid>%s\n"
                      "  <devices>%s\n  </devices>\n</domain>\n", inner, devices);
}

static int save(const char *running, const char *config, const struct params *p, char **ret,
                struct err *why)
{
    struct domxml_saving s = {
        .config = config, .config_size = strlen(config), .name = "vm", .uuid = UUID, .params = p
    };

    return domxml_to_save(running, &s, ret, why);
}

static const struct {
    const char *inner, *devices;
    enum watchdog_choice watchdog;
    enum panic_choice panic;
} configs[] = {
    {"", "", WATCHDOG_KEEP, PANIC_KEEP},
    {"", "", WATCHDOG_PAUSE, PANIC_AUTO},
    {"\n  <on_crash>restart</on_crash>", "", WATCHDOG_RESET, PANIC_AUTO},
    {"\n  <on_crash>preserve</on_crash>", "\n    <panic model=\"isa\"/>", WATCHDOG_PAUSE,
     PANIC_AUTO},
    {"", "\n    <watchdog model=\"ib700\" action=\"reset\"/>", WATCHDOG_PAUSE, PANIC_KEEP},
    {"", "\n    <watchdog model=\"ib700\"/>", WATCHDOG_NONE, PANIC_KEEP},
    {"", "\n    <disk><driver io=\"io_uring\"/><target dev=\"vda\"/></disk>\n"
     "    <disk><driver cache=\"none\" io=\"io_uring\"/><target dev=\"vdb\"/></disk>\n"
     "    <disk><driver io=\"threads\"/><target dev=\"vdc\"/></disk>", WATCHDOG_KEEP, PANIC_KEEP},
    {"\n  <cpu mode=\"host-model\"/>", "", WATCHDOG_KEEP, PANIC_KEEP},
};

/* There and back: nothing is left of the start. */
static void a_start_leaves_no_trace(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof configs / sizeof *configs; i++) {
        _cleanup_free_ char *config = domain(configs[i].inner, configs[i].devices);
        _cleanup_free_ char *expected =
            str_printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n%s", config);
        _cleanup_free_ char *effective = NULL;
        _cleanup_free_ char *saved = NULL;
        struct err why = {0};
        struct params p;

        params_defaults(&p);
        p.watchdog = configs[i].watchdog;
        p.panic_device = configs[i].panic;
        assert_int_equal(domxml_effective(config, strlen(config), &p, &effective, &why), 0);
        assert_true(!str_eq(effective, expected));
        if (save(effective, config, &p, &saved, &why) < 0) {
            fail_msg("%s: %s", config, why.text);
        }
        /* Blanks that a start has put between elements do not matter. */
        for (char *a = saved, *b = expected; *a || *b; a++, b++) {
            a += strspn(a, " \n");
            b += strspn(b, " \n");
            if (*a != *b) {
                fail_msg("%zu: '%s' instead of '%s'", i, saved, expected);
            }
            if (!*a) {
                break;
            }
        }
        params_free(&p);
    }
}

static void has(const char *running, const char *config, const struct params *p, const char *with,
                const char *without)
{
    _cleanup_free_ char *saved = NULL;
    struct err why = {0};

    if (save(running, config, p, &saved, &why) < 0) {
        fail_msg("%s", why.text);
    }
    if ((with && !strstr(saved, with)) || (without && strstr(saved, without))) {
        fail_msg("'%s' wanted, '%s' not, in %s", with, without, saved);
    }
}

static void what_others_changed_is_kept(void **state)
{
    _cleanup_free_ char *bare = domain("", "");
    _cleanup_free_ char *disk = domain("", "<disk><target dev=\"vdb\"/></disk>");
    _cleanup_free_ char *restart = domain("<on_crash>restart</on_crash>", "");
    _cleanup_free_ char *cpu = domain("<cpu mode=\"custom\" match=\"exact\" check=\"full\"/>", "");
    _cleanup_free_ char *host = domain("<cpu mode=\"host-model\"/>", "");
    _cleanup_free_ char *other = domain("", "<watchdog model=\"ib700\" action=\"pause\"/>"
                                        "<panic model=\"hyperv\"/>");
    _cleanup_free_ char *dog = domain("", "<watchdog model=\"ib700\" action=\"reset\"/>");
    struct params p;

    (void) state;
    params_defaults(&p);
    p.watchdog = WATCHDOG_PAUSE;
    p.panic_device = PANIC_AUTO;
    has(disk, bare, &p, "vdb", NULL);
    has(restart, bare, &p, "restart", NULL);
    has(cpu, host, &p, "host-model", "check=\"full\"");
    has(cpu, bare, &p, NULL, "<cpu");
    /* Not the models that a start adds. */
    has(other, bare, &p, "ib700", NULL);
    has(other, bare, &p, "hyperv", NULL);
    p.watchdog = WATCHDOG_DISABLED;
    has(bare, dog, &p, "<watchdog model=\"ib700\" action=\"reset\"/>", NULL);
    params_free(&p);
}

/* libvirt 9.1 gives each q35 guest an iTCO watchdog, with the action of its first one. */
static void libvirts_own_watchdog_follows_the_users(void **state)
{
    static const char itco_pause[] = "<watchdog model=\"itco\" action=\"pause\"/>";
    static const char itco_reset[] = "<watchdog model=\"itco\" action=\"reset\"/>";
    static const char ib700_reset[] = "<watchdog model=\"ib700\" action=\"reset\"/>";
    _cleanup_free_ char *bare = domain("", "");
    _cleanup_free_ char *dog = domain("", ib700_reset);
    _cleanup_free_ char *both = domain("", "<watchdog model=\"ib700\" action=\"reset\"/>"
                                       "<watchdog model=\"itco\" action=\"reset\"/>");
    _cleanup_free_ char *bare_runs = domain("", "<watchdog model=\"i6300esb\" action=\"pause\"/>"
                                            "<watchdog model=\"itco\" action=\"pause\"/>");
    _cleanup_free_ char *dog_runs = domain("", "<watchdog model=\"ib700\" action=\"pause\"/>"
                                           "<watchdog model=\"itco\" action=\"pause\"/>");
    _cleanup_free_ char *without_runs = domain("", itco_reset);
    struct params p;

    (void) state;
    params_defaults(&p);
    p.watchdog = WATCHDOG_PAUSE;
    has(bare_runs, bare, &p, NULL, "<watchdog");
    has(dog_runs, dog, &p, ib700_reset, "itco");
    has(dog_runs, both, &p, ib700_reset, itco_pause);
    has(dog_runs, both, &p, itco_reset, "pause");
    p.watchdog = WATCHDOG_DISABLED;
    has(without_runs, bare, &p, NULL, "<watchdog");
    has(without_runs, dog, &p, ib700_reset, "itco");
    has(without_runs, both, &p, ib700_reset, NULL);
    p.watchdog = WATCHDOG_KEEP;
    has(dog_runs, dog, &p, itco_pause, NULL);
    params_free(&p);
}

static void another_guest_is_refused(void **state)
{
    static const char *const running[] = {
        "<domain><name>vm</name></domain>",
        "<domain><name>vm2</name><uuid>" UUID "</uuid></domain>",
        "<domain><name>vm</name><uuid>d7a5fdbd-cdaf-9455-926a-d65c16db1809</uuid></domain>",
        "<domain><uuid>" UUID "</uuid></domain>", "<network/>", "",
    };
    struct params p;

    (void) state;
    params_defaults(&p);
    for (size_t i = 0; i < sizeof running / sizeof *running; i++) {
        char *saved = NULL;
        struct err why = {0};

        assert_int_equal(save(running[i], "<domain><name>vm</name></domain>", &p, &saved, &why),
                         -EINVAL);
        assert_null(saved);
        assert_true(why.text[0] != '\0');
    }
    params_free(&p);
}

static void a_uuid_is_added_once(void **state)
{
    _cleanup_free_ char *added = NULL;
    _cleanup_free_ char *again = NULL;
    struct err why = {0};

    (void) state;
    assert_int_equal(domxml_with_uuid("<domain><name>vm</name></domain>", UUID, &added, &why), 0);
    assert_non_null(strstr(added, "<uuid>" UUID "</uuid>"));
    assert_int_equal(domxml_with_uuid(added, "other", &again, &why), 0);
    assert_string_equal(again, added);
}

static void pools_and_networks_are_found(void **state)
{
    _cleanup_domxml_ struct domxml *d = good(
        "<domain><name>vm</name><metadata><source pool='no'/></metadata><devices>"
        "<disk type='volume'><source pool='p1' volume='a'/><backingStore type='volume'>"
        "<source pool='p2' volume='b'/></backingStore></disk>"
        "<disk type='volume'><source pool='p1' volume='c'/></disk>"
        "<disk type='file'><source pool='no' file='/a'/></disk><!-- <source pool='no'/> -->"
        "<disk type='network'><source network='no' name='x'/></disk>"
        "<interface type='network'><source network='n&amp;1'/></interface>"
        "<interface type='bridge'><source bridge='b' network='no'/></interface>"
        "<graphics type='vnc'><listen type='network' network='n2'/></graphics>"
        "<graphics type='vnc'><listen type='address' network='no'/></graphics>"
        "<x:disk xmlns:x='urn:x' type='volume'><x:source pool='no'/></x:disk>"
        "</devices></domain>");

    (void) state;
    assert_int_equal(d->pool_count, 2);
    assert_string_equal(d->pool[0], "p1");
    assert_string_equal(d->pool[1], "p2");
    assert_int_equal(d->network_count, 2);
    assert_string_equal(d->network[0], "n&1");
    assert_string_equal(d->network[1], "n2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_start_leaves_no_trace),
        cmocka_unit_test(what_others_changed_is_kept),
        cmocka_unit_test(libvirts_own_watchdog_follows_the_users),
        cmocka_unit_test(another_guest_is_refused),
        cmocka_unit_test(a_uuid_is_added_once),
        cmocka_unit_test(pools_and_networks_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
