#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The guest's size as the utilization of its resource, in a real cluster's configuration, held
# against what VirtualDomain writes there.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/watching
load ../lib/incluster

setup_file() { scenario_up --nodes 2; }
teardown_file() { scenario_down; }

teardown() {
    based CONT || true
    n1 pcs property set placement-strategy= --force || true
    for GUEST in ${ALL:-$GUEST}; do resource_end; done
}

# based SIGNAL: to the daemon that has the cluster's configuration.
based() { n1 sh -c 'kill -"$1" $(grep -lsx pacemaker-based /proc/[0-9]*/comm | cut -d/ -f3)' - "$1"; }

in_cib() { n1 cibadmin --query --xpath "//primitive[@id='${1:-$GUEST}']/utilization" 2>/dev/null; }
says() { in_cib | grep -q "name=\"$1\" value=\"$2\""; }
has() { in_cib | grep -q "name=\"$1\""; }
version() { n1 cibadmin --query | xmllint --xpath 'concat(/cib/@epoch, ".", /cib/@num_updates)' -; }

# A monitor beside the one that Pacemaker's waits in: it looks itself.
looks() { act 0 monitor --interval 10000; }

# as AGENT: the same guest as a resource of that agent, on n1.
as() {
    n1 pcs resource create "$GUEST" "ocf:$1" "config=$CONFIG" op start timeout=60s \
        op stop timeout=60s op monitor interval=1s timeout=40s
    n1 pcs constraint location "$GUEST" prefers n1=INFINITY
    lab wait-resource "$GUEST" n1 started 60
    wait_for 20 "the utilization" says hv_memory 68
}

@test "set, changed by hand and unset, under VirtualDomain and under GuardedVM" {
    guest same tiny --vcpus 2 --memory 68
    as heartbeat:VirtualDomain
    theirs=$(in_cib)
    n1 pcs resource utilization same cpu=7
    # What people complain of: it writes its own value again and again.
    wait_for 20 "VirtualDomain to overwrite it" says cpu 2
    n1 pcs resource update same autoset_utilization_cpu=false unset_utilization_cpu=true \
        autoset_utilization_hv_memory=false
    wait_for 30 "VirtualDomain to unset it" not has cpu
    theirs_unset=$(in_cib)
    resource_end
    NODE=n1

    as virt:GuardedVM
    [ "$(in_cib)" = "$theirs" ] || fail "not as VirtualDomain has it: $(in_cib) $theirs"
    pid=$(oracle pids same)
    n1 pcs resource utilization same cpu=7
    for _ in 1 2 3; do looks; done
    says cpu 7
    n1 pcs resource update same autoset_utilization_cpu=false unset_utilization_cpu=true \
        autoset_utilization_hv_memory=false
    wait_for 30 "the unset" not has cpu
    [ "$(in_cib)" = "$theirs_unset" ] || fail "not as VirtualDomain has it: $(in_cib)"
    [ "$pid" = "$(oracle pids same)" ] # no restart for it
}

@test "written once for each change of the guest, and never else" {
    guest grows tiny --vcpus 2
    sed -i "s|<vcpu>2</vcpu>|<vcpu current='1'>2</vcpu>|" "$SHARED/$GUEST.xml"
    resource
    says cpu 1
    n1 crm_resource --wait --timeout=30
    before=$(version)
    for _ in 1 2 3 4 5; do looks; done
    [ "$before" = "$(version)" ] || fail "the configuration went from $before to $(version)"
    virsh setvcpus grows 2 --live
    looks
    says cpu 2
    says host_memory 64
    n1 crm_resource --wait --timeout=30
    before=$(version)
    act 0 monitor # a probe
    looks
    [ "$before" = "$(version)" ] || fail "the configuration went from $before to $(version)"
}

@test "a cluster that does not answer costs a moment, and not every time" {
    guest stuck tiny --vcpus 2
    sed -i "s|<vcpu>2</vcpu>|<vcpu current='1'>2</vcpu>|" "$SHARED/$GUEST.xml"
    resource
    virsh setvcpus stuck 2 --live
    based STOP
    at=$(now_ms)
    looks
    first=$(($(now_ms) - at))
    at=$(now_ms)
    looks
    second=$(($(now_ms) - at))
    based CONT
    echo "# $first ms, then $second ms" >&3
    [ "$first" -lt 3500 ] && [ "$second" -lt 1500 ]
    record_says '.utilization_failed_mono_us > 0'
}

@test "guests are placed by it" {
    ALL='first second third'
    n1 pcs node utilization n1 host_memory=100
    n1 pcs node utilization n2 host_memory=100
    n1 pcs property set placement-strategy=utilization
    for name in first second; do
        guest "$name" tiny
        n1 pcs resource create "$name" ocf:virt:GuardedVM "config=$CONFIG" \
            autoset_utilization_cpu=false autoset_utilization_hv_memory=false \
            op start timeout=60s op stop timeout=60s op monitor interval=1s timeout=40s
        n1 pcs constraint location "$name" prefers n1=10
    done
    GUEST=first
    wait_for 60 "one on each node" apart
    says host_memory 64
    guest third tiny
    n1 pcs resource create third ocf:virt:GuardedVM "config=$CONFIG" --disabled
    n1 pcs resource utilization third host_memory=64
    n1 pcs resource enable third
    n1 crm_resource --wait --timeout=30
    dead
    NODE=n2 dead
}

apart() {
    local one two
    one=$(n1 crm_resource -r first --locate --quiet) && two=$(n1 crm_resource -r second --locate --quiet) &&
        [ -n "$one" ] && [ -n "$two" ] && [ "$one" != "$two" ]
}
