/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tiny guest: boots in a fraction of a second, does what the kernel command line and the
 * console tell it (command.c), and sleeps in between. Only wires; one loop turn per tick.
 */
#include "tiny.h"

#define MULTIBOOT_HAS_CMDLINE (1u << 2)

struct multiboot_info {
    uint32_t flags, mem_lower, mem_upper, boot_device, cmdline;
};

void tiny_main(const struct multiboot_info *mb);

static void probe(const struct pci_dev *d)
{
    virtio_blk_probe(d);
    virtio_scsi_probe(d);
    virtio_net_probe(d);
    ide_probe(d);
    ahci_probe(d);
    power_probe(d);
    watchdog_probe(d);
}

void tiny_main(const struct multiboot_info *mb)
{
    static char cmdline[512];
    uint32_t tick;

    if (mb->flags & MULTIBOOT_HAS_CMDLINE) {
        const char *from = (const char *)mb->cmdline;

        for (size_t i = 0; i < sizeof(cmdline) - 1 && from[i]; i++)
            cmdline[i] = from[i];
    }
    cpu_init();
    serial_init();
    pci_scan(probe);
    print("tiny: ready disks=");
    print_u64(disk_count());
    print("\n");
    command_boot(cmdline);
    for (;;) {
        tick = cpu_ticks();
        writer_tick();
        net_tick();
        power_tick();
        memory_tick();
        command_tick();
        while (cpu_ticks() == tick)
            cpu_idle();
    }
}
