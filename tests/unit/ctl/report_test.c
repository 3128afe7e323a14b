/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report of an incident: all facts are in it, and nothing that a browser would run, load
 * or take for markup, whatever the guest is called.
 */
#include "../sys/own_process.h"
#include "../sys/scratch_state.h"

#include <libxml/parser.h>
#include <sys/stat.h>

#include "../model/record_sample.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "ctl/ctl.h"
#include "ctl/report.h"
#include "sys/statedir.h"

#define ODD "<script src='http://x/y'>alert(1)</script>&amp;\"]]>--><!--" \
    "\001\033[2J\xc2\x9b\xff\xc3\xb6"
/* As XML gives it back: what no form shows is a '?'. */
#define ODD_SHOWN "<script src='http://x/y'>alert(1)</script>&amp;\"]]>--><!--??[2J??\xc3\xb6"

static const struct ctl_check held = {.made = true, .holds = true, .alive = true};
static const struct ctl_check thawed = {
    .made = true, .alive = true, .why = {.text = "a disk is open: " ODD}
};
static const struct ctl_check gone = {.alive = false};

/* A log that is markup, and a picture of five bytes. */
static const struct report_kept kept = {
    .log_title = "The last lines of its kernel", .log = "one\n" ODD "\n",
    .screen = (const unsigned char *) "\x89PNG\n", .screen_size = 5,
};

static void replace(char **text, const char *with)
{
    free(*text);
    *text = str_dup(with);
}

static struct record *sample(const char *text)
{
    struct record *r = full_record();

    replace(&r->name, text);
    replace(&r->resource, text);
    replace(&r->config, text);
    replace(&r->disk[0].path, text);
    replace(&r->nic[0].tap, text);
    replace(&r->incident.reason, text);
    replace(&r->incident.moment[0].what, text);
    replace(&r->incident.step[0].name, text);
    replace(&r->incident.proof[0].check, text);
    replace(&r->incident.proof[0].seen, text);
    r->incident.moment[1].mono_us = r->incident.seen_mono_us + 4 * 3600 * INT64_C(1000000) + 42000;
    return r;
}

static struct json_object *facts_of(const struct record *r, const struct ctl_check *check)
{
    struct json_object *facts = json_object_new_object();

    json_object_object_add(facts, "node", json_object_new_string("n1"));
    json_object_object_add(facts, "made", json_object_new_string("2026-07-15T20:00:00.042Z"));
    json_object_object_add(facts, "guest", ctl_facts(r, check, true));
    return facts;
}

static char *page_of(struct json_object *facts)
{
    char *page = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&page, &size);

    assert_non_null(out);
    report_html(out, facts, &kept);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(strlen(page), size);
    return page;
}

static char *page_of_record(const struct record *r, const struct ctl_check *check)
{
    struct json_object *facts = facts_of(r, check);
    char *page = page_of(facts);

    json_object_put(facts);
    return page;
}

static bool is_one_of(const char *word, const char *const *words)
{
    while (*words && !str_eq(*words, word)) {
        words++;
    }
    return *words != NULL;
}

/* What is not named here has no business on the page. */
static void is_harmless(xmlNodePtr node)
{
    static const char *const elements[] = {
        "html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer",
        "h1", "h2", "p", "span", "div", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th",
        "td", "svg", "text", "circle", "line", "rect", "pre", "img", NULL,
    };
    static const char *const attributes[] = {
        "lang", "charset", "name", "content", "http-equiv", "class", "scope", "role", "aria-label",
        "viewBox", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "width", "height",
        "text-anchor", "alt", "src", NULL,
    };

    for (; node; node = node->next) {
        assert_true(node->type == XML_ELEMENT_NODE || node->type == XML_TEXT_NODE);
        if (node->type == XML_ELEMENT_NODE) {
            assert_true(is_one_of((const char *) node->name, elements));
            for (xmlAttrPtr a = node->properties; a; a = a->next) {
                assert_true(is_one_of((const char *) a->name, attributes));
                if (str_eq((const char *) a->name, "src")) {
                    assert_string_equal((const char *) a->children->content,
                                        "data:image/png;base64,iVBORwo=");
                }
            }
            is_harmless(node->children);
        }
    }
}

static xmlDocPtr parsed(const char *page)
{
    xmlDocPtr doc;

    assert_true(str_starts(page, "<!DOCTYPE html>\n"));
    doc = xmlReadMemory(page, (int) strlen(page), "page", NULL, XML_PARSE_NONET);
    assert_non_null(doc);
    return doc;
}

static bool has_text(xmlNodePtr node, const char *text)
{
    for (; node; node = node->next) {
        if (node->type == XML_TEXT_NODE && strstr((const char *) node->content, text)) {
            return true;
        }
        if (node->type == XML_ELEMENT_NODE && has_text(node->children, text)) {
            return true;
        }
    }
    return false;
}

/* Steps are told in milliseconds. */
static char *expected_of(const char *key, struct json_object *leaf)
{
    if (str_eq(key, "microseconds")) {
        long long us = json_object_get_int64(leaf);

        return str_printf("%lld.%03lld ms", us / 1000, us % 1000);
    }
    if (str_eq(key, "milliseconds")) {
        return str_printf("%+lld ms", (long long) json_object_get_int64(leaf));
    }
    if (json_object_is_type(leaf, json_type_boolean)) {
        return str_dup(json_object_get_boolean(leaf) ? "yes" : "no");
    }
    if (strstr(json_object_get_string(leaf), "<script")) {
        return str_dup(ODD_SHOWN);
    }
    return str_dup(json_object_get_string(leaf));
}

static void has_facts(xmlDocPtr doc, struct json_object *o)
{
    if (json_object_is_type(o, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(o); i++) {
            has_facts(doc, json_object_array_get_idx(o, i));
        }
        return;
    }
    json_object_object_foreach(o, key, value) {
        if (json_object_is_type(value, json_type_object) ||
            json_object_is_type(value, json_type_array)) {
            has_facts(doc, value);
        } else if (!str_eq(key, "proven-now")) {
            _cleanup_free_ char *text = expected_of(key, value);

            if (!has_text(xmlDocGetRootElement(doc), text)) {
                fail_msg("the page does not have %s: %s", key, text);
            }
        }
    }
}

static void is_whole(const struct record *r, const struct ctl_check *check)
{
    struct json_object *facts = facts_of(r, check);
    _cleanup_free_ char *page = page_of(facts);
    xmlDocPtr doc = parsed(page);

    is_harmless(xmlDocGetRootElement(doc));
    has_facts(doc, facts);
    assert_true(has_text(xmlDocGetRootElement(doc), "one\n" ODD_SHOWN "\n"));
    xmlFreeDoc(doc);
    json_object_put(facts);
    for (const char *p = page; *p; p++) {
        assert_true((unsigned char) *p >= 0x20 || *p == '\n');
    }
    assert_non_null(strstr(page, "default-src 'none'"));
    assert_non_null(strstr(page, "prefers-color-scheme:dark"));
    assert_non_null(strstr(page, "width=device-width"));
}

static void test_all_facts_and_nothing_that_runs(void **state)
{
    _cleanup_record_ struct record *odd = sample(ODD);
    _cleanup_record_ struct record *plain = sample("web");
    _cleanup_record_ struct record *least = record_new();

    (void) state;
    is_whole(odd, &held);
    is_whole(odd, &thawed);
    is_whole(odd, &gone);
    is_whole(plain, &held);
    least->name = str_dup("x");
    is_whole(least, &gone);
}

static void test_nothing_is_loaded(void **state)
{
    static const char *const loads[] = {
        "http:", "https:", "url(", "@import", "src", "href", "<script", "<img", "<link", "<iframe",
    };
    /* What the page forbids, and the picture that it brings along. */
    static const char *const carried[] = {
        "src 'none'", "src 'unsafe-inline'",
        "src data:\"/>", "<img alt=\"", "src=\"data:image/png;base64,",
        "src=&#39;http", "http://x/y&#39;&gt;", /* the log's, as text */
    };
    _cleanup_record_ struct record *r = sample("web");
    _cleanup_free_ char *page = page_of_record(r, &held);

    (void) state;
    for (size_t i = 0; i < sizeof loads / sizeof loads[0]; i++) {
        for (const char *p = strstr(page, loads[i]); p; p = strstr(p + 1, loads[i])) {
            bool harmless = false;

            for (size_t k = 0; k < sizeof carried / sizeof carried[0]; k++) {
                harmless = harmless || str_starts(p, carried[k]);
            }
            if (!harmless) {
                fail_msg("the page has %.40s", p);
            }
        }
    }
}

/* "cut" is said of a proof that was made for this page, and of nothing else. */
static void test_what_is_said_of_the_devices(void **state)
{
    _cleanup_record_ struct record *r = sample("web");
    _cleanup_free_ char *cut = page_of_record(r, &held);
    _cleanup_free_ char *doubt = page_of_record(r, &thawed);
    _cleanup_free_ char *dead = page_of_record(r, &gone);

    (void) state;
    assert_non_null(strstr(cut, "that were cut"));
    assert_non_null(strstr(cut, ">proven, when"));
    assert_null(strstr(doubt, "that were cut"));
    assert_non_null(strstr(doubt, ">not proven, when"));
    assert_null(strstr(dead, "that were cut"));
    assert_non_null(strstr(dead, "Its process has ended."));
}

/* A name that the picture has no room for is cut between characters; all of it is the title. */
static void test_long_names(void **state)
{
    _cleanup_record_ struct record *r = sample("web");
    _cleanup_free_ char *name = mem_zero(1, 401);
    _cleanup_free_ char *page = NULL;
    xmlDocPtr doc;

    (void) state;
    for (int i = 0; i < 200; i++) {
        memcpy(name + 2 * i, "\xc3\xb6", 2);
    }
    replace(&r->incident.step[1].name, name);
    r->incident.step[0].us = INT64_MAX;
    r->incident.step[1].us = INT64_MAX;
    page = page_of_record(r, &held);
    doc = parsed(page);
    assert_true(has_text(xmlDocGetRootElement(doc), name));
    xmlFreeDoc(doc);
    assert_non_null(strstr(page, "\xc3\xb6\xe2\x80\xa6<title>\xc3\xb6"));
    assert_non_null(strstr(page, "(4 h 0 min)"));
}


static void save(const char *name, enum incident_state incident)
{
    _cleanup_record_ struct record *r = sample(name);
    struct err why = {0};

    r->process = (struct process_id){.pid = 4711, .start_ticks = 1};
    r->incident.state = incident;
    if (statedir_save(r, &why) < 0) {
        fail_msg("%s", why.text);
    }
}

static void test_the_verb(void **state)
{
    const char *path = scratch_path("report.html");
    struct ctl_request request = {.file = path};
    _cleanup_fclose_ FILE *file = NULL;
    char line[64] = "";
    struct stat st;

    (void) state;
    save(ODD, INCIDENT_FROZEN);
    save("calm", INCIDENT_NONE);
    request.name = "nobody";
    assert_int_equal(ctl_report(&request), CTL_NO_GUEST);
    request.name = "calm";
    assert_int_equal(ctl_report(&request), CTL_REFUSED);
    assert_int_equal(access(path, F_OK), -1);
    request.name = ODD;
    assert_int_equal(ctl_report(&request), CTL_OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode, S_IFREG | 0600);
    file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    assert_string_equal(line, "<!DOCTYPE html>\n");
    request.file = "/nowhere/report.html";
    assert_int_equal(ctl_report(&request), CTL_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_facts_and_nothing_that_runs),
        cmocka_unit_test(test_nothing_is_loaded),
        cmocka_unit_test(test_what_is_said_of_the_devices),
        cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_the_verb),
    };

    return cmocka_run_group_tests(tests, scratch_state_setup, scratch_state_teardown);
}
