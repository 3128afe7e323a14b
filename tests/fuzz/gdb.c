/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a debugger asks of a frozen guest: model/gdbtext. Nothing that writes, or lets it run,
 * passes, however it is put.
 */
#include <string.h>

#include "fuzz.h"
#include "model/gdbtext.h"

/* By the first letter, all of gdb's requests that change something, or carry another's. */
static const char dangerous[] = "ABbCcdFGIijkMPRrSstVvXZz!";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gdb_reader reader = {.size = 0};

    for (size_t i = 0; i < size; i++) {
        if (gdbtext_read(&reader, (char) data[i]) != GDB_READ_REQUEST) {
            continue;
        }
        FUZZ_HOLDS(strlen(reader.request) < GDB_REQUEST_SIZE);
        if (gdbtext_judge(reader.request) == GDB_PASSES) {
            FUZZ_HOLDS(reader.request[0] != '\0' && !strchr(dangerous, reader.request[0]));
            FUZZ_HOLDS(!strchr(reader.request, '$') && !strstr(reader.request, "qRcmd"));
        }
    }
    return 0;
}
