/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mappings of real processes: what writes without a descriptor.
 */
#include "own_process.h"
#include "scratch_dir.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "sys/proc.h"

enum { MAPPED_BYTES = 8192 };

static void map_file(int fd, int protection, int flags)
{
    void *p;

    CHILD_CHECK(fd >= 0 && ftruncate(fd, MAPPED_BYTES) == 0);
    p = mmap(NULL, MAPPED_BYTES, protection, flags, fd, 0);
    CHILD_CHECK(p != MAP_FAILED);
    close(fd);
}

static int own_file(const char *name)
{
    return open(scratch_path(name), O_RDWR | O_CREAT, 0600);
}

static void map_shared(void *arg)
{
    (void) arg;
    map_file(own_file("disk image"), PROT_READ | PROT_WRITE, MAP_SHARED);
}

static void map_harmless(void *arg)
{
    (void) arg;
    map_file(own_file("private"), PROT_READ | PROT_WRITE, MAP_PRIVATE);
    map_file(own_file("readonly"), PROT_READ, MAP_SHARED);
    map_file(memfd_create("guest ram", 0), PROT_READ | PROT_WRITE, MAP_SHARED);
    map_file(open("/dev/shm", O_TMPFILE | O_RDWR, 0600), PROT_READ | PROT_WRITE, MAP_SHARED);
    CHILD_CHECK(mmap(NULL, MAPPED_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
                     0) != MAP_FAILED);
}

static void test_shared_mapping_is_found(void **state)
{
    pid_t pid = own_start(map_shared, NULL);
    _cleanup_free_ char *path = NULL;

    (void) state;
    assert_int_equal(proc_shared_mapping(pid, &path, NULL), 0);
    assert_non_null(path);
    assert_string_equal(path, scratch_path("disk image"));
    own_end(pid);
}

static void test_memory_is_harmless(void **state)
{
    pid_t pid = own_start(map_harmless, NULL);
    char *path = (char *) "untouched";

    (void) state;
    assert_int_equal(proc_shared_mapping(pid, &path, NULL), 0);
    if (path) {
        fail_msg("found %s", path);
    }
    own_end(pid);
}

static void test_deleted_mapping_counts(void **state)
{
    pid_t pid = own_start(map_shared, NULL);
    _cleanup_free_ char *path = NULL;

    (void) state;
    assert_int_equal(unlink(scratch_path("disk image")), 0);
    assert_int_equal(proc_shared_mapping(pid, &path, NULL), 0);
    assert_non_null(path);
    assert_non_null(strstr(path, "(deleted)"));
    own_end(pid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shared_mapping_is_found),
        cmocka_unit_test(test_memory_is_harmless),
        cmocka_unit_test(test_deleted_mapping_counts),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
