/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/overlay and model/qcow: which disk is the overlay, of which format what is below it
 * is, and that a forged header leads nowhere.
 */
#include <errno.h>

#include "domxml_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/overlay.h"

static const struct { const char *config, *disks[2]; int chosen; } places[] = {
    {"/srv/vm.xml", {"/srv/other.qcow2", "/srv/vm.qcow2"}, 1},
    {"/srv/vm", {"/srv/vm.qcow2"}, 0},
    {"/srv/vm.1.xml", {"/srv/vm.1.qcow2"}, 0},
    {"/srv/vm.1.xml", {"/srv/vm.qcow2"}, 0},
    /* VirtualDomain's comes first: who used that has its data there. */
    {"/srv/vm.1.xml", {"/srv/vm.1.qcow2", "/srv/vm.qcow2"}, 1},
    {"/srv/a.b/vm.xml", {"/srv/a.b/vm.qcow2"}, 0},
    {"/srv/a.b/vm.xml", {"/srv/a.qcow2"}, 0},
    {"/srv/a.b/vm", {"/srv/a.b/vm.qcow2"}, 0},
    {"/srv/.vm.xml", {"/srv/.qcow2", "/srv/.vm.qcow2"}, 1},
    {"/srv/vm.xml", {"/srv/vm.img", "/srv/vm.xml"}, -1},
    {"/srv/vm.xml", {"/elsewhere/vm.qcow2"}, -1},
};

static void the_overlay_is_a_disk_of_the_guest(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        _cleanup_free_ char *xml = str_printf(
            "<domain><name>vm</name><devices><disk type='file'><source file='%s'/></disk>"
            "<disk type='file'><source file='%s'/></disk></devices></domain>", places[i].disks[0],
            places[i].disks[1] ? places[i].disks[1] : "/x");
        _cleanup_domxml_ struct domxml *d = good(xml);
        const struct domxml_disk *disk = NULL;
        struct err why = {0};
        int rc = overlay_disk(places[i].config, d, &disk, &why);

        assert_int_equal(rc, places[i].chosen < 0 ? -ENOENT : 0);
        if (rc == 0) {
            assert_string_equal(disk->source, places[i].disks[places[i].chosen]);
        } else {
            assert_int_equal(why.kind, ERR_ARGS);
            assert_non_null(strstr(why.text, "/srv/vm.qcow2"));
        }
    }
}

static const char *format_of(const char *name, const char *said, const struct qcow2_head *head)
{
    const char *format = "refused";
    struct err why = {0};
    int rc = overlay_backing_format(name, said, head, &format, &why);

    assert_true(rc == 0 || (rc == -EPERM && why.kind == ERR_ARGS));
    return format;
}

static void formats(void **state)
{
    const struct qcow2_head raw = {.is_qcow2 = false};
    const struct qcow2_head own = {.is_qcow2 = true};
    const struct qcow2_head leads = {.is_qcow2 = true, .leads_elsewhere = true};

    (void) state;
    assert_string_equal(format_of("/a.img", NULL, &raw), "raw");
    assert_string_equal(format_of("/a.img", NULL, &own), "qcow2");
    assert_string_equal(format_of("/a.img", NULL, &leads), "refused");
    assert_string_equal(format_of("/a.raw", NULL, &leads), "raw");
    assert_string_equal(format_of("/a.qcow2", NULL, &leads), "qcow2");
    assert_string_equal(format_of("/a.img", "qcow2", &leads), "qcow2");
    assert_string_equal(format_of("/a.img", "vmdk", &raw), "vmdk");
    assert_string_equal(format_of("/a.img", "raw,file.filename=/x", &leads), "refused");
    assert_string_equal(format_of("/.raw", NULL, &leads), "raw");
}

static void head_of(const unsigned char *bytes, size_t size, bool is, bool leads,
                    const char *backing)
{
    unsigned char *exact = malloc(size ? size : 1);
    struct qcow2_head head;

    memcpy(exact, bytes, size);
    qcow2_read(exact, size, &head);
    free(exact);
    assert_int_equal(head.is_qcow2, is);
    assert_int_equal(head.leads_elsewhere, leads);
    assert_true(str_eq(head.backing, backing));
    free(head.backing);
}

enum { BYTES = 200, NAME_AT = 150 };

static void headers(void **state)
{
    unsigned char h[BYTES] = {'Q', 'F', 'I', 0xfb, 0, 0, 0, 3};
    struct qcow2_head head;

    (void) state;
    memcpy(h + NAME_AT, "/a.img", 6);
    head_of(h, 0, false, false, NULL);
    head_of(h, 71, false, false, NULL);
    head_of(h, BYTES, true, false, NULL);
    head_of(h, 80, true, true, NULL); /* its features are cut off */
    h[15] = NAME_AT;
    h[19] = 6;
    head_of(h, BYTES, true, true, "/a.img");
    head_of(h, NAME_AT + 6, true, true, "/a.img");
    head_of(h, NAME_AT + 5, true, true, NULL);
    h[8] = 0xff; /* far beyond */
    head_of(h, BYTES, true, true, NULL);
    h[8] = 0;
    h[16] = 0xff; /* longer than any name */
    head_of(h, BYTES, true, true, NULL);
    h[16] = 0;
    h[NAME_AT + 2] = '\0';
    head_of(h, BYTES, true, true, NULL);
    h[15] = h[19] = 0;
    h[79] = 4; /* its data are in another file */
    head_of(h, BYTES, true, true, NULL);
    qcow2_read(h, BYTES, &head);
    assert_true(head.external_data);
    h[7] = 2; /* version 2 has no features */
    head_of(h, BYTES, true, false, NULL);
    qcow2_read(h, BYTES, &head);
    assert_false(head.external_data);
    h[0] = 'q';
    head_of(h, BYTES, false, false, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_overlay_is_a_disk_of_the_guest),
        cmocka_unit_test(formats),
        cmocka_unit_test(headers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
