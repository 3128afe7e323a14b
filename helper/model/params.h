/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The resource's parameters. One row per parameter in params_rows.c gives its
 * parsing, default, bounds, meta-data, reload and manual: there is no second
 * place. VirtualDomain's names keep VirtualDomain's meaning.
 */
#ifndef GVM_MODEL_PARAMS_H
#define GVM_MODEL_PARAMS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

enum crash_policy { CRASH_FREEZE, CRASH_DESTROY };
enum frozen_start { FROZEN_START_REFUSE, FROZEN_START_DISCARD };
enum watchdog_choice {
    WATCHDOG_KEEP, WATCHDOG_DISABLED, WATCHDOG_NONE, WATCHDOG_PAUSE, WATCHDOG_RESET,
    WATCHDOG_POWEROFF, WATCHDOG_SHUTDOWN, WATCHDOG_INJECT_NMI
};
enum panic_choice { PANIC_KEEP, PANIC_AUTO };
enum on_watchdog { ON_WATCHDOG_FREEZE, ON_WATCHDOG_DEGRADED, ON_WATCHDOG_IGNORE };
enum on_io_error { ON_IO_ERROR_RETRY, ON_IO_ERROR_FREEZE, ON_IO_ERROR_DEGRADED };
enum on_guest_shutdown { ON_GUEST_SHUTDOWN_RESTART, ON_GUEST_SHUTDOWN_STOP };
enum on_pause { ON_PAUSE_DEGRADED, ON_PAUSE_OK, ON_PAUSE_FAIL };
enum on_pmsuspend { ON_PMSUSPEND_OK, ON_PMSUSPEND_WAKEUP, ON_PMSUSPEND_FAIL };

enum dump_format {
    DUMP_NONE, DUMP_ELF, DUMP_KDUMP_ZLIB, DUMP_KDUMP_LZO, DUMP_KDUMP_SNAPPY, DUMP_WIN_DMP,
    DUMP_FORMAT_LAST
};
enum after_dump { AFTER_DUMP_RELEASE, AFTER_DUMP_KEEP, AFTER_DUMP_LAST };

/* How the power button is pressed; libvirt's choice is the agent where one answers, else ACPI. */
enum shutdown_mode {
    SHUTDOWN_BY_LIBVIRT, SHUTDOWN_BY_ACPI, SHUTDOWN_BY_AGENT, SHUTDOWN_BY_AGENT_OR_ACPI
};

enum stop_word { STOP_WORD_SHUTDOWN, STOP_WORD_DESTROY, STOP_WORD_SAVE };
enum { STOP_STEPS_MAX = 4 };
struct stop_step {
    enum stop_word word;
    int limit_s; /* 0: its share of what is left */
};
struct stop_sequence {
    int count;
    struct stop_step step[STOP_STEPS_MAX];
};

/* String members are the struct's own; params_free releases them. */
struct params {
    char *config;     /* absolute path of the domain XML; required */
    char *hypervisor; /* libvirt URI of this node's QEMU */
    bool force_stop;  /* destroy instead of shutdown: stop_sequence is then just that */
    enum crash_policy crash_policy;
    enum frozen_start frozen_start;
    enum watchdog_choice watchdog;
    enum panic_choice panic_device;
    enum on_watchdog on_watchdog;
    enum on_io_error on_io_error;
    int64_t io_error_grace_s;
    int64_t monitor_wait_s;
    int64_t kdump_grace_s;
    int64_t panic_grace_s;
    enum on_guest_shutdown on_guest_shutdown;
    enum on_pause on_pause;
    enum on_pmsuspend on_pmsuspend;
    struct stop_sequence stop_sequence;
    bool autoset_utilization_cpu; /* what unset_* says counts where autoset_* is false */
    bool autoset_utilization_host_memory;
    bool autoset_utilization_hv_memory;
    bool unset_utilization_cpu;
    bool unset_utilization_host_memory;
    bool unset_utilization_hv_memory;
    bool start_resources; /* a start also starts the pools and networks that the guest uses */
    char *backingfile;    /* absolute path; NULL: the guest's disk is no overlay of ours */
    bool stateless;       /* each start makes the overlay anew */
    char *copyindirs;     /* absolute paths, separated by blanks; NULL: none */
    bool save_config_on_stop;
    bool sync_config_on_stop; /* save_config_on_stop is true then */
    struct stop_sequence host_stop_sequence; /* count 0: as stop_sequence */
    enum shutdown_mode shutdown_mode;
    char *snapshot;   /* absolute path of the folder for saved memory; NULL: none */
    bool save_bypass_cache;
    bool sync_time;
    enum dump_format dump_format;
    char *dump_dir;   /* absolute path of the folder of all evidence */
    int64_t dump_keep;
    int64_t dump_min_free_mib;
    enum after_dump after_dump;
    int64_t frozen_keep_s;
    int64_t frozen_max;
    char *migration_transport;      /* these and the next are NULL where not given */
    char *migration_user;
    char *migration_network_suffix;
    char *remoteuri;
    char *migrateuri;
    char *migrate_options;          /* words of virsh migrate: model/migrateopts.h */
    int64_t migrateport;            /* 0: libvirt's choice */
    int64_t migration_downtime_ms;  /* 0: QEMU's */
    int64_t migration_speed_mibps;  /* 0: QEMU's */
    char *monitor_scripts; /* absolute paths, separated by blanks; NULL: none */
    bool agent_ping;
    int64_t agent_silence_s;
    bool hung_nmi;
};

/* Returns the value of a name or NULL: getenv in the agent, an array in tests. */
typedef const char *(*params_lookup)(const char *env_name, void *data);

/*
 * Reads every OCF_RESKEY_<name>. On error: -EINVAL and one sentence that names
 * the parameter, the value and what would be valid; kind ERR_CONFIGURED (the
 * value is wrong everywhere). *ret is written only on success.
 */
int params_parse(struct params *ret, params_lookup lookup, void *data, struct err *why);
/* Whether a stop by this sequence may save the guest's memory. */
bool params_saves(const struct stop_sequence *sequence);
/* All defaults, config NULL: what a reader of the tables needs. */
void params_defaults(struct params *ret);
void params_free(struct params *p);

/* Parameter `name`'s word for a value, which lives as long as the program; NULL: none. */
const char *params_word(const char *name, int value);

/* <parameters>…</parameters> of the meta-data. */
void params_print_xml(FILE *out);

#endif
