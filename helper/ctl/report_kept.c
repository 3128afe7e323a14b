/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was kept of the incident, in the page: the guest's last words and its screen.
 */
#include "ctl/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "ctl/render.h"

/* What has no place in HTML was replaced before (render.h). */
static void put_lines(FILE *out, const char *text)
{
    _cleanup_free_ char *copy = str_dup(text);
    char *rest = copy;
    char *line;

    while ((line = strsep(&rest, "\n"))) {
        render_escaped(out, line);
        fputc('\n', out);
    }
}

/* RFC 4648. */
static void put_base64(FILE *out, const unsigned char *from, size_t size)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < size; i += 3) {
        unsigned long group = (unsigned long) from[i] << 16;

        group |= i + 1 < size ? (unsigned long) from[i + 1] << 8 : 0;
        group |= i + 2 < size ? (unsigned long) from[i + 2] : 0;
        fputc(digit[group >> 18 & 63], out);
        fputc(digit[group >> 12 & 63], out);
        fputc(i + 1 < size ? digit[group >> 6 & 63] : '=', out);
        fputc(i + 2 < size ? digit[group & 63] : '=', out);
    }
}

void report_kept(FILE *out, const struct report_kept *kept)
{
    if (kept->log) {
        fprintf(out, "<section>\n<h2>%s</h2>\n<pre>", kept->log_title);
        put_lines(out, kept->log);
        fputs("</pre>\n</section>\n", out);
    }
    if (kept->screen) {
        fputs("<section>\n<h2>Its screen</h2>\n<img alt=\"The guest's screen when it was frozen\" "
              "src=\"data:image/png;base64,", out);
        put_base64(out, kept->screen, kept->screen_size);
        fputs("\"/>\n</section>\n", out);
    }
}
