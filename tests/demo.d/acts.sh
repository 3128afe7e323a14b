# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The demo's acts, in their order. Commands are an administrator's; what is promised is judged from
# outside (tests/lib/oracle, the disk's bytes, the wire), not by what the product says of itself.
#
# WIRE            what is captured on the guests' segment
# OLD, NEW        the nodes: where the guest crashed, where it went
# OLD_BOOT, NEW_BOOT, OLD_LAST   boot ids in the guest's records; the last number of the old one
# T0              the crash, ms since 1970

oracle_on() { on "$1" "$TOP/tests/lib/oracle" "${@:2}"; }
console_on() { on "$1" "$TOP/tests/guest/console" "$GUEST" "${@:2}"; }

disk_says() { sequence_file | sed -n "s/^$1=//p"; }
sequence_file() { "$TOP/tests/guest/seqread" "$SHARED/$GUEST.img" "$@"; }
disk_above() { [ "$(disk_says last)" -gt "$1" ]; }
disk_boot_is_not() { local boot; boot=$(disk_says boot) && [ -n "$boot" ] && [ "$boot" != "$1" ]; }
disk_clean() { sequence_file >/dev/null; }

located() { on n1 crm_resource -r vm --locate --quiet 2>/dev/null; }
is_located() { [ -n "$(located)" ]; }
other() { if [ "$1" = n1 ]; then echo n2; else echo n1; fi; }
# said REGEX: in the last command's answer.
said() { grep -Eq -- "$1" <<<"$ANSWER"; }
# tells FILTER VERB...: what guardedvm says on the old node, for programs.
tells() { on "$OLD" guardedvm "${@:2}" --output-as=json </dev/null | jq -e "$1" >/dev/null; }
FROZEN_NOW='[.guests[] | select(.name == "vm" and .state == "frozen" and ."proven-now")]
    | length == 1'
worked() { [ "$RC" = 0 ]; }
# A question to the oracle answered by no (1), not one that could not be asked.
nothing() {
    local rc=0
    "$@" || rc=$?
    [ "$rc" = 1 ]
}
some() { "$@" >/dev/null; }
equal() { [ "$1" = "$2" ]; }
at_most() { [ "$1" -le "$2" ]; }

# frames BOOT [FROM_MS]: how many of a boot's frames were on the guests' segment (since then).
# The id is in the frame from byte 22 on, in the processor's order (tests/guest/frame.h).
frames() {
    local b=$1
    tcpdump -tt -nn -r "$WIRE" "ether proto 0x88b5 and
        ether[22:4] = 0x${b:14:2}${b:12:2}${b:10:2}${b:8:2} and
        ether[26:4] = 0x${b:6:2}${b:4:2}${b:2:2}${b:0:2}" 2>/dev/null |
        awk -v from="${2:-0}" '$1 * 1000 >= from { n++ } END { print n + 0 }'
}
all_frames() { tcpdump -nn -r "$WIRE" "ether proto 0x88b5" 2>/dev/null | wc -l; }
has_sent() { [ "$(frames "$1")" -gt "${2:-0}" ]; }

# What a node's guests have sent towards the switch, whatever it was.
sent_by_node() { on "$1" cat /sys/class/net/eth1/statistics/tx_packets; }

# Numbers on the disk that no one but these boots wrote: any other is a stranger's.
strangers() { # BOOT...
    sequence_file --records | awk -v known="$*" '/^record / { sub(/.*boot=/, ""); sub(/ .*/, "")
        if (!index(known, $0)) n++ } END { print n + 0 }'
}

# Every descriptor of the crashed guest's QEMU but sockets and what is in the kernel only.
show_files() {
    on "$OLD" find "/proc/$OLD_PID/fd" -type l -printf '%p -> %l\n' |
        grep -vE '(socket|pipe|anon_inode):' | sort -V | sed 's/^/           /'
}

act_resource() {
    WIRE=$TMP/wire.pcap
    heading "A Linux guest under the cluster's control"
    guest vm linux --append "write net panic=1"
    say "the guest writes numbers to its disk (8 MiB, shared), sends frames (panic=1: would reboot)"
    run n1 pcs resource defaults update resource-stickiness=1
    run n1 pcs resource create vm ocf:virt:GuardedVM "config=$CONFIG" \
        op monitor interval=1s timeout=30s meta migration-threshold=1
    worked || fail "pcs creates the resource"
    wait_for 60 "a node chosen for vm" is_located
    OLD=$(located) NEW=$(other "$(located)")
    lab wait-resource vm "$OLD" started 60
    say "vm is started on $OLD; now the guest itself boots"
    wait_for 180 "the guest's first numbers on the disk" disk_above 20
    lab capture start "$WIRE"
    OLD_BOOT=$(disk_says boot)
    wait_for 30 "the guest's frames on the wire" has_sent "$OLD_BOOT"
    say "it runs: boot $OLD_BOOT wrote number $(disk_says last), frames are on the wire"
    OLD_PID=$(oracle_on "$OLD" pids "$GUEST")
    OLD_RSS=$(oracle_on "$OLD" resident "$GUEST")
    say "its QEMU on $OLD: process $OLD_PID, $((OLD_RSS / 1024)) MiB resident, its open files:"
    show_files
    # What is asked again after the crash is asked here, so that the answers are known to differ.
    promise "it holds its disk" some oracle_on "$OLD" holds "$GUEST" "$IMAGE"
    promise "it can write to files" some oracle_on "$OLD" writes "$GUEST"
    promise "a tap of it is up" some oracle_on "$OLD" taps "$GUEST" up
}

act_crash() {
    heading "The guest panics"
    listen "$OLD"
    listen "$NEW"
    CRASH_TYPED_MS=$(now_ms)
    say "sysrq-c at the guest's console on $OLD"
    console_on "$OLD" panic >/dev/null || fail "the guest takes the command to panic"
    wait_for 60 "vm on $NEW" is_on "$NEW"
    lab wait-resource vm "$NEW" started 60
    say "Pacemaker says: started on $NEW"
    wait_for 10 "libvirt's events on $OLD" event_ms "$OLD" "Crashed Panicked" "$CRASH_TYPED_MS"
    wait_for 10 "libvirt's events on $NEW" event_ms "$NEW" "Resumed Unpaused" "$CRASH_TYPED_MS"
    OLD_LAST=$(old_last)
}

is_on() { [ "$(located)" = "$1" ]; }
old_last() {
    sequence_file --records | sed -n "s/^record .*seq=\([0-9]*\) .*boot=$OLD_BOOT .*/\1/p" |
        sort -n | tail -n 1
}

act_timeline() {
    local from=$CRASH_TYPED_MS seen started running
    heading "What happened, in ms since the crash"
    T0=$(event_ms "$OLD" "Crashed Panicked" "$from")
    on "$OLD" guardedvm show vm --output-as=json >"$TMP/record.json"
    [ "$(record .guest.state)" = frozen ] ||
        fail "the guest is frozen on $OLD (guardedvm show says: $(record .guest.state))"
    PROVEN_MS=$(on "$OLD" date -d "$(record .guest.frozen)" +%s%3N)
    started=$(event_ms "$NEW" "Started Booted" "$T0")
    running=$(event_ms "$NEW" "Resumed Unpaused" "$T0")
    seen=$(pacemaker_ms "$OLD" "Result of monitor operation for vm .*: error" "$from")
    # Pacemaker may hear before this listener has printed the event.
    row "$from" "$OLD" "panic typed at the guest's console"
    row "$T0" "$OLD" "CRASH: libvirt's event 'Crashed Panicked'"
    row "$seen" "$OLD" "Pacemaker sees the monitor fail"
    row_of "$OLD" "Pacemaker runs the agent's stop" \
        pacemaker_ms "$OLD" "executing - rsc:vm action:stop" "$from"
    row_of "$OLD" "vCPUs stopped, requests drained (record)" step_end_ms "vCPUs stopped and drained"
    row_of "$OLD" "network cut (record)" step_end_ms "network cut"
    row_of "$OLD" "FROZEN: disks swapped away, all closed (record)" \
        step_end_ms "block nodes deleted"
    row "$PROVEN_MS" "$OLD" "PROVEN: it holds nothing and is cut off (record)"
    row_of "$OLD" "Pacemaker hears: stopped" \
        pacemaker_ms "$OLD" "Result of stop operation for vm .*: ok" "$T0"
    row "$started" "$NEW" "QEMU started, disk opened: libvirt's event 'Started Booted'"
    row "$running" "$NEW" "RUNNING: vCPUs run, libvirt's event 'Resumed Unpaused'"
    print_rows
    promise "the proof was complete $((started - PROVEN_MS)) ms before $NEW started the guest" \
        at_most "$PROVEN_MS" "$started"
    promise "away for $((running - T0)) ms, $((seen - T0)) of them until a monitor saw the crash" \
        at_most $((running - T0)) 15000
    run "$NEW" crm_mon -1
    promise "crm_mon names the reason" \
        said "vm .*monitor on $OLD returned 'error' \(guest panicked: the guest crashed"
}

act_old_node() {
    local rss
    heading "The old node: what became of the crashed guest"
    run "$OLD" guardedvm list
    promise "guardedvm calls it frozen, and proved it now" tells "$FROZEN_NOW" list
    run "$OLD" guardedvm show vm
    promise "the same process $OLD_PID is alive" \
        equal "$(oracle_on "$OLD" pids "$GUEST")" "$OLD_PID"
    rss=$(oracle_on "$OLD" resident "$GUEST")
    promise "with its memory: $((rss / 1024)) MiB resident ($((OLD_RSS / 1024)) before the crash)" \
        at_most $((OLD_RSS * 9 / 10)) "$rss"
    say "the files that it has open:"
    show_files
    promise "no descriptor, lock or mapping of $IMAGE" \
        nothing oracle_on "$OLD" holds "$GUEST" "$IMAGE"
    promise "nothing else open that it could write to" nothing oracle_on "$OLD" writes "$GUEST"
    promise "no tap of it is up" nothing oracle_on "$OLD" taps "$GUEST" up
}

act_new_guest() {
    heading "The new guest on $NEW has the disk to itself"
    say "it boots ..."
    wait_for 180 "the new guest's first numbers" disk_boot_is_not "$OLD_BOOT"
    NEW_BOOT=$(disk_says boot)
    wait_for 30 "more of its numbers" disk_above $((OLD_LAST + 20))
    wait_for 30 "its frames on the wire" has_sent "$NEW_BOOT"
    say "boot $NEW_BOOT writes on where $OLD_BOOT ended, $(($(now_ms) - T0)) ms after the crash"
    promise "its first number is $(disk_says first), the old guest's last $OLD_LAST: none is lost" \
        equal "$(disk_says first)" $((OLD_LAST + 1))
    promise "one writer at a time, no gap (tests/guest/seqread)" disk_clean
    promise "no frame of the old guest since the crash; $(frames "$OLD_BOOT") before" \
        equal "$(frames "$OLD_BOOT" $((T0 + 1)))" 0
}

act_resume() {
    local sent before third theirs
    heading "Somebody resumes the old guest on $OLD"
    before=$(disk_says last) sent=$(sent_by_node "$OLD")
    run "$OLD" virsh resume vm
    worked || fail "libvirt lets a frozen guest be resumed"
    say "its kernel goes on from the panic, and reboots (panic=1) ..."
    wait_for 180 "the resumed guest's console" rebooted
    third=$(console_on "$OLD" cat /proc/sys/kernel/random/boot_id | tr -d '\r-' | sed -n 1p)
    third=${third:0:16}
    wait_for 30 "the resumed guest's writer" zombie_wrote
    say "it runs again, as boot $third; at its console it says:"
    console_on "$OLD" status | sed 's/^/           /'
    say "it believes to have written $(zombie_writes) times to its disk. Seen from outside:"
    promise "meanwhile boot $NEW_BOOT wrote numbers $before to $(disk_says last)" \
        disk_above "$before"
    promise "nobody else wrote a number since the crash" \
        equal "$(strangers "$OLD_BOOT" "$NEW_BOOT")" 0
    promise "the last number of boot $OLD_BOOT is still at most $OLD_LAST, the chain is clean" \
        nothing_late
    promise "$OLD sent no packet from any guest (counter of its port: $sent)" \
        equal "$(sent_by_node "$OLD")" "$sent"
    # Counted in a copy: the new guest goes on sending.
    cp "$WIRE" "$TMP/copy.pcap" && WIRE=$TMP/copy.pcap
    theirs=$(($(frames "$OLD_BOOT") - $(frames "$OLD_BOOT" $((T0 + 1))) + $(frames "$NEW_BOOT")))
    promise "all $(all_frames) frames on the wire: the old guest's until the crash, the new one's" \
        equal "$(all_frames)" "$theirs"
    promise "no descriptor, lock or mapping of $IMAGE" \
        nothing oracle_on "$OLD" holds "$GUEST" "$IMAGE"
}

rebooted() {
    local up
    up=$(console_on "$OLD" cut -d. -f1 /proc/uptime | tr -d '\r' | sed -n 1p)
    [[ $up =~ ^[0-9]+$ ]]
}
zombie_writes() { console_on "$OLD" cat /sys/block/vda/stat | awk 'NR == 1 { print $5 }'; }
zombie_wrote() { [ "$(zombie_writes)" -gt 20 ]; }
nothing_late() { [ "$(old_last)" -le "$OLD_LAST" ] && disk_clean; }

act_release() {
    heading "Looking again, and giving it up"
    SHOW=first_lines run "$OLD" guardedvm verify vm
    promise "a guest whose vCPUs run is not frozen: verify says thawed, and why (exit code 5)" \
        thawed_for_its_vcpus
    run "$OLD" virsh suspend vm
    SHOW=first_lines run "$OLD" guardedvm verify vm
    worked || fail "verify proves it"
    promise "suspended again, it is frozen again" tells "$FROZEN_NOW" list
    run "$OLD" guardedvm release vm --force
    promise "released: process $OLD_PID is dead" nothing on "$OLD" test -e "/proc/$OLD_PID"
    run "$OLD" guardedvm list
    promise "$OLD holds no guest" tells '[.guests[].state] == ["released"]' list
}

thawed_for_its_vcpus() {
    [ "$RC" = 5 ] && tells '.guest.state == "thawed"
        and (.guest["unproven-because"] | test("vCPUs run"))
        and ([.guest.proofs[] | select(.holds | not)] | length) == 1' show vm
}

act_back() {
    heading "The old node may run it again"
    run "$OLD" pcs resource cleanup vm
    run "$OLD" pcs resource move vm "$OLD"
    worked || fail "pcs moves the resource"
    lab wait-resource vm "$OLD" started 60
    say "vm is started on $OLD; the guest boots ..."
    wait_for 180 "numbers of the guest on $OLD" disk_boot_is_not "$NEW_BOOT"
    promise "boot $(disk_says boot) writes on there from number $(disk_says first), no gap" \
        disk_clean
    run "$OLD" crm_mon -1 -r
    promise "no failure is left in crm_mon" not said "Failed Resource Actions"
    lab capture stop >/dev/null
}

act_keep() {
    unlisten n1
    unlisten n2
    heading "The cluster stays up"
    cat <<KEEP
    As root:
        export LAB=$LAB
        cd $TOP
        tests/lab/lab shell $OLD      # a shell on a node: crm_mon, pcs, virsh, guardedvm
        tests/lab/lab exec $OLD $TOP/tests/guest/console vm panic      # crash it again
        tests/lab/lab cut $OLD        # a power cut; tests/lab/README.md has more to play with
        tests/lab/lab down          # ends all of it
KEEP
}
