/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parameters: what is kept of a frozen guest, where, and how long.
 */
#include "model/params.h"
#include "model/params_rows.h"

static const struct param_row rows[] = {
    {
        PLACE(dump_format), .type = PARAM_WORD, .fallback = "none", .reloadable = true,
        .words = WORDS(
            WORD("none", DUMP_NONE, "none is made; the memory is there until the release"),
            WORD("elf", DUMP_ELF, "as large as the guest's memory, read by crash and gdb"),
            WORD("kdump-zlib", DUMP_KDUMP_ZLIB, "compressed, read by crash; slow and small"),
            WORD("kdump-lzo", DUMP_KDUMP_LZO, "compressed, read by crash; fast"),
            WORD("kdump-snappy", DUMP_KDUMP_SNAPPY, "compressed, read by crash; fast"),
            WORD("win-dmp", DUMP_WIN_DMP, "a complete memory dump for WinDbg")),
        .brief = "Core dump of a frozen guest's memory",
        .text = "The format of the dump that the node's watch makes of a guest's memory, after it "
                "was frozen and while it already runs elsewhere. Where QEMU or the guest does not "
                "support it, the next best is taken, and noted.",
    },
    {
        PLACE(dump_dir), .type = PARAM_PATH, .fallback = GVM_EVIDENCEDIR, .reloadable = true,
        .brief = "Folder of dumps and other evidence",
        .text = "Where what is kept of a frozen guest is put, as GUEST/TIME/. Must be there on "
                "every node, belong to root, and have no folder above it that others may write "
                "to. Better a file system of its own, not that of the guests' images.",
    },
    {
        PLACE(dump_keep), .type = PARAM_NUMBER, .fallback = "2", .reloadable = true,
        .min = 1, .max = 1000,
        .brief = "How many incidents' evidence is kept of a guest",
        .text = "Of how many incidents of this guest evidence, with its dump, is kept on a node: "
                "older ones are removed when a new one is complete.",
    },
    {
        .name = "dump_min_free", .offset = offsetof(struct params, dump_min_free_mib),
        .type = PARAM_NUMBER, .fallback = "1024", .reloadable = true,
        .min = 0, .max = 1024 * 1024 * 1024,
        .brief = "Space that a dump leaves free, in MiB",
        .text = "A dump is not begun, and one that goes on is ended and removed, where it would "
                "leave less than so many MiB free in dump_dir.",
    },
    {
        PLACE(after_dump), .type = PARAM_WORD, .fallback = "release", .reloadable = true,
        .words = WORDS(
            WORD("release", AFTER_DUMP_RELEASE,
                 "its QEMU is ended, that is proven, and the resource's failures on this node are "
                 "cleaned up, so that it may run here again"),
            WORD("keep", AFTER_DUMP_KEEP, "it stays frozen until somebody releases it")),
        .brief = "What happens to a frozen guest when its dump is complete",
        .text = "What happens to a frozen guest when its memory is safely in its dump. Without "
                "one, or where it failed, the guest stays frozen.",
    },
    {
        .name = "frozen_keep", .offset = offsetof(struct params, frozen_keep_s),
        .type = PARAM_SECONDS, .fallback = "0s", .reloadable = true, .min = 0, .max = 366 * DAY_S,
        .brief = "How long a guest stays frozen",
        .text = "A guest that has been frozen for so long is released, its memory lost, unless "
                "its dump is still being made. 0: it stays until somebody releases it.",
    },
    {
        PLACE(frozen_max), .type = PARAM_NUMBER, .fallback = "4", .reloadable = true,
        .min = 0, .max = 1000,
        .brief = "How many frozen guests a node holds",
        .text = "Where a node comes to hold more frozen guests than this, the oldest is released, "
                "its memory lost: one whose dump is complete first, never one whose dump is still "
                "to be made. 0: any number.",
    },
};

PARAM_GROUP(dump, rows);
