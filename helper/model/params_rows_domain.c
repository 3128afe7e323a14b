/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parameters: what is done around the guest's config: what a start brings up or makes beside
 * the guest, and what is written back.
 */
#include "model/params.h"
#include "model/params_rows.h"

static const struct param_row rows[] = {
    {
        PLACE(start_resources), .type = PARAM_BOOL, .fallback = "false", .reloadable = true,
        .brief = "Start the storage pools and networks that the guest uses",
        .text = "Before a start, and on the target before a live migration, the libvirt storage "
                "pools and networks that the domain XML names are started where they are "
                "inactive; pools that are active are refreshed. They have to be defined on each "
                "node. None is ever stopped.",
    },
    {
        PLACE(backingfile), .type = PARAM_PATH, .optional = true,
        .brief = "Image that the guest's disk is an overlay of",
        .text = "Absolute path of a disk image that is never written. A start makes an overlay "
                "over it (qcow2), where that is not there yet, beside the config and with its "
                "name: config=/srv/vm.xml has /srv/vm.qcow2. The domain XML has to name the "
                "overlay as a disk. Of a config with several dots in its path the overlay is the "
                "one of these that the domain XML names: the path up to the first dot (as "
                "VirtualDomain has it), the file's name up to its first dot, up to its last. The "
                "folder of the overlay, and all above it, must be writable by root alone. The "
                "image's format is what <backingStore> of that disk says, else what the file's "
                "name ends with (.raw, .qcow2), else raw or qcow2 by its header, but qcow2 only "
                "where it refers to no other file.",
    },
    {
        PLACE(stateless), .type = PARAM_BOOL, .fallback = "false", .reloadable = true,
        .brief = "Make the guest's disk anew at each start",
        .text = "With backingfile: each start makes the overlay anew, so that the guest begins "
                "again from the backing file. Only a file that is such an overlay over backingfile "
                "is replaced, and none that a QEMU has open: else the start fails and says so. "
                "The new one has the old one's owner and mode. What the guest wrote since its last "
                "start is lost, as is meant.",
    },
    {
        PLACE(copyindirs), .type = PARAM_PATHS, .optional = true, .reloadable = true,
        .brief = "Directories that are copied into a new overlay",
        .text = "Absolute paths of files and directories of the node, separated by blanks, that "
                "virt-copy-in (libguestfs) copies into / of the guest's file system whenever a "
                "start makes the overlay over backingfile. It takes a while: set the start's "
                "timeout accordingly. Without backingfile it has no effect.",
    },
    {
        PLACE(save_config_on_stop), .type = PARAM_BOOL, .fallback = "false", .reloadable = true,
        .brief = "Write a running guest's changes back to its config file",
        .text = "What is changed of a running guest (disks attached, snapshots taken, memory "
                "set) is lost when it stops, unless this is set: then its XML replaces the "
                "config file, whole or not at all, owner and mode kept, when the guest is "
                "stopped (or frozen), and by each monitor that the watch does not answer. "
                "Only where something was changed since the start, or where this node did not "
                "see the start (a migration), and never over a file that somebody edited "
                "since. A link is followed; the folder of the file, and all above it, must be "
                "writable by root alone. What the agent changes in the XML at a start stays "
                "out of the file, as does the CPU that libvirt made of host-model. A guest "
                "that is also defined in libvirt is not saved: its definition is the user's. "
                "A failure is logged, and fails nothing.",
    },
    {
        PLACE(sync_config_on_stop), .type = PARAM_BOOL, .fallback = "false", .reloadable = true,
        .brief = "Copy a saved config to the other nodes",
        .text = "Sets save_config_on_stop, and runs \"csync2 -x\" on the config file whenever it "
                "was written. csync2 must be installed and set up for the file. A failure is "
                "logged, and fails nothing.",
    },
};

PARAM_GROUP(domain, rows);
