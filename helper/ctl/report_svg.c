/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The timeline: the incident's moments down a line, and below them the steps of the freeze,
 * each a bar as long as the step took and begun where the one before ended. As wide as a phone,
 * so that its text is as large there as elsewhere. Colours are the page's.
 */
#include "ctl/report.h"

#include "base/cleanup.h"
#include "base/str.h"
#include "ctl/render.h"

enum {
    WIDTH = 320,
    LEFT = 8,
    RIGHT = WIDTH - 8,
    TEXT_LEFT = 28,
    MOMENT_HEIGHT = 42,
    DIGIT_HEIGHT = 7, /* of the time between two moments: from 1 ms to days, all is in sight */
    STEP_HEIGHT = 32,
    TITLE_HEIGHT = 34,
    NAME_MAX_CHARACTERS = 28,
    US_PER_MS = 1000,
    MS_PER_S = 1000,
    S_PER_MIN = 60,
    MIN_PER_H = 60
};

static int64_t number(struct json_object *o, const char *key)
{
    struct json_object *value = NULL;

    return json_object_object_get_ex(o, key, &value) ? json_object_get_int64(value) : 0;
}

static const char *word(struct json_object *o, const char *key)
{
    struct json_object *value = NULL;

    return json_object_object_get_ex(o, key, &value) ? json_object_get_string(value) : "";
}

/* What is too long is cut; all of it is then the element's title, which browsers show. */
static void put_name(FILE *out, const char *name)
{
    _cleanup_free_ char *cut = str_dup(name);
    char *end = cut;
    uint32_t code;

    for (int i = 0; i < NAME_MAX_CHARACTERS && *end; i++) {
        size_t length = str_utf8(end, &code);

        end += length > 0 ? length : 1;
    }
    if (!*end) {
        render_escaped(out, name);
        return;
    }
    *end = '\0';
    render_escaped(out, cut);
    fputs("\xe2\x80\xa6<title>", out);
    render_escaped(out, name);
    fputs("</title>", out);
}

/* "", or what milliseconds are in larger units. */
static char *long_time(int64_t ms)
{
    long long s = ms / MS_PER_S;

    if (s < S_PER_MIN) {
        return str_dup("");
    }
    if (s < S_PER_MIN * MIN_PER_H) {
        return str_printf(" (%lld min %lld s)", s / S_PER_MIN, s % S_PER_MIN);
    }
    return str_printf(" (%lld h %lld min)", s / (S_PER_MIN * MIN_PER_H), s / S_PER_MIN % MIN_PER_H);
}

static int gap_before(struct json_object *moments, size_t i)
{
    int64_t ms = 0;
    int gap = MOMENT_HEIGHT;

    if (i == 0) {
        return 0;
    }
    ms = number(json_object_array_get_idx(moments, i), "milliseconds") -
         number(json_object_array_get_idx(moments, i - 1), "milliseconds");
    for (; ms > 0; ms /= 10) {
        gap += DIGIT_HEIGHT;
    }
    return gap;
}

static void put_moment(FILE *out, struct json_object *moment, int y, int gap)
{
    int64_t ms = number(moment, "milliseconds");
    _cleanup_free_ char *more = long_time(ms);

    if (gap > 0) {
        fprintf(out, "<line class=\"way\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n", LEFT + 6,
                y - gap + 7, LEFT + 6, y - 7);
    }
    fprintf(out, "<circle class=\"dot\" cx=\"%d\" cy=\"%d\" r=\"6\"/>\n", LEFT + 6, y);
    fprintf(out, "<text class=\"name\" x=\"%d\" y=\"%d\">", TEXT_LEFT, y + 4);
    put_name(out, word(moment, "what"));
    fprintf(out, "</text>\n<text class=\"ms\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%+lld ms"
            "</text>\n", RIGHT, y + 4, (long long) ms);
    fprintf(out, "<text class=\"when\" x=\"%d\" y=\"%d\">", TEXT_LEFT, y + 20);
    render_escaped(out, word(moment, "when"));
    fprintf(out, "%s</text>\n", more);
}

static int put_moments(FILE *out, struct json_object *moments, int y)
{
    for (size_t i = 0; i < json_object_array_length(moments); i++) {
        int gap = gap_before(moments, i);

        y += gap;
        put_moment(out, json_object_array_get_idx(moments, i), y, gap);
    }
    return y + MOMENT_HEIGHT;
}

/* In floating point: no sum of a record's numbers is too large for it. */
static double total_of(struct json_object *steps)
{
    double total = 0;

    for (size_t i = 0; i < json_object_array_length(steps); i++) {
        total += (double) number(json_object_array_get_idx(steps, i), "microseconds");
    }
    return total;
}

static void put_step(FILE *out, struct json_object *step, int y, double before, double total)
{
    int64_t us = number(step, "microseconds");
    double scale = total > 0 ? (RIGHT - LEFT) / total : 0;

    fprintf(out, "<text class=\"name\" x=\"%d\" y=\"%d\">", LEFT, y + 12);
    put_name(out, word(step, "name"));
    fprintf(out, "</text>\n<text class=\"ms\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%lld.%03lld ms"
            "</text>\n", RIGHT, y + 12, (long long) us / US_PER_MS, (long long) us % US_PER_MS);
    fprintf(out, "<rect class=\"track\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"6\" rx=\"3\"/>\n",
            LEFT, y + 18, RIGHT - LEFT);
    /* Rounded down to whole pixels, and never too thin to be seen. */
    fprintf(out, "<rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"6\" rx=\"3\"/>\n",
            LEFT + (int) (before * scale), y + 18, (int) ((double) us * scale) + 2);
}

static void put_steps(FILE *out, struct json_object *steps, int y)
{
    double total = total_of(steps);
    double before = 0;

    fprintf(out, "<text class=\"title\" x=\"%d\" y=\"%d\">The freeze, step by step: %.3f ms"
            "</text>\n", LEFT, y + 14, total / US_PER_MS);
    y += TITLE_HEIGHT;
    for (size_t i = 0; i < json_object_array_length(steps); i++, y += STEP_HEIGHT) {
        struct json_object *step = json_object_array_get_idx(steps, i);

        put_step(out, step, y, before, total);
        before += (double) number(step, "microseconds");
    }
}

static int height_of(struct json_object *moments, struct json_object *steps)
{
    size_t step_count = json_object_array_length(steps);
    int height = MOMENT_HEIGHT / 2 + MOMENT_HEIGHT;

    for (size_t i = 0; i < json_object_array_length(moments); i++) {
        height += gap_before(moments, i);
    }
    return height + (step_count > 0 ? TITLE_HEIGHT + (int) step_count * STEP_HEIGHT : 0);
}

void report_svg(FILE *out, struct json_object *moments, struct json_object *steps)
{
    int y = MOMENT_HEIGHT / 2;

    fprintf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Timeline\">\n", WIDTH,
            height_of(moments, steps));
    y = put_moments(out, moments, y);
    if (json_object_array_length(steps) > 0) {
        put_steps(out, steps, y);
    }
    fputs("</svg>\n", out);
}
