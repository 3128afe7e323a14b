#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes ./configure from configure.ac. Needs autoconf, automake and pkg-config
# (Fedora: pkgconf-pkg-config) installed; a release tarball needs none of them.
set -eu
cd "$(dirname "$0")"
for tool in autoreconf automake pkg-config; do
    command -v "$tool" >/dev/null || {
        echo "autogen.sh: '$tool' is missing; install autoconf, automake and pkg-config" \
            "(Fedora: autoconf automake pkgconf-pkg-config)" >&2
        exit 1
    }
done
exec autoreconf --install --force --warnings=all
