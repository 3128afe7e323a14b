# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Rules about C. Each prints what breaks it, one offence a line, about the tree
# in the working directory; silence is success. files() and LINT are run's.

c_files() { files '\.[ch]$'; }
product_files() { files '^helper/.*\.[ch]$'; }
stripped() { xargs -r awk -f "$LINT/strip.awk"; }

# What a layer's files may include from helper/.
layer_may_use() {
    case $1 in
    base) echo base ;;
    model) echo 'base|model' ;;
    sys) echo 'base|model|sys' ;;
    guard) echo 'base|model|sys|guard' ;;
    ocf) echo 'base|model|sys|guard|ocf' ;;
    ctl) echo 'base|model|sys|guard|ctl' ;;
    watch) echo 'base|model|sys|guard|watch' ;;
    esac
}

rule_layers() {
    local layer may
    for layer in base model sys guard ocf ctl watch; do
        may=$(layer_may_use "$layer")
        files "^helper/$layer/.*\\.[ch]\$" | stripped | grep -E ':#include "' |
            grep -vE ":#include \"($may)/[a-z_]+\\.h\"" |
            sed "s#\$#  ($layer/ may use: $may, written \"layer/file.h\")#"
    done
    files '^helper/' | grep -vE '^helper/((base|model|sys|guard|ocf|ctl|watch)/[^/]+|(main|wait)\.c)$' |
        sed 's|$|: belongs to no layer|'
}

rule_libvirt() {
    product_files | stripped | grep -E ':#include <libvirt/' |
        grep -vE '^helper/(sys/virt[a-z_]*\.[ch]:|model/[a-z_]+\.[ch]:[0-9]+:#include <libvirt/libvirt\.h>)'
    product_files | grep -vE '^helper/sys/virt[a-z_]*\.c$' | stripped |
        grep -E '\bvir[A-Z][A-Za-z0-9]*[[:space:]]*\('
}

# Files, processes and sockets are reached through sys/ only; base/ has the clock.
rule_outside() {
    local headers='sys/(socket|stat|wait|mman|un|syscall|file|pidfd|signalfd|prctl|ioctl|xattr)'
    headers="<($headers|fcntl|dirent|poll|spawn|net/.*|netinet/.*|arpa/.*|linux/.*)\\.h>"
    files '^helper/(model|guard|ocf|ctl|watch)/.*\.[ch]$' | stripped | grep -E ":#include $headers"
    files '^helper/(model|guard|ocf|ctl|watch)/.*\.[ch]$' | stripped |
        grep -E '\b(open|openat|fopen|fork|vfork|exec[vl][pe]*|posix_spawnp?|socket|kill|unlink|rename|stat|syscall|sleep|usleep|pthread_[a-z_]*)[[:space:]]*\('
    files '^helper/.*\.[ch]$' | stripped | grep -E '\bpthread_[a-z_]*[[:space:]]*\('
}

rule_banned_calls() {
    local overrun='strcpy|strcat|sprintf|vsprintf|gets|alloca|tmpnam|tempnam|mktemp'
    c_files | stripped | grep -E "\\b($overrun)[[:space:]]*\\("
    product_files | stripped | grep -E '\b(system|popen|strtok|atoi|atol)[[:space:]]*\('
}

rule_functions() {
    c_files | xargs -r awk -f "$LINT/functions.awk" |
        awk '$1 > 60 { print $2 ": function " $3 " has " $1 " lines; 60 are the limit" }'
}

note_functions() {
    product_files | xargs -r awk -f "$LINT/functions.awk" | sort -n | awk '
        { n[NR] = $1 }
        END { if (NR) printf "%d functions, median %d lines, 90%% within %d, longest %d\n",
                  NR, n[int((NR + 1) / 2)], n[int(NR * 0.9 + 0.5)], n[NR] }'
}

rule_enum_default() {
    local constants
    constants=$(mktemp) || return
    product_files | grep '\.h$' | stripped | cut -d: -f3- | tr '\n' ' ' |
        grep -oE 'enum [a-z_]* *\{[^}]*\}' | grep -oE '\b[A-Z][A-Z0-9_]+\b' >"$constants"
    product_files | grep '\.c$' | xargs -r awk -v constants="$constants" -f "$LINT/enums.awk"
    rm -f "$constants"
}

# A source that no Makefile fragment names is not built, and of helper/ not in the tarball, either.
# A test's program stands for its source of that name.
rule_fragments() {
    local folder kind
    for folder in $(files '^(helper|tests/unit)/[a-z]+/[^/]*\.[ch]$' | xargs -rn 1 dirname | sort -u); do
        case $folder in helper/*) kind='[ch]' ;; *) kind=c ;; esac
        diff <(files "^$folder/[^/]*\\.$kind\$" | sort -u) \
            <(sed -E "s|($folder/[a-z0-9_]+_test)( .)?\$|\1.c|" "$folder/local.mk" |
                grep -oE "\\b$folder/[a-z0-9_-]+\\.$kind\\b" | sort -u) |
            sed -n "s|^< \(.*\)|\1: not in $folder/local.mk|p
                    s|^> \(.*\)|$folder/local.mk: names \1, which is not there|p"
    done
}
