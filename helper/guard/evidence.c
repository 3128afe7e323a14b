/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One row for each thing that is collected, each in a stage of its own: libvirt, QEMU or storage
 * may hang, and what a guest wrote may be made to hurt whoever reads it.
 */
#include "guard/evidence.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/str.h"
#include "guard/ask.h"
#include "guard/kernellog.h"
#include "model/domxml.h"
#include "model/printk.h"
#include "sys/evidencedir.h"
#include "sys/guestlog.h"
#include "sys/partfile.h"
#include "sys/qmp.h"
#include "sys/readtail.h"
#include "sys/stage.h"
#include "sys/virt_dump.h"

enum {
    COLLECT_MS = 20 * 1000, KERNEL_LOG_MS = 10 * 60 * 1000,
    US_PER_MS = 1000, PANIC_SIZE = 256, CONSOLE_TAIL_BYTES = 256 * 1024,
    KERNEL_LOG_MOST = 128 * 1024 * 1024
};

struct source {
    const char *folder;
    struct domain *domain;
    struct virt *virt;
};

/* -ENODATA: the guest has no such thing, which is worth no words. */
typedef int (*collect_fn)(const struct source *s, const char *file, struct err *why);

static int put(const struct source *s, const char *file, const char *text, struct err *why)
{
    return evidencedir_write(s->folder, file, text, strlen(text), why);
}

static int collect_xml(const struct source *s, const char *file, struct err *why)
{
    _cleanup_free_ char *xml = NULL;
    int rc = virt_xml(s->domain, &xml, why);

    return rc < 0 ? rc : put(s, file, xml, why);
}

static int collect_registers(const struct source *s, const char *file, struct err *why)
{
    _cleanup_free_ char *text = NULL;
    int rc = qmp_human(s->domain, "info registers -a", &text, why);

    return rc < 0 ? rc : put(s, file, text, why);
}

static int collect_console(const struct source *s, const char *file, struct err *why)
{
    _cleanup_free_ char *xml = NULL;
    _cleanup_free_ char *tail = NULL;
    _cleanup_domxml_ struct domxml *d = NULL;
    int rc = virt_xml(s->domain, &xml, why);

    if (rc == 0) {
        rc = domxml_parse(xml, strlen(xml), &d, why);
    }
    if (rc == 0 && !d->console_log) {
        return -ENODATA;
    }
    if (rc == 0) {
        rc = readtail(d->console_log, CONSOLE_TAIL_BYTES, &tail, why);
    }
    return rc < 0 ? rc : put(s, file, tail, why);
}

/* Whole or not there; a QEMU that makes no PNG (before 7.1) is told by the file's other name. */
int evidence_screen(struct virt *v, struct domain *d, const char *folder, struct err *why)
{
    _cleanup_free_ char *path = str_printf("%s/%s.partial", folder, EVIDENCE_SCREEN);
    char type[VIRT_TYPE_SIZE] = "";
    struct file_id id = {0};
    _cleanup_close_ int fd = -1;
    int rc = partfile_begin(path, &id, &fd, why);

    if (rc == 0) {
        rc = virt_screenshot(v, d, fd, type, why);
    }
    if (rc == 0) {
        rc = partfile_complete(path, &id, NULL, folder,
                               str_eq(type, "image/png") ? EVIDENCE_SCREEN : "screen.ppm", why);
    }
    if (rc < 0) {
        partfile_remove(path);
    }
    return rc;
}

static int collect_screen(const struct source *s, const char *file, struct err *why)
{
    (void) file;
    return evidence_screen(s->virt, s->domain, s->folder, why);
}

struct collector {
    const char *file;
    const char *what;
    collect_fn collect;
};

static const struct collector collectors[] = {
    {"domain.xml", "the domain XML as it ran", collect_xml},
    {"registers.txt", "the vCPUs' registers, by QEMU", collect_registers},
    {EVIDENCE_CONSOLE_LOG, "the end of the console's log", collect_console},
    {EVIDENCE_SCREEN, "its screen", collect_screen},
};

struct collect_input {
    const struct record *record;
    const char *folder;
    const struct collector *row;
};

static int collect_stage(void *shared, const void *input, struct err *why)
{
    const struct collect_input *in = input;
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    int rc = guest_reach_frozen(in->record, deadline_in_ms(COLLECT_MS), &v, &d, why);
    struct source s = {.folder = in->folder, .domain = d, .virt = v};

    (void) shared;
    return rc < 0 ? rc : in->row->collect(&s, in->row->file, why);
}

struct json_object *evidence_index(void)
{
    struct json_object *index = json_object_new_object();

    json_object_object_add(index, "files", json_object_new_array());
    json_object_object_add(index, "missing", json_object_new_array());
    return index;
}

static void note(struct json_object *index, const char *file, const char *what, int rc,
                 const struct err *why)
{
    struct json_object *o = json_object_new_object();
    struct json_object *list;

    json_object_object_get_ex(index, rc == 0 ? "files" : "missing", &list);
    json_object_object_add(o, "name", json_object_new_string(file));
    json_object_object_add(o, "what", json_object_new_string(what));
    if (rc < 0) {
        json_object_object_add(o, "why", json_object_new_string(
            rc == -ENODATA ? "the guest has none" : why->text));
    }
    json_object_array_add(list, o);
}

static void collect_one(const struct record *r, const char *folder, const struct collector *row,
                        struct json_object *index)
{
    struct collect_input in = {.record = r, .folder = folder, .row = row};
    struct err why = {0};
    int rc = stage_run("collecting evidence", collect_stage, NULL, &in,
                       deadline_in_ms(COLLECT_MS), &why);

    if (rc < 0 && rc != -ENODATA) {
        log_info("guest '%s': no %s: %s", r->name, row->file, why.text);
    }
    note(index, row->file, row->what, rc, &why);
}

void evidence_collect(const struct record *r, const char *folder, struct json_object *index)
{
    for (size_t i = 0; i < sizeof collectors / sizeof collectors[0]; i++) {
        collect_one(r, folder, &collectors[i], index);
    }
}

void evidence_note_dump(struct json_object *index, const char *file, int64_t took_us)
{
    struct err none = {0};

    note(index, file, "its memory", 0, &none);
    json_object_object_add(index, "dump-milliseconds", json_object_new_int64(took_us / US_PER_MS));
}

void evidence_kernel_log(const struct record *r, const char *folder, const char *dump,
                         struct json_object *index)
{
    struct err why = {0};
    int rc = kernellog_write(r, folder, dump, EVIDENCE_KERNEL_LOG,
                             deadline_in_ms(KERNEL_LOG_MS), &why);

    if (rc < 0) {
        log_info("guest '%s': no %s: %s", r->name, EVIDENCE_KERNEL_LOG, why.text);
    }
    note(index, EVIDENCE_KERNEL_LOG, "its kernel's log, out of the dump", rc, &why);
}

static char *why_in(const char *folder, const char *file)
{
    _cleanup_free_ char *path = str_printf("%s/%s", folder, file);
    _cleanup_free_ char *text = NULL;
    struct err ignored = {0};

    return readtail(path, KERNEL_LOG_MOST, &text, &ignored) == 0 ? printk_why(text) : NULL;
}

struct panic_input {
    const struct record *record;
    const char *folder;
};

/* A guest may say anything, also what looks like our own words about its dump (announce.c). */
static void make_plain(char *text)
{
    for (char *p = text; *p; p++) {
        *p = (char) (*p < ' ' || *p > '~' ? '?' : *p == '(' ? '[' : *p == ')' ? ']' : *p);
    }
}

static int panic_stage(void *shared, const void *input, struct err *why)
{
    const struct panic_input *in = input;
    char *words = why_in(in->folder, EVIDENCE_KERNEL_LOG);

    (void) why;
    if (!words) {
        words = why_in(in->folder, EVIDENCE_CONSOLE_LOG);
    }
    if (!words) {
        words = guestlog_panic(GVM_QEMU_LOG_DIR, in->record->name);
    }
    snprintf(shared, PANIC_SIZE, "%s", words ? words : "");
    make_plain(shared);
    free(words);
    return 0;
}

char *evidence_panic(const struct record *r, const char *folder)
{
    struct panic_input in = {.record = r, .folder = folder};
    char *shared = stage_memory(PANIC_SIZE);
    struct err ignored = {0};
    char *words = NULL;

    if (stage_run("reading why the guest died", panic_stage, shared, &in,
                  deadline_in_ms(COLLECT_MS), &ignored) == 0 && shared[0]) {
        words = str_dup(shared);
    }
    stage_memory_free(shared, PANIC_SIZE);
    return words;
}

int evidence_write_index(const struct record *r, const char *folder, struct json_object *index,
                         struct err *why)
{
    _cleanup_free_ char *record = NULL;
    int rc = record_to_text(r, &record, why);
    struct json_object *parsed = rc == 0 ? json_tokener_parse(record) : NULL;
    const char *text;

    json_object_object_add(index, "version", json_object_new_int(1));
    json_object_object_add(index, "record", parsed);
    text = json_object_to_json_string_ext(index, JSON_C_TO_STRING_PRETTY);
    return rc < 0 ? rc : evidencedir_write(folder, EVIDENCEDIR_INDEX, text, strlen(text), why);
}
