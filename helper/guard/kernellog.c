/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens the dump and puts the log beside it. In a stage: a dump's bytes are the guest's.
 */
#include "guard/kernellog.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/elfcore.h"
#include "model/printk.h"
#include "sys/evidencedir.h"
#include "sys/program.h"
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

/* It knows the compressed formats; its output is a file that must not be there. */
static int by_makedumpfile(const struct log_input *in, struct deadline until, struct err *why)
{
    _cleanup_free_ char *tool = program_find("makedumpfile");
    _cleanup_free_ char *from = str_printf("%s/%s", in->folder, in->dump);
    _cleanup_free_ char *to = str_printf("%s/%s", in->folder, in->file);
    char *const words[] = {tool, (char *) "--dump-dmesg", (char *) "-f", from, to, NULL};

    if (!tool) {
        return err_set(why, -ENODATA, ERR_GENERIC, "makedumpfile, which reads dumps of this "
                       "format, is not installed");
    }
    return program_run(words, until, why);
}

int kernellog_write(const char *folder, const char *dump, const char *file, struct deadline until,
                    struct err *why)
{
    struct log_input in = {.folder = folder, .dump = dump, .file = file};
    int rc = stage_run("reading the kernel's log", log_stage, NULL, &in, until, why);

    return rc == -ENOTSUP ? by_makedumpfile(&in, until, why) : rc;
}
