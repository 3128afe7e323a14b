/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processor and its clock: segments, interrupt table, the PIC with only the timer let
 * through, the PIT at TICK_HZ, and the boot id. Owns the tick count.
 */
#include "tiny.h"

#define CODE_SELECTOR 0x08
#define TIMER_VECTOR 0x20
#define PIT_HZ 1193182u

struct gate {
    uint16_t low, selector, flags, high;
} __attribute__((packed));

struct table_register {
    uint16_t limit;
    uint32_t base;
} __attribute__((packed));

void irq_timer(void);
void irq_other(void);

volatile uint32_t cpu_tick_count;

static struct gate idt[256];
/* Flat code and data: multiboot leaves the loader's table undefined. */
static const uint64_t gdt[] = {0, 0x00CF9A000000FFFFull, 0x00CF92000000FFFFull};

static void load_segments(void)
{
    struct table_register r = {sizeof(gdt) - 1, (uint32_t)gdt};

    __asm__ volatile("lgdt %0\n\t"
                     "ljmp $0x08, $1f\n"
                     "1: movw $0x10, %%ax\n\t"
                     "movw %%ax, %%ds\n\tmovw %%ax, %%es\n\tmovw %%ax, %%ss\n\t"
                     "movw %%ax, %%fs\n\tmovw %%ax, %%gs"
                     : : "m"(r) : "eax", "memory");
}

static void load_interrupts(void)
{
    struct table_register r = {sizeof(idt) - 1, (uint32_t)idt};

    for (size_t i = 0; i < 256; i++) {
        uint32_t handler = (uint32_t)(i == TIMER_VECTOR ? irq_timer : irq_other);
        idt[i] = (struct gate){(uint16_t)handler, CODE_SELECTOR, 0x8E00,
                               (uint16_t)(handler >> 16)};
    }
    __asm__ volatile("lidt %0" : : "m"(r));
}

static void start_timer(void)
{
    static const uint8_t master[] = {0x11, TIMER_VECTOR, 4, 1};
    static const uint8_t slave[] = {0x11, TIMER_VECTOR + 8, 2, 1};
    uint32_t divisor = PIT_HZ / TICK_HZ;

    out8(0x20, master[0]);
    out8(0xA0, slave[0]);
    for (size_t i = 1; i < sizeof(master); i++) {
        out8(0x21, master[i]);
        out8(0xA1, slave[i]);
    }
    out8(0x21, 0xFE);
    out8(0xA1, 0xFF);
    out8(0x43, 0x34);
    out8(0x40, (uint8_t)divisor);
    out8(0x40, (uint8_t)(divisor >> 8));
}

void cpu_init(void)
{
    load_segments();
    load_interrupts();
    start_timer();
    __asm__ volatile("sti");
}

uint32_t cpu_ticks(void)
{
    return cpu_tick_count;
}

void cpu_idle(void)
{
    __asm__ volatile("hlt");
}

void cpu_hang(void)
{
    for (;;)
        __asm__ volatile("cli; hlt");
}

static uint64_t time_stamp(void)
{
    uint64_t t;

    __asm__ volatile("rdtsc" : "=A"(t));
    return t;
}

/* Wall clock of the RTC and the host-driven time stamp counter, stirred: two boots share it only
 * if they agree to the cycle within one second. */
uint64_t cpu_boot_id(void)
{
    uint64_t id = 14695981039346656037ull;

    for (uint8_t reg = 0; reg < 10; reg++) {
        out8(0x70, reg);
        id = (id ^ in8(0x71) ^ (time_stamp() << 8)) * 1099511628211ull;
    }
    return id;
}
