/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PCI configuration space by the two classic ports, and a walk over all buses. The firmware has
 * set up BARs and bridges already. Knows no driver.
 */
#include "tiny.h"

#define ADDRESS 0xCF8
#define DATA 0xCFC

static void select(const struct pci_dev *d, uint8_t reg)
{
    out32(ADDRESS, 0x80000000u | (uint32_t)d->bus << 16 | (uint32_t)d->slot << 11 |
                   (uint32_t)d->fn << 8 | (reg & 0xFCu));
}

uint32_t pci_read(const struct pci_dev *d, uint8_t reg)
{
    select(d, reg);
    return in32(DATA);
}

uint16_t pci_read16(const struct pci_dev *d, uint8_t reg)
{
    return (uint16_t)(pci_read(d, reg) >> (8 * (reg & 2)));
}

uint8_t pci_read8(const struct pci_dev *d, uint8_t reg)
{
    return (uint8_t)(pci_read(d, reg) >> (8 * (reg & 3)));
}

void pci_write(const struct pci_dev *d, uint8_t reg, uint32_t v)
{
    select(d, reg);
    out32(DATA, v);
}

void pci_write16(const struct pci_dev *d, uint8_t reg, uint16_t v)
{
    select(d, reg);
    out16((uint16_t)(DATA + (reg & 2)), v);
}

void pci_write8(const struct pci_dev *d, uint8_t reg, uint8_t v)
{
    select(d, reg);
    out8((uint16_t)(DATA + (reg & 3)), v);
}

uint32_t pci_bar(const struct pci_dev *d, int bar)
{
    uint8_t reg = (uint8_t)(0x10 + 4 * bar);
    uint32_t v = pci_read(d, reg);

    pci_write16(d, 0x04, pci_read16(d, 0x04) | 0x7);
    if (v & 1)
        return v & ~3u;
    if ((v & 6) == 4 && pci_read(d, (uint8_t)(reg + 4)) != 0)
        return 0;
    return v & ~15u;
}

static void scan_bus(uint8_t bus, void (*found)(const struct pci_dev *));

static int scan_function(struct pci_dev *d, void (*found)(const struct pci_dev *))
{
    uint32_t id = pci_read(d, 0x00);
    uint8_t header;

    if ((id & 0xFFFF) == 0xFFFF)
        return 0;
    d->vendor = (uint16_t)id;
    d->device = (uint16_t)(id >> 16);
    d->class = pci_read16(d, 0x0A);
    header = pci_read8(d, 0x0E);
    if ((header & 0x7F) == 1)
        scan_bus(pci_read8(d, 0x19), found);
    else
        found(d);
    return header;
}

static void scan_bus(uint8_t bus, void (*found)(const struct pci_dev *))
{
    for (uint8_t slot = 0; slot < 32; slot++) {
        struct pci_dev d = {.bus = bus, .slot = slot};
        int header = scan_function(&d, found);

        if (!(header & 0x80))
            continue;
        for (d.fn = 1; d.fn < 8; d.fn++)
            scan_function(&d, found);
    }
}

void pci_scan(void (*found)(const struct pci_dev *))
{
    scan_bus(0, found);
}
