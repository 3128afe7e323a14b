/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of the listener, of which only this guest's panic and its end matter.
 */
#include "guard/overhear.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/str.h"
#include "model/tidings.h"
#include "sys/stream.h"

enum { PAUSE_MS = 5, TEXT_SIZE = 8192 };

struct overhear {
    struct stream *stream; /* NULL: it has ended */
    const struct record *record;
    bool panicked;
    bool gone;             /* libvirt has told its end, too */
    size_t used;
    char text[TEXT_SIZE];
};

struct overhear *overhear_start(const struct record *r)
{
    struct overhear *o = mem_zero(1, sizeof *o);
    char *const words[] = {(char *) GVM_HELPER, (char *) "listen", r->uri, NULL};
    struct err why = {0};

    o->record = r;
    if (stream_start(words, &o->stream, &why) < 0) {
        log_warning("a panic of guest '%s' may be seen late: %s", r->name, why.text);
    }
    return o;
}

int overhear_fd(const struct overhear *o)
{
    return o->stream ? stream_fd(o->stream) : -1;
}

static void take_line(void *data, const char *line)
{
    struct overhear *o = data;
    struct tiding t;
    struct err ignored = {0};

    if (tiding_from_text(line, &t, &ignored) < 0 || !str_eq(t.uuid, o->record->uuid)) {
        return;
    }
    o->panicked = o->panicked || (t.kind == TIDING_EVENT && t.event == EVENT_PANICKED);
    o->gone = o->gone || t.kind == TIDING_GONE ||
              (t.kind == TIDING_EVENT && t.event == EVENT_STOPPED);
}

bool overhear_panic(struct overhear *o)
{
    int n = -1;

    while (o->stream && (n = stream_read(o->stream, o->text + o->used, TEXT_SIZE - o->used)) > 0) {
        o->used = str_take_lines(o->text, o->used + (size_t) n, take_line, o);
    }
    if (n == 0) { /* its end, or a line that is none */
        stream_end(&o->stream);
    }
    return o->panicked;
}

bool overhear_panic_by(struct overhear *o, struct deadline until)
{
    while (!overhear_panic(o) && o->stream && !o->gone && !deadline_over(until)) {
        clock_pause_ms(PAUSE_MS, until);
    }
    return o->panicked;
}

void overhear_end(struct overhear **o)
{
    stream_end(&(*o)->stream);
    free(*o);
    *o = NULL;
}
