# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += \
	tests/unit/ctl/doctor_test \
	tests/unit/ctl/render_test \
	tests/unit/ctl/report_test \
	tests/unit/ctl/schema_test \
	tests/unit/ctl/verb_test
tests_unit_ctl_render_test_SOURCES = tests/unit/ctl/render_test.c tests/unit/ctl/forms.c \
	tests/unit/ctl/forms.h
tests_unit_ctl_report_test_SOURCES = tests/unit/ctl/report_test.c \
	tests/unit/model/record_sample.c tests/unit/model/record_sample.h
tests_unit_ctl_schema_test_SOURCES = tests/unit/ctl/schema_test.c tests/unit/ctl/forms.c \
	tests/unit/ctl/forms.h tests/unit/ctl/schema.c tests/unit/ctl/schema.h tests/unit/guard/child.c \
	tests/unit/guard/child.h tests/unit/model/record_sample.c tests/unit/model/record_sample.h
