/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens the dump and puts the log beside it. In a stage: a dump's bytes are the guest's.
 */
#include "guard/kernellog.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/ask.h"
#include "model/elfcore.h"
#include "model/kdump.h"
#include "model/printk.h"
#include "sys/evidencedir.h"
#include "sys/randomread.h"
#include "sys/stage.h"
#include "sys/virt_dump.h"

enum { OPEN_MS = 30 * 1000 };

struct log_input {
    const struct record *record;
    const char *folder;
    const char *dump;
    const char *file;
};

/* model/elfcore's reader of a frozen guest itself. */
static int peek_at(void *domain, uint64_t paddr, void *to, size_t size)
{
    struct err ignored = {0};

    return virt_peek(domain, paddr, to, size, &ignored);
}

static int read_elf(int fd, char **ret, struct err *why)
{
    _cleanup_elfcore_ struct elfcore *core = NULL;
    int rc = elfcore_open(randomread_at, &fd, &core, why);

    return rc < 0 ? rc : printk_text(core, ret, why);
}

/* A compressed dump says where the log is; the log itself is still in the frozen guest. */
static int read_guest(const struct record *r, int fd, char **ret, struct err *why)
{
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    _cleanup_elfcore_ struct elfcore *core = NULL;
    _cleanup_free_ char *vmcoreinfo = NULL;
    int rc = kdump_vmcoreinfo(randomread_at, &fd, &vmcoreinfo, why);

    if (rc == 0) {
        rc = guest_reach_frozen(r, deadline_in_ms(OPEN_MS), &v, &d, why);
    }
    if (rc < 0) {
        return rc;
    }
    core = elfcore_of_memory(peek_at, d, vmcoreinfo);
    return printk_text(core, ret, why);
}

static int log_stage(void *shared, const void *input, struct err *why)
{
    const struct log_input *in = input;
    _cleanup_free_ char *path = str_printf("%s/%s", in->folder, in->dump);
    _cleanup_free_ char *text = NULL;
    _cleanup_close_ int fd = -1;
    int rc = randomread_open(path, &fd, why);

    (void) shared;
    if (rc == 0) {
        rc = read_elf(fd, &text, why);
    }
    if (rc == -ENOTSUP) {
        rc = read_guest(in->record, fd, &text, why);
    }
    return rc < 0 ? rc : evidencedir_write(in->folder, in->file, text, strlen(text), why);
}

int kernellog_write(const struct record *r, const char *folder, const char *dump, const char *file,
                    struct deadline until, struct err *why)
{
    struct log_input in = {.record = r, .folder = folder, .dump = dump, .file = file};

    return stage_run("reading the kernel's log", log_stage, NULL, &in, until, why);
}
