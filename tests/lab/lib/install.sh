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

# install_spread: from the staging area into every node, on or off.
install_spread() {
    local node pid
    lab_config
    for node in $LAB_NODES; do
        if pid=$(node_pid "$node"); then
            install_copy "/proc/$pid/root"
        elif [ -e "$LAB_RUN/fs/$node/made" ]; then
            install_copy "$LAB_RUN/fs/$node/upper"
        fi
    done
}

# New files are renamed into place: a running program must not be overwritten.
install_copy() {
    cp -a --remove-destination "$LAB_DISK/staging/." "$1/"
}
