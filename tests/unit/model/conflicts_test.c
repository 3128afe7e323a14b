/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each rule by facts that call for it and by facts that do not; each row of the table has
 * words, and is found by one of these tests (but for two that only guard/checkup.c adds).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <libxml/parser.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/conflicts.h"

static bool met[CONFLICT_LAST];
static struct findings found;

static void has(enum conflict what, bool wanted)
{
    bool is = false;

    for (size_t i = 0; i < found.count; i++) {
        is = is || found.list[i].what == what;
        met[found.list[i].what] = true;
    }
    if (is != wanted) {
        fail_msg("%s: %s", conflict_row(what)->word, is ? "found" : "not found");
    }
}

static const struct node_facts calm = {0};

static void node_has(const struct node_facts *n, enum conflict what, bool wanted)
{
    memset(&found, 0, sizeof found);
    conflicts_of_node(n, &found);
    has(what, wanted);
}

/* --- guests --- */

struct sample {
    struct domxml *domain;
    struct traits *traits;
    struct params params;
    struct guest_facts facts;
};

static void sample_make(struct sample *s, const char *inside, const char *devices)
{
    _cleanup_free_ char *xml = str_printf("<domain><name>web</name>%s<devices>%s</devices>"
                                          "</domain>", inside, devices);
    struct err why = {0};

    memset(s, 0, sizeof *s);
    assert_int_equal(domxml_parse(xml, strlen(xml), &s->domain, &why), 0);
    assert_int_equal(traits_parse(xml, strlen(xml), &s->traits, &why), 0);
    params_defaults(&s->params);
    s->facts = (struct guest_facts) {
        .domain = s->domain, .traits = s->traits, .params = &s->params
    };
}

static void sample_free(struct sample *s)
{
    domxml_free(s->domain);
    traits_free(s->traits);
    params_free(&s->params);
}

static void guest_has(const char *inside, const char *devices, const struct node_facts *n,
                      enum conflict what, bool wanted)
{
    struct sample s;

    sample_make(&s, inside, devices);
    memset(&found, 0, sizeof found);
    conflicts_of_xml(&s.facts, n, &found);
    has(what, wanted);
    sample_free(&s);
}

static void definition_has(struct definition d, const struct node_facts *n, enum conflict what,
                           bool wanted)
{
    memset(&found, 0, sizeof found);
    conflicts_of_definition("web", &d, n, &found);
    has(what, wanted);
}

/* The first disk. */
static void disk_has(const char *devices, struct storage s, enum conflict what, bool wanted)
{
    struct sample one;

    sample_make(&one, "", devices);
    memset(&found, 0, sizeof found);
    conflicts_of_disk(&one.facts, 0, &s, &found);
    has(what, wanted);
    sample_free(&one);
}

static void nvram_has(const char *os, const struct storage *s, bool wanted)
{
    struct sample one;

    sample_make(&one, os, "");
    memset(&found, 0, sizeof found);
    conflicts_of_nvram(&one.facts, s, &found);
    has(CONFLICT_NVRAM_LOCAL, wanted);
    sample_free(&one);
}

/* --- the tests --- */

static void test_what_libvirt_does_at_shutdown(void **state)
{
    static const char *const keys[] = {
        "auto_shutdown_try_save", "auto_shutdown_try_shutdown", "auto_shutdown_poweroff"
    };

    (void) state;
    node_has(&calm, CONFLICT_AUTO_SHUTDOWN, false);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        _cleanup_free_ char *none = str_printf("%s = \"none\"\n", keys[i]);
        _cleanup_free_ char *all = str_printf("%s = \"all\"\n", keys[i]);

        node_has(&(struct node_facts) {.qemu_conf = none}, CONFLICT_AUTO_SHUTDOWN, false);
        node_has(&(struct node_facts) {.qemu_conf = all}, CONFLICT_AUTO_SHUTDOWN, true);
        assert_string_equal(found.list[0].object, "qemu.conf");
        assert_non_null(strstr(found.list[0].seen, keys[i]));
    }
}

static void test_libvirt_guests(void **state)
{
    struct node_facts n = {.guests_conf = "ON_BOOT=start\nON_SHUTDOWN=suspend\n"};
    struct definition d = {.persistent = true};

    (void) state;
    node_has(&n, CONFLICT_LIBVIRT_GUESTS, false);
    definition_has(d, &n, CONFLICT_LIBVIRT_GUESTS_START, false);
    n.guests_unit = "/etc/systemd/system/multi-user.target.wants/libvirt-guests.service";
    node_has(&n, CONFLICT_LIBVIRT_GUESTS, true);
    definition_has(d, &n, CONFLICT_LIBVIRT_GUESTS_START, true);
    definition_has(d, &n, CONFLICT_LIBVIRT_GUESTS_SAVE, true);
    definition_has((struct definition) {0}, &n, CONFLICT_LIBVIRT_GUESTS_START, false);
    n.guests_conf = "ON_BOOT=ignore\nON_SHUTDOWN=shutdown\n";
    n.guests_script = "ON_BOOT=\"start\"\nON_SHUTDOWN=\"suspend\"\n";
    definition_has(d, &n, CONFLICT_LIBVIRT_GUESTS_START, false);
    definition_has(d, &n, CONFLICT_LIBVIRT_GUESTS_SAVE, false);
    n.guests_conf = NULL;
    definition_has(d, &n, CONFLICT_LIBVIRT_GUESTS_START, true);
    n.guests_script = "ON_BOOT=\"ignore\"\nON_SHUTDOWN=\"shutdown\"\n  ON_SHUTDOWN=\"suspend\"\n";
    definition_has(d, &n, CONFLICT_LIBVIRT_GUESTS_SAVE, false);
}

static void test_definitions(void **state)
{
    struct node_facts saves = {.qemu_conf = "auto_shutdown_try_save = \"persistent\"\n"};

    (void) state;
    definition_has((struct definition) {0}, &saves, CONFLICT_DEFINED, false);
    assert_int_equal(found.count, 0);
    definition_has((struct definition) {.persistent = true}, &calm, CONFLICT_DEFINED, true);
    assert_int_equal(findings_count(&found, WEIGHT_CONFLICT), 0);
    definition_has((struct definition) {.persistent = true, .autostart = true}, &calm,
                   CONFLICT_AUTOSTART, true);
    definition_has((struct definition) {.persistent = true, .autostart_once = true}, &calm,
                   CONFLICT_AUTOSTART_ONCE, true);
    definition_has((struct definition) {.managed_save = true}, &calm, CONFLICT_MANAGED_SAVE, true);
    definition_has((struct definition) {.persistent = true}, &saves, CONFLICT_AUTO_SHUTDOWN_SAVE,
                   true);
    definition_has((struct definition) {.persistent = true}, &calm, CONFLICT_AUTO_SHUTDOWN_SAVE,
                   false);
}

static void test_lock_managers(void **state)
{
    static const char disk[] = "<disk><source file='/x'/><target dev='vda'/></disk>";
    static const char lease[] = "<lease/><disk><source file='/x'/></disk>";
    struct node_facts lockd = {.qemu_conf = "lock_manager = \"lockd\"\n"};
    struct node_facts sanlock = {.qemu_conf = "lock_manager = \"sanlock\"\n"};

    (void) state;
    node_has(&calm, CONFLICT_LOCK_MANAGER, false);
    node_has(&(struct node_facts) {.qemu_conf = "lock_manager=\"nop\""}, CONFLICT_LOCK_MANAGER,
             false);
    node_has(&lockd, CONFLICT_LOCK_MANAGER, true);
    guest_has("", disk, &lockd, CONFLICT_LOCK_LEASE, false);
    guest_has("", disk, &lockd, CONFLICT_LOCK_SOCKET, false);
    guest_has("", disk, &calm, CONFLICT_LOCK_SOCKET, false);
    lockd.lockd_conf = "auto_disk_leases = 0\n";
    guest_has("", disk, &lockd, CONFLICT_LOCK_LEASE, true);
    guest_has("", lease, &lockd, CONFLICT_LOCK_LEASE, false);
    guest_has("", "<disk><source file='/x'/><readonly/></disk>", &lockd, CONFLICT_LOCK_LEASE,
              false);
    guest_has("", "<disk><source file='/x'/><shareable/></disk>", &lockd, CONFLICT_LOCK_LEASE,
              false);
    lockd.lockd_conf = "auto_disk_leases = 0\nrequire_lease_for_disks = 0\n";
    guest_has("", disk, &lockd, CONFLICT_LOCK_LEASE, false);

    guest_has("", disk, &sanlock, CONFLICT_LOCK_LEASE, true);
    guest_has("", disk, &sanlock, CONFLICT_LOCK_SOCKET, true);
    node_has(&sanlock, CONFLICT_LOCK_HOST_ID, false);
    sanlock.sanlock_conf = "auto_disk_leases = 1\n";
    node_has(&sanlock, CONFLICT_LOCK_HOST_ID, true);
    guest_has("", disk, &sanlock, CONFLICT_LOCK_LEASE, false);
    sanlock.sanlock_conf = "auto_disk_leases = 1\nhost_id = 3\n";
    node_has(&sanlock, CONFLICT_LOCK_HOST_ID, false);

    guest_has("", lease, &calm, CONFLICT_LOCK_UNUSED, true);
    guest_has("", lease, &sanlock, CONFLICT_LOCK_UNUSED, false);
    guest_has("", disk, &calm, CONFLICT_LOCK_UNUSED, false);
}

static void folder_is(const struct node_facts *n, const char *expected)
{
    _cleanup_free_ char *folder = conflicts_lock_folder(n);

    if (expected) {
        assert_string_equal(folder, expected);
    } else {
        assert_null(folder);
    }
}

static void test_lock_folders(void **state)
{
    struct node_facts lockd = {.qemu_conf = "lock_manager = \"lockd\"\n"};
    struct node_facts sanlock = {.qemu_conf = "lock_manager = \"sanlock\"\n"};
    struct storage s = {.reach = REACH_LOCAL, .kind = "ext4"};

    (void) state;
    folder_is(&calm, NULL);
    folder_is(&lockd, NULL);
    lockd.lockd_conf = "file_lockspace_dir = \"/srv/locks\"\n";
    folder_is(&lockd, "/srv/locks");
    folder_is(&sanlock, NULL);
    sanlock.sanlock_conf = "auto_disk_leases = 1\n";
    folder_is(&sanlock, "/var/lib/libvirt/sanlock");
    sanlock.sanlock_conf = "auto_disk_leases = 1\ndisk_lease_dir = \"/srv/leases\"\n";
    folder_is(&sanlock, "/srv/leases");

    memset(&found, 0, sizeof found);
    conflicts_of_lock_folder("/srv/locks", &s, &found);
    has(CONFLICT_LOCK_LOCAL, true);
    s.reach = REACH_SHARED;
    memset(&found, 0, sizeof found);
    conflicts_of_lock_folder("/srv/locks", &s, &found);
    assert_int_equal(found.count, 0);
    s.error = -ENOENT;
    conflicts_of_lock_folder("/srv/locks", &s, &found);
    has(CONFLICT_UNCHECKED, true);
}

static void test_lifecycle(void **state)
{
    (void) state;
    guest_has("", "", &calm, CONFLICT_ON_CRASH, false);
    guest_has("<on_crash>preserve</on_crash>", "", &calm, CONFLICT_ON_CRASH, false);
    guest_has("<on_crash>restart</on_crash>", "", &calm, CONFLICT_ON_CRASH, true);
    guest_has("<on_crash>coredump-destroy</on_crash>", "", &calm, CONFLICT_ON_CRASH, true);
    guest_has("<on_poweroff>destroy</on_poweroff>", "", &calm, CONFLICT_ON_POWEROFF, false);
    guest_has("<on_poweroff>restart</on_poweroff>", "", &calm, CONFLICT_ON_POWEROFF, true);
    guest_has("<on_lockfailure>poweroff</on_lockfailure>", "", &calm, CONFLICT_ON_LOCKFAILURE,
              false);
    guest_has("<on_lockfailure>restart</on_lockfailure>", "", &calm, CONFLICT_ON_LOCKFAILURE,
              true);
}

static void panic_is_missed(const char *arch, const char *devices, enum panic_choice choice,
                            bool missed)
{
    _cleanup_free_ char *os = str_printf("<os><type arch='%s'>hvm</type></os>", arch);
    struct sample s;

    sample_make(&s, os, devices);
    s.params.panic_device = choice;
    memset(&found, 0, sizeof found);
    conflicts_of_xml(&s.facts, &calm, &found);
    has(CONFLICT_PANIC, missed);
    sample_free(&s);
}

static void test_panic_devices(void **state)
{
    (void) state;
    panic_is_missed("x86_64", "", PANIC_KEEP, true);
    panic_is_missed("x86_64", "", PANIC_AUTO, false);
    panic_is_missed("x86_64", "<panic model='isa'/>", PANIC_KEEP, false);
    panic_is_missed("s390x", "", PANIC_KEEP, false);
    panic_is_missed("aarch64", "", PANIC_KEEP, true);
    panic_is_missed("aarch64", "", PANIC_AUTO, true);
}

static void test_watchdogs(void **state)
{
    struct sample s;

    (void) state;
    guest_has("", "", &calm, CONFLICT_WATCHDOG_MISSING, true);
    guest_has("", "<watchdog action='pause'/>", &calm, CONFLICT_WATCHDOG_MISSING, false);
    guest_has("", "<watchdog action='pause'/>", &calm, CONFLICT_WATCHDOG_ACTION, false);
    guest_has("", "<watchdog/>", &calm, CONFLICT_WATCHDOG_ACTION, true);
    guest_has("", "<watchdog action='dump'/>", &calm, CONFLICT_WATCHDOG_DUMP, true);
    sample_make(&s, "", "<watchdog action='dump'/>");
    s.params.watchdog = WATCHDOG_PAUSE;
    memset(&found, 0, sizeof found);
    conflicts_of_xml(&s.facts, &calm, &found);
    has(CONFLICT_WATCHDOG_DUMP, false);
    sample_free(&s);
}

static void test_disks(void **state)
{
    static const char disk[] = "<disk><source file='/x'/><target dev='vda'/></disk>";
    static const char cdrom[] = "<disk device='cdrom'><source file='/x'/></disk>";
    static const char network[] = "<disk type='network'><source protocol='nbd' name='x'/></disk>";
    static const char unsafe[] = "<disk><driver cache='unsafe'/><source file='/x'/></disk>";
    static const char writeback[] = "<disk><driver cache='writeback'/><source file='/x'/></disk>";
    struct storage local = {.reach = REACH_LOCAL, .kind = "ext4"};
    struct storage shared = {.reach = REACH_SHARED, .kind = "nfs4"};
    struct storage untold = {.kind = "block device vdb"};
    struct storage missing = {.error = -ENOENT};

    (void) state;
    disk_has(disk, local, CONFLICT_DISK_LOCAL, true);
    assert_string_equal(found.list[0].object, "disk vda");
    assert_string_equal(found.list[0].seen, "/x is on ext4");
    disk_has(disk, shared, CONFLICT_DISK_LOCAL, false);
    assert_int_equal(found.count, 0);
    disk_has(disk, untold, CONFLICT_DISK_UNTOLD, true);
    disk_has(disk, missing, CONFLICT_DISK_MISSING, true);
    disk_has(cdrom, local, CONFLICT_DISK_LOCAL, false);
    disk_has(cdrom, missing, CONFLICT_DISK_MISSING, true);
    disk_has(network, (struct storage) {0}, CONFLICT_DISK_UNTOLD, false);
    disk_has(unsafe, shared, CONFLICT_DISK_UNSAFE, true);
    disk_has(writeback, shared, CONFLICT_DISK_CACHED, true);
    disk_has("<disk><driver cache='none'/><source file='/x'/></disk>", shared,
             CONFLICT_DISK_CACHED, false);
    guest_has("", "<disk><driver io='io_uring'/><source file='/x'/></disk>", &calm,
              CONFLICT_IO_URING, true);
}

static void owned(const char *device, struct storage s, const char *qemu_conf, bool noted,
                  bool warned)
{
    struct node_facts n = {.qemu_conf = qemu_conf};
    struct sample one;

    sample_make(&one, "", device);
    memset(&found, 0, sizeof found);
    conflicts_of_owner(&one.facts, 0, &s, &n, &found);
    has(CONFLICT_DISK_OWNER, noted);
    has(CONFLICT_DISK_OWNER_UNKEPT, warned);
    sample_free(&one);
}

static void test_owners_of_disks(void **state)
{
    static const char disk[] = "<disk><source file='/x'/><target dev='vda'/></disk>";
    static const char cdrom[] = "<disk device='cdrom'><source file='/x'/></disk>";
    struct storage shared = {.reach = REACH_SHARED, .kind = "nfs4"};

    (void) state;
    owned(disk, shared, NULL, true, false);
    assert_string_equal(found.list[0].seen, "/x is on nfs4");
    owned(disk, shared, "remember_owner = 0\n", false, true);
    owned(disk, shared, "dynamic_ownership = 0\nremember_owner = 0\n", false, false);
    owned(disk, shared, "user = \"root\"\n", false, false);
    owned(cdrom, shared, NULL, false, false);
    owned(disk, (struct storage) {.reach = REACH_LOCAL}, NULL, false, false);
    owned(disk, (struct storage) {.reach = REACH_SHARED, .block = true}, NULL, false, false);
    owned(disk, (struct storage) {.error = -ENOENT, .reach = REACH_SHARED}, NULL, false, false);
}

static void test_nvram(void **state)
{
    struct storage local = {.reach = REACH_LOCAL, .kind = "ext4"};
    struct storage shared = {.reach = REACH_SHARED, .kind = "nfs4"};
    struct storage missing = {.error = -ENOENT, .reach = REACH_LOCAL};

    (void) state;
    nvram_has("", NULL, false);
    nvram_has("<os firmware='efi'/>", NULL, true);
    nvram_has("<os><nvram>/x</nvram></os>", &local, true);
    nvram_has("<os><nvram>/x</nvram></os>", &shared, false);
    nvram_has("<os><nvram>/x</nvram></os>", &missing, false);
}

static void test_migration(void **state)
{
    static const char ssh[] = "0: 00000000:0016 00000000:0000 0A 0\n";
    static const char one[] = "0: 0:C000 0:0000 0A 0\n1: 0:0016 0:0 0A 0\n";
    struct node_facts n = {.tcp = {""}};

    (void) state;
    node_has(&calm, CONFLICT_MIGRATION_DOOR, false); /* what is not known is no finding */
    node_has(&n, CONFLICT_MIGRATION_DOOR, true);
    n.tcp[1] = ssh;
    node_has(&n, CONFLICT_MIGRATION_DOOR, false);
    node_has(&n, CONFLICT_MIGRATION_PORTS, false);
    n.tcp[0] = one;
    node_has(&n, CONFLICT_MIGRATION_PORTS, false);
    n.qemu_conf = "migration_port_min = 49152\nmigration_port_max = 49152\n";
    node_has(&n, CONFLICT_MIGRATION_PORTS, true);

    node_has(&(struct node_facts) {.hostname = "n1"}, CONFLICT_MIGRATION_HOST, false);
    node_has(&(struct node_facts) {.hostname = "localhost.localdomain"}, CONFLICT_MIGRATION_HOST,
             true);
    node_has(&(struct node_facts) {.hostname = "localhost",
             .qemu_conf = "migration_host = \"n1\"\n"}, CONFLICT_MIGRATION_HOST, false);
    node_has(&(struct node_facts) {.qemu_conf = "migration_host = \"localhost\"\n"},
             CONFLICT_MIGRATION_HOST, true);
    guest_has("<cpu mode='host-passthrough'/>", "", &calm, CONFLICT_MIGRATION_CPU, true);
    guest_has("<cpu mode='custom'/>", "", &calm, CONFLICT_MIGRATION_CPU, false);
    guest_has("", "<hostdev type='pci'/>", &calm, CONFLICT_LOCAL_DEVICE, true);
    guest_has("", "<filesystem type='mount'/>", &calm, CONFLICT_LOCAL_DEVICE, true);
}

static void test_remedies_and_room(void **state)
{
    _cleanup_free_ char *remedy = NULL;

    (void) state;
    memset(&found, 0, sizeof found);
    findings_add(&found, CONFLICT_AUTOSTART, "a\nb", "%s", "x\033y");
    assert_string_equal(found.list[0].object, "a?b");
    assert_string_equal(found.list[0].seen, "x?y");
    remedy = finding_remedy(&found.list[0]);
    assert_string_equal(remedy, "virsh autostart --disable --domain 'a?b'");
    assert_ptr_equal(findings_first(&found, WEIGHT_CONFLICT), &found.list[0]);
    assert_null(findings_first(&found, WEIGHT_NOTE));
    for (int i = 0; i < FINDINGS_MAX + 4; i++) {
        findings_add(&found, CONFLICT_PANIC, "x", "y");
    }
    assert_int_equal(found.count, FINDINGS_MAX);
    assert_int_equal(found.list[FINDINGS_MAX - 2].what, CONFLICT_PANIC);
    assert_int_equal(found.list[FINDINGS_MAX - 1].what, CONFLICT_UNCHECKED);
}

/* Last: it counts what the others met. */
static void test_every_row(void **state)
{
    (void) state;
    met[CONFLICT_CONFIG] = true; /* guard/checkup.c's */
    for (int i = CONFLICT_NONE + 1; i < CONFLICT_LAST; i++) {
        const struct conflict_row *row = conflict_row((enum conflict) i);

        assert_non_null(row->word);
        assert_non_null(row->why);
        assert_non_null(row->remedy);
        if (!met[i]) {
            fail_msg("no test met '%s'", row->word);
        }
        for (int k = CONFLICT_NONE + 1; k < i; k++) {
            assert_string_not_equal(conflict_row((enum conflict) k)->word, row->word);
        }
    }
    for (int w = 0; w < WEIGHT_LAST; w++) {
        assert_non_null(weight_word((enum weight) w));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_libvirt_does_at_shutdown),
        cmocka_unit_test(test_libvirt_guests),
        cmocka_unit_test(test_definitions),
        cmocka_unit_test(test_lock_managers),
        cmocka_unit_test(test_lock_folders),
        cmocka_unit_test(test_lifecycle),
        cmocka_unit_test(test_panic_devices),
        cmocka_unit_test(test_watchdogs),
        cmocka_unit_test(test_disks),
        cmocka_unit_test(test_owners_of_disks),
        cmocka_unit_test(test_nvram),
        cmocka_unit_test(test_migration),
        cmocka_unit_test(test_remedies_and_room),
        cmocka_unit_test(test_every_row),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    xmlCleanupParser();
    return failed;
}
