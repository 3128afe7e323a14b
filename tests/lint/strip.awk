# SPDX-License-Identifier: GPL-2.0-or-later
# C without the words in comments and strings, line by line, as "FILE:LINE:text".
FNR == 1 { inside = 0 }
{
    text = $0
    out = ""
    while (text != "") {
        if (inside) {
            end = index(text, "*/")
            if (!end) break
            text = substr(text, end + 2)
            inside = 0
        } else if (!match(text, /\/\*|\/\/|"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/)) {
            out = out text
            break
        } else {
            what = substr(text, RSTART, RLENGTH)
            out = out substr(text, 1, RSTART - 1)
            text = substr(text, RSTART + RLENGTH)
            if (what == "/*") inside = 1
            else if (what == "//") break
            # An include's path is the one string that rules look at.
            else if (substr(what, 1, 1) == "\"") out = out (out ~ /^#include/ ? what : "\"\"")
            else out = out "0"
        }
    }
    print FILENAME ":" FNR ":" out
}
