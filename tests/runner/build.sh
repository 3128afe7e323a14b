# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds the project outside of its source tree, once: TOP is the tree, OUT where build
# directories are. Shared by tests/run and tests/demo.

# configured NAME ARGS...: a build directory of its own, configured once for the
# same arguments and the same configure.
configured() {
    local dir=$OUT/$1 stamp
    shift
    stamp="$* $(md5sum <"$TOP/configure")"
    [ "$(cat "$dir/stamp.args" 2>/dev/null)" != "$stamp" ] || return 0
    mkdir -p "$dir" && cd "$dir" && "$TOP/configure" --quiet --enable-werror "$@" &&
        echo "$stamp" >stamp.args
}

autogen() {
    cd "$TOP" || return
    if [ -x configure ] && [ configure -nt configure.ac ] && [ configure -nt m4/gvm.m4 ] &&
        [ Makefile.in -nt Makefile.am ] && [ -z "$(find helper tests/unit tests/lint doc \
            -name local.mk -newer Makefile.in)" ]; then
        return 0
    fi
    ./autogen.sh
}

# The lab's nodes see the tree as /usr: that is where packages install.
configure_gcc() { configured gcc CC=gcc --prefix=/usr; }
build_gcc() { make -C "$OUT/gcc" -j2; }
