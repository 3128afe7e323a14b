/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the machine ends: ACPI power button, soft-off and sleep by the fixed registers of PIIX4
 * (pc) and ICH9 (q35), reset, the pvpanic port, and the i6300esb watchdog.
 */
#include "tiny.h"

#define PVPANIC_PORT 0x505
#define BUTTON (1u << 8)
#define SLEEP_ENABLE (1u << 13)
/* QEMU's sleep types: 0 is soft-off, 1 is suspend to RAM. */
#define SLEEP_OFF 0u
#define SLEEP_RAM (1u << 10)
enum { PM_STATUS = 0, PM_ENABLE = 2, PM_CONTROL = 4 };

/* i6300esb: PCI configuration registers, and registers in its BAR. */
enum { ESB_CONFIG = 0x60, ESB_LOCK = 0x68 };
enum { ESB_TIMER1 = 0x00, ESB_TIMER2 = 0x04, ESB_RELOAD = 0x0C };

static uint16_t pm_base;
static int ignore_button;
static struct pci_dev watchdog;
static uint32_t watchdog_base;

void power_probe(const struct pci_dev *d)
{
    if (d->vendor != 0x8086 || (d->device != 0x7113 && d->device != 0x2918))
        return;
    pm_base = pci_read16(d, 0x40) & 0xFF80;
    out16((uint16_t)(pm_base + PM_STATUS), BUTTON);
    out16((uint16_t)(pm_base + PM_ENABLE), BUTTON);
}

void power_off(void)
{
    out16((uint16_t)(pm_base + PM_CONTROL), SLEEP_ENABLE | SLEEP_OFF);
}

void power_suspend(void)
{
    out16((uint16_t)(pm_base + PM_CONTROL), SLEEP_ENABLE | SLEEP_RAM);
}

void power_reset(void)
{
    out8(0x64, 0xFE);
}

void power_ignore_button(void)
{
    ignore_button = 1;
}

void power_tick(void)
{
    if (!pm_base || !(in16((uint16_t)(pm_base + PM_STATUS)) & BUTTON))
        return;
    out16((uint16_t)(pm_base + PM_STATUS), BUTTON);
    print(ignore_button ? "tiny: power button ignored\n" : "tiny: power button, off\n");
    if (!ignore_button)
        power_off();
}

void pvpanic(uint8_t event)
{
    out8(PVPANIC_PORT, event);
}

void watchdog_probe(const struct pci_dev *d)
{
    if (d->vendor != 0x8086 || d->device != 0x25AB)
        return;
    watchdog = *d;
    watchdog_base = pci_bar(d, 0);
}

static void watchdog_unlock(void)
{
    *(volatile uint32_t *)(watchdog_base + ESB_RELOAD) = 0x80;
    *(volatile uint32_t *)(watchdog_base + ESB_RELOAD) = 0x86;
}

/* Two stages of half the time each, counted at about 1 kHz; the action comes after the second. */
int watchdog_arm(uint32_t seconds)
{
    uint32_t stage = seconds << 9;

    if (!watchdog_base)
        return 0;
    pci_write16(&watchdog, ESB_CONFIG, 0x0003);
    watchdog_unlock();
    *(volatile uint32_t *)(watchdog_base + ESB_TIMER1) = stage;
    watchdog_unlock();
    *(volatile uint32_t *)(watchdog_base + ESB_TIMER2) = stage;
    pci_write8(&watchdog, ESB_LOCK, 0x02);
    return 1;
}
