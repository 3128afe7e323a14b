/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tiny guest's files say to each other: the machine (ports, PCI, clock, console) and
 * the two things that it drives, disks and network cards. Drivers register what they find;
 * writer.c and net.c use it without knowing the driver.
 */
#ifndef TINY_H
#define TINY_H

#include <stddef.h>
#include <stdint.h>

#define TICK_HZ 100u
#define TINY_MAX_DISKS 16u
#define TINY_DISK_BUFFER_BYTES (128u * 1024u)

/* --- ports and memory --- */
static inline void out8(uint16_t port, uint8_t v)
{
    __asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(port));
}
static inline void out16(uint16_t port, uint16_t v)
{
    __asm__ volatile("outw %0, %1" : : "a"(v), "Nd"(port));
}
static inline void out32(uint16_t port, uint32_t v)
{
    __asm__ volatile("outl %0, %1" : : "a"(v), "Nd"(port));
}
static inline uint8_t in8(uint16_t port)
{
    uint8_t v;
    __asm__ volatile("inb %1, %0" : "=a"(v) : "Nd"(port));
    return v;
}
static inline uint16_t in16(uint16_t port)
{
    uint16_t v;
    __asm__ volatile("inw %1, %0" : "=a"(v) : "Nd"(port));
    return v;
}
static inline uint32_t in32(uint16_t port)
{
    uint32_t v;
    __asm__ volatile("inl %1, %0" : "=a"(v) : "Nd"(port));
    return v;
}
/** Keeps the compiler from moving accesses across it; the CPU is strongly ordered enough. */
#define barrier() __asm__ volatile("mfence" ::: "memory")

/* --- lib.c: what gcc expects of any C environment, and a little text --- */
void *memset(void *s, int c, size_t n);
void *memcpy(void *to, const void *from, size_t n);
int same(const char *a, const char *b);
/** Decimal; *ok = 0 if text is not a whole number. */
uint32_t number(const char *text, int *ok);

/* --- cpu.c --- */
void cpu_init(void);
uint32_t cpu_ticks(void);
/** Sleeps until the next interrupt: what keeps the guest's CPU use near zero. */
void cpu_idle(void);
uint64_t cpu_boot_id(void);
void cpu_hang(void) __attribute__((noreturn));

/* --- serial.c --- */
void serial_init(void);
void print(const char *text);
void print_u64(uint64_t v);
void print_hex(uint64_t v, int digits);
/** The next whole line without its end, or NULL; valid until the next call. */
char *serial_line(void);

/* --- pci.c --- */
struct pci_dev {
    uint8_t bus, slot, fn;
    uint16_t vendor, device;
    /** class << 8 | subclass */
    uint16_t class;
};
uint32_t pci_read(const struct pci_dev *d, uint8_t reg);
uint16_t pci_read16(const struct pci_dev *d, uint8_t reg);
uint8_t pci_read8(const struct pci_dev *d, uint8_t reg);
void pci_write(const struct pci_dev *d, uint8_t reg, uint32_t v);
void pci_write16(const struct pci_dev *d, uint8_t reg, uint16_t v);
void pci_write8(const struct pci_dev *d, uint8_t reg, uint8_t v);
/** Address of a BAR, memory or port; 0 if unset or above 4 GiB. Turns bus mastering on. */
uint32_t pci_bar(const struct pci_dev *d, int bar);
/** Calls found for every function of every bus. */
void pci_scan(void (*found)(const struct pci_dev *));

/* --- disks --- */
enum disk_op { DISK_READ, DISK_WRITE, DISK_FLUSH };
enum disk_state { DISK_PENDING, DISK_DONE, DISK_FAILED };

/** One request at a time; its data is disk->buffer. start never waits, poll never waits. */
struct disk {
    const char *bus;
    uint64_t sectors;
    uint8_t *buffer;
    void (*start)(struct disk *, enum disk_op, uint64_t lba, uint32_t sectors);
    enum disk_state (*poll)(struct disk *);
    void *driver;
    uint32_t unit;
};
/** A zeroed disk with its buffer set, or NULL if there are too many. disk_keep() keeps it. */
struct disk *disk_new(const char *bus);
void disk_keep(void);
struct disk *disk_at(uint32_t i);
uint32_t disk_count(void);
/** Waits for the running request; only for probing at boot. */
enum disk_state disk_wait(struct disk *d);

/* --- drivers: each looks at one PCI function and registers what it finds --- */
void virtio_blk_probe(const struct pci_dev *d);
void virtio_scsi_probe(const struct pci_dev *d);
void virtio_net_probe(const struct pci_dev *d);
void ide_probe(const struct pci_dev *d);
void ahci_probe(const struct pci_dev *d);
void power_probe(const struct pci_dev *d);
void watchdog_probe(const struct pci_dev *d);

/* --- writer.c: sequence numbers on every disk --- */
void writer_on(uint32_t per_second);
void writer_off(void);
void writer_tick(void);
void writer_status(void);

/* --- net.c: broadcast frames on every card --- */
void net_on(uint32_t per_second);
void net_off(void);
void net_tick(void);
void net_status(void);

/* --- memory.c --- */
/** Changes so many MiB of memory several times a second; the machine must have 16 more.
 *  0: ends it. */
void memory_fill(uint32_t mib);
void memory_tick(void);

/* --- power.c --- */
void power_off(void);
void power_reset(void);
void power_suspend(void);
void power_ignore_button(void);
void power_tick(void);
void pvpanic(uint8_t event);
/** 0 if the machine has no i6300esb. */
int watchdog_arm(uint32_t seconds);

/* --- command.c --- */
/** Runs one command, "word" or "word=number" or "word number", and answers on the console. */
void command_run(char *line);
/** Runs every known word of the kernel command line. */
void command_boot(char *cmdline);
void command_tick(void);

#endif
