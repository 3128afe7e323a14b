# SPDX-License-Identifier: GPL-2.0-or-later
# default: in a switch over an enum of ours, whose constants stand one a word in the
# file `constants`. Finds the switch's end by its indentation.
BEGIN { while ((getline name < constants) > 0) ours[name] = 1 }
FNR == 1 { depth = 0 }
{ match($0, /^ */); indent = RLENGTH }
/^ *switch \(/ { depth++; at[depth] = indent; mine[depth] = 0; fallback[depth] = 0 }
depth && /^ *case / {
    name = $0
    sub(/^ *case */, "", name)
    sub(/[^A-Za-z0-9_].*/, "", name)
    if (name in ours) mine[depth] = 1
}
depth && /^ *default:/ { fallback[depth] = FNR }
depth && /^ *}/ && indent == at[depth] {
    if (mine[depth] && fallback[depth])
        print FILENAME ":" fallback[depth] ": default: hides a new constant of our enum from -Wswitch-enum"
    depth--
}
