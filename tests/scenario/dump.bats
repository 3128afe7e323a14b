#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is kept of a frozen guest: its evidence and its dump, made by a process that the node's
# watch starts after the freeze. Never half there, whatever goes wrong, and the guest stays frozen.
# In a whole cluster: dumpcluster.bats.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/storage
load ../lib/watching
load ../lib/evidence

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() {
    [ -n "${BATS_TEST_COMPLETED:-}" ] || guardedvm list || true
    guest_end
    small_end
    evidence_end
}

# The report as a browser shows it: what it is to have, no error, nothing from elsewhere.
report_in_a_browser() {
    local page=$SHARED/evid.html shown=$BATS_TEST_TMPDIR/shown words
    guardedvm report evid --file=/srv/shared/evid.html
    chromium --headless --no-sandbox --disable-gpu --user-data-dir="$BATS_TEST_TMPDIR/chromium" \
        --enable-logging=stderr --virtual-time-budget=2000 --dump-dom "file://$page" \
        >"$shown" 2>"$shown.errors"
    for words in '<h1>evid</h1>' '<svg ' 'Timeline' 'Proof' 'The last lines of its console' \
        'Kernel panic - not syncing' 'In its own words' 'src="data:image/png;base64,iVBOR'; do
        grep -qF -- "$words" "$shown" || fail "the page does not show $words"
    done
    not grep -E 'CONSOLE|Refused to' "$shown.errors"
    not grep -oE '(src|href)="[^d][^"]*"|url\(' "$shown"
}

@test "a guest without a dump: XML, registers, console, screen, an index, and it stays frozen" {
    SERIAL=/var/log/libvirt/qemu/evid-console.log
    screen_xml >"$SHARED/screen.xml"
    frozen_guest evid linux --serial-log "$SERIAL" --extra /srv/shared/screen.xml --
    wait_for 30 "the evidence" incident_is kept
    for file in domain.xml registers.txt console.log screen.png index.json; do
        [ -n "$(kept "$file" | head -c 1)" ] || fail "no $file: $(in_folder)"
    done
    [ "$(modes)" = "600" ] || fail "modes: $(modes)"
    kept domain.xml | grep -q '<name>evid</name>'
    kept registers.txt | grep -q '^RAX='
    kept screen.png | head -c 8 | grep -aq PNG
    kept index.json | jq -e '.record.incident.frozen_wall_ms > 0 and (.files | length) == 4 and
        .missing == []' >/dev/null
    # Without a dump its console tells why it died.
    fact panic | grep -q '^Kernel panic - not syncing: sysrq triggered crash'
    guardedvm log evid | grep -q 'Kernel panic - not syncing: sysrq triggered crash'
    [ -z "$(fact dump)$(fact dump-file)" ]
    guardedvm screenshot evid --file=/srv/local/copy.png
    n1 cmp /srv/local/copy.png "$(fact evidence)/screen.png"
    report_in_a_browser
    frozen
    act 7 monitor
}

@test "an ELF dump: makedumpfile and crash read it, the kernel's last words are told" {
    frozen_guest elf linux --vmcoreinfo -- dump_format=elf after_dump=keep
    wait_for 60 "the dump" incident_is kept
    [ "$(fact dump)" = complete ]
    core=$(fact dump-file)
    n1 makedumpfile --dump-dmesg -f "$core" /srv/local/dmesg >/dev/null
    n1 grep -q 'Kernel panic - not syncing' /srv/local/dmesg
    # Our own reader says the same, line by line. crash (8.0) reads it, but not a log of this age.
    diff <(n1 cat /srv/local/dmesg) <(kept kernel.log)
    n1 crash --osrelease "$core" | grep -q '^6[.]1[.]0.*-amd64'
    fact panic | grep -q '^Kernel panic - not syncing: sysrq triggered crash'
    n1 readelf -h "$core" | grep -q 'Size of this header: *64 (bytes)'
    frozen
    guardedvm verify elf
}

@test "kdump-lzo where QEMU has none: the next best, noted; without a cluster to ask nobody is released" {
    frozen_guest lzo linux --vmcoreinfo -- dump_format=kdump-lzo
    wait_for 60 "the dump" incident_is kept
    [ "$(fact dump)" = "complete, as kdump-zlib: kdump-lzo is not supported here" ]
    # Compressed dumps come in a form for pipes, which makedumpfile turns into the one for disks.
    n1 sh -c 'makedumpfile -R /srv/local/rebuilt <"$1" >/dev/null' - "$(fact dump-file)"
    n1 head -c 8 /srv/local/rebuilt | grep -aq KDUMP
    n1 crash --osrelease "$(fact dump-file)" | grep -q '^6[.]1[.]0.*-amd64'
    fact panic | grep -q '^Kernel panic - not syncing: sysrq triggered crash'
    guardedvm log lzo | grep -q 'Kernel panic - not syncing: sysrq triggered crash'
    guest_has_had_time
    frozen
    # By hand: its evidence stays known until it runs here again.
    guardedvm release lzo --force
    incident_is released
    act 0 start
    [ -z "$(fact evidence)" ]
}

@test "a dump by hand: another format, another folder; of a guest that runs: refused" {
    guest hand tiny
    act 0 start
    [ "$(guardedvm_code dump hand)" = 4 ]
    console panic
    wait_for 20 "the panic" virsh_says hand crashed
    act 0 stop
    wait_for 30 "the evidence" incident_is kept
    n1 mkdir -p -m 0700 $ELSEWHERE
    guardedvm dump hand --format=kdump-zlib --dir=$ELSEWHERE --output-as=json |
        jq -e '.dumped.dump == "complete"' >/dev/null
    [[ "$(fact dump-file)" = "$ELSEWHERE"/hand/*/core.kdump ]]
    # One that fails takes nothing away from it.
    [ "$(guardedvm_code dump hand --dir=/var/lib/none)" = 1 ]
    [[ "$(fact dump-file)" = "$ELSEWHERE"/hand/*/core.kdump ]]
    guardedvm dump hand
    [[ "$(fact dump-file)" = /var/lib/guardedvm/hand/*/core.elf ]]
    frozen
}

@test "a folder that is missing, read-only, a planted link, one that others may write to: no dump, with the reason" {
    n1 sh -c 'mkdir -p -m 0777 /srv/local/open && chmod 0777 /srv/local/open && rm -rf /srv/local/none &&
        mkdir -p -m 1777 /srv/local/sticky && chmod 1777 /srv/local/sticky &&
        ln -sfn /etc /srv/local/sticky/link && chown -h nobody: /srv/local/sticky/link &&
        mkdir -p /srv/local/ro && mount -t tmpfs -o ro,mode=0700 ro /srv/local/ro'
    for dir in none open sticky/link ro; do
        frozen_guest folder tiny -- dump_format=elf dump_dir="/srv/local/$dir"
        act 5 validate-all --level 10
        reason "^dump_dir='/srv/local/$dir'"
        wait_for 30 "its end" incident_is kept
        fact dump | grep -q "^none: dump_dir='/srv/local/$dir'" || fail "$(fact dump)"
        frozen
        [ -z "$(fact evidence)" ]
        guest_end
    done
    n1 umount /srv/local/ro
    for made in /srv/local/none /etc/folder /srv/local/open/folder; do not n1 test -e "$made"; done
}

@test "a disk that would be too full: not begun; one that becomes it: ended and removed" {
    frozen_guest full tiny -- dump_format=elf dump_min_free=100000000
    wait_for 30 "its end" incident_is kept
    fact dump | grep -Eq '^none: [0-9]+ MiB are free .*dump_min_free'
    [ -n "$(in_folder domain.xml)" ]
    not in_folder core
    frozen
    guest_end

    SMALL=/var/lib/small SMALL_DISK=/var/lib/small/disk.img
    small_disk
    n1 chmod 0700 $SMALL
    frozen_guest fuller linux -- dump_format=kdump-zlib dump_dir=$SMALL dump_min_free=0
    wait_for 150 "its end" incident_is kept
    fact dump | grep -Eq '^none: .*(No space|Input/output|failed)' || fail "$(fact dump)"
    [ -n "$(in_folder domain.xml)" ]
    not in_folder core
    frozen
    act 7 monitor
}

@test "the one who dumps is killed, and the watch: another watch takes the dump again" {
    frozen_guest killed linux --memory 1024 -- dump_format=kdump-zlib after_dump=keep
    wait_for 20 "the dump" dump_is_written
    for pid in $(watch_pid) $(aftercare_pids); do n1 kill -KILL "$pid" || true; done
    act 7 monitor
    watch_start
    wait_for 120 "the dump" incident_is kept
    [ "$(fact dump)" = complete ]
    [ -n "$(in_folder domain.xml)" ]
    not in_folder partial
    frozen
}

@test "libvirtd restarts in the midst of a dump: taken again, and the guest stays frozen" {
    frozen_guest restarts linux --memory 1024 -- dump_format=kdump-zlib after_dump=keep
    wait_for 20 "the dump" dump_is_written
    lab libvirtd n1 kill
    # libvirt 9.0 dies once more when QEMU tells it of a dump that it does not know of; systemd
    # would start it again.
    wait_for 200 "the dump" eval 'lab libvirtd n1 start && incident_is kept'
    [ "$(fact dump)" = complete ] || fail "$(fact dump)"
    frozen
    act 7 monitor
}
