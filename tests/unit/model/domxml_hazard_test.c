/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/domxml_hazard: what cannot be fenced with memory kept is found, what can
 * be is not, and what nobody knows is.
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

static struct domxml *domain(const char *inner)
{
    char *text = str_printf("<domain><name>vm</name>%s</domain>", inner);
    struct domxml *d = good(text);

    free(text);
    return d;
}

static struct domxml *with(const char *devices)
{
    char *inner = str_printf("<devices>%s</devices>", devices);
    struct domxml *d = domain(inner);

    free(inner);
    return d;
}

/* XML of a device, and how it is named. */
static const char *const hazards[][2] = {
    { "<hostdev mode='subsystem' type='pci' managed='yes'><source><address/></source></hostdev>",
      "hostdev pci" },
    { "<hostdev mode='subsystem' type='usb'/>", "hostdev usb" },
    { "<hostdev mode='subsystem' type='mdev' model='vfio-pci'/>", "hostdev mdev" },
    { "<hostdev mode='subsystem' type='scsi'/>", "hostdev scsi" },
    { "<hostdev mode='subsystem' type='scsi_host' protocol='vhost'/>", "hostdev scsi_host" },
    { "<hostdev mode='capabilities'/>", "hostdev" },
    { "<vsock model='virtio'><cid auto='yes'/></vsock>", "vsock virtio" },
    { "<interface type='hostdev'/>", "interface hostdev" },
    { "<interface type='vhostuser'><source type='unix' path='/run/s' mode='client'/>"
      "</interface>", "interface vhostuser /run/s" },
    { "<interface type='vdpa'><source dev='/dev/vhost-vdpa-0'/></interface>",
      "interface vdpa /dev/vhost-vdpa-0" },
    { "<interface type='client'/>", "interface client" },
    { "<interface type='server'/>", "interface server" },
    { "<interface type='mcast'/>", "interface mcast" },
    { "<interface type='udp'/>", "interface udp" },
    { "<interface type='internal'/>", "interface internal" },
    { "<interface type='brandnew'/>", "interface brandnew" },
    { "<interface type='user'><backend type='passt'/></interface>", "interface passt" },
    { "<disk type='nvme'><target dev='vda'/></disk>", "disk nvme vda" },
    { "<disk type='vhostuser'><target dev='vda'/></disk>", "disk vhostuser vda" },
    { "<disk type='vhostvdpa'><target dev='vda'/></disk>", "disk vhostvdpa vda" },
    { "<disk type='dir'><source dir='/d'/><target dev='vda'/></disk>", "disk dir vda" },
    { "<disk type='brandnew'><target dev='vda'/></disk>", "disk brandnew vda" },
    { "<disk type='block' device='lun'><source dev='/dev/sda'/><target dev='sda'/></disk>",
      "disk lun sda" },
    { "<filesystem type='mount'><driver type='virtiofs'/><source dir='/srv'/>"
      "<target dir='tag'/></filesystem>", "filesystem virtiofs tag" },
    { "<filesystem type='mount' accessmode='passthrough'><source dir='/srv'/>"
      "<target dir='tag'/></filesystem>", "filesystem mount tag" },
    { "<shmem name='buffer'><model type='ivshmem-plain'/></shmem>", "shmem buffer" },
    { "<memory model='nvdimm' access='shared'><source><path>/x</path></source></memory>",
      "memory nvdimm" },
    { "<memory model='virtio-pmem'/>", "memory virtio-pmem" },
    { "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>", "tpm emulator" },
    { "<tpm><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>",
      "tpm passthrough" },
    { "<input type='evdev'><source dev='/dev/input/event1' grab='all'/></input>",
      "input evdev /dev/input/event1" },
    { "<input type='passthrough' bus='virtio'><source evdev='/dev/input/event2'/></input>",
      "input passthrough /dev/input/event2" },
    { "<serial type='udp'><source mode='connect' host='h' service='1'/></serial>",
      "serial udp" },
    { "<serial type='tcp'><source mode='connect' host='h' service='1'/></serial>",
      "serial tcp" },
    { "<parallel type='dev'><source path='/dev/lp0'/></parallel>", "parallel dev /dev/lp0" },
    { "<redirdev bus='usb' type='tcp'><source mode='connect' host='h' service='1'/></redirdev>",
      "redirdev tcp" },
    { "<rng model='virtio'><backend model='egd' type='udp'>"
      "<source mode='bind' service='1'/><source mode='connect' host='h' service='1'/>"
      "</backend></rng>", "rng udp" },
};

static void hazards_are_found_and_named(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof(hazards) / sizeof(hazards[0]); i++) {
        struct domxml *d = with(hazards[i][0]);

        if (d->hazard_count != 1) {
            fail_msg("%s: %zu hazards", hazards[i][0], d->hazard_count);
        }
        assert_string_equal(d->hazard[0].device, hazards[i][1]);
        assert_true(strlen(d->hazard[0].why) > 10);
        domxml_free(d);
    }
}

static void fenceable_devices_are_none(void **state)
{
    struct domxml *d = with(
        "<disk type='file'><target dev='vda'/></disk><disk><target dev='vdb'/></disk>"
        "<disk type='block'><target dev='vdc'/></disk><disk type='network' device='cdrom'/>"
        "<disk type='volume' device='floppy'/><interface type='network'/>"
        "<interface type='bridge'/><interface type='ethernet'/><interface type='user'/>"
        "<interface/><interface type='null'/><interface type='direct'/><memory model='dimm'/>"
        "<memory model='virtio-mem'/><serial type='pty'/><console type='file'/>"
        "<channel type='unix'><source mode='bind' path='/x'/></channel>"
        "<channel type='spicevmc'/><redirdev bus='usb' type='spicevmc'/>"
        "<serial type='tcp'><source mode='bind' host='127.0.0.1' service='1'/></serial>"
        "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>"
        "<sound model='ich9'/><video/><graphics type='vnc'/><memballoon/><watchdog/><panic/>"
        "<controller/><input/><input type='tablet' bus='usb'/><hub/><audio id='1' type='spice'/>"
        "<x:hostdev xmlns:x='urn:x' type='pci'/>");

    (void) state;
    if (d->hazard_count != 0) {
        fail_msg("%s: %s", d->hazard[0].device, d->hazard[0].why);
    }
    domxml_free(d);
}

static void memory_on_a_file(void **state)
{
    static const struct { const char *xml; size_t count; } texts[] = {
        { "<memoryBacking><source type='file'/></memoryBacking>", 1 },
        { "<memoryBacking><source type='file'/><access mode='private'/></memoryBacking>", 1 },
        { "<memoryBacking><source type='file'/><access mode='shared'/></memoryBacking>", 1 },
        { "<memoryBacking><source type='file'/></memoryBacking>"
          "<cpu><numa><cell memAccess='private'/></numa></cpu>", 1 },
        { "<memoryBacking><source type='file'/><hugepages><page size='2' unit='M' nodeset='1'/>"
          "</hugepages></memoryBacking>", 1 },
        { "<memoryBacking><source type='file'/><hugepages/></memoryBacking>", 0 },
        { "<memoryBacking><source type='file'/><hugepages><page size='2' unit='M'/></hugepages>"
          "</memoryBacking>", 0 },
        { "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>", 0 },
        { "<memoryBacking><source type='anonymous'/></memoryBacking>", 0 },
        { "<memoryBacking><access mode='shared'/></memoryBacking>", 0 },
        { "<memoryBacking><hugepages/></memoryBacking>", 0 },
        { "<memoryBacking/>", 0 },
        { "", 0 },
    };

    (void) state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct domxml *d = domain(texts[i].xml);

        assert_int_equal(d->hazard_count, texts[i].count);
        domxml_free(d);
    }
}

/* What can be cut is named, too, one by one; what reaches nothing outside is not. */
static void fenceable_devices_are_named(void **state)
{
    static const char *const names[] = {
        "disk file vda", "interface bridge 52:54:00:00:00:01", "interface user", "nvram /x",
    };
    struct domxml *d = NULL;
    struct err why = {0};
    static const char xml[] =
        "<domain><name>x</name><os><nvram>/x</nvram></os><devices>"
        "<disk type='file'><target dev='vda'/></disk>"
        "<interface type='bridge'><mac address='52:54:00:00:00:01'/></interface>"
        "<interface type='user'/><hostdev type='pci'/><video/></devices></domain>";

    (void) state;
    assert_int_equal(domxml_parse(xml, strlen(xml), &d, &why), 0);
    assert_int_equal(d->fenceable_count, sizeof names / sizeof names[0]);
    for (size_t i = 0; i < d->fenceable_count; i++) {
        assert_string_equal(d->fenceable[i], names[i]);
    }
    domxml_free(d);
}

/* libvirt shows the first serial port as a console, too. */
static void the_same_device_counts_once(void **state)
{
    struct domxml *d = with("<hostdev type='pci'/><hostdev type='pci'/><hostdev type='usb'/>"
                            "<tpm><backend type='emulator'/></tpm>");

    (void) state;
    assert_int_equal(d->hazard_count, 3);
    domxml_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hazards_are_found_and_named),
        cmocka_unit_test(fenceable_devices_are_none),
        cmocka_unit_test(fenceable_devices_are_named),
        cmocka_unit_test(memory_on_a_file),
        cmocka_unit_test(the_same_device_counts_once),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    xmlCleanupParser();
    return failed;
}
