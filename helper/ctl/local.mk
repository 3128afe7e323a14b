# SPDX-License-Identifier: GPL-2.0-or-later
libguardedvm_a_SOURCES += \
	helper/ctl/aftercare.c \
	helper/ctl/common.c \
	helper/ctl/ctl.h \
	helper/ctl/debug.c \
	helper/ctl/doctor.c helper/ctl/doctor.h \
	helper/ctl/doctor_facts.c \
	helper/ctl/doctor_text.c \
	helper/ctl/dump.c \
	helper/ctl/facts.c helper/ctl/facts.h \
	helper/ctl/facts_evidence.c \
	helper/ctl/list.c \
	helper/ctl/log.c \
	helper/ctl/policy.c \
	helper/ctl/release.c \
	helper/ctl/render.c helper/ctl/render.h \
	helper/ctl/render_text.c \
	helper/ctl/report.c helper/ctl/report.h \
	helper/ctl/report_html.c \
	helper/ctl/report_kept.c \
	helper/ctl/report_svg.c \
	helper/ctl/screenshot.c \
	helper/ctl/show.c \
	helper/ctl/verb.c helper/ctl/verb.h \
	helper/ctl/verb_help.c

# What the XML is, for programs that read it.
apidir = $(pkgdatadir)/api
dist_api_DATA = helper/ctl/guardedvm.rng
