/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cores as QEMU 7.2 writes them, and such as are cut off, damaged or made to do harm: each is read
 * or refused with a reason.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/elfcore.h"
#include "core_sample.h"

#define SET(s, at, type, member, value) \
    sample_put((s)->bytes + (at) + offsetof(type, member), sizeof(((type *) NULL)->member), value)

enum { NOTE = SAMPLE_HEADERS, LOAD = SAMPLE_HEADERS + (int) sizeof(Elf64_Phdr) };

static int open_sample(struct sample *s, struct elfcore **ret)
{
    struct err why = {0};
    int rc = elfcore_open(sample_read, s, ret, &why);

    assert_true(rc == 0 || why.text[0] != '\0');
    return rc;
}

/* Opens, closes, ends the sample. */
static int tried(struct sample *s)
{
    struct elfcore *core = NULL;
    int rc = open_sample(s, &core);

    assert_true((rc == 0) == (core != NULL));
    elfcore_close(core);
    sample_free(s);
    return rc;
}

static void memory_is_found_by_its_physical_address(void **state)
{
    struct sample *s = sample_new("");
    struct elfcore *core = NULL;
    struct err why = {0};
    unsigned char bytes[16];

    (void) state;
    for (size_t i = 0; i < sizeof bytes; i++) {
        *sample_at(s, SAMPLE_SEGMENT - 8 + i) = (unsigned char) (i + 1);
    }
    assert_int_equal(open_sample(s, &core), 0);
    assert_int_equal(elfcore_read_physical(core, SAMPLE_PADDR + SAMPLE_SEGMENT - 8, bytes,
                                           sizeof bytes, &why), 0);
    for (size_t i = 0; i < sizeof bytes; i++) {
        assert_int_equal(bytes[i], i + 1);
    }
    elfcore_close(core);
    sample_free(s);
}

static void memory_that_is_not_there_is_an_error(void **state)
{
    static const uint64_t holes[] = {
        0, SAMPLE_PADDR - 1, SAMPLE_PADDR + SAMPLE_BYTES, SAMPLE_PADDR + SAMPLE_BYTES - 8,
        UINT64_MAX, UINT64_MAX - 15,
    };
    struct sample *s = sample_new("");
    struct elfcore *core = NULL;
    unsigned char bytes[16];

    (void) state;
    assert_int_equal(open_sample(s, &core), 0);
    for (size_t i = 0; i < sizeof holes / sizeof holes[0]; i++) {
        struct err why = {0};

        assert_int_equal(elfcore_read_physical(core, holes[i], bytes, sizeof bytes, &why), -EFAULT);
        assert_non_null(strstr(why.text, "0x"));
    }
    elfcore_close(core);
    sample_free(s);
}

static void the_kernels_note_is_found_behind_others(void **state)
{
    struct sample *s = sample_new("SYMBOL(prb)=12\n");
    struct elfcore *core = NULL;

    (void) state;
    assert_int_equal(open_sample(s, &core), 0);
    assert_non_null(strstr(elfcore_vmcoreinfo(core), "SYMBOL(prb)=12\n"));
    elfcore_close(core);
    sample_free(s);
}

static size_t reads;

static int counted_read(void *data, uint64_t offset, void *to, size_t size)
{
    reads++;
    return sample_read(data, offset, to, size);
}

/* A thousand segments that say that the same MiB is their notes, all of which are empty. */
static void notes_without_end_are_not_all_read(void **state)
{
    enum { MANY = 1000, TABLE = SAMPLE_HEADERS, ZEROES = 1 << 20 };
    struct sample *s = sample_new(NULL);
    struct elfcore *core = NULL;
    struct err why = {0};

    (void) state;
    free(s->bytes);
    s->size = 2 * ZEROES;
    s->bytes = mem_zero(s->size, 1);
    memcpy(s->bytes, ELFMAG "\2\1\1", SELFMAG + 3);
    SET(s, 0, Elf64_Ehdr, e_type, ET_CORE);
    SET(s, 0, Elf64_Ehdr, e_machine, EM_X86_64);
    SET(s, 0, Elf64_Ehdr, e_phentsize, sizeof(Elf64_Phdr));
    SET(s, 0, Elf64_Ehdr, e_phoff, TABLE);
    SET(s, 0, Elf64_Ehdr, e_phnum, MANY);
    for (size_t i = 0; i < MANY; i++) {
        SET(s, TABLE + i * sizeof(Elf64_Phdr), Elf64_Phdr, p_type, PT_NOTE);
        SET(s, TABLE + i * sizeof(Elf64_Phdr), Elf64_Phdr, p_offset, ZEROES);
        SET(s, TABLE + i * sizeof(Elf64_Phdr), Elf64_Phdr, p_filesz, ZEROES);
    }
    reads = 0;
    assert_int_equal(elfcore_open(counted_read, s, &core, &why), 0);
    assert_in_range(reads, MANY, 100000);
    elfcore_close(core);
    sample_free(s);
}

static void a_guest_that_left_no_note_has_none(void **state)
{
    struct sample *s = sample_new(NULL);
    struct elfcore *core = NULL;

    (void) state;
    assert_int_equal(open_sample(s, &core), 0);
    assert_null(elfcore_vmcoreinfo(core));
    elfcore_close(core);
    sample_free(s);
}

static void many_segments_are_counted_in_a_section(void **state)
{
    struct sample *s = sample_new("");

    (void) state;
    SET(s, 0, Elf64_Ehdr, e_phnum, PN_XNUM);
    assert_int_equal(tried(s), 0);
    s = sample_new("");
    SET(s, 0, Elf64_Ehdr, e_phnum, PN_XNUM);
    SET(s, SAMPLE_SECTION, Elf64_Shdr, sh_info, UINT32_MAX);
    assert_int_equal(tried(s), -EPROTO);
    s = sample_new("");
    SET(s, 0, Elf64_Ehdr, e_phnum, PN_XNUM);
    SET(s, 0, Elf64_Ehdr, e_shoff, UINT64_MAX - 3);
    assert_int_equal(tried(s), -EIO);
}

static void other_files_are_refused(void **state)
{
    static const struct { size_t at; unsigned char byte; } rows[] = {
        {0, 'K'}, {EI_CLASS, ELFCLASS32}, {EI_DATA, ELFDATA2MSB},
        {offsetof(Elf64_Ehdr, e_type), ET_EXEC}, {offsetof(Elf64_Ehdr, e_machine), EM_AARCH64},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sample *s = sample_new("");

        s->bytes[rows[i].at] = rows[i].byte;
        assert_int_equal(tried(s), -ENOTSUP);
    }
}

static void a_file_that_is_cut_off_is_an_error(void **state)
{
    (void) state;
    for (size_t size = 0; size < SAMPLE_NOTES + 40; size++) {
        struct sample *s = sample_new("");
        /* Of exactly that size, so that reading beyond it is seen. */
        unsigned char *cut = malloc(size ? size : 1);

        assert_non_null(cut);
        memcpy(cut, s->bytes, size);
        free(s->bytes);
        s->bytes = cut;
        s->size = size;
        assert_int_equal(tried(s), -EIO);
    }
}

static void what_would_overflow_is_refused(void **state)
{
    struct sample *s = sample_new("");

    (void) state;
    SET(s, 0, Elf64_Ehdr, e_phoff, UINT64_MAX - 8);
    assert_int_equal(tried(s), -EPROTO);
    s = sample_new("");
    SET(s, LOAD, Elf64_Phdr, p_filesz, UINT64_MAX);
    assert_int_equal(tried(s), -EPROTO);
    s = sample_new("");
    SET(s, LOAD, Elf64_Phdr, p_paddr, UINT64_MAX - 4096);
    assert_int_equal(tried(s), -EPROTO);
    s = sample_new("");
    SET(s, NOTE, Elf64_Phdr, p_offset, UINT64_MAX - 8);
    assert_int_equal(tried(s), -EPROTO);
    s = sample_new("");
    SET(s, NOTE, Elf64_Phdr, p_filesz, UINT64_MAX);
    assert_int_equal(tried(s), -EPROTO);
}

static void a_segment_beyond_the_file_cannot_be_read(void **state)
{
    struct sample *s = sample_new("");
    struct elfcore *core = NULL;
    struct err why = {0};
    unsigned char byte;

    (void) state;
    SET(s, LOAD, Elf64_Phdr, p_offset, UINT64_C(1) << 60);
    assert_int_equal(open_sample(s, &core), 0);
    assert_int_equal(elfcore_read_physical(core, SAMPLE_PADDR + SAMPLE_SEGMENT, &byte, 1, &why),
                     -EIO);
    elfcore_close(core);
    sample_free(s);
}

static void notes_of_false_sizes_are_refused(void **state)
{
    static const uint32_t sizes[] = {UINT32_MAX, UINT32_MAX - 3, 1 << 30, 1 << 16};

    (void) state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct sample *s = sample_new("");

        SET(s, SAMPLE_NOTES, Elf64_Nhdr, n_namesz, sizes[i]);
        assert_int_equal(tried(s), -EPROTO);
        s = sample_new("");
        SET(s, SAMPLE_NOTES, Elf64_Nhdr, n_descsz, sizes[i]);
        assert_int_equal(tried(s), -EPROTO);
    }
}

/* The notes are said to be as long as the address space, and the kernel's to be 4 GiB of it. */
static void a_note_is_not_believed_to_be_huge(void **state)
{
    struct sample *s = sample_new("");

    (void) state;
    SET(s, NOTE, Elf64_Phdr, p_filesz, UINT64_C(1) << 62);
    SET(s, SAMPLE_NOTES, Elf64_Nhdr, n_namesz, sizeof "VMCOREINFO");
    SET(s, SAMPLE_NOTES, Elf64_Nhdr, n_descsz, UINT32_MAX);
    memcpy(s->bytes + SAMPLE_NOTES + sizeof(Elf64_Nhdr), "VMCOREINFO", sizeof "VMCOREINFO");
    assert_int_equal(tried(s), -EPROTO);
}

enum {
    EHSIZE = offsetof(Elf64_Ehdr, e_ehsize),
    TABLES_END = SAMPLE_HEADERS + SAMPLE_HEADERS_COUNT * (int) sizeof(Elf64_Phdr)
};

/* A copy of exactly that size of a core's first bytes, two of them changed; the caller frees it. */
static unsigned char *start_with(size_t at, unsigned value, size_t size)
{
    struct sample *s = sample_new("");
    unsigned char *start = malloc(size);

    assert_non_null(start);
    sample_put(s->bytes + at, 2, value);
    memcpy(start, s->bytes, size);
    sample_free(s);
    return start;
}

static void qemus_header_is_mended(void **state)
{
    static const unsigned sizes[] = {0, 8, 63, 0x4000};

    (void) state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        unsigned char *start = start_with(EHSIZE, sizes[i], ELFCORE_HEAD_SIZE);
        unsigned char *sound = start_with(EHSIZE, 64, ELFCORE_HEAD_SIZE);

        assert_int_equal(elfcore_mend(start, ELFCORE_HEAD_SIZE), ELFCORE_HEAD_MENDED);
        assert_memory_equal(start, sound, ELFCORE_HEAD_SIZE);
        assert_int_equal(elfcore_mend(start, ELFCORE_HEAD_SIZE), ELFCORE_HEAD_SOUND);
        free(start);
        free(sound);
    }
}

static void qemus_tables_are_exchanged(void **state)
{
    unsigned char *was = start_with(EHSIZE, 8, TABLES_END);
    unsigned char *start = start_with(EHSIZE, 8, TABLES_END);
    enum { HEADERS = TABLES_END - SAMPLE_HEADERS };

    (void) state;
    assert_int_equal(elfcore_mend(start, TABLES_END), ELFCORE_HEAD_MENDED);
    assert_int_equal(sample_get(start + offsetof(Elf64_Ehdr, e_phoff), 8), 64);
    assert_int_equal(sample_get(start + offsetof(Elf64_Ehdr, e_shoff), 8), 64 + HEADERS);
    assert_memory_equal(start + 64, was + SAMPLE_HEADERS, HEADERS);
    assert_memory_equal(start + 64 + HEADERS, was + SAMPLE_SECTION, sizeof(Elf64_Shdr));
    assert_int_equal(elfcore_mend(start, TABLES_END), ELFCORE_HEAD_SOUND);
    free(start);
    free(was);
}

static void a_mended_core_is_the_same_core(void **state)
{
    struct sample *s = sample_new("SYMBOL(prb)=12\n");
    struct elfcore *core = NULL;
    struct err why = {0};
    unsigned char byte = 0;

    (void) state;
    *sample_at(s, SAMPLE_FREE) = 77;
    assert_int_equal(elfcore_mend(s->bytes, ELFCORE_START_SIZE), ELFCORE_HEAD_MENDED);
    assert_int_equal(open_sample(s, &core), 0);
    assert_non_null(strstr(elfcore_vmcoreinfo(core), "SYMBOL(prb)=12\n"));
    assert_int_equal(elfcore_read_physical(core, SAMPLE_PADDR + SAMPLE_FREE, &byte, 1, &why), 0);
    assert_int_equal(byte, 77);
    elfcore_close(core);
    sample_free(s);
}

/* Cut off within them, of too many segments, or elsewhere: only the size is put right. */
static void tables_of_another_order_are_left_alone(void **state)
{
    static const struct { size_t at; unsigned value; size_t size; } rows[] = {
        {EHSIZE, 8, TABLES_END - 1},
        {offsetof(Elf64_Ehdr, e_phnum), PN_XNUM, ELFCORE_START_SIZE},
        {offsetof(Elf64_Ehdr, e_phnum), 0, ELFCORE_START_SIZE},
        {offsetof(Elf64_Ehdr, e_phnum), 1000, ELFCORE_START_SIZE},
        {offsetof(Elf64_Ehdr, e_shnum), 0, ELFCORE_START_SIZE},
        {offsetof(Elf64_Ehdr, e_shnum), UINT16_MAX, ELFCORE_START_SIZE},
        {offsetof(Elf64_Ehdr, e_phoff), 136, ELFCORE_START_SIZE},
        {offsetof(Elf64_Ehdr, e_shoff), 72, ELFCORE_START_SIZE},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned char *was = start_with(rows[i].at, rows[i].value, rows[i].size);
        unsigned char *start = start_with(rows[i].at, rows[i].value, rows[i].size);

        was[EHSIZE] = 64;
        assert_int_equal(elfcore_mend(start, rows[i].size), ELFCORE_HEAD_MENDED);
        assert_memory_equal(start, was, rows[i].size);
        free(start);
        free(was);
    }
}

static void what_is_no_such_header_is_left_alone(void **state)
{
    static const struct { size_t at; unsigned value; enum elfcore_head is; } rows[] = {
        {0, 0, ELFCORE_HEAD_OTHER},
        {EI_CLASS, ELFCLASS32, ELFCORE_HEAD_OTHER},
        {offsetof(Elf64_Ehdr, e_type), ET_EXEC, ELFCORE_HEAD_OTHER},
        {offsetof(Elf64_Ehdr, e_phentsize), 8, ELFCORE_HEAD_DAMAGED},
        {offsetof(Elf64_Ehdr, e_shentsize), 8, ELFCORE_HEAD_DAMAGED},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned char *was = start_with(rows[i].at, rows[i].value, ELFCORE_START_SIZE);
        unsigned char *start = start_with(rows[i].at, rows[i].value, ELFCORE_START_SIZE);

        assert_int_equal(elfcore_mend(start, ELFCORE_START_SIZE), rows[i].is);
        assert_memory_equal(start, was, ELFCORE_START_SIZE);
        free(start);
        free(was);
    }
    assert_int_equal(elfcore_mend((unsigned char *) "\x7f" "ELF", 5), ELFCORE_HEAD_OTHER);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_found_by_its_physical_address),
        cmocka_unit_test(memory_that_is_not_there_is_an_error),
        cmocka_unit_test(the_kernels_note_is_found_behind_others),
        cmocka_unit_test(notes_without_end_are_not_all_read),
        cmocka_unit_test(a_guest_that_left_no_note_has_none),
        cmocka_unit_test(many_segments_are_counted_in_a_section),
        cmocka_unit_test(other_files_are_refused),
        cmocka_unit_test(a_file_that_is_cut_off_is_an_error),
        cmocka_unit_test(what_would_overflow_is_refused),
        cmocka_unit_test(a_segment_beyond_the_file_cannot_be_read),
        cmocka_unit_test(notes_of_false_sizes_are_refused),
        cmocka_unit_test(a_note_is_not_believed_to_be_huge),
        cmocka_unit_test(qemus_header_is_mended),
        cmocka_unit_test(qemus_tables_are_exchanged),
        cmocka_unit_test(a_mended_core_is_the_same_core),
        cmocka_unit_test(tables_of_another_order_are_left_alone),
        cmocka_unit_test(what_is_no_such_header_is_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
