/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory and screen of a guest, by libvirt.
 */
#include "sys/virt_dump.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "sys/fileio.h"
#include "sys/stage.h"
#include "sys/virt_internal.h"

/* Larger is no screen. */
enum { SCREEN_MOST = 64 * 1024 * 1024 };
/* libvirt's protocol has no more in one message (REMOTE_DOMAIN_MEMORY_PEEK_BUFFER_MAX is larger in
 * newer ones). */
enum { PEEK_MOST = 64 * 1024 };

static const unsigned formats[DUMP_FORMAT_LAST] = {
    [DUMP_NONE] = VIR_DOMAIN_CORE_DUMP_FORMAT_RAW,
    [DUMP_ELF] = VIR_DOMAIN_CORE_DUMP_FORMAT_RAW, /* memory-only: ELF */
    [DUMP_KDUMP_ZLIB] = VIR_DOMAIN_CORE_DUMP_FORMAT_KDUMP_ZLIB,
    [DUMP_KDUMP_LZO] = VIR_DOMAIN_CORE_DUMP_FORMAT_KDUMP_LZO,
    [DUMP_KDUMP_SNAPPY] = VIR_DOMAIN_CORE_DUMP_FORMAT_KDUMP_SNAPPY,
    [DUMP_WIN_DMP] = VIR_DOMAIN_CORE_DUMP_FORMAT_WIN_DMP,
};

int virt_dump(struct domain *d, const char *path, enum dump_format format, bool bypass,
              struct err *why)
{
    unsigned flags = VIR_DUMP_MEMORY_ONLY | (bypass ? VIR_DUMP_BYPASS_CACHE : 0U);

    stage_at("virDomainCoreDumpWithFormat '%s'", d->name);
    if (virt_library()->virDomainCoreDumpWithFormat(d->dom, path, formats[format], flags) < 0) {
        return virt_fail(why, "virDomainCoreDumpWithFormat", d->name);
    }
    return 0;
}

static int receive(virStreamPtr stream, int fd, const char *name, struct err *why)
{
    char part[64 * 1024];
    int64_t size = 0;
    int n;

    stage_at("virStreamRecv '%s'", name);
    while ((n = virt_library()->virStreamRecv(stream, part, sizeof part)) > 0) {
        int rc = (size += n) > SCREEN_MOST ? -EFBIG : file_write_all(fd, part, (size_t) n);

        if (rc < 0) {
            virt_library()->virStreamAbort(stream);
            return err_set(why, rc, ERR_GENERIC, "the screenshot cannot be written: %s",
                           strerror(-rc));
        }
    }
    if (n < 0 || virt_library()->virStreamFinish(stream) < 0) {
        return virt_fail(why, "virStreamRecv", name);
    }
    return 0;
}

int virt_screenshot(struct virt *v, struct domain *d, int fd, char type[VIRT_TYPE_SIZE],
                    struct err *why)
{
    virStreamPtr stream = virt_library()->virStreamNew(v->conn, 0);
    char *mime;
    int rc;

    if (!stream) {
        return virt_fail(why, "virStreamNew", d->name);
    }
    stage_at("virDomainScreenshot '%s'", d->name);
    mime = virt_library()->virDomainScreenshot(d->dom, stream, 0, 0);
    if (mime) {
        snprintf(type, VIRT_TYPE_SIZE, "%s", mime);
        rc = receive(stream, fd, d->name, why);
    } else {
        rc = virt_fail(why, "virDomainScreenshot", d->name);
    }
    free(mime);
    virt_library()->virStreamFree(stream);
    return rc;
}

int virt_peek(struct domain *d, uint64_t paddr, void *to, size_t size, struct err *why)
{
    char *next = to;

    stage_at("virDomainMemoryPeek '%s'", d->name);
    while (size > 0) {
        size_t part = size < PEEK_MOST ? size : PEEK_MOST;

        if (virt_library()->virDomainMemoryPeek(d->dom, paddr, part, next,
                                                VIR_MEMORY_PHYSICAL) < 0) {
            return virt_fail(why, "virDomainMemoryPeek", d->name);
        }
        next += part;
        paddr += part;
        size -= part;
    }
    return 0;
}
