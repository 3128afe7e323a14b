/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens the dump and puts the log beside it. In a stage: a dump's bytes are the guest's.
 */
#include "guard/kernellog.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/elfcore.h"
#include "model/printk.h"
#include "sys/evidencedir.h"
#include "sys/randomread.h"
#include "sys/stage.h"

struct log_input {
    const char *folder;
    const char *dump;
    const char *file;
};

static int read_elf(int fd, char **ret, struct err *why)
{
    _cleanup_elfcore_ struct elfcore *core = NULL;
    int rc = elfcore_open(randomread_at, &fd, &core, why);

    return rc < 0 ? rc : printk_text(core, ret, why);
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
    return rc < 0 ? rc : evidencedir_write(in->folder, in->file, text, strlen(text), why);
}

int kernellog_write(const char *folder, const char *dump, const char *file, struct deadline until,
                    struct err *why)
{
    struct log_input in = {.folder = folder, .dump = dump, .file = file};

    return stage_run("reading the kernel's log", log_stage, NULL, &in, until, why);
}
