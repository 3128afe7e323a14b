#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Whether a guest that runs is well, too: monitor_scripts, beside VirtualDomain's, and the guest
# agent's pulse with the ladder of a guest that stands still.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/compare
load ../lib/watching

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() {
    [ -n "${BATS_TEST_COMPLETED:-}" ] || { answers; record; n1 tail -n 40 /var/log/syslog; } || true
    monitoring_end
    guest_end
}

# script NAME TEXT: one in the node; FOLDER is where.
FOLDER=/srv/shared/scripts
script() {
    mkdir -p "$SHARED/scripts"
    printf '#!/bin/sh\n%s\n' "$2" >"$SHARED/scripts/$1"
    chmod 0755 "$SHARED/scripts/$1"
}

act_every() { act "$1" monitor --interval 10000 "${@:2}"; } # a recurring monitor

@test "monitor_scripts: all have to pass; the one that does not is named" {
    checks() {
        guest "$1" tiny
        script good '[ "$OCF_RESKEY_config" = "/srv/shared/'"$1"'.xml" ]'
        script bad 'echo port 80 is closed >&2; exit 3'
        act_as 0 start "monitor_scripts=$FOLDER/good"
        act_as 0 monitor --interval 10000 "monitor_scripts=$FOLDER/good   $FOLDER/good"
        act_as 1 monitor --interval 10000 "monitor_scripts=$FOLDER/good $FOLDER/bad $FOLDER/good"
        reason "$FOLDER/bad.* 3.*port 80 is closed"
        act_as 0 stop force_stop=1 "monitor_scripts=$FOLDER/bad"
        dead
        act_as 7 monitor --interval 10000 "monitor_scripts=$FOLDER/bad"
    }
    alike checks
}

@test "monitor_scripts: a start waits until they pass" {
    waits() {
        guest "$1" tiny
        rm -f "$SHARED/scripts/tries"
        script third 'echo >>'"$FOLDER"'/tries; [ "$(wc -l <'"$FOLDER"'/tries)" -ge 3 ]'
        act_as 0 start "monitor_scripts=$FOLDER/third"
        [ "$(wc -l <"$SHARED/scripts/tries")" = 3 ] || fail "$(wc -l <"$SHARED/scripts/tries") tries"
        act_as 0 stop force_stop=1
    }
    alike waits
}

@test "monitor_scripts: a start whose scripts never pass says why, and the guest can be stopped" {
    never() {
        guest "$1" tiny
        script never 'echo no answer yet; exit 1'
        agent_as start --timeout 4000 "monitor_scripts=$FOLDER/never"
        [ "$RC" = 1 ] || fail "the start's code: $RC"
        reason 'never.*exit code 1: no answer yet'
        alive
        act_as 0 stop force_stop=1
        dead
    }
    both never
}

@test "monitor_scripts: one that hangs is ended with all that it started, and named" {
    hangs() {
        guest "$1" tiny
        script hangs 'echo asking; tail -f /dev/null >/dev/null & echo $! >'"$FOLDER/pid.$1"'; wait'
        act_as 0 start
        agent_as monitor --interval 10000 --timeout 6000 "monitor_scripts=$FOLDER/hangs"
        [ "$RC" = 1 ] || fail "the monitor's code: $RC"
        reason 'hangs.*did not end within [0-9]+ s: asking'
        wait_for 2 "the end of what it started" not n1 test -e "/proc/$(n1 cat "$FOLDER/pid.$1")"
        act_as 0 stop force_stop=1
    }
    both hangs
}

@test "monitor_scripts: the reason is the last line, in one line" {
    lines() {
        guest "$1" tiny
        script lines 'echo connecting; echo refused; exit 2'
        act_as 0 start
        act_as 1 monitor --interval 10000 "monitor_scripts=$FOLDER/lines"
        one_reason
        reason 'lines.*2.*refused'
        act_as 0 stop force_stop=1
    }
    both lines
}

@test "monitor_scripts: a probe asks whether the guest is there, not whether it is well" {
    probes() {
        guest "$1" tiny
        script bad 'exit 1'
        act_as 0 start
        agent_as monitor "monitor_scripts=$FOLDER/bad"
        [ "$RC" = 0 ] || fail "the probe of a guest that runs: $RC"
        act_as 0 stop force_stop=1
    }
    both probes
}

@test "monitor_scripts: a missing one refuses a start where it is missing, and fails a monitor" {
    guest missing tiny
    for path in "$FOLDER/nowhere" /srv/shared; do
        act 5 validate-all "monitor_scripts=$path"
        reason "$path.*cannot be run on this node"
        act 5 start "monitor_scripts=$path"
        dead
    done
    act 6 validate-all monitor_scripts=check_web
    reason 'monitor_scripts.*check_web.*absolute'
    act 0 start
    act_every 1 "monitor_scripts=$FOLDER/nowhere"
    reason 'nowhere cannot be run: No such file'
    alive
    act 0 stop
}

@test "monitor_scripts: the watch holds such monitors, too, and each wait ends with the scripts" {
    guest held tiny
    script counts 'echo >>'"$FOLDER"'/runs; [ ! -e '"$FOLDER"'/broken ]'
    rm -f "$SHARED/scripts/runs" "$SHARED/scripts/broken"
    PARAMS+=("monitor_scripts=$FOLDER/counts" monitor_wait=2)
    act 0 start
    guest_up
    monitoring 500
    wait_for 15 "some waits" answers_are 3
    # The start's own run, and one of each monitor.
    [ "$(wc -l <"$SHARED/scripts/runs")" -ge "$(($(answers | wc -l) + 1))" ]
    [ "$(answers | awk '$3 != 0' | wc -l)" = 0 ]
    : >"$SHARED/scripts/broken"
    wait_for 6 "the failure" answered 1 "$FOLDER/counts.*failed with exit code 1"
    rm "$SHARED/scripts/broken"
    wait_for 6 "its end" last_code 0
    wait_for 6 "a monitor that is held" is_held
    console panic
    wait_for 3 "the panic, at once" answered 1 panicked
    act 0 stop
    frozen
}

# --- the guest agent ---

# agent_guest NAME WORDS...: a Linux guest with the channel and a screen, up; PARAMS ask the agent.
agent_guest() {
    echo "<video><model type='vga'/></video>" >"$SHARED/screen.xml"
    guest "$1" linux --agent --extra /srv/shared/screen.xml --append "${*:2}"
    PARAMS+=(agent_ping=1 agent_silence=5)
    act 0 start
    guest_up
}

agent_seen() { act_every 0 && record_says .agent_seen; }
# monitor_says CODES REGEX [param=value]...: the next recurring one.
monitor_says() {
    agent monitor --interval 10000 "${@:3}"
    [[ $RC =~ ^($1)$ ]] && reason "$2"
}

# In the midst of its kernel, by QEMU's debugger: hlt with interrupts off, for ever. Unlike one that
# was halted it takes an NMI.
stand_still() {
    local port=127.0.0.1:1234
    virsh qemu-monitor-command "$GUEST" --hmp "gdbserver tcp:$port"
    n1 timeout 20 gdb -nx -batch -ex 'set architecture i386:x86-64' -ex "target remote $port" \
        -ex 'set var *(unsigned char *)$rip = 0xf4' \
        -ex 'set var *(unsigned short *)($rip + 1) = 0xfdeb' \
        -ex 'set $eflags = $eflags & ~0x200' -ex detach
}

@test "agent_ping: an agent that was never there, or dies in a guest that works, is no failure; a guest that stands still is" {
    agent_guest stands write net
    act_every 0
    record_says '.agent_seen == false and .agent_silent_us == 0'
    console agent
    wait_for 10 "the agent" agent_seen
    console noagent
    # Working, then idle: neither stands still.
    wait_for 20 "degraded" monitor_says 190 'works, but its agent has been silent for'
    console nowrite
    console nonet
    for _ in 1 2; do
        guest_has_had_time
        monitor_says 190 'its agent has been silent' || fail "an idle guest: $RC $OUT"
    done
    act_every 0 agent_ping=0
    act_every 190 agent_ping=0 --level 10
    console agent
    wait_for 10 "the agent's return" act_every 0
    # The ladder. A kernel that was halted does not hear an NMI.
    PARAMS+=(hung_nmi=1)
    console halt
    wait_for 40 "the NMI" monitor_says 190 'agent silent for [0-9]+ s.*stand still, NMI sent.*left'
    record_says '.incident.cause == "agent-silent-nmi" and .incident.state == "recovering"'
    virsh_says "$GUEST" running
    folder=$(record | jq -r .incident.evidence)
    n1 head -c 4 "$folder/screen.png" | grep -aq PNG
    guardedvm show "$GUEST" | grep -F "$folder"
    wait_for 30 "the end of its grace" monitor_says 1 'agent silent for [0-9]+ s.*hangs'
    act 0 stop
    frozen
    record_says '.incident.cause == "agent-silent-nmi"'
}

@test "agent_ping: a guest that the NMI makes panic is a panic" {
    agent_guest panics agent unknown_nmi_panic
    PARAMS+=(hung_nmi=1)
    wait_for 10 "the agent" agent_seen
    stand_still
    wait_for 40 "the NMI or its panic" monitor_says '190|1' 'NMI sent|panicked'
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    act_every 1
    reason panicked
    act 0 stop
    frozen
}
