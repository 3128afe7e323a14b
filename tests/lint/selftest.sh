# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The rules' own tests: each rule must be silent about a clean little tree and
# speak up about the same tree with one broken thing in it.

put() { # file, text on standard input
    mkdir -p "$(dirname "$1")"
    cat >"$1"
}

clean_tree() {
    local layer
    for layer in base model sys guard ocf ctl; do
        put "helper/$layer/a.h" <<'END'
/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Owns nothing: a sample. strcpy( and default: in a comment are no offence. */
enum sample { SAMPLE_ONE, SAMPLE_TWO };
END
        echo "libguardedvm_a_SOURCES += helper/$layer/a.h helper/$layer/a.c" |
            cat <(echo '# SPDX-License-Identifier: GPL-2.0-or-later') - |
            put "helper/$layer/local.mk"
        put "helper/$layer/a.c" <<END
/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Owns nothing: a sample. */
#include "base/a.h"
#include "$layer/a.h"

int a_$layer(enum sample s, int other)
{
    const char *text = "system(1) and a /* that opens no comment";
    switch (s) {
    case SAMPLE_ONE:
        return 1;
    case SAMPLE_TWO:
        return 2;
    }
    switch (other) {
    default:
        return text[0];
    }
}
END
    done
    put agents/A.in <<'END'
#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
exec '@GUARDEDVM_HELPER@' ocf "$@"
END
    echo 'See `tests/a` and `base/a.h`, `tests/unit/LAYER/x`.' | put README.md
    put tests/a <<'END'
#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
sleep 0.1
END
}

# One break per rule, as small as it can be.
# shellcheck disable=SC2016  # the samples' own text
break_tree() {
    case $1 in
    layers) echo '#include "ctl/a.h"' >>helper/ocf/a.c ;;
    libvirt) echo 'void *v = virConnectOpen(0);' >>helper/guard/a.c ;;
    outside) echo 'int f(void) { return open("/x", 0); }' >>helper/model/a.c ;;
    banned_calls) echo 'void g(char *x) { strcpy(x, "y"); }' >>helper/sys/a.c ;;
    functions)
        { printf 'int long_one(void)\n{\n'; yes '    ;' | head -n 61; echo '}'; } >>helper/sys/a.c ;;
    enum_default) sed -i 's/    case SAMPLE_TWO:/    default:/' helper/model/a.c ;;
    fragments) cp helper/sys/a.c helper/sys/b.c ;;
    spdx) sed -i 1d helper/sys/a.h ;;
    file_head) sed -i 2d helper/sys/a.c ;;
    size) yes '/* */' | head -n 300 >>helper/sys/a.h ;;
    whitespace) echo 'int x; ' >>helper/sys/a.c ;;
    shellcheck) echo 'rm -rf $(cat x)/*; cd $y' >>tests/a ;;
    agents) echo 'if [[ $1 == x ]]; then :; fi' >>agents/A.in ;;
    kill_by_name) echo 'pkill qemu' >>tests/a ;;
    papers) echo 'See `guard/gone.c`.' >>README.md ;;
    dangling) echo '/* FACTS 6 */' >>helper/sys/a.h ;;
    long_sleep) echo 'sleep 30' >>tests/a ;;
    esac
}

# Each in its own tree, which is listed anew each time.
selftest() { # rule
    # shellcheck disable=SC2034  # files() of run
    local tree said TREE=
    tree=$(mktemp -d) || return
    said=$(cd "$tree" && clean_tree && "rule_$1" 2>&1)
    if [ -n "$said" ]; then
        echo "$said"
        verdict fail "lint's own test: '$1' is silent about a clean tree"
    elif (cd "$tree" && { break_tree "$1"; [ -n "$("rule_$1")" ]; }); then
        verdict pass "lint's own test: '$1' finds what is broken"
    else
        verdict fail "lint's own test: '$1' finds what is broken"
    fi
    rm -rf "$tree"
}
