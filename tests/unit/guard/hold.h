/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What test children hold: all that a frozen QEMU may keep, and one thing for each
 * rule of the proof that it must not. Each returns 0, or the errno where this machine
 * does not permit it. What the proof must say of it is the tests' business.
 */
#ifndef GVM_TESTS_GUARD_HOLD_H
#define GVM_TESTS_GUARD_HOLD_H

#include <sys/stat.h>

enum { HOLD_PATH_SIZE = 4096 };

struct hold_device {
    mode_t type; /* S_IFBLK, S_IFCHR */
    unsigned major;
    unsigned minor;
};

/* The file that plays the guest's disk. */
extern char disk_path[HOLD_PATH_SIZE];

/* Makes a folder below the current one, with the disk in it, and a TCP server. */
void hold_setup(void);
/* 0, or -1 where the folder could not be removed. */
int hold_teardown(void);

int be_frozen_qemu(void *data);
int hold_disk(void *data);
int hold_disk_by_other_name(void *data);
int hold_writable_file(void *data);
int hold_deleted_writable_file(void *data);
int hold_lock(void *data);
int hold_flock(void *data);
/* `data` is a struct hold_device: a node of that number. */
int hold_device(void *data);
int hold_tap(void *data);
int hold_tcp_client(void *data);
int hold_udp(void *data);
int hold_nameless_unix(void *data);
int hold_packet_socket(void *data);
int hold_netlink(void *data);
int hold_folder(void *data);
int hold_mapping(void *data);

#endif
