/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page around the timeline. Facts for which it has no place of their own are shown
 * as they come, so that none is lost.
 */
#include "ctl/report.h"

#include "base/str.h"
#include "ctl/render.h"

/* Light and dark, phone and paper. Nothing is loaded. */
static const char style[] =
    ":root{color-scheme:light dark;--ink:#1b1f24;--dim:#59636e;--paper:#fff;--card:#f4f6f8;"
    "--line:#d1d9e0;--good:#116329;--bad:#b3122a;--bar:#0b62c4}\n"
    "@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9aa4ae;--paper:#0d1117;"
    "--card:#161b22;--line:#30363d;--good:#56d364;--bad:#ff7b72;--bar:#58a6ff}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;max-width:46rem;padding:1rem;background:var(--paper);color:var(--ink);"
    "font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}\n"
    "h1{margin:0;font-size:1.9rem;line-height:1.2}\n"
    "h2{margin:2rem 0 .5rem;font-size:1.15rem}\n"
    ".kind,.note,footer,dt,th{color:var(--dim);font-size:.875rem}\n"
    ".kind{margin:0}\n"
    ".state{display:inline-block;margin:.5rem .5rem 0 0;padding:.1rem .6rem;"
    "border:1px solid var(--line);border-radius:1rem;font-weight:600}\n"
    ".yes{color:var(--good)}\n.no{color:var(--bad)}\n"
    ".reason{margin:.75rem 0;padding:.75rem 1rem;background:var(--card);"
    "border-left:4px solid var(--bad);border-radius:4px}\n"
    "dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.5rem 1rem;"
    "margin:0}\n"
    "dd{margin:0}\n"
    "table{width:100%;border-collapse:collapse;margin:.5rem 0}\n"
    "th,td{padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line);"
    "text-align:left;vertical-align:top}\n"
    "th,.short{white-space:nowrap}\n"
    "svg{display:block;width:100%;max-width:27rem;height:auto;padding:.25rem;"
    "background:var(--card);border-radius:8px;font-family:inherit}\n"
    ".name,.title{fill:var(--ink);font-size:13px}\n"
    ".title{font-weight:600;font-size:14px}\n"
    ".ms{fill:var(--ink);font-size:13px;font-variant-numeric:tabular-nums}\n"
    ".when{fill:var(--dim);font-size:11px}\n"
    ".dot,.bar{fill:var(--bar)}\n.track{fill:var(--line)}\n"
    ".way{stroke:var(--line);stroke-width:2}\n"
    "pre{margin:0;padding:.75rem 1rem;max-height:30rem;overflow:auto;background:var(--card);"
    "border-radius:4px;font-size:.8rem;overflow-wrap:normal}\n"
    "img{display:block;max-width:100%;border:1px solid var(--line)}\n"
    "footer{margin-top:2rem;border-top:1px solid var(--line);padding-top:.5rem}\n";

struct label {
    const char *key;
    const char *text;
    bool judged; /* yes is good, no is bad */
};

static const struct label heading[] = {
    {"resource", "Resource", false}, {"condition", "Condition", false},
    {"cause", "Cause", false}, {"incident", "Incident", false}, {"seen", "First sign", false},
    {"frozen", "Frozen at", false},
};
static const char *const in_sections[] = {
    "name", "state", "proven-now", "reason", "unproven-because", "panic",
    "disks", "nics", "moments", "steps", "proofs",
};
static const struct label proof_columns[] = {
    {"check", "Looked at", false}, {"holds", "Holds", true}, {"seen", "Found", false},
};
static const struct label disk_columns[] = {
    {"path", "Disk", false}, {"writable", "Writable", false},
};
static const struct label nic_columns[] = {
    {"interface", "Interface", false}, {"mac", "MAC address", false},
};

#define COUNT(ARRAY) (sizeof(ARRAY) / sizeof((ARRAY)[0]))

static struct json_object *get(struct json_object *o, const char *key)
{
    struct json_object *value = NULL;

    json_object_object_get_ex(o, key, &value);
    return value;
}

static bool has_a_place(const char *key)
{
    for (size_t i = 0; i < COUNT(heading); i++) {
        if (str_eq(heading[i].key, key)) {
            return true;
        }
    }
    for (size_t i = 0; i < COUNT(in_sections); i++) {
        if (str_eq(in_sections[i], key)) {
            return true;
        }
    }
    return false;
}

static void put_fact(FILE *out, const char *label, struct json_object *value)
{
    if (value) {
        fputs("<div><dt>", out);
        render_escaped(out, label);
        fputs("</dt><dd>", out);
        render_escaped(out, render_leaf_text(value));
        fputs("</dd></div>\n", out);
    }
}

static const char *class_of(struct json_object *value, bool judged)
{
    if (!json_object_is_type(value, json_type_boolean)) {
        return "long";
    }
    if (!judged) {
        return "short";
    }
    return json_object_get_boolean(value) ? "short yes" : "short no";
}

static void put_table(FILE *out, struct json_object *list, const struct label *columns,
                      size_t count)
{
    if (json_object_array_length(list) == 0) {
        return;
    }
    fputs("<table>\n<thead><tr>", out);
    for (size_t k = 0; k < count; k++) {
        fprintf(out, "<th scope=\"col\">%s</th>", columns[k].text);
    }
    fputs("</tr></thead>\n<tbody>\n", out);
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        fputs("<tr>", out);
        for (size_t k = 0; k < count; k++) {
            struct json_object *value = get(json_object_array_get_idx(list, i), columns[k].key);

            fprintf(out, "<td class=\"%s\">", class_of(value, columns[k].judged));
            render_escaped(out, render_leaf_text(value));
            fputs("</td>", out);
        }
        fputs("</tr>\n", out);
    }
    fputs("</tbody>\n</table>\n", out);
}

static void put_head(FILE *out, struct json_object *guest)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
          "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
          /* Should an escape ever be forgotten, nothing is run or loaded all the same. */
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "style-src 'unsafe-inline'; img-src data:\"/>\n<title>", out);
    render_escaped(out, render_leaf_text(get(guest, "name")));
    fputs(": incident</title>\n<style>\n", out);
    fputs(style, out);
    fputs("</style>\n</head>\n", out);
}

static void put_state(FILE *out, struct json_object *guest)
{
    struct json_object *proven = get(guest, "proven-now");

    fputs("<p><span class=\"state\">", out);
    render_escaped(out, render_leaf_text(get(guest, "state")));
    fputs("</span>", out);
    if (proven) {
        fputs(json_object_get_boolean(proven)
                  ? "<span class=\"state yes\">proven, when this report was made</span>"
                  : "<span class=\"state no\">not proven, when this report was made</span>", out);
    }
    fputs("</p>\n", out);
}

static void put_reason(FILE *out, const char *label, struct json_object *guest, const char *key)
{
    if (get(guest, key)) {
        fprintf(out, "<p class=\"reason\"><span class=\"kind\">%s: </span>", label);
        render_escaped(out, render_leaf_text(get(guest, key)));
        fputs("</p>\n", out);
    }
}

static void put_heading(FILE *out, struct json_object *facts, struct json_object *guest)
{
    fputs("<header>\n<p class=\"kind\">GuardedVM: an incident of the guest</p>\n<h1>", out);
    render_escaped(out, render_leaf_text(get(guest, "name")));
    fputs("</h1>\n", out);
    put_state(out, guest);
    put_reason(out, "Reason", guest, "reason");
    put_reason(out, "In its own words", guest, "panic");
    put_reason(out, "Not proven", guest, "unproven-because");
    fputs("<dl>\n", out);
    put_fact(out, "Node", get(facts, "node"));
    for (size_t i = 0; i < COUNT(heading); i++) {
        put_fact(out, heading[i].text, get(guest, heading[i].key));
    }
    fputs("</dl>\n</header>\n", out);
}

static void put_timeline(FILE *out, struct json_object *guest)
{
    fputs("<section>\n<h2>Timeline</h2>\n<p class=\"note\">Milliseconds since the first sign. The "
          "further apart, the longer; not to scale.</p>\n", out);
    report_svg(out, get(guest, "moments"), get(guest, "steps"));
    fputs("</section>\n", out);
}

static void put_proofs(FILE *out, struct json_object *guest)
{
    struct json_object *proofs = get(guest, "proofs");

    if (json_object_array_length(proofs) > 0) {
        fprintf(out, "<section>\n<h2>Proof</h2>\n<p class=\"note\">%s</p>\n",
                get(guest, "proven-now") ? "As it was found when this report was made."
                                         : "As it was found when it was last looked at.");
        put_table(out, proofs, proof_columns, COUNT(proof_columns));
        fputs("</section>\n", out);
    }
}

/* Only what was proven is said to be cut. */
static void put_devices(FILE *out, struct json_object *guest)
{
    const char *title = "Disks and interfaces";
    const char *note = "What the guest had. Whether it can reach them is not proven here.";

    if (json_object_get_boolean(get(guest, "proven-now"))) {
        title = "Disks and interfaces that were cut";
        note = "The guest can reach none of them any more.";
    } else if (str_eq(render_leaf_text(get(guest, "state")), "ended")) {
        note = "What the guest had. Its process has ended.";
    }
    fprintf(out, "<section>\n<h2>%s</h2>\n<p class=\"note\">%s</p>\n", title, note);
    put_table(out, get(guest, "disks"), disk_columns, COUNT(disk_columns));
    put_table(out, get(guest, "nics"), nic_columns, COUNT(nic_columns));
    fputs("</section>\n", out);
}

static void put_rest(FILE *out, struct json_object *guest)
{
    fputs("<section>\n<h2>Also known</h2>\n<dl>\n", out);
    json_object_object_foreach(guest, key, value) {
        if (render_is_leaf(value) && !has_a_place(key)) {
            put_fact(out, key, value);
        }
    }
    fputs("</dl>\n</section>\n", out);
}

void report_html(FILE *out, struct json_object *facts, const struct report_kept *kept)
{
    struct json_object *guest = get(facts, "guest");

    put_head(out, guest);
    fputs("<body>\n<main>\n", out);
    put_heading(out, facts, guest);
    put_timeline(out, guest);
    report_kept(out, kept);
    put_proofs(out, guest);
    put_devices(out, guest);
    put_rest(out, guest);
    fputs("</main>\n<footer>Made ", out);
    render_escaped(out, render_leaf_text(get(facts, "made")));
    fputs(" by guardedvm " PACKAGE_VERSION "</footer>\n</body>\n</html>\n", out);
}
