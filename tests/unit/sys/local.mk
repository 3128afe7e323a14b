# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += \
	tests/unit/sys/cluster_mon_test \
	tests/unit/sys/cluster_role_test \
	tests/unit/sys/cluster_shutdown_test \
	tests/unit/sys/cluster_test \
	tests/unit/sys/cluster_utilization_test \
	tests/unit/sys/configfile_test \
	tests/unit/sys/configwrite_test \
	tests/unit/sys/errand_test \
	tests/unit/sys/evidencedir_test \
	tests/unit/sys/exitinfo_test \
	tests/unit/sys/fdkeep_test \
	tests/unit/sys/gdbrelay_test \
	tests/unit/sys/guestlog_test \
	tests/unit/sys/net_test \
	tests/unit/sys/nodeconf_test \
	tests/unit/sys/outfile_test \
	tests/unit/sys/ownerlock_test \
	tests/unit/sys/partfile_test \
	tests/unit/sys/proc_fd_test \
	tests/unit/sys/proc_lockd_test \
	tests/unit/sys/proc_login_test \
	tests/unit/sys/proc_map_test \
	tests/unit/sys/proc_pidfile_test \
	tests/unit/sys/proc_qemu_test \
	tests/unit/sys/proc_state_test \
	tests/unit/sys/proc_vcpu_test \
	tests/unit/sys/procevents_test \
	tests/unit/sys/program_test \
	tests/unit/sys/savefile_test \
	tests/unit/sys/stage_test \
	tests/unit/sys/statedir_test \
	tests/unit/sys/storage_test \
	tests/unit/sys/virt_known_test \
	tests/unit/sys/virt_listen_test \
	tests/unit/sys/virt_loop_test \
	tests/unit/sys/virt_resource_test \
	tests/unit/sys/virt_rpc_test \
	tests/unit/sys/virt_save_test \
	tests/unit/sys/virt_test \
	tests/unit/sys/watchsock_test
virt_heard = tests/unit/sys/virt_heard.c tests/unit/sys/virt_heard.h tests/unit/sys/virt_mock.c \
	tests/unit/sys/virt_mock.h
tests_unit_sys_virt_known_test_SOURCES = tests/unit/sys/virt_known_test.c $(virt_heard)
tests_unit_sys_virt_listen_test_SOURCES = tests/unit/sys/virt_listen_test.c $(virt_heard)
tests_unit_sys_virt_save_test_SOURCES = tests/unit/sys/virt_save_test.c \
	tests/unit/sys/virt_mock.c tests/unit/sys/virt_mock.h
