/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests of gdb's: taken apart, judged by a table, put together again. QEMU never gets the
 * bytes that came, so that it cannot read them in another way than we did.
 */
#include "model/gdbtext.h"

#include <string.h>

#include "base/str.h"

struct request_row {
    const char *text;
    bool whole; /* nothing may follow */
    enum gdb_verdict verdict;
};

/* The first that fits counts; what none fits is refused. */
static const struct request_row rows[] = {
    {"?", true, GDB_PASSES},
    {"g", true, GDB_PASSES},
    {"p", false, GDB_PASSES},
    {"m", false, GDB_PASSES},
    {"Hg", false, GDB_PASSES},
    {"Hc", false, GDB_PASSES},
    {"T", false, GDB_PASSES},
    {"qSupported", false, GDB_PASSES},
    {"qXfer:features:read:", false, GDB_PASSES},
    {"qC", true, GDB_PASSES},
    {"qfThreadInfo", true, GDB_PASSES},
    {"qsThreadInfo", true, GDB_PASSES},
    {"qThreadExtraInfo,", false, GDB_PASSES},
    {"qAttached", false, GDB_PASSES},
    {"qqemu.PhyMemMode", true, GDB_PASSES},
    {"Qqemu.PhyMemMode:", false, GDB_PASSES},
    {"D", false, GDB_ENDS},
    {"k", false, GDB_ENDS},
    /* qRcmd, which is QEMU's whole monitor, vCont, vKill and vRun are among these. */
    {"q", false, GDB_UNSUPPORTED},
    {"Q", false, GDB_UNSUPPORTED},
    {"v", false, GDB_UNSUPPORTED},
};

enum gdb_verdict gdbtext_judge(const char *request)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].whole ? str_eq(request, rows[i].text) : str_starts(request, rows[i].text)) {
            return rows[i].verdict;
        }
    }
    return GDB_REFUSED;
}

const char *gdbtext_answer(enum gdb_verdict verdict)
{
    switch (verdict) {
    case GDB_PASSES:
        return NULL;
    case GDB_UNSUPPORTED:
        return "";
    case GDB_ENDS:
        return "OK";
    case GDB_REFUSED:
        break;
    }
    /* With the point it is for people; gdb prints it. */
    return "E.the guest is frozen and can only be read";
}

static unsigned sum_of(const char *text)
{
    unsigned sum = 0;

    for (; *text; text++) {
        sum += (unsigned char) *text;
    }
    return sum & 0xff;
}

char *gdbtext_packet(const char *text)
{
    return str_printf("$%s#%02x", text, sum_of(text));
}

/* -1: no hexadecimal digit. */
static int digit_of(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);

    return c != '\0' && at ? (int) (at - digits) : -1;
}

/* Escapes and repetitions have no place in what only reads. */
static bool is_plain(char c)
{
    return c > ' ' && c < 0x7f && c != '}' && c != '*' && c != '$';
}

static void take_inside(struct gdb_reader *r, char byte)
{
    r->sum = (r->sum + (unsigned char) byte) & 0xff;
    if (!is_plain(byte) || r->size + 1 >= sizeof r->request) {
        r->strange = true;
    } else {
        r->request[r->size++] = byte;
    }
}

static enum gdb_read take_between(struct gdb_reader *r, char byte)
{
    if (byte == '$') {
        memset(r, 0, sizeof *r);
        r->at = GDB_INSIDE;
    }
    /* Nothing runs that an interrupt (3) could stop. */
    return byte == '+' || byte == '-' ? GDB_READ_ACK : GDB_READ_MORE;
}

static enum gdb_read take_second(struct gdb_reader *r, char byte)
{
    int digit = digit_of(byte);

    r->at = GDB_BETWEEN;
    r->request[r->strange ? 0 : r->size] = '\0';
    return digit >= 0 && r->sum_told * 16 + (unsigned) digit == r->sum ? GDB_READ_REQUEST
                                                                       : GDB_READ_DAMAGED;
}

enum gdb_read gdbtext_read(struct gdb_reader *r, char byte)
{
    switch (r->at) {
    case GDB_BETWEEN:
        return take_between(r, byte);
    case GDB_INSIDE:
        if (byte == '#') {
            r->at = GDB_SUM_FIRST;
        } else {
            take_inside(r, byte);
        }
        break;
    case GDB_SUM_FIRST:
        r->at = GDB_SUM_SECOND;
        /* Out of a sum's range, so that it fits none. */
        r->sum_told = digit_of(byte) >= 0 ? (unsigned) digit_of(byte) : 0x100;
        break;
    case GDB_SUM_SECOND:
        return take_second(r, byte);
    }
    return GDB_READ_MORE;
}
