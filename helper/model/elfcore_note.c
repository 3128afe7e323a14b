/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A core's notes: of all of them only VMCOREINFO, whose text a guest's kernel wrote, is kept.
 */
#include "model/elfcore_internal.h"

#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/littleend.h"

enum {
    /* Of all segments of notes: two for each vCPU, and one. */
    NOTES_MOST = 1 << 16,
    /* QEMU takes no more of a guest than this. */
    VMCOREINFO_MOST = 1 << 20
};

static const char wanted[] = "VMCOREINFO";

struct note {
    uint64_t name_at;
    uint64_t text_at;
    uint64_t end; /* where the next one begins */
    uint32_t name_size;
    uint32_t text_size;
};

/* Names and texts are filled up to four bytes; the sums of three 32-bit sizes cannot overflow. */
static uint64_t filled(uint32_t size)
{
    return ((uint64_t) size + 3) & ~UINT64_C(3);
}

/* `left`: until the end of all notes. The last one need not be filled up to its end. */
static int read_note(const struct elfcore *core, uint64_t at, uint64_t left, struct note *ret,
                     struct err *why)
{
    unsigned char head[sizeof(Elf64_Nhdr)];
    int rc = core_read(core, at, head, sizeof head, why);

    if (rc < 0) {
        return rc;
    }
    ret->name_size = le32(head + offsetof(Elf64_Nhdr, n_namesz));
    ret->text_size = le32(head + offsetof(Elf64_Nhdr, n_descsz));
    ret->name_at = sizeof head;
    ret->text_at = ret->name_at + filled(ret->name_size);
    ret->end = ret->text_at + filled(ret->text_size);
    if (ret->text_at + ret->text_size > left) {
        return err_set(why, -EPROTO, ERR_GENERIC,
                       "the core is damaged: a note at %" PRIu64 " is longer than all notes", at);
    }
    return 0;
}

static int is_wanted(const struct elfcore *core, uint64_t at, const struct note *n, bool *ret,
                     struct err *why)
{
    char name[sizeof wanted];
    int rc;

    *ret = false;
    if (n->name_size != sizeof wanted) {
        return 0;
    }
    rc = core_read(core, at + n->name_at, name, sizeof name, why);
    *ret = rc == 0 && memcmp(name, wanted, sizeof wanted) == 0;
    return rc;
}

static int keep_text(struct elfcore *core, uint64_t at, const struct note *n, struct err *why)
{
    _cleanup_free_ char *text = NULL;
    int rc;

    if (n->text_size > VMCOREINFO_MOST) {
        return err_set(why, -EPROTO, ERR_GENERIC,
                       "the core is damaged: %" PRIu32 " bytes of VMCOREINFO", n->text_size);
    }
    text = mem_zero((size_t) n->text_size + 1, 1);
    rc = core_read(core, at + n->text_at, text, n->text_size, why);
    if (rc < 0) {
        return rc;
    }
    core->vmcoreinfo = text;
    text = NULL;
    return 0;
}

int core_read_notes(struct elfcore *core, uint64_t offset, uint64_t size, struct err *why)
{
    uint64_t at = 0;

    if (offset > UINT64_MAX - size) {
        return err_set(why, -EPROTO, ERR_GENERIC,
                       "the core is damaged: its notes are said to be at %" PRIu64, offset);
    }
    while (size - at >= sizeof(Elf64_Nhdr) && !core->vmcoreinfo && core->notes < NOTES_MOST) {
        struct note n;
        bool is = false;
        int rc = read_note(core, offset + at, size - at, &n, why);

        core->notes++;
        rc = rc < 0 ? rc : is_wanted(core, offset + at, &n, &is, why);
        if (rc < 0 || is) {
            return rc < 0 ? rc : keep_text(core, offset + at, &n, why);
        }
        at += n.end < size - at ? n.end : size - at;
    }
    return 0;
}
