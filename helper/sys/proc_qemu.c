/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which processes are guests: QEMUs that libvirt started, told by their command line.
 * Of all processes those are looked at that are named so, since reading a command line takes
 * the process's memory lock, which a stuck process may hold: in a stage only.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/proc.h"
#include "sys/procfile.h"
#include "sys/stage.h"

enum {
    KERNEL_THREAD = 0x00200000, /* PF_KTHREAD of linux/sched.h: "kvm-nx-lpage-re" is one */
    EMPTY_WAIT_MS = 100,        /* a process in the midst of exec or exit shows no words */
    EMPTY_PAUSE_MS = 5
};

/* One look at one process. */
enum look { LOOK_NOT_QEMU, LOOK_GUEST, LOOK_EMPTY };

void proc_qemu_clear(struct qemu_process *q)
{
    free(q->name);
    free(q->uuid);
    *q = (struct qemu_process){0};
}

void proc_qemu_free(struct qemu_process *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        proc_qemu_clear(&list[i]);
    }
    free(list);
}

/*
 * The value of `key` in a QEMU option string, in which a doubled comma stands for one.
 * `implied`: the first word may be the value itself, without "key=".
 */
static char *option_value(const char *text, const char *key, bool implied)
{
    _cleanup_free_ char *word = mem_zero(1, strlen(text) + 1);
    size_t key_length = strlen(key);
    bool first = true;

    while (*text) {
        size_t n = 0;

        for (; *text && (*text != ',' || text[1] == ','); text++) {
            text += *text == ',';
            word[n++] = *text;
        }
        word[n] = '\0';
        text += *text == ',';
        if (str_starts(word, key) && word[key_length] == '=') {
            return str_dup(word + key_length + 1);
        }
        if (first && implied && !strchr(word, '=')) {
            return str_dup(word);
        }
        first = false;
    }
    return NULL;
}

static void lower(char *text)
{
    for (; text && *text; text++) {
        *text = (char) (*text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text);
    }
}

static bool is_option(const char *word, const char *name)
{
    return word[0] == '-' && str_eq(word + 1 + (word[1] == '-'), name);
}

/* `text`: words that end with a zero byte each, `size` bytes in all. */
static void read_words(const char *text, size_t size, struct qemu_process *q)
{
    const char *end = text + size;

    for (const char *word = text; word < end; word += strlen(word) + 1) {
        const char *next = word + strlen(word) + 1;

        if (next >= end) {
            break;
        }
        if (!q->name && is_option(word, "name")) {
            q->name = option_value(next, "guest", true);
        } else if (!q->uuid && is_option(word, "uuid")) {
            q->uuid = str_dup(next);
            lower(q->uuid);
        }
    }
}

/* Named like a QEMU, and no logged-in user's: those could name theirs so to be taken for one. */
static int is_candidate(pid_t pid, bool *ret)
{
    bool own = false;
    _cleanup_free_ char *path = procfile_path("%d/comm", (int) pid);
    _cleanup_free_ char *comm = NULL;
    int rc = procfile_read(path, &comm, NULL);

    *ret = rc == 0 && (str_starts(comm, "qemu") || str_starts(comm, "kvm"));
    if (*ret) {
        rc = proc_in_own_login(pid, &own);
        *ret = !own;
    }
    return rc == -ENOENT ? -ESRCH : rc;
}

/*
 * The command line; *ret_size 0 where none is shown. A process that was killed while one of
 * its threads is stuck in I/O shows none by itself, as its main thread has ended, but the
 * stuck one still does.
 */
static int read_command_line(pid_t pid, char **ret, size_t *ret_size)
{
    _cleanup_free_ char *own = procfile_path("%d/cmdline", (int) pid);
    _cleanup_free_ char *tasks = procfile_path("%d/task", (int) pid);
    struct dirent *entry;
    DIR *dir = NULL;
    int rc = procfile_read(own, ret, ret_size);

    if (rc < 0 || *ret_size > 0) {
        return rc;
    }
    dir = opendir(tasks);
    while (dir && *ret_size == 0 && (entry = readdir(dir))) {
        long tid = procfile_number(entry->d_name);
        _cleanup_free_ char *path = procfile_path("%d/task/%ld/cmdline", (int) pid, tid);
        char *text = NULL;

        if (tid > 0 && procfile_read(path, &text, ret_size) == 0) {
            free(*ret);
            *ret = text;
        }
    }
    if (dir) {
        closedir(dir);
    }
    return 0;
}

static int look_once(pid_t pid, struct qemu_process *q, enum look *ret)
{
    _cleanup_free_ char *stat_path = procfile_path("%d/stat", (int) pid);
    _cleanup_free_ char *words = NULL;
    struct proc_stat s;
    size_t size = 0;
    int rc = procfile_stat(stat_path, &s);

    if (rc < 0) {
        return rc;
    }
    *ret = LOOK_NOT_QEMU;
    if (proc_stat_ended(&s) || (s.flags & KERNEL_THREAD)) {
        return 0;
    }
    stage_at("reading the command line of process %d", (int) pid);
    rc = read_command_line(pid, &words, &size);
    if (rc < 0) {
        return rc == -ENOENT ? -ESRCH : rc;
    }
    if (size == 0) {
        *ret = LOOK_EMPTY;
        return 0;
    }
    q->id = (struct process_id){.pid = pid, .start_ticks = s.start_ticks};
    read_words(words, size, q);
    *ret = q->name && q->uuid ? LOOK_GUEST : LOOK_NOT_QEMU;
    return 0;
}

static int look(pid_t pid, struct qemu_process *q, enum look *ret)
{
    struct deadline until = deadline_in_ms(EMPTY_WAIT_MS);
    int rc = 0;

    *ret = LOOK_NOT_QEMU;
    while (rc == 0) {
        rc = look_once(pid, q, ret);
        if (*ret != LOOK_EMPTY || deadline_over(until)) {
            break;
        }
        clock_pause_ms(EMPTY_PAUSE_MS, until);
    }
    if (rc == 0 && *ret == LOOK_EMPTY) {
        /* Ending, its memory gone, its files perhaps not: whose guest it was is unknown. */
        rc = -EIO;
    }
    return rc;
}

int proc_read_qemu(pid_t pid, struct qemu_process *ret, struct err *why)
{
    struct qemu_process q = {0};
    enum look seen;
    int rc = look(pid, &q, &seen);

    if (rc == 0 && seen == LOOK_GUEST) {
        *ret = q;
        return 0;
    }
    proc_qemu_clear(&q);
    if (rc == 0 || rc == -ESRCH) {
        return err_set(why, -ESRCH, ERR_GENERIC, "process %d is no guest's QEMU", (int) pid);
    }
    return err_set(why, -EIO, ERR_GENERIC, "process %d may be a guest's QEMU, but its command "
                   "line cannot be read: %s", (int) pid, strerror(-rc));
}

static int add(pid_t pid, struct qemu_process **list, size_t *count, struct err *why)
{
    struct qemu_process q;
    bool candidate = false;
    int rc = is_candidate(pid, &candidate);

    if (rc < 0 && rc != -ESRCH) {
        return err_set(why, -EIO, ERR_GENERIC, "process %d may be a guest's QEMU, but cannot be "
                       "looked at: %s", (int) pid, strerror(-rc));
    }
    if (candidate) {
        rc = proc_read_qemu(pid, &q, why);
    }
    if (rc == 0 && candidate) {
        *(struct qemu_process *) array_add(list, count, sizeof q) = q;
    }
    return rc == -ESRCH ? 0 : rc;
}

int proc_list_qemu(struct qemu_process **ret, size_t *ret_count, struct err *why)
{
    _cleanup_free_ char *path = procfile_path(".");
    struct qemu_process *list = NULL;
    size_t count = 0;
    struct dirent *entry;
    DIR *dir = opendir(path);
    bool any = false;
    int rc = 0;

    while (dir && rc == 0 && (errno = 0, entry = readdir(dir))) {
        long pid = procfile_number(entry->d_name);

        if (pid > 0) {
            any = true;
            rc = add((pid_t) pid, &list, &count, why);
        }
    }
    /* At least this process must be there; a list that breaks off proves nothing either. */
    if (rc == 0 && (!any || errno != 0)) {
        rc = err_set(why, -EIO, ERR_GENERIC, "%s does not show its processes: %s", path,
                     strerror(errno));
    }
    if (dir) {
        closedir(dir);
    }
    if (rc < 0) {
        proc_qemu_free(list, count);
        return rc;
    }
    *ret = list;
    *ret_count = count;
    return 0;
}
