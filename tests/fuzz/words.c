/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of text from the node and from a guest's kernel: model/conftext, tcptext, vmcoreinfo,
 * printk's reason, migrateopts.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "fuzz.h"
#include "model/conftext.h"
#include "model/migrateopts.h"
#include "model/printk.h"
#include "model/tcptext.h"
#include "model/vmcoreinfo.h"

static void settings(const char *text)
{
    _cleanup_free_ char *libvirt = conftext_libvirt(text, "auto_dump_path");
    _cleanup_free_ char *shell = conftext_shell(text, "ON_SHUTDOWN");

    FUZZ_HOLDS(!libvirt || strlen(libvirt) <= strlen(text));
    FUZZ_HOLDS(!shell || strlen(shell) <= strlen(text));
    (void) conftext_number(text, "migration_port_min", 0);
}

static void kernel(const char *text)
{
    _cleanup_free_ char *reason = printk_why(text);
    uint64_t number;
    int64_t signed_number;

    FUZZ_HOLDS(!reason || !strchr(reason, '\n'));
    (void) vmcoreinfo_symbol(text, "prb", &number);
    (void) vmcoreinfo_offset(text, "printk_info.seq", &number);
    (void) vmcoreinfo_size(text, "prb_desc", &number);
    (void) vmcoreinfo_number(text, "phys_base", &signed_number);
}

static void options(const char *text)
{
    struct migrate_options o;
    struct err why = {0};

    if (migrateopts_parse(text, &o, &why) == 0) {
        migrateopts_free(&o);
    } else {
        FUZZ_HOLDS(why.text[0] != '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool port[TCP_PORTS];
    _cleanup_free_ char *text = fuzz_text(data, size);

    settings(text);
    kernel(text);
    options(text);
    tcptext_mark_listening(text, port);
    return 0;
}
