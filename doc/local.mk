# SPDX-License-Identifier: GPL-2.0-or-later
# Manual pages. What the helper can tell, it tells: its tables go into
# guardedvm(8), the agent's meta-data becomes ocf_virt_GuardedVM(7). What is for administrators is
# installed, since at 3 a.m. nobody has the sources.

man_MANS = doc/guardedvm.8
if HAVE_XSLTPROC
man_MANS += doc/ocf_virt_GuardedVM.7
endif
EXTRA_DIST += doc/guardedvm.8.in doc/agent-man.xsl
dist_doc_DATA = doc/guide.md doc/operating.md doc/watchdogs.md
CLEANFILES += doc/guardedvm.8 doc/ocf_virt_GuardedVM.7

doc/guardedvm.8: $(top_srcdir)/doc/guardedvm.8.in guardedvm$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) doc && ./guardedvm policy >$@.policy && \
	$(AWK) -v table=$@.policy -v version='$(VERSION)' -v statedir='$(statedir)' \
	    -v evidencedir='$(evidencedir)' \
	    -v apidir='$(apidir)' -v docdir='$(docdir)' ' \
	    /^@POLICY@$$/ { while ((getline line <table) > 0) { \
	        gsub(/\\/, "\\e", line); print (line ~ /^[.\x27]/ ? "\\&" : "") line } next } \
	    { gsub(/@VERSION@/, version); gsub(/@STATEDIR@/, statedir); \
	      gsub(/@EVIDENCEDIR@/, evidencedir); \
	      gsub(/@APIDIR@/, apidir); gsub(/@DOCDIR@/, docdir); print }' \
	    $(top_srcdir)/doc/guardedvm.8.in >$@.new && rm $@.policy && mv $@.new $@

doc/ocf_virt_GuardedVM.7: $(top_srcdir)/doc/agent-man.xsl guardedvm$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) doc && ./guardedvm ocf meta-data >$@.xml && \
	$(XSLTPROC) --nonet --novalid --stringparam version '$(VERSION)' \
	    $(top_srcdir)/doc/agent-man.xsl $@.xml >$@.new && rm $@.xml && mv $@.new $@
dist_check_SCRIPTS += tests/doc/completion tests/doc/manual
