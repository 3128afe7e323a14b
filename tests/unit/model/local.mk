# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += \
	tests/unit/model/care_test \
	tests/unit/model/configsums_test \
	tests/unit/model/conflicts_test \
	tests/unit/model/conftext_test \
	tests/unit/model/crmtext_test \
	tests/unit/model/domxml_devices_test \
	tests/unit/model/domxml_effective_test \
	tests/unit/model/domxml_hazard_test \
	tests/unit/model/domxml_saving_test \
	tests/unit/model/domxml_test \
	tests/unit/model/domxml_tree_test \
	tests/unit/model/elfcore_test \
	tests/unit/model/ending_test \
	tests/unit/model/gdbtext_test \
	tests/unit/model/incident_test \
	tests/unit/model/kdump_test \
	tests/unit/model/kernmem_test \
	tests/unit/model/leasename_test \
	tests/unit/model/migrateopts_test \
	tests/unit/model/migration_test \
	tests/unit/model/names_test \
	tests/unit/model/outcome_say_test \
	tests/unit/model/outcome_test \
	tests/unit/model/overlay_test \
	tests/unit/model/params_bad_test \
	tests/unit/model/params_test \
	tests/unit/model/params_xml_test \
	tests/unit/model/printk_test \
	tests/unit/model/printk_why_test \
	tests/unit/model/pulse_test \
	tests/unit/model/qmptext_test \
	tests/unit/model/reach_test \
	tests/unit/model/record_read_test \
	tests/unit/model/record_test \
	tests/unit/model/record_write_test \
	tests/unit/model/series_test \
	tests/unit/model/states_test \
	tests/unit/model/tcptext_test \
	tests/unit/model/tidings_test \
	tests/unit/model/traits_test \
	tests/unit/model/utilization_test \
	tests/unit/model/utilization_xml_test \
	tests/unit/model/verdict_table_test \
	tests/unit/model/verdict_test \
	tests/unit/model/virtevents_test \
	tests/unit/model/vmcoreinfo_test \
	tests/unit/model/waiting_test
tests_unit_model_domxml_devices_test_SOURCES = tests/unit/model/domxml_devices_test.c \
	tests/unit/model/domxml_check.c tests/unit/model/domxml_check.h
tests_unit_model_domxml_hazard_test_SOURCES = tests/unit/model/domxml_hazard_test.c \
	tests/unit/model/domxml_check.c tests/unit/model/domxml_check.h
tests_unit_model_domxml_saving_test_SOURCES = tests/unit/model/domxml_saving_test.c \
	tests/unit/model/domxml_check.c tests/unit/model/domxml_check.h
tests_unit_model_domxml_test_SOURCES = tests/unit/model/domxml_test.c \
	tests/unit/model/domxml_check.c tests/unit/model/domxml_check.h
tests_unit_model_domxml_tree_test_SOURCES = tests/unit/model/domxml_tree_test.c \
	tests/unit/model/domxml_check.c tests/unit/model/domxml_check.h
tests_unit_model_elfcore_test_SOURCES = tests/unit/model/elfcore_test.c \
	tests/unit/model/core_sample.c tests/unit/model/core_sample.h
tests_unit_model_kernmem_test_SOURCES = tests/unit/model/kernmem_test.c \
	tests/unit/model/core_sample.c tests/unit/model/core_sample.h
tests_unit_model_overlay_test_SOURCES = tests/unit/model/overlay_test.c \
	tests/unit/model/domxml_check.c tests/unit/model/domxml_check.h
tests_unit_model_printk_test_SOURCES = tests/unit/model/printk_test.c \
	tests/unit/model/core_sample.c tests/unit/model/core_sample.h tests/unit/model/printk_sample.c \
	tests/unit/model/printk_sample.h
tests_unit_model_record_read_test_SOURCES = tests/unit/model/record_read_test.c \
	tests/unit/model/record_sample.c tests/unit/model/record_sample.h
tests_unit_model_record_write_test_SOURCES = tests/unit/model/record_write_test.c \
	tests/unit/model/record_sample.c tests/unit/model/record_sample.h
