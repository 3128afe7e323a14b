# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += \
	tests/unit/model/care_test \
	tests/unit/model/crmtext_test \
	tests/unit/model/domxml_test \
	tests/unit/model/domxml_devices_test \
	tests/unit/model/domxml_effective_test \
	tests/unit/model/domxml_hazard_test \
	tests/unit/model/domxml_tree_test \
	tests/unit/model/elfcore_test \
	tests/unit/model/ending_test \
	tests/unit/model/incident_test \
	tests/unit/model/kdump_test \
	tests/unit/model/kernmem_test \
	tests/unit/model/names_test \
	tests/unit/model/outcome_test \
	tests/unit/model/outcome_say_test \
	tests/unit/model/migrateopts_test \
	tests/unit/model/migration_test \
	tests/unit/model/params_test \
	tests/unit/model/params_bad_test \
	tests/unit/model/params_xml_test \
	tests/unit/model/printk_test \
	tests/unit/model/printk_why_test \
	tests/unit/model/qmptext_test \
	tests/unit/model/record_test \
	tests/unit/model/record_read_test \
	tests/unit/model/record_write_test \
	tests/unit/model/series_test \
	tests/unit/model/states_test \
	tests/unit/model/tidings_test \
	tests/unit/model/utilization_test \
	tests/unit/model/utilization_xml_test \
	tests/unit/model/verdict_test \
	tests/unit/model/verdict_table_test \
	tests/unit/model/virtevents_test \
	tests/unit/model/vmcoreinfo_test
tests_unit_model_care_test_SOURCES = tests/unit/model/care_test.c
tests_unit_model_care_test_LDADD = $(unit_libs)
tests_unit_model_crmtext_test_SOURCES = tests/unit/model/crmtext_test.c
tests_unit_model_crmtext_test_LDADD = $(unit_libs)
tests_unit_model_domxml_test_SOURCES = tests/unit/model/domxml_test.c \
	tests/unit/model/domxml_check.c tests/unit/model/domxml_check.h
tests_unit_model_domxml_test_LDADD = $(unit_libs)
tests_unit_model_domxml_devices_test_SOURCES = tests/unit/model/domxml_devices_test.c \
	tests/unit/model/domxml_check.c tests/unit/model/domxml_check.h
tests_unit_model_domxml_devices_test_LDADD = $(unit_libs)
tests_unit_model_domxml_effective_test_SOURCES = tests/unit/model/domxml_effective_test.c
tests_unit_model_domxml_effective_test_LDADD = $(unit_libs)
tests_unit_model_domxml_hazard_test_SOURCES = tests/unit/model/domxml_hazard_test.c \
	tests/unit/model/domxml_check.c tests/unit/model/domxml_check.h
tests_unit_model_domxml_hazard_test_LDADD = $(unit_libs)
tests_unit_model_ending_test_SOURCES = tests/unit/model/ending_test.c
tests_unit_model_ending_test_LDADD = $(unit_libs)
tests_unit_model_incident_test_SOURCES = tests/unit/model/incident_test.c
tests_unit_model_incident_test_LDADD = $(unit_libs)
tests_unit_model_names_test_SOURCES = tests/unit/model/names_test.c
tests_unit_model_names_test_LDADD = $(unit_libs)
tests_unit_model_outcome_test_SOURCES = tests/unit/model/outcome_test.c
tests_unit_model_outcome_test_LDADD = $(unit_libs)
tests_unit_model_outcome_say_test_SOURCES = tests/unit/model/outcome_say_test.c
tests_unit_model_outcome_say_test_LDADD = $(unit_libs)
tests_unit_model_migrateopts_test_SOURCES = tests/unit/model/migrateopts_test.c
tests_unit_model_migrateopts_test_LDADD = $(unit_libs)
tests_unit_model_migration_test_SOURCES = tests/unit/model/migration_test.c
tests_unit_model_migration_test_LDADD = $(unit_libs)
tests_unit_model_params_test_SOURCES = tests/unit/model/params_test.c
tests_unit_model_params_test_LDADD = $(unit_libs)
tests_unit_model_params_bad_test_SOURCES = tests/unit/model/params_bad_test.c
tests_unit_model_params_bad_test_LDADD = $(unit_libs)
tests_unit_model_params_xml_test_SOURCES = tests/unit/model/params_xml_test.c
tests_unit_model_params_xml_test_LDADD = $(unit_libs)
tests_unit_model_qmptext_test_SOURCES = tests/unit/model/qmptext_test.c
tests_unit_model_qmptext_test_LDADD = $(unit_libs)
tests_unit_model_record_test_SOURCES = tests/unit/model/record_test.c
tests_unit_model_record_test_LDADD = $(unit_libs)
tests_unit_model_record_read_test_SOURCES = tests/unit/model/record_read_test.c \
	tests/unit/model/record_sample.c tests/unit/model/record_sample.h
tests_unit_model_record_read_test_LDADD = $(unit_libs)
tests_unit_model_record_write_test_SOURCES = tests/unit/model/record_write_test.c \
	tests/unit/model/record_sample.c tests/unit/model/record_sample.h
tests_unit_model_record_write_test_LDADD = $(unit_libs)
tests_unit_model_series_test_SOURCES = tests/unit/model/series_test.c
tests_unit_model_series_test_LDADD = $(unit_libs)
tests_unit_model_states_test_SOURCES = tests/unit/model/states_test.c
tests_unit_model_states_test_LDADD = $(unit_libs)
tests_unit_model_tidings_test_SOURCES = tests/unit/model/tidings_test.c
tests_unit_model_tidings_test_LDADD = $(unit_libs)
tests_unit_model_verdict_test_SOURCES = tests/unit/model/verdict_test.c
tests_unit_model_verdict_test_LDADD = $(unit_libs)
tests_unit_model_verdict_table_test_SOURCES = tests/unit/model/verdict_table_test.c
tests_unit_model_verdict_table_test_LDADD = $(unit_libs)
tests_unit_model_virtevents_test_SOURCES = tests/unit/model/virtevents_test.c
tests_unit_model_virtevents_test_LDADD = $(unit_libs)
tests_unit_model_domxml_tree_test_SOURCES = tests/unit/model/domxml_tree_test.c \
	tests/unit/model/domxml_check.c tests/unit/model/domxml_check.h
tests_unit_model_domxml_tree_test_LDADD = $(unit_libs)
tests_unit_model_waiting_test_SOURCES = tests/unit/model/waiting_test.c
tests_unit_model_waiting_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/model/waiting_test
tests_unit_model_elfcore_test_SOURCES = tests/unit/model/elfcore_test.c \
	tests/unit/model/core_sample.c tests/unit/model/core_sample.h
tests_unit_model_elfcore_test_LDADD = $(unit_libs)
tests_unit_model_kdump_test_SOURCES = tests/unit/model/kdump_test.c
tests_unit_model_kdump_test_LDADD = $(unit_libs)
tests_unit_model_kernmem_test_SOURCES = tests/unit/model/kernmem_test.c \
	tests/unit/model/core_sample.c tests/unit/model/core_sample.h
tests_unit_model_kernmem_test_LDADD = $(unit_libs)
tests_unit_model_printk_test_SOURCES = tests/unit/model/printk_test.c \
	tests/unit/model/core_sample.c tests/unit/model/core_sample.h \
	tests/unit/model/printk_sample.c tests/unit/model/printk_sample.h
tests_unit_model_printk_test_LDADD = $(unit_libs)
tests_unit_model_printk_why_test_SOURCES = tests/unit/model/printk_why_test.c
tests_unit_model_printk_why_test_LDADD = $(unit_libs)
tests_unit_model_vmcoreinfo_test_SOURCES = tests/unit/model/vmcoreinfo_test.c
tests_unit_model_vmcoreinfo_test_LDADD = $(unit_libs)
tests_unit_model_gdbtext_test_SOURCES = tests/unit/model/gdbtext_test.c
tests_unit_model_gdbtext_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/model/gdbtext_test
tests_unit_model_utilization_test_SOURCES = tests/unit/model/utilization_test.c
tests_unit_model_utilization_test_LDADD = $(unit_libs)
tests_unit_model_utilization_xml_test_SOURCES = tests/unit/model/utilization_xml_test.c
tests_unit_model_utilization_xml_test_LDADD = $(unit_libs)
tests_unit_model_configsums_test_SOURCES = tests/unit/model/configsums_test.c
tests_unit_model_configsums_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/model/configsums_test
tests_unit_model_domxml_saving_test_SOURCES = tests/unit/model/domxml_saving_test.c \
	tests/unit/model/domxml_check.c tests/unit/model/domxml_check.h
tests_unit_model_domxml_saving_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/model/domxml_saving_test
tests_unit_model_overlay_test_SOURCES = tests/unit/model/overlay_test.c \
	tests/unit/model/domxml_check.c tests/unit/model/domxml_check.h
tests_unit_model_overlay_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/model/overlay_test
check_PROGRAMS += tests/unit/model/conflicts_test
tests_unit_model_conflicts_test_SOURCES = tests/unit/model/conflicts_test.c
tests_unit_model_conflicts_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/model/conftext_test
tests_unit_model_conftext_test_SOURCES = tests/unit/model/conftext_test.c
tests_unit_model_conftext_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/model/reach_test
tests_unit_model_reach_test_SOURCES = tests/unit/model/reach_test.c
tests_unit_model_reach_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/model/tcptext_test
tests_unit_model_tcptext_test_SOURCES = tests/unit/model/tcptext_test.c
tests_unit_model_tcptext_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/model/traits_test
tests_unit_model_traits_test_SOURCES = tests/unit/model/traits_test.c
tests_unit_model_traits_test_LDADD = $(unit_libs)
tests_unit_model_pulse_test_SOURCES = tests/unit/model/pulse_test.c
tests_unit_model_pulse_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/model/pulse_test
check_PROGRAMS += tests/unit/model/leasename_test
tests_unit_model_leasename_test_SOURCES = tests/unit/model/leasename_test.c
tests_unit_model_leasename_test_LDADD = $(unit_libs)
