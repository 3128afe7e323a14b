/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The proof from outside against real processes: one child with all that a frozen
 * QEMU may keep, and for each rule a child that breaks it (hold.h). Rows that need
 * root are skipped without it.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/str.h"
#include "child.h"
#include "guard/verify.h"
#include "hold.h"

enum { PLENTY_MS = 20000 };

struct row {
    const char *name;
    child_prepare prepare;
    const char *check; /* the proof that must not hold */
    struct hold_device device; /* of hold_device */
};

static const struct row rows[] = {
    {"a disk, only read", hold_disk, "disks of the guest", {0}},
    {"a disk by another name, as a stream", hold_disk_by_other_name, "disks of the guest", {0}},
    {"a writable file", hold_writable_file, "files", {0}},
    {"a deleted writable file", hold_deleted_writable_file, "files", {0}},
    {"a lock of the descriptor", hold_lock, "file locks", {0}},
    {"a flock", hold_flock, "file locks", {0}},
    {"a block device", hold_device, "block devices", {S_IFBLK, 7, 250}},
    {"SCSI generic", hold_device, "pass-through devices", {S_IFCHR, 21, 0}},
    {"VFIO", hold_device, "pass-through devices", {S_IFCHR, 10, 196}},
    {"vhost-net", hold_device, "network interfaces", {S_IFCHR, 10, 238}},
    {"a tap", hold_tap, "network interfaces", {0}},
    {"a TCP connection of its own", hold_tcp_client, "network sockets", {0}},
    {"UDP", hold_udp, "network sockets", {0}},
    {"a unix connection of its own", hold_nameless_unix, "unix sockets", {0}},
    {"a packet socket", hold_packet_socket, "other descriptors", {0}},
    {"netlink", hold_netlink, "other descriptors", {0}},
    {"an unknown device", hold_device, "other descriptors", {S_IFCHR, 240, 7}},
    {"a folder", hold_folder, "other descriptors", {0}},
    {"a shared mapping", hold_mapping, "shared mappings", {0}},
};

static struct record *record_of(const struct child *c)
{
    struct record *r = record_new();
    struct disk_record *disk = record_add_disk(r);
    struct stat st;

    assert_int_equal(stat(disk_path, &st), 0);
    disk->path = str_dup(disk_path);
    disk->id = (struct file_id){.dev = st.st_dev, .ino = st.st_ino};
    disk->writable = true;
    r->name = str_dup("verify-test");
    r->uuid = str_dup("00000000-0000-4000-8000-000000000000");
    r->uri = str_dup("test:///default");
    r->process = c->id;
    return r;
}

static const struct proof_record *proof_of(const struct record *r, const char *check)
{
    for (size_t i = 0; i < r->incident.proof_count; i++) {
        if (str_eq(r->incident.proof[i].check, check)) {
            return &r->incident.proof[i];
        }
    }
    fail_msg("no proof '%s'", check);
    return NULL;
}

static size_t count_broken(const struct record *r)
{
    size_t count = 0;

    for (size_t i = 0; i < r->incident.proof_count; i++) {
        count += !r->incident.proof[i].holds;
    }
    return count;
}

static void frozen_qemu_is_proven(void **state)
{
    struct child c;
    struct err why = {0};

    (void) state;
    child_start(&c, be_frozen_qemu, NULL);
    assert_int_equal(c.refused, 0);
    struct record *r = record_of(&c);
    int rc = verify_look(r, NULL, &why);
    if (rc != 0) {
        fail_msg("%d: %s", rc, why.text);
    }
    assert_int_equal(count_broken(r), 0);
    assert_true(r->incident.proof_count >= 10);
    record_free(r);
    child_end(&c);
}

static void broken_rule_breaks_the_proof(void **state)
{
    const struct row *row = *state;
    struct child c;
    struct err why = {0};

    child_start(&c, row->prepare, (void *) &row->device);
    if (c.refused) {
        child_end(&c);
        print_message("%s: %s\n", row->name, strerror(c.refused));
        skip();
    }
    struct record *r = record_of(&c);
    assert_int_equal(verify_look(r, NULL, &why), -EBUSY);
    assert_string_not_equal(why.text, "");
    assert_false(proof_of(r, row->check)->holds);
    record_free(r);
    child_end(&c);
}

/* libvirt's test driver has no such guest: what the kernel shows must be enough, and the
 * record must say that nobody was asked. */
static void whole_verification_stands_without_libvirt(void **state)
{
    struct child c;
    struct err why = {0};

    (void) state;
    child_start(&c, be_frozen_qemu, NULL);
    struct record *r = record_of(&c);
    int rc = verify_guest(r, deadline_in_ms(PLENTY_MS), &why);
    if (rc != 0) {
        fail_msg("%d: %s", rc, why.text);
    }
    assert_non_null(strstr(proof_of(r, "QEMU's own answers")->seen, "not asked"));
    assert_true(proof_of(r, "disks of the guest")->holds);
    record_free(r);
    child_end(&c);
}

static void whole_verification_brings_back_the_broken_proof(void **state)
{
    struct child c;
    struct err why = {0};

    (void) state;
    child_start(&c, hold_disk, NULL);
    struct record *r = record_of(&c);
    record_add_proof(r, true, "left from before", "");
    assert_int_equal(verify_guest(r, deadline_in_ms(PLENTY_MS), &why), -EBUSY);
    assert_non_null(strstr(why.text, disk_path));
    assert_int_equal(count_broken(r), 1);
    assert_false(proof_of(r, "disks of the guest")->holds);
    assert_string_not_equal(r->incident.proof[0].check, "left from before");
    record_free(r);
    child_end(&c);
}

static void dead_or_other_process_proves_nothing(void **state)
{
    struct child c;
    struct err why = {0};

    (void) state;
    child_start(&c, be_frozen_qemu, NULL);
    struct record *r = record_of(&c);
    r->process.start_ticks--;
    assert_int_equal(verify_guest(r, deadline_in_ms(PLENTY_MS), &why), -ESRCH);
    r->process.start_ticks++;
    child_end(&c);
    assert_int_equal(verify_guest(r, deadline_in_ms(PLENTY_MS), &why), -ESRCH);
    r->process = (struct process_id){0};
    assert_true(verify_guest(r, deadline_in_ms(PLENTY_MS), &why) < 0);
    record_free(r);
}

static void no_time_is_no_proof(void **state)
{
    struct child c;
    struct err why = {0};

    (void) state;
    child_start(&c, be_frozen_qemu, NULL);
    struct record *r = record_of(&c);
    assert_int_equal(verify_guest(r, deadline_in_ms(0), &why), -ETIMEDOUT);
    record_free(r);
    child_end(&c);
}

int main(void)
{
    enum { ROWS = sizeof rows / sizeof rows[0] };
    struct CMUnitTest tests[ROWS + 5] = {
        cmocka_unit_test(frozen_qemu_is_proven),
        cmocka_unit_test(whole_verification_stands_without_libvirt),
        cmocka_unit_test(whole_verification_brings_back_the_broken_proof),
        cmocka_unit_test(dead_or_other_process_proves_nothing),
        cmocka_unit_test(no_time_is_no_proof),
    };

    for (size_t i = 0; i < ROWS; i++) {
        tests[5 + i] = (struct CMUnitTest){.name = rows[i].name,
                                           .test_func = broken_rule_breaks_the_proof,
                                           .initial_state = (void *) &rows[i]};
    }
    hold_setup();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return hold_teardown() == 0 ? failed : 1;
}
