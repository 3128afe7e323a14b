/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A mock in the place of one of Pacemaker's tools, in a mount namespace of the test's own: for
 * what the real one cannot be brought to do or say. Needs scratch_setup, and root.
 */
#ifndef GVM_TESTS_SYS_MOCK_TOOL_H
#define GVM_TESTS_SYS_MOCK_TOOL_H

#include "own_process.h"
#include "scratch_dir.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

static inline const char *mock_place(const char *tool)
{
    static char place[64];

    snprintf(place, sizeof place, "/usr/sbin/%s", tool);
    return place;
}

static inline int mock_possible(const char *tool)
{
    return geteuid() == 0 && access(mock_place(tool), X_OK) == 0;
}

/* The tool is a shell script with this body from now on. */
static inline void mock_tool(const char *tool, const char *body)
{
    static int unshared;
    const char *mock = scratch_path(tool);
    int begun = access(mock, F_OK) == 0;
    FILE *f = fopen(mock, "w");

    assert_non_null(f);
    fprintf(f, "#!/bin/sh\n%s\n", body);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(mock, 0755), 0);
    if (!unshared) {
        assert_int_equal(unshare(CLONE_NEWNS), 0);
        assert_int_equal(mount("none", "/", "", MS_REC | MS_PRIVATE, ""), 0);
        unshared = 1;
    }
    if (!begun) {
        assert_int_equal(mount(mock, mock_place(tool), "", MS_BIND, NULL), 0);
    }
}

#endif
