# SPDX-License-Identifier: GPL-2.0-or-later
libguardedvm_a_SOURCES += \
	helper/sys/childproc.c helper/sys/childproc.h \
	helper/sys/cluster.c helper/sys/cluster.h \
	helper/sys/cluster_attribute.c \
	helper/sys/cluster_mon.c \
	helper/sys/cluster_role.c \
	helper/sys/cluster_shutdown.c \
	helper/sys/cluster_utilization.c \
	helper/sys/configfile.c helper/sys/configfile.h \
	helper/sys/configwrite.c helper/sys/configwrite.h \
	helper/sys/detach.c helper/sys/detach.h \
	helper/sys/errand.c helper/sys/errand.h \
	helper/sys/evidencedir.c helper/sys/evidencedir.h \
	helper/sys/exitinfo.c helper/sys/exitinfo.h \
	helper/sys/fdkeep.c helper/sys/fdkeep.h \
	helper/sys/fileio.c helper/sys/fileio.h \
	helper/sys/gdblock.c helper/sys/gdblock.h \
	helper/sys/gdbrelay.c helper/sys/gdbrelay.h \
	helper/sys/groupguard.c helper/sys/groupguard.h \
	helper/sys/guestlog.c helper/sys/guestlog.h \
	helper/sys/imagefile.c helper/sys/imagefile.h \
	helper/sys/net.c helper/sys/net.h \
	helper/sys/netlink.c helper/sys/netlink.h \
	helper/sys/nodeconf.c helper/sys/nodeconf.h \
	helper/sys/orphan.c helper/sys/orphan.h \
	helper/sys/outfile.c helper/sys/outfile.h \
	helper/sys/ownerlock.c helper/sys/ownerlock.h \
	helper/sys/partfile.c helper/sys/partfile.h \
	helper/sys/pidfd.h \
	helper/sys/proc.h \
	helper/sys/proc_fd.c \
	helper/sys/proc_fd_internal.h \
	helper/sys/proc_fdkind.c \
	helper/sys/proc_lockd.c \
	helper/sys/proc_login.c \
	helper/sys/proc_map.c \
	helper/sys/proc_memory.c \
	helper/sys/proc_named.c \
	helper/sys/proc_pidfile.c \
	helper/sys/proc_qemu.c \
	helper/sys/proc_socket.c \
	helper/sys/proc_state.c \
	helper/sys/proc_vcpu.c \
	helper/sys/procevents.c helper/sys/procevents.h \
	helper/sys/procfile.c helper/sys/procfile.h \
	helper/sys/program.c helper/sys/program.h \
	helper/sys/program_internal.h \
	helper/sys/program_spawn.c \
	helper/sys/qmp.c helper/sys/qmp.h \
	helper/sys/qmp_human.c \
	helper/sys/randomread.c helper/sys/randomread.h \
	helper/sys/readtail.c helper/sys/readtail.h \
	helper/sys/safepath.c helper/sys/safepath.h \
	helper/sys/savefile.c helper/sys/savefile.h \
	helper/sys/stage.c helper/sys/stage.h \
	helper/sys/stage_child.c \
	helper/sys/stage_internal.h \
	helper/sys/statedir.c helper/sys/statedir.h \
	helper/sys/statedir_internal.h \
	helper/sys/statefile.c \
	helper/sys/statefollow.c \
	helper/sys/statelock.c \
	helper/sys/statesock.c helper/sys/statesock.h \
	helper/sys/storage.c helper/sys/storage.h \
	helper/sys/stream.c helper/sys/stream.h \
	helper/sys/virt.c helper/sys/virt.h \
	helper/sys/virt_agent.c \
	helper/sys/virt_definition.c \
	helper/sys/virt_domain.c \
	helper/sys/virt_dump.c helper/sys/virt_dump.h \
	helper/sys/virt_internal.h \
	helper/sys/virt_job.c helper/sys/virt_job.h \
	helper/sys/virt_known.c helper/sys/virt_known.h \
	helper/sys/virt_library.c \
	helper/sys/virt_listen.c helper/sys/virt_listen.h \
	helper/sys/virt_loop.c helper/sys/virt_loop.h \
	helper/sys/virt_migrate.c helper/sys/virt_migrate.h \
	helper/sys/virt_resource.c helper/sys/virt_resource.h \
	helper/sys/virt_rpc.c helper/sys/virt_rpc.h \
	helper/sys/virt_save.c helper/sys/virt_save.h \
	helper/sys/virt_wire.c helper/sys/virt_wire.h \
	helper/sys/watchsock.c helper/sys/watchsock.h
