#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The guest's size as the utilization of its resource, in a real cluster's configuration, held
# against what VirtualDomain writes there.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/watching

setup_file() { scenario_up --nodes 2; }
teardown_file() { scenario_down; }

teardown() {
    [ -n "${BATS_TEST_COMPLETED:-}" ] || n1 crm_mon -1rf || true
    based CONT || true
    n1 crm_attribute --name placement-strategy --delete 2>/dev/null || true
    resource_end ${ALL:-$GUEST}
}

# based SIGNAL: to the daemon that has the cluster's configuration.
based() { n1 sh -c 'kill -"$1" $(grep -lsx pacemaker-based /proc/[0-9]*/comm | cut -d/ -f3)' - "$1"; }

# resource PROVIDER:TYPE SCORE [param=value...]: GUEST, which prefers n1 so much.
resource() {
    local agent=$1 score=$2 given
    shift 2
    given=$(for word in "config=$CONFIG" "$@"; do
        echo "<nvpair id='$GUEST-${word%%=*}' name='${word%%=*}' value='${word#*=}'/>"
    done)
    n1 cibadmin --modify --allow-create --xml-text "<configuration><resources>
        <primitive id='$GUEST' class='ocf' provider='${agent%:*}' type='${agent#*:}'>
        <instance_attributes id='$GUEST-given'>$given</instance_attributes><operations>
        <op id='$GUEST-start' name='start' interval='0' timeout='60s'/>
        <op id='$GUEST-stop' name='stop' interval='0' timeout='60s'/>
        <op id='$GUEST-monitor' name='monitor' interval='1s' timeout='40s'/>
        </operations></primitive></resources><constraints>
        <rsc_location id='$GUEST-n1' rsc='$GUEST' node='n1' score='$score'/>
        </constraints></configuration>"
}

# give param=value...: added to its parameters, in one change.
give() {
    n1 cibadmin --modify --scope resources --xml-text \
        "<instance_attributes id='$GUEST-given'>$(for word; do
            echo "<nvpair id='$GUEST-${word%%=*}' name='${word%%=*}' value='${word#*=}'/>"
        done)</instance_attributes>"
}

resource_end() { # NAME...
    for GUEST; do
        n1 cibadmin --delete --xpath "//rsc_location[@rsc='$GUEST']" || true
        n1 cibadmin --delete --xpath "//primitive[@id='$GUEST']" || true
    done
    n1 crm_resource --wait --timeout=30 || true
    for GUEST; do
        for NODE in n1 n2; do guest_end; done
    done
    NODE=n1
}

in_cib() { n1 cibadmin --query --xpath "//primitive[@id='$GUEST']/utilization" 2>/dev/null; }
says() { in_cib | grep -q "name=\"$1\" value=\"$2\""; }
has() { in_cib | grep -q "name=\"$1\""; }
by_hand() { n1 crm_resource --resource "$GUEST" --utilization --set-parameter "$1" --parameter-value "$2"; }
version() { n1 cibadmin --query | xmllint --xpath 'concat(/cib/@epoch, ".", /cib/@num_updates)' -; }
unchanged() {
    [ "$1" = "$(version)" ] || fail "the configuration went from $1 to $(version)"
}
idle() { n1 crm_resource --wait --timeout=30; }

# A monitor beside the one that Pacemaker's waits in: it looks itself.
looks() { act 0 monitor --interval 10000; }

# run_as PROVIDER:TYPE CHECK: the same guest and changes under that agent; what the configuration
# says of it each time, in MINE.
run_as() {
    resource "$1" INFINITY
    wait_for 60 "the utilization" says hv_memory 68
    MINE=$(in_cib)
    by_hand cpu 7
    "$2"
    give autoset_utilization_{cpu,host_memory,hv_memory}=false \
        unset_utilization_{cpu,host_memory}=true
    wait_for 30 "the first unset" not has host_memory
    wait_for 30 "the second unset" not has cpu
    MINE+=$(in_cib)
    give unset_utilization_hv_memory=true
    wait_for 30 "the last unset" not has hv_memory
    MINE+=$(in_cib)
}

# What people complain of: it writes its own value again and again.
is_overwritten() { wait_for 20 "VirtualDomain to overwrite it" says cpu 2; }
is_left() {
    PID=$(oracle pids same)
    for _ in 1 2 3; do looks; done
    says cpu 7
}

@test "set, changed by hand and unset, under VirtualDomain and under GuardedVM" {
    guest same tiny --vcpus 2 --memory 68
    run_as heartbeat:VirtualDomain is_overwritten
    theirs=$MINE
    resource_end same

    run_as virt:GuardedVM is_left
    [ "$MINE" = "$theirs" ] || fail "not as VirtualDomain has it: $MINE $theirs"
    [ "$PID" = "$(oracle pids same)" ] # no restart for it
}

@test "written once for each change of the guest, never else, and never waited for" {
    guest grows tiny --vcpus 3
    sed -i "s|<vcpu>3</vcpu>|<vcpu current='1'>3</vcpu>|" "$SHARED/$GUEST.xml"
    resource virt:GuardedVM INFINITY
    wait_for 60 "the utilization" says cpu 1
    idle
    before=$(version)
    for _ in 1 2 3 4 5; do looks; done
    unchanged "$before"

    virsh setvcpus grows 2 --live
    looks
    says cpu 2
    says host_memory 64
    idle
    before=$(version)
    act 0 monitor # a probe
    looks
    unchanged "$before"

    virsh setvcpus grows 3 --live
    act 0 monitor
    says cpu 2 # probes write nothing
    based STOP
    at=$(now_ms)
    looks
    first=$(($(now_ms) - at))
    at=$(now_ms)
    looks
    second=$(($(now_ms) - at))
    based CONT
    echo "# a cluster that does not answer: $first ms, then $second ms" >&3
    # The first waits for two seconds, on any machine, and the second not at all.
    [ "$first" -lt 10000 ]
    [ $((first - second)) -ge 1000 ]
    record_says '.utilization_failed_mono_us > 0'
}

located() { [ "$(n1 crm_resource --resource "$1" --locate --quiet | wc -l)" = 1 ]; }
where() { n1 crm_resource --resource "$1" --locate --quiet; }
apart() { located first && located second && [ "$(where first)" != "$(where second)" ]; }

@test "guests are placed by it" {
    ALL='first second'
    n1 crm_attribute --node n1 --utilization --name host_memory --update 100
    n1 crm_attribute --node n2 --utilization --name host_memory --update 100
    n1 crm_attribute --name placement-strategy --update utilization
    for name in first second; do
        guest "$name" tiny
        resource virt:GuardedVM 10 autoset_utilization_{cpu,hv_memory}=false
    done
    wait_for 60 "one on each node" apart
    says host_memory 64
}
