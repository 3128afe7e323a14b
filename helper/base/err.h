/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one error contract: a function returns 0 or a negative errno, and fills
 * `why` with a sentence that names the object, the value and the remedy.
 * Owns the meaning of each kind of error for Pacemaker; nobody else maps them.
 */
#ifndef GVM_BASE_ERR_H
#define GVM_BASE_ERR_H

/* Value 0 is the soft error: what nobody classified is never "not running". */
enum err_kind {
    ERR_GENERIC = 0, /* OCF 1: doubt, or something failed and may be tried again */
    ERR_ARGS,        /* OCF 2: a parameter is wrong on this node */
    ERR_PERM,        /* OCF 4: this node forbids it */
    ERR_INSTALLED,   /* OCF 5: something is missing on this node */
    ERR_CONFIGURED,  /* OCF 6: a parameter is wrong everywhere */
    ERR_KIND_LAST
};

enum { ERR_TEXT_SIZE = 768 };

/* Plain data, so that it can lie in memory shared with an abandonable child. */
struct err {
    enum err_kind kind;
    char text[ERR_TEXT_SIZE];
};

/*
 * Fills `why` (which may be NULL) and returns `code`, so that a caller can
 * write: return err_set(why, -EINVAL, ERR_CONFIGURED, "config='%s' ...", path);
 * `code` is a negative errno. Control characters in the text become '?', so
 * that a hostile name cannot forge a second ocf-exit-reason line.
 */
int err_set(struct err *why, int code, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Puts "context: " in front of the text that is there. Returns `code`. */
int err_prefix(struct err *why, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The OCF exit code (crm/common/results.h, PCMK_OCF_*) of a kind. */
int err_ocf_code(enum err_kind kind);

#endif
