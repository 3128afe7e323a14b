/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * COM1: text out, lines in. Polled once per tick; QEMU holds back input while the FIFO is full,
 * so nothing is lost. Lines longer than the buffer are cut.
 */
#include "tiny.h"

#define COM1 0x3F8

static char line[128];
static size_t line_length;

void serial_init(void)
{
    out8(COM1 + 1, 0);
    out8(COM1 + 3, 0x80);
    out8(COM1 + 0, 1);
    out8(COM1 + 1, 0);
    out8(COM1 + 3, 0x03);
    out8(COM1 + 2, 0xC7);
    out8(COM1 + 4, 0x03);
}

static void put(char c)
{
    while (!(in8(COM1 + 5) & 0x20))
        ;
    out8(COM1, (uint8_t)c);
}

void print(const char *text)
{
    for (; *text; text++) {
        if (*text == '\n')
            put('\r');
        put(*text);
    }
}

void print_u64(uint64_t v)
{
    char digits[21];
    size_t i = sizeof(digits) - 1;

    digits[i] = 0;
    do {
        digits[--i] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    print(&digits[i]);
}

void print_hex(uint64_t v, int digits)
{
    while (digits-- > 0)
        put("0123456789abcdef"[(v >> (4 * digits)) & 15]);
}

char *serial_line(void)
{
    while (in8(COM1 + 5) & 1) {
        char c = (char)in8(COM1);

        if (c == '\r' || c == '\n') {
            line[line_length] = 0;
            if (line_length == 0)
                continue;
            line_length = 0;
            return line;
        }
        if (line_length < sizeof(line) - 1)
            line[line_length++] = c;
    }
    return NULL;
}
