/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usage: seeds FOLDER: writes those first inputs that would grow old as files, a whole record and a
 * core. FOLDER has a folder for each target.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/model/printk_sample.h"
#include "../unit/model/record_sample.h"
#include "base/cleanup.h"
#include "base/str.h"

/* Of a core: its headers and notes, without the memory. */
enum { CORE_BYTES = SAMPLE_NOTES + 1400 };

static void write_seed(const char *folder, const char *name, const void *bytes, size_t size)
{
    _cleanup_free_ char *path = str_printf("%s/%s", folder, name);
    FILE *file = fopen(path, "w");

    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    struct record *record = full_record();
    _cleanup_free_ char *text = text_of(record);
    struct sample *core = ring_sample();

    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    write_seed(argv[1], "record/full", text, strlen(text));
    write_seed(argv[1], "dump/core", core->bytes, CORE_BYTES);
    sample_free(core);
    record_free(record);
    return 0;
}
