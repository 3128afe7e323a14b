/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sample of record_sample.h.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "record_sample.h"

static void add_moment(struct record *r, const char *what, int64_t wall_ms, int64_t mono_us)
{
    struct moment_record *m =
        array_add(&r->incident.moment, &r->incident.moment_count, sizeof *m);

    m->what = str_dup(what);
    m->wall_ms = wall_ms;
    m->mono_us = mono_us;
}

static void add_life(struct record *r)
{
    r->utilization = (struct utilization) {
        .told = {2, INT64_C(5), UTILIZATION_REMOVE}, .failed_mono_us = 77,
    };
    r->config_sums = (struct config_sums) {.file = UINT64_MAX, .domain = 1, .saved = 2};
    r->pulse = (struct pulse) {
        .agent_seen = true, .silent_us = 11, .still_us = INT64_MAX,
        .then = { .run_us = 12, .wakeups = 13, .disk_ops = UINT64_MAX },
    };
}

struct record *full_record(void)
{
    struct record *r = record_new();

    r->resource = str_dup("vm1");
    r->name = str_dup("b\xc3\xb6se \"web\"\\\n/\x01");
    r->uuid = str_dup("c7a5fdbd-cdaf-9455-926a-d65c16db1809");
    r->uri = str_dup("qemu:///system");
    r->config = str_dup("/etc/vm.xml");
    r->boot_id = str_dup("0f0e");
    r->phase = PHASE_FROZEN;
    r->process = (struct process_id) { .pid = 4711, .start_ticks = UINT64_MAX };
    r->started_wall_ms = INT64_C(1763661900123);
    r->watchdog_fired = INT64_MAX;
    r->ending.by = ENDED_BY_QEMU;
    memset(r->ending.text, 'x', sizeof r->ending.text - 1);
    r->memory_kib = 196608;
    add_life(r);
    for (unsigned i = 0; i < 3; i++) {
        struct disk_record *d = record_add_disk(r);

        d->path = str_printf("/srv/disk%u.qcow2 (deleted)", i);
        d->id = (struct file_id) { .dev = i, .ino = UINT64_MAX - i, .rdev = i * 7 };
        d->writable = i % 2;
    }
    struct nic_record *n = record_add_nic(r);

    n->tap = str_dup("vnet0");
    n->mac = str_dup("52:54:00:00:00:01");
    record_add_nic(r);
    r->incident.state = INCIDENT_FROZEN;
    r->incident.cause = CAUSE_CRASHLOAD;
    r->incident.condition = CONDITION_CRASHED;
    r->incident.reason = str_dup("guest panicked (libvirt: crashed, panicked)");
    r->incident.seen_wall_ms = 1;
    r->incident.seen_mono_us = 3;
    r->incident.halted = true;
    r->incident.resumed_mono_us = 4;
    r->incident.frozen_wall_ms = 2;
    r->care = (struct care) {
        .dump_format = DUMP_KDUMP_LZO, .dump_dir = str_dup("/srv/dumps"), .dump_keep = 3,
        .dump_min_free_mib = 512, .after_dump = AFTER_DUMP_KEEP, .frozen_keep_s = 3600,
        .frozen_max = 7,
    };
    r->incident.evidence = (struct evidence) {
        .folder = str_dup("/srv/dumps/x/20261130T093540.123Z"),
        .panic = str_dup("Kernel panic - not syncing: <x>"), .dump = str_dup("core.elf"),
        .note = str_dup("as elf: kdump-lzo is not supported here"), .done_bytes = 5,
        .total_bytes = INT64_MAX, .begun_mono_us = 6,
    };
    add_moment(r, "recovering", 1, 3);
    add_moment(r, "frozen", 2, INT64_MAX);
    record_add_step(r, "links down", 1234);
    record_add_step(r, "drain", 0);
    record_add_proof(r, true, "process file descriptors", "none of the guest's disks");
    record_add_proof(r, false, "locks", NULL);
    return r;
}

char *text_of(const struct record *r)
{
    char *text = NULL;
    struct err why = { .text = "" };

    if (record_to_text(r, &text, &why) != 0) {
        fail_msg("%s", why.text);
    }
    return text;
}

int read_back(const char *text, size_t size, struct record **ret)
{
    struct err why = { .text = "" };
    struct record *untouched = *ret;
    int rc = record_from_text(text, size, ret, &why);

    if (rc < 0) {
        assert_int_equal(rc, -EBADMSG);
        assert_int_equal(why.kind, ERR_GENERIC);
        assert_true(strlen(why.text) > 0);
        assert_ptr_equal(*ret, untouched);
    }
    return rc;
}
