/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What may follow a verb, and what its rows say of it.
 */
#include "../sys/own_process.h"

#include "base/cleanup.h"
#include "base/str.h"
#include "ctl/verb.h"

static const struct verb plain = {.name = "plain", .word = "", .help = "does little"};
static const struct verb all = {
    .name = "all", .word = "NAME",
    .options = OPTION_OUTPUT | OPTION_FORCE | OPTION_FILE | OPTION_STOP | OPTION_CLUSTER,
    .help = "does much"
};
static const struct verb maybe = {.name = "maybe", .word = "[URI]", .help = "does some"};

enum { WORDS_MAX = 6 };

struct row {
    const struct verb *verb;
    char *words[WORDS_MAX];
    const char *wrong; /* what the error names; NULL: it is right */
    struct ctl_request expected;
};

/* As argv has them; nobody writes to them. */
#define W(TEXT) ((char *) (uintptr_t) (TEXT))

static const struct row rows[] = {
    {&plain, {NULL}, NULL, {0}},
    {&plain, {W("x")}, "'x'", {0}},
    {&plain, {W("--force")}, "'--force'", {0}},
    {&plain, {W("--output-as=xml")}, "'--output-as=xml'", {0}},
    {&plain, {W("--help")}, NULL, {.help = true}},
    {&plain, {W("-h")}, NULL, {.help = true}},
    {&all, {NULL}, "'all'", {0}},
    {&all, {W("vm")}, NULL, {.name = "vm"}},
    {&all, {W("vm"), W("vm2")}, "'vm2'", {0}},
    {&all, {W("vm"), W("--force")}, NULL, {.name = "vm", .force = true}},
    {&all, {W("vm"), W("--stop")}, NULL, {.name = "vm", .stop = true}},
    {&all, {W("--cluster"), W("vm")}, NULL, {.name = "vm", .cluster = true}},
    {&all, {W("--force=1"), W("vm")}, "'--force=1'", {0}},
    {&all, {W("--forc"), W("vm")}, "'--forc'", {0}},
    {&all, {W("--output-as=xml"), W("vm")}, NULL,
     {.name = "vm", .output = CTL_OUTPUT_XML}},
    {&all, {W("--output-as"), W("json"), W("vm")}, NULL,
     {.name = "vm", .output = CTL_OUTPUT_JSON}},
    {&all, {W("vm"), W("--output-as")}, "'--output-as'", {0}},
    {&all, {W("vm"), W("--output-as=")}, "'--output-as='", {0}},
    {&all, {W("vm"), W("--output-as=html")}, "html", {0}},
    {&all, {W("--file"), W("-x"), W("vm")}, NULL, {.name = "vm", .file = "-x"}},
    {&all, {W("--file=a=b"), W("vm")}, NULL, {.name = "vm", .file = "a=b"}},
    {&all, {W("vm"), W("--file=")}, "'--file='", {0}},
    {&all, {W("vm"), W("--file")}, "'--file'", {0}},
    {&all, {W("--"), W("--force")}, NULL, {.name = "--force"}},
    {&all, {W("--"), W("--help")}, NULL, {.name = "--help"}},
    {&all, {W("--"), W("--")}, NULL, {.name = "--"}},
    {&all, {W("--")}, "'all'", {0}},
    {&all, {W("-")}, "'-'", {0}},
    {&all, {W("--help")}, NULL, {.help = true}}, /* of whom it needs no name */
    {&maybe, {NULL}, NULL, {0}},
    {&maybe, {W("test:///default")}, NULL, {.name = "test:///default"}},
};

static void test_what_may_follow(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *r = &rows[i];
        struct ctl_request request = {0};
        struct err why = {0};
        char *words[WORDS_MAX + 1] = {NULL};
        int rc;

        memcpy(words, r->words, sizeof r->words);
        rc = verb_parse(r->verb, words, &request, &why);
        if (r->wrong) {
            assert_int_equal(rc, -EINVAL);
            assert_non_null(strstr(why.text, r->wrong));
            continue;
        }
        assert_int_equal(rc, 0);
        assert_true(str_eq(request.name, r->expected.name));
        assert_true(str_eq(request.file, r->expected.file));
        assert_int_equal(request.output, r->expected.output);
        assert_int_equal(request.force, r->expected.force);
        assert_int_equal(request.stop, r->expected.stop);
        assert_int_equal(request.cluster, r->expected.cluster);
        assert_int_equal(request.help, r->expected.help);
    }
}

static void test_help_of_a_verb(void **state)
{
    _cleanup_free_ char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void) state;
    verb_help(out, &all);
    assert_int_equal(fclose(out), 0);
    assert_true(str_starts(text, "usage: guardedvm all NAME [--output-as=text|xml|json] "
                           "[--force] [--file=FILE] [--stop] [--cluster]\n\ndoes much\n\n"));
    assert_non_null(strstr(text, "\n  --force "));
    assert_non_null(strstr(text, "\n  --help "));
}

/* Which verbs take an option. */
static void test_help_of_all(void **state)
{
    const struct verb verbs[] = {plain, all, maybe};
    _cleanup_free_ char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void) state;
    verb_help_all(out, verbs, 3);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "\n  plain         does little\n"));
    assert_non_null(strstr(text, "\n  maybe [URI]   does some\n"));
    assert_non_null(strstr(text, " (all)\n"));
}

static void test_every_option_is_whole(void **state)
{
    size_t count;
    const struct verb_option_row *row = verb_option_rows(&count);
    unsigned seen = 0;

    (void) state;
    for (size_t i = 0; i < count; i++) {
        assert_true(str_starts(row[i].name, "--"));
        assert_non_null(row[i].take);
        assert_non_null(row[i].help);
        assert_int_equal(seen & row[i].option, 0);
        seen |= row[i].option;
    }
    assert_int_equal(seen, (1U << count) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_may_follow),
        cmocka_unit_test(test_help_of_a_verb),
        cmocka_unit_test(test_help_of_all),
        cmocka_unit_test(test_every_option_is_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
