/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/domxml_devices: disks, interfaces, logs, watchdog and panic device, as
 * libvirt prints them and as people write them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include <cmocka.h>

#include "base/str.h"
#include "domxml_check.h"
#include "model/domxml.h"

static struct domxml *with(const char *devices)
{
    char *text = str_printf("<domain><name>vm</name><devices>%s</devices></domain>", devices);
    struct domxml *d = good(text);

    free(text);
    return d;
}

static void same(const char *got, const char *expected)
{
    if (!str_eq(got, expected)) {
        fail_msg("got '%s', expected '%s'", got ? got : "(null)", expected ? expected : "(null)");
    }
}

static void a_live_disk(void **state)
{
    struct domxml *d = with(
        "<disk type='file' device='disk'><driver name='qemu' type='qcow2' iothread='1'/>"
        "<source file='/srv/top.qcow2' index='1'/><backingStore type='file' index='2'>"
        "<format type='qcow2'/><source file='/srv/base.qcow2'/><backingStore/></backingStore>"
        "<target dev='vda' bus='virtio'/><alias name='virtio-disk0'/>"
        "<address type='pci' domain='0x0000' bus='0x04' slot='0x00' function='0x0'/></disk>");

    (void) state;
    assert_int_equal(d->disk_count, 1);
    same(d->disk[0].target, "vda");
    same(d->disk[0].bus, "virtio");
    same(d->disk[0].device, "disk");
    same(d->disk[0].source, "/srv/top.qcow2");
    same(d->disk[0].alias, "virtio-disk0");
    assert_false(d->disk[0].network || d->disk[0].readonly);
    domxml_free(d);
}

static void every_type_of_disk(void **state)
{
    static const struct {
        const char *xml;
        const char *source;
        bool network;
    } disks[] = {
        { "<disk type='block'><source dev='/dev/vg/lv'/>", "/dev/vg/lv", false },
        { "<disk><source file='/a'/>", "/a", false },
        { "<disk type='network'><source protocol='rbd' name='pool/image'><host name='h'/>"
          "</source>", "rbd:pool/image", true },
        { "<disk type='network'><source protocol='nbd'/>", "nbd:", true },
        { "<disk type='volume'><source pool='p' volume='v'/>", "p/v", false },
        { "<disk type='dir'><source dir='/d'/>", "/d", false },
        { "<disk type='vhostvdpa'><source dev='/dev/vhost-vdpa-0'/>", "/dev/vhost-vdpa-0",
          false },
        { "<disk type='vhostuser'><source type='unix' path='/run/s'/>", "/run/s", false },
        { "<disk type='file' device='cdrom'>", NULL, false },
        { "<disk type='file' device='cdrom'><source startupPolicy='optional'/>", NULL, false },
        { "<disk type='marvel'><source file='/a'/>", NULL, false },
    };

    (void) state;
    for (size_t i = 0; i < sizeof(disks) / sizeof(disks[0]); i++) {
        char *xml = str_printf("%s<target dev='sda' bus='scsi'/></disk>", disks[i].xml);
        struct domxml *d = with(xml);

        assert_int_equal(d->disk_count, 1);
        same(d->disk[0].source, disks[i].source);
        assert_int_equal(d->disk[0].network, disks[i].network);
        same(d->disk[0].target, "sda");
        assert_null(d->disk[0].alias);
        domxml_free(d);
        free(xml);
    }
}

static void readonly_disks(void **state)
{
    struct domxml *d = with("<disk type='file' device='cdrom'><target dev='sda'/></disk>"
                            "<disk type='file'><readonly/><target dev='sdb'/></disk>"
                            "<disk type='file' device='floppy'><target dev='fda'/></disk>"
                            "<disk type='file'><x:readonly xmlns:x='urn:x'/></disk><disk/>");

    (void) state;
    assert_int_equal(d->disk_count, 5);
    assert_true(d->disk[0].readonly && d->disk[1].readonly);
    assert_false(d->disk[2].readonly || d->disk[3].readonly || d->disk[4].readonly);
    same(d->disk[2].device, "floppy");
    assert_null(d->disk[4].target);
    domxml_free(d);
}

static void interfaces(void **state)
{
    struct domxml *d = with(
        "<interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='br0'/>"
        "<target dev='vnet0'/><model type='virtio'/><alias name='net0'/></interface>"
        "<interface type='network'><source network='default'/></interface>");

    (void) state;
    assert_int_equal(d->nic_count, 2);
    same(d->nic[0].type, "bridge");
    same(d->nic[0].mac, "52:54:00:00:00:01");
    same(d->nic[0].tap, "vnet0");
    same(d->nic[0].alias, "net0");
    same(d->nic[1].type, "network");
    assert_null(d->nic[1].tap);
    domxml_free(d);
}

static void watchdog_and_panic(void **state)
{
    struct domxml *d = with("<watchdog model='i6300esb' action='pause'/><panic model='isa'/>");

    (void) state;
    same(d->watchdog_action, "pause");
    assert_true(d->has_panic_device);
    domxml_free(d);
    d = with("<watchdog model='i6300esb'/>");
    same(d->watchdog_action, "reset");
    assert_false(d->has_panic_device);
    domxml_free(d);
    d = with("<x:panic xmlns:x='urn:x'/><emulator>/usr/bin/kvm</emulator>");
    assert_null(d->watchdog_action);
    assert_false(d->has_panic_device);
    domxml_free(d);
}

static void io_uring(void **state)
{
    struct domxml *d = with("<disk type='file'><driver name='qemu' io='threads'/></disk>"
                            "<disk type='file'><driver name='qemu' io='io_uring'/></disk>");

    (void) state;
    assert_true(d->io_uring);
    domxml_free(d);
    d = with("<disk type='file'><driver name='qemu' io='native'/></disk><disk/>"
             "<x:disk xmlns:x='urn:x'><driver io='io_uring'/></x:disk>");
    assert_false(d->io_uring);
    domxml_free(d);
}

static void nvram(void **state)
{
    static const char *const texts[][2] = {
        { "<os><nvram template='/t'>/var/vm_VARS.fd</nvram></os>", "/var/vm_VARS.fd" },
        { "<os><nvram type='file'>\n<source file='/v'/>\n</nvram></os>", "/v" },
        { "<os><nvram type='block'><source dev='/dev/v'/></nvram></os>", "/dev/v" },
        { "<os><nvram template='/t'/></os>", NULL }, { "<os/>", NULL },
        { "<devices><nvram><address/></nvram></devices>", NULL },
    };

    (void) state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        char *text = str_printf("<domain><name>vm</name>%s</domain>", texts[i][0]);
        struct domxml *d = NULL;
        struct err why;

        assert_int_equal(domxml_parse(text, strlen(text), &d, &why), 0);
        same(d->nvram, texts[i][1]);
        domxml_free(d);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_live_disk),
        cmocka_unit_test(every_type_of_disk),
        cmocka_unit_test(readonly_disks),
        cmocka_unit_test(interfaces),
        cmocka_unit_test(watchdog_and_panic),
        cmocka_unit_test(io_uring),
        cmocka_unit_test(nvram),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    xmlCleanupParser();
    return failed;
}
