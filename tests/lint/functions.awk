# SPDX-License-Identifier: GPL-2.0-or-later
# Lengths of C functions, "LINES FILE:LINE NAME", for K&R bodies: '{' and '}' alone
# in the first column. The lines between them count.
FNR == 1 { head = ""; begin = 0 }
/^[A-Za-z_].*\(/ && !/;$/ { head = $0 }
/^\{/ { begin = FNR }
/^\}/ && begin {
    name = head
    sub(/\(.*/, "", name)
    sub(/.*[ *]/, "", name)
    print FNR - begin - 1, FILENAME ":" begin, name
    begin = 0
}
