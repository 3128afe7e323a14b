#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Bad parameters and bad files: one reason each, that names what is wrong, and the right code:
# 6 where it is wrong everywhere, 5 where it is wrong on this node. validate-all level 0 and
# reload-agent need neither root nor libvirt.
set -uo pipefail
. "${GVM_SRCDIR:?}/tests/agent/lib.sh"

GOOD=$SCRATCH/good.xml
echo "<domain type='kvm'><name>good</name><memory>65536</memory></domain>" >"$GOOD"

# refused CODE REGEX NAME=VALUE...
refused() {
    local code=$1 regex=$2 action
    shift 2
    ENVIRONMENT=("${@/#/OCF_RESKEY_}")
    for action in validate-all reload-agent; do
        run "$AGENT" "$action"
        expect "$action with '$*'" "$code" "^ocf-exit-reason:.*($regex)"
        [ "$(reasons)" = 1 ] || bad "$action with '$*': $(reasons) reasons"
    done
}

# file CODE REGEX: config's text comes on standard input
file() {
    cat >"$SCRATCH/bad.xml"
    refused "$1" "$2" "config=$SCRATCH/bad.xml"
}

ENVIRONMENT=("OCF_RESKEY_config=$GOOD")
run "$AGENT" validate-all
expect "a good config" 0 '^$'
run "$AGENT" reload-agent
expect "a good config, reloaded" 0 '^$'

echo "<domain type='kvm'><name>odd</name><devices><shmem name='s'/></devices></domain>" \
    >"$SCRATCH/odd.xml"
ENVIRONMENT=("OCF_RESKEY_config=$SCRATCH/odd.xml")
run "$AGENT" validate-all
expect "a guest that cannot be frozen: allowed, and said to who asks" 0 "guest 'odd'.*shmem"

refused 6 'config'
refused 6 'config' config=
refused 6 'config.*absolute' config=good.xml
refused 6 'config.*absolute' config=../good.xml
for row in crash_policy=frezze frozen_start=maybe watchdog=bark panic_device=yes on_watchdog=bite \
    on_io_error=pray on_pause=7 on_pmsuspend=snore force_stop=perhaps 'stop_sequence=explode' \
    'stop_sequence=shutdown:-5 destroy' 'stop_sequence=shutdown:x' \
    io_error_grace=-1 io_error_grace=1.5 io_error_grace=ten io_error_grace=99999999999999999999 \
    'io_error_grace=1;reboot' hypervisor=test:///default hypervisor=qemu+ssh://far/system; do
    refused 6 "${row%%=*}.*" "config=$GOOD" "$row"
done
refused 6 'crash_policy.*frezze.*freeze.*destroy' "config=$GOOD" crash_policy=frezze

refused 6 'backingfile.*absolute' "config=$GOOD" backingfile=base.img
refused 6 'copyindirs.*absolute' "config=$GOOD" 'copyindirs=/a b'
refused 6 'stateless.*backingfile' "config=$GOOD" stateless=true
refused 2 'backingfile.*good.qcow2.* as a disk' "config=$GOOD" backingfile=/base.img
refused 6 'stateless.*snapshot' "config=$GOOD" backingfile=/b snapshot=/srv stateless=true
refused 6 'snapshot and force_stop' "config=$GOOD" snapshot=/srv force_stop=1
refused 6 'needs the parameter snapshot' "config=$GOOD" 'stop_sequence=save destroy'
refused 6 'needs the parameter snapshot' "config=$GOOD" 'host_stop_sequence=save destroy'
refused 6 'shutdown_mode.*agent,acpi' "config=$GOOD" shutdown_mode=signal

refused 5 'nowhere.xml.*No such file' "config=$SCRATCH/nowhere.xml"
refused 5 'regular file' "config=$SCRATCH"
refused 5 'regular file' config=/dev/zero
mkfifo "$SCRATCH/pipe"
refused 5 'regular file' "config=$SCRATCH/pipe"
truncate -s 8M "$SCRATCH/large"
refused 5 'larger' "config=$SCRATCH/large"

file 5 'bad.xml' </dev/null
file 5 'bad.xml' <<<'this is not XML'
file 5 'network' <<<'<network><name>x</name></network>'
file 5 'name' <<<"<domain type='kvm'><memory>1</memory></domain>"
file 5 'name' <<<"<domain type='kvm'><name></name></domain>"
file 5 'name' <<<"<domain type='kvm'><name>a/b</name></domain>"
file 5 'name' <<<"<domain type='kvm'><name>..</name></domain>"
file 5 'name' <<<"<domain type='kvm'><name>a&#10;ocf-exit-reason:forged</name></domain>"
file 5 'DTD|entit|DOCTYPE' <<'XML'
<!DOCTYPE domain [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<domain type='kvm'><name>&x;</name></domain>
XML
grep -q root: <<<"$OUT$ERR" && bad "an entity read a file"
file 5 'DTD|entit|DOCTYPE' <<'XML'
<!DOCTYPE domain [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>
<domain type='kvm'><name>&d;&d;&d;</name></domain>
XML

# Odd and legal: one line, a comment with a name in it, foreign namespaces, quotes, UTF-8.
for name in "my guest" "it's" 'größe-日本' "\$(reboot)" '%n%s' '--help' '.hidden'; do
    printf "<!-- <name>x</name> --><domain type='kvm' xmlns:a='urn:a'><a:name>y</a:name><name>%s</name><memory>1024</memory></domain>" \
        "$name" >"$SCRATCH/odd.xml"
    ENVIRONMENT=("OCF_RESKEY_config=$SCRATCH/odd.xml")
    run "$AGENT" validate-all
    expect "the name '$name'" 0 '^$'
done

# As Pacemaker 2.1.5 calls an instance of a clone: two of them would share one guest's disks.
ENVIRONMENT=("OCF_RESKEY_config=$GOOD" OCF_RESKEY_CRM_meta_clone=0 OCF_RESKEY_CRM_meta_clone_max=2)
run "$AGENT" validate-all
expect "a clone" 6 '^ocf-exit-reason:.*clone'
run "$AGENT" reload-agent
expect "a clone that runs already, reloaded" 0 '^$'

# What a freeze cannot cut is allowed, since the administrator may have no other hardware; the
# level that looks at the node asks for libvirt, which answers no such address.
ENVIRONMENT=("OCF_RESKEY_config=$GOOD" OCF_CHECK_LEVEL=10
    "OCF_RESKEY_hypervisor=qemu:///system?socket=$SCRATCH/no-libvirt" OCF_RESKEY_CRM_meta_timeout=2000)
run "$AGENT" validate-all
expect "level 10 without libvirt" 5 'libvirt'
finish
