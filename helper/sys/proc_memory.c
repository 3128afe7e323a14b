/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The node's memory.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/proc.h"
#include "sys/procfile.h"

int proc_memory_available(uint64_t *ret_kib)
{
    static const char key[] = "MemAvailable:";
    _cleanup_free_ char *path = procfile_path("meminfo");
    _cleanup_free_ char *text = NULL;
    int rc = procfile_read(path, &text, NULL);
    const char *line = rc == 0 ? strstr(text, key) : NULL;

    if (!line) {
        return rc < 0 ? rc : -ENODATA;
    }
    line += strlen(key);
    *ret_kib = strtoull(line + strspn(line, " \t"), NULL, 10);
    return 0;
}
