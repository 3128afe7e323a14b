#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What people get wrong, and what an attacker would try: each gets one clear reason, a code that
# says whether it is wrong here (2, 5) or everywhere (6), and starts nothing. Odd but legal names
# and layouts work.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() { guest_end; }

# refused "CODES" REGEX param=value...: start and validate-all say no, once, and start nothing.
refused() {
    local codes=$1 regex=$2
    shift 2
    agent start "$@"
    [[ " $codes " == *" $RC "* ]] || fail "start with '$*' returned $RC, not one of $codes: $OUT"
    one_reason
    reason "$regex"
    [ "$(oracle count)" = 0 ] || fail "something was started"
    agent validate-all "$@"
    [[ " $codes " == *" $RC "* ]] || fail "validate-all with '$*' returned $RC: $OUT"
}

# config TEXT...: the guest's configuration is this text.
config() { cat >"$SHARED/$GUEST.xml"; }

works() {
    act 0 start
    alive
    act 0 monitor
    act 0 monitor --interval 10000
    guardedvm list
    act 0 stop
    dead
    act 7 monitor
}

rename_guest() { # XML text of the new name, plain text of it
    sed -i "s|<name>.*</name>|<name>$1</name>|" "$SHARED/$GUEST.xml"
    GUEST=$2
    RSC=renamed
}

@test "unknown values name the parameter and what would be valid" {
    guest values tiny
    refused 6 'crash_policy.*frezze.*freeze' crash_policy=frezze
    refused 6 'frozen_start.*maybe' frozen_start=maybe
    refused 6 'watchdog.*bark' watchdog=bark
    refused 6 'on_io_error.*pray' on_io_error=pray
    refused 6 'on_pause.*7' on_pause=7
    refused 6 'stop_sequence.*explode' 'stop_sequence=shutdown explode'
    refused 6 'force_stop.*perhaps' force_stop=perhaps
}

@test "numbers that are negative, huge or no numbers" {
    guest numbers tiny
    for value in -1 -60 1.5 ten 99999999999999999999 '1;reboot' ' '; do
        refused 6 'io_error_grace' "io_error_grace=$value"
    done
    refused 6 'stop_sequence' 'stop_sequence=shutdown:-5 destroy'
    refused 6 'stop_sequence' 'stop_sequence=shutdown:x destroy'
}

@test "config that is missing, relative, empty, a directory, a device, a pipe" {
    guest paths tiny
    refused "5" 'config.*nowhere.xml|nowhere.xml' config=/srv/shared/nowhere.xml
    refused "6" 'config.*absolute' config=paths.xml
    refused "6" 'config.*absolute' config=../srv/shared/paths.xml
    refused "6 2" 'config' config=
    refused "2 5 6" 'directory|regular|file' config=/srv/shared
    refused "2 5 6" 'regular|file' config=/dev/zero
    n1 mkfifo /srv/shared/pipe.xml
    refused "2 5 6" 'regular|file|pipe' config=/srv/shared/pipe.xml
}

@test "files that are no domain" {
    local whole
    guest files tiny
    whole=$(<"$SHARED/$GUEST.xml")
    : >"$SHARED/$GUEST.xml"
    refused "2 5 6" 'empty|xml|document'
    config <<<'this is not XML'
    refused "2 5 6" 'xml|line 1|start tag'
    config <<<'<network><name>files</name></network>'
    refused "2 5 6" 'network|root element|domain'
    config <<<"<domain type='qemu'><memory>65536</memory></domain>"
    refused "2 5 6" 'name'
    config <<<"<domain type='qemu'><name></name></domain>"
    refused "2 5 6" 'name'
    config <<<"${whole::300}"
    refused "2 5 6" 'xml|line [0-9]|end|tag'
    n1 dd if=/dev/zero of="$CONFIG" bs=1M count=8 status=none
    refused "2 5 6" 'big|large|size|bytes|xml'
    n1 truncate -s 2T "$CONFIG"
    refused "2 5 6" 'big|large|size|bytes'
    n1 truncate -s 0 "$CONFIG"
}

@test "a bomb of entities, and an entity that reads the node's files" {
    guest bomb tiny
    config <<'XML'
<!DOCTYPE domain [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">]>
<domain type='qemu'><name>&f;&f;&f;</name></domain>
XML
    refused "2 5 6" 'entit|DTD|doctype|xml'
    n1 sh -c 'echo top-secret-word >/srv/local/secret'
    config <<'XML'
<!DOCTYPE domain [<!ENTITY x SYSTEM "file:///srv/local/secret">]>
<domain type='qemu'><name>&x;</name></domain>
XML
    refused "2 5 6" 'entit|DTD|doctype|xml'
    not grep -q top-secret-word <<<"$OUT"
    config <<'XML'
<!DOCTYPE domain SYSTEM "http://10.77.0.1/evil.dtd">
<domain type='qemu'><name>bomb</name></domain>
XML
    refused "2 5 6" 'entit|DTD|doctype|xml'
}

@test "names that cannot be a domain's, or that try to be more than a name" {
    guest names tiny
    before=$(n1 find /run /etc /srv/local -newer "$CONFIG" -name '*passwd*')
    for name in '../../etc/passwd' 'a/b' '/' '..'; do
        sed -i "s|<name>.*</name>|<name>$name</name>|" "$SHARED/$GUEST.xml"
        refused "2 5 6" 'name'
    done
    sed -i "s|<name>.*</name>|<name>a\&#10;ocf-exit-reason:forged</name>|" "$SHARED/$GUEST.xml"
    refused "2 5 6" 'name'
    [ "$before" = "$(n1 find /run /etc /srv/local -newer "$CONFIG" -name '*passwd*')" ]
}

@test "odd but legal names: spaces, quotes, commas, UTF-8, dollars, percent" {
    local name
    for name in 'my guest' "it's" 'comma,comma' 'größe-日本' '$(reboot)' '%n%s' 'a=b' '.hidden'; do
        guest "odd" tiny
        rename_guest "$name" "$name"
        works
    done
}

@test "a name with a leading dash is a name, not an option" {
    guest dash tiny
    rename_guest '--help' '--help'
    agent start
    if [ "$RC" = 0 ]; then
        act 0 monitor
        act 0 stop
        dead
    else
        [[ $RC =~ ^[256]$ ]] || fail "start returned $RC: $OUT"
        one_reason
        [ "$(oracle count)" = 0 ]
    fi
}

@test "one line of XML, a comment before it, foreign namespaces" {
    guest layout tiny
    tr '\n' ' ' <"$SHARED/$GUEST.xml" >"$SHARED/$GUEST.one"
    mv "$SHARED/$GUEST.one" "$SHARED/$GUEST.xml"
    works
    sed -i '1s|^|<!-- <name>not this one</name> -->|' "$SHARED/$GUEST.xml"
    works
    sed -i "s|</domain>|<metadata><a:x xmlns:a='urn:a'><a:name>nor this</a:name></a:x></metadata></domain>|" \
        "$SHARED/$GUEST.xml"
    works
}

@test "a bad parameter does not make a running guest stopped" {
    guest steady tiny
    act 0 start
    agent monitor --interval 10000 crash_policy=frezze
    [ "$RC" != 7 ]
    agent monitor crash_policy=frezze
    [ "$RC" != 7 ]
    agent stop crash_policy=frezze
    if [ "$RC" = 0 ]; then dead; fi
    act 0 stop
    dead
}
