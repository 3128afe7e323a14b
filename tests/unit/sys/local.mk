# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += \
	tests/unit/sys/cluster_mon_test \
	tests/unit/sys/cluster_test \
	tests/unit/sys/cluster_utilization_test \
	tests/unit/sys/configfile_test \
	tests/unit/sys/errand_test \
	tests/unit/sys/evidencedir_test \
	tests/unit/sys/exitinfo_test \
	tests/unit/sys/guestlog_test \
	tests/unit/sys/net_test \
	tests/unit/sys/partfile_test \
	tests/unit/sys/proc_fd_test \
	tests/unit/sys/proc_login_test \
	tests/unit/sys/proc_map_test \
	tests/unit/sys/proc_pidfile_test \
	tests/unit/sys/proc_qemu_test \
	tests/unit/sys/proc_state_test \
	tests/unit/sys/procevents_test \
	tests/unit/sys/program_test \
	tests/unit/sys/stage_test \
	tests/unit/sys/statedir_test \
	tests/unit/sys/virt_known_test \
	tests/unit/sys/virt_listen_test \
	tests/unit/sys/virt_loop_test \
	tests/unit/sys/virt_rpc_test \
	tests/unit/sys/virt_test

# What these tests share.
EXTRA_DIST += tests/unit/sys/mock_daemon.h tests/unit/sys/mock_tool.h \
	tests/unit/sys/own_process.h tests/unit/sys/own_world.h \
	tests/unit/sys/scratch_dir.h tests/unit/sys/scratch_state.h tests/unit/sys/stuck_disk.h

tests_unit_sys_cluster_mon_test_SOURCES = tests/unit/sys/cluster_mon_test.c
tests_unit_sys_cluster_mon_test_LDADD = $(unit_libs)

tests_unit_sys_cluster_test_SOURCES = tests/unit/sys/cluster_test.c
tests_unit_sys_cluster_test_LDADD = $(unit_libs)

tests_unit_sys_cluster_utilization_test_SOURCES = tests/unit/sys/cluster_utilization_test.c
tests_unit_sys_cluster_utilization_test_LDADD = $(unit_libs)

tests_unit_sys_configfile_test_SOURCES = tests/unit/sys/configfile_test.c
tests_unit_sys_configfile_test_LDADD = $(unit_libs)

tests_unit_sys_errand_test_SOURCES = tests/unit/sys/errand_test.c
tests_unit_sys_errand_test_LDADD = $(unit_libs)

tests_unit_sys_evidencedir_test_SOURCES = tests/unit/sys/evidencedir_test.c
tests_unit_sys_partfile_test_SOURCES = tests/unit/sys/partfile_test.c
tests_unit_sys_evidencedir_test_LDADD = $(unit_libs)
tests_unit_sys_partfile_test_LDADD = $(unit_libs)
tests_unit_sys_exitinfo_test_SOURCES = tests/unit/sys/exitinfo_test.c
tests_unit_sys_exitinfo_test_LDADD = $(unit_libs)

tests_unit_sys_guestlog_test_SOURCES = tests/unit/sys/guestlog_test.c
tests_unit_sys_guestlog_test_LDADD = $(unit_libs)

tests_unit_sys_net_test_SOURCES = tests/unit/sys/net_test.c
tests_unit_sys_net_test_LDADD = $(unit_libs)

tests_unit_sys_proc_fd_test_SOURCES = tests/unit/sys/proc_fd_test.c
tests_unit_sys_proc_fd_test_LDADD = $(unit_libs)

tests_unit_sys_proc_login_test_SOURCES = tests/unit/sys/proc_login_test.c
tests_unit_sys_proc_login_test_LDADD = $(unit_libs)

tests_unit_sys_proc_map_test_SOURCES = tests/unit/sys/proc_map_test.c
tests_unit_sys_proc_map_test_LDADD = $(unit_libs)

tests_unit_sys_proc_pidfile_test_SOURCES = tests/unit/sys/proc_pidfile_test.c
tests_unit_sys_proc_pidfile_test_LDADD = $(unit_libs)

tests_unit_sys_proc_qemu_test_SOURCES = tests/unit/sys/proc_qemu_test.c
tests_unit_sys_proc_qemu_test_LDADD = $(unit_libs)

tests_unit_sys_proc_state_test_SOURCES = tests/unit/sys/proc_state_test.c
tests_unit_sys_proc_state_test_LDADD = $(unit_libs)

tests_unit_sys_procevents_test_SOURCES = tests/unit/sys/procevents_test.c
tests_unit_sys_procevents_test_LDADD = $(unit_libs)

tests_unit_sys_program_test_SOURCES = tests/unit/sys/program_test.c
tests_unit_sys_program_test_LDADD = $(unit_libs)

tests_unit_sys_stage_test_SOURCES = tests/unit/sys/stage_test.c
tests_unit_sys_stage_test_LDADD = $(unit_libs)

tests_unit_sys_statedir_test_SOURCES = tests/unit/sys/statedir_test.c
tests_unit_sys_statedir_test_LDADD = $(unit_libs)

virt_heard = tests/unit/sys/virt_heard.c tests/unit/sys/virt_heard.h \
	tests/unit/sys/virt_mock.c tests/unit/sys/virt_mock.h
tests_unit_sys_virt_known_test_SOURCES = tests/unit/sys/virt_known_test.c $(virt_heard)
tests_unit_sys_virt_known_test_LDADD = $(unit_libs)
tests_unit_sys_virt_listen_test_SOURCES = tests/unit/sys/virt_listen_test.c $(virt_heard)
tests_unit_sys_virt_listen_test_LDADD = $(unit_libs)

tests_unit_sys_virt_loop_test_SOURCES = tests/unit/sys/virt_loop_test.c
tests_unit_sys_virt_loop_test_LDADD = $(unit_libs)

tests_unit_sys_virt_rpc_test_SOURCES = tests/unit/sys/virt_rpc_test.c
tests_unit_sys_virt_rpc_test_LDADD = $(unit_libs)

tests_unit_sys_virt_test_SOURCES = tests/unit/sys/virt_test.c
tests_unit_sys_virt_test_LDADD = $(unit_libs)

tests_unit_sys_watchsock_test_SOURCES = tests/unit/sys/watchsock_test.c
tests_unit_sys_watchsock_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/sys/watchsock_test

tests_unit_sys_fdkeep_test_SOURCES = tests/unit/sys/fdkeep_test.c
tests_unit_sys_fdkeep_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/sys/fdkeep_test

tests_unit_sys_outfile_test_SOURCES = tests/unit/sys/outfile_test.c
tests_unit_sys_outfile_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/sys/outfile_test

tests_unit_sys_cluster_shutdown_test_SOURCES = tests/unit/sys/cluster_shutdown_test.c
tests_unit_sys_cluster_shutdown_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/sys/cluster_shutdown_test

tests_unit_sys_savefile_test_SOURCES = tests/unit/sys/savefile_test.c
tests_unit_sys_savefile_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/sys/savefile_test

tests_unit_sys_virt_save_test_SOURCES = tests/unit/sys/virt_save_test.c \
	tests/unit/sys/virt_mock.c tests/unit/sys/virt_mock.h
tests_unit_sys_virt_save_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/sys/virt_save_test

tests_unit_sys_gdbrelay_test_SOURCES = tests/unit/sys/gdbrelay_test.c
tests_unit_sys_gdbrelay_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/sys/gdbrelay_test

tests_unit_sys_configwrite_test_SOURCES = tests/unit/sys/configwrite_test.c
tests_unit_sys_configwrite_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/sys/configwrite_test

tests_unit_sys_virt_resource_test_SOURCES = tests/unit/sys/virt_resource_test.c
tests_unit_sys_virt_resource_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/sys/virt_resource_test
check_PROGRAMS += tests/unit/sys/nodeconf_test
tests_unit_sys_nodeconf_test_SOURCES = tests/unit/sys/nodeconf_test.c
tests_unit_sys_nodeconf_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/sys/storage_test
tests_unit_sys_storage_test_SOURCES = tests/unit/sys/storage_test.c
tests_unit_sys_storage_test_LDADD = $(unit_libs)
tests_unit_sys_proc_vcpu_test_SOURCES = tests/unit/sys/proc_vcpu_test.c
tests_unit_sys_proc_vcpu_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/sys/proc_vcpu_test
check_PROGRAMS += tests/unit/sys/proc_lockd_test
tests_unit_sys_proc_lockd_test_SOURCES = tests/unit/sys/proc_lockd_test.c
tests_unit_sys_proc_lockd_test_LDADD = $(unit_libs)
tests_unit_sys_cluster_role_test_SOURCES = tests/unit/sys/cluster_role_test.c
tests_unit_sys_cluster_role_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/sys/cluster_role_test
check_PROGRAMS += tests/unit/sys/ownerlock_test
tests_unit_sys_ownerlock_test_SOURCES = tests/unit/sys/ownerlock_test.c
tests_unit_sys_ownerlock_test_LDADD = $(unit_libs)
