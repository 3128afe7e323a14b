# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Puts a built tree into the nodes only, never into the machine: staged with
# DESTDIR, copied into every node that exists, and into those made later.

lab_install() {
    local src=${1:-${GVM_BUILDDIR:-$LAB_TOP}} staging=$LAB_DISK/staging
    [ -e "$src/Makefile" ] || die "install: $src is not built"
    rm -rf "$staging"
    mkdir -p "$staging"
    make -C "$src" install DESTDIR="$staging" >"$LAB_DISK/install.log" 2>&1 ||
        { cat "$LAB_DISK/install.log" >&2; die "make install failed"; }
    # libtool's archives name the build folder and nobody in a node links.
    find "$staging" -name '*.la' -delete
    ! room_running || in_room spread
}

# install_spread: into every node that runs; the others copy it when they boot.
install_spread() {
    local node
    lab_config
    for node in $LAB_NODES; do
        ! node_is_on "$node" || install_pack | in_node "$node" "${INSTALL_UNPACK[@]}"
    done
}

install_pack() { tar -C "$LAB_DISK/staging" -cf - .; }

# Unlinks what it replaces, since a program may be running, and follows the
# root's own links (/lib is one). Has to run with the node's root as its root.
# shellcheck disable=SC2034  # node-init
INSTALL_UNPACK=(tar -C / -xpf - --no-overwrite-dir --keep-directory-symlink)
