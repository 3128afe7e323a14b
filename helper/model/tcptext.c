/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "  0: 0100007F:4084 00000000:0000 0A ...": own address and port, the other's, the state, all
 * hexadecimal. A line that is otherwise, the head too, tells nothing.
 */
#include "model/tcptext.h"

#include <stdio.h>
#include <string.h>

enum { TCP_LISTEN = 10 };

void tcptext_mark_listening(const char *text, bool port[TCP_PORTS])
{
    for (const char *line = text; line && *line;) {
        unsigned own = 0;
        unsigned state = 0;

        if (sscanf(line, " %*u: %*[0-9A-Fa-f]:%4x %*[0-9A-Fa-f]:%*x %x", &own, &state) == 2 &&
            state == TCP_LISTEN && own < TCP_PORTS) {
            port[own] = true;
        }
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
}
