# SPDX-License-Identifier: GPL-2.0-or-later
libguardedvm_a_SOURCES += \
	helper/model/bigend.h \
	helper/model/care.c helper/model/care.h \
	helper/model/configsums.c helper/model/configsums.h \
	helper/model/conflicts.c helper/model/conflicts.h \
	helper/model/conflicts_disk.c \
	helper/model/conflicts_guest.c \
	helper/model/conflicts_node.c \
	helper/model/conftext.c helper/model/conftext.h \
	helper/model/crmtext.c helper/model/crmtext.h \
	helper/model/domxml.c helper/model/domxml.h \
	helper/model/domxml_devices.c \
	helper/model/domxml_effective.c \
	helper/model/domxml_hazard.c \
	helper/model/domxml_resources.c \
	helper/model/domxml_saving.c \
	helper/model/domxml_tree.c helper/model/domxml_tree.h \
	helper/model/elfcore.c helper/model/elfcore.h \
	helper/model/elfcore_internal.h \
	helper/model/elfcore_mend.c \
	helper/model/elfcore_note.c \
	helper/model/ending.c helper/model/ending.h \
	helper/model/gdbtext.c helper/model/gdbtext.h \
	helper/model/incident.c helper/model/incident.h \
	helper/model/incident_rows.h \
	helper/model/incident_words.c \
	helper/model/jsontext.c helper/model/jsontext.h \
	helper/model/kdump.c helper/model/kdump.h \
	helper/model/kernmem.c helper/model/kernmem.h \
	helper/model/leasename.c helper/model/leasename.h \
	helper/model/littleend.h \
	helper/model/migrateopts.c helper/model/migrateopts.h \
	helper/model/migrateuri.c helper/model/migrateuri.h \
	helper/model/migration.c helper/model/migration.h \
	helper/model/names.c \
	helper/model/outcome.c helper/model/outcome.h \
	helper/model/outcome_say.c \
	helper/model/overlay.c helper/model/overlay.h \
	helper/model/params.c helper/model/params.h \
	helper/model/params_rows.c helper/model/params_rows.h \
	helper/model/params_rows_crash.c \
	helper/model/params_rows_domain.c \
	helper/model/params_rows_dump.c \
	helper/model/params_rows_guest.c \
	helper/model/params_rows_health.c \
	helper/model/params_rows_migrate.c \
	helper/model/params_rows_stop.c \
	helper/model/params_rows_utilization.c \
	helper/model/params_value.c \
	helper/model/params_words.c \
	helper/model/params_xml.c \
	helper/model/printk.c helper/model/printk.h \
	helper/model/printk_internal.h \
	helper/model/printk_log.c \
	helper/model/printk_ring.c \
	helper/model/printk_why.c \
	helper/model/pulse.c helper/model/pulse.h \
	helper/model/qcow.c helper/model/qcow.h \
	helper/model/qmptext.c helper/model/qmptext.h \
	helper/model/reach.c helper/model/reach.h \
	helper/model/record.c helper/model/record.h \
	helper/model/record_fields.c helper/model/record_fields.h \
	helper/model/record_read.c \
	helper/model/record_write.c \
	helper/model/series.c helper/model/series.h \
	helper/model/states.c helper/model/states.h \
	helper/model/table.c helper/model/table.h \
	helper/model/tcptext.c helper/model/tcptext.h \
	helper/model/tidings.c helper/model/tidings.h \
	helper/model/traits.c helper/model/traits.h \
	helper/model/utilization.c helper/model/utilization.h \
	helper/model/utilization_xml.c helper/model/utilization_xml.h \
	helper/model/verdict.c helper/model/verdict.h \
	helper/model/virtevents.c helper/model/virtevents.h \
	helper/model/vmcoreinfo.c helper/model/vmcoreinfo.h \
	helper/model/waiting.c helper/model/waiting.h
