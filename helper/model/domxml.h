/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The domain XML, through libxml2 on a buffer: no network, no external entity,
 * no DTD, bounded size. Reads what the guest is made of; writes the XML that
 * libvirt gets. Never touches a file.
 */
#ifndef GVM_MODEL_DOMXML_H
#define GVM_MODEL_DOMXML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/params.h"

enum { DOMXML_MAX_BYTES = 4 * 1024 * 1024 };

struct domxml_disk {
    char *target;  /* vda */
    char *bus;     /* virtio, scsi, sata, ide, usb, fdc */
    char *device;  /* disk, cdrom, floppy, lun */
    char *source;  /* path of file, dev or volume; URI-like words for network; NULL: empty drive */
    char *alias;   /* only in live XML */
    char *backing_format; /* as <backingStore> says; NULL: it does not */
    bool network;
    bool readonly;
};

struct domxml_nic {
    char *type;   /* network, bridge, ethernet, direct, user, vhostuser, vdpa, hostdev */
    char *mac;
    char *tap;    /* <target dev>; only in live XML */
    char *alias;
};

/* A device whose effects on the outside cannot be cut while memory is kept. */
struct domxml_hazard {
    char *device; /* "hostdev pci", "filesystem virtiofs /srv", ... */
    char *why;    /* "its DMA goes on while the vCPUs are stopped", ... */
};

struct domxml {
    char *name;
    char *uuid;   /* lower case; NULL: the XML has none */
    uint64_t memory_kib;
    char *nvram;  /* path of the writable pflash; NULL: none */
    bool has_panic_device;
    bool io_uring; /* a disk asks for it, and does not get it: domxml_effective */
    char *watchdog_action; /* NULL: no watchdog */
    char *console_log; /* file that the first console's output goes to; NULL: to none */
    size_t disk_count;
    struct domxml_disk *disk;
    size_t nic_count;
    struct domxml_nic *nic;
    size_t hazard_count;
    struct domxml_hazard *hazard;
    /* Of libvirt, each once: the storage pools whose volumes are its disks, the networks that
     * its interfaces and screens are on. */
    size_t pool_count;
    char **pool;
    size_t network_count;
    char **network;
    size_t fenceable_count;
    char **fenceable; /* disks, interfaces and NVRAM that can be cut: "disk file vda" */
};

/*
 * Parses `size` bytes of domain XML. Errors name what is wrong (root element,
 * empty name, an entity, size, a line number) but not the file: the caller
 * prefixes it. Names that libvirt would refuse or that cannot be handled safely
 * ('/', newline, leading or trailing space, empty) are refused here.
 */
int domxml_parse(const char *text, size_t size, struct domxml **ret, struct err *why);
void domxml_free(struct domxml *d);
void domxml_cleanup(struct domxml **d);
#define _cleanup_domxml_ __attribute__((cleanup(domxml_cleanup)))

/*
 * The XML that libvirt gets: on_crash=preserve, no io_uring (its writes can outlive
 * QEMU), the watchdog and panic device as the parameters say; all else, also foreign
 * namespaces, is left as it is.
 * Sets *ret_xml (caller frees).
 */
int domxml_effective(const char *text, size_t size, const struct params *p, char **ret_xml,
                     struct err *why);

/*
 * The other way: `running` is the inactive XML of a guest that was created so from the `config`;
 * what domxml_effective changed, and the CPU that libvirt made of the config's, are the config's
 * again. -EINVAL where the outcome is no domain of `name` and `uuid`. Sets *ret_xml (caller frees).
 */
struct domxml_saving {
    const char *config;
    size_t config_size;
    const char *name, *uuid;
    const struct params *params;
};
int domxml_to_save(const char *running, const struct domxml_saving *s, char **ret_xml,
                   struct err *why);

/* `xml` with this <uuid>, where it has none. Sets *ret_xml (caller frees). */
int domxml_with_uuid(const char *xml, const char *uuid, char **ret_xml, struct err *why);

#endif
