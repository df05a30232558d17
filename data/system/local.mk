# data/system/local.mk - what ties tamis to the system it is installed on: timers, cron, shells, logs
#
# Nothing of it acts before somebody turns it on.  `make install` puts all of it in place, and debian/rules does no more
# than that.  In the *.in files and in the examples the places are those that were configured.
systemsystemdunitdir = $(SYSTEM_UNIT_DIR)
usersystemdunitdir = $(USER_UNIT_DIR)
dist_systemsystemdunit_DATA = data/system/tamis-nightly-all.timer
nodist_systemsystemdunit_DATA = data/system/tamis-nightly-all.service
dist_usersystemdunit_DATA = data/system/tamis-nightly.timer
nodist_usersystemdunit_DATA = data/system/tamis-nightly.service

crondir = $(sysconfdir)/cron.d
logcheckdir = $(sysconfdir)/logcheck/ignore.d.server
nodist_pkgdata_SCRIPTS = data/system/nightly
# Cron starts it with no word, so it has no --help for `make installcheck` to ask for.
AM_INSTALLCHECK_STD_OPTIONS_EXEMPT += data/system/nightly

bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = data/completions/tamis
zshcompletiondir = $(ZSH_COMPLETION_DIR)
dist_zshcompletion_DATA = data/completions/_tamis

SYSTEM_MADE = data/system/tamis-nightly-all.service data/system/tamis-nightly.service data/system/cron data/system/nightly
EXTRA_DIST += $(SYSTEM_MADE:=.in) data/system/default data/system/logcheck
CLEANFILES += $(SYSTEM_MADE) data/system/tamis.conf
nodist_doc_DATA = data/system/tamis.conf
noinst_DATA = data/system/cron

SUBSTITUTE = sed -e 's|@bindir[@]|$(bindir)|g' -e 's|@sysconfdir[@]|$(sysconfdir)|g' -e 's|@pkgdatadir[@]|$(pkgdatadir)|g'
$(SYSTEM_MADE): data/system/local.mk Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(SUBSTITUTE) '$(srcdir)/$@.in' > $@-new && mv $@-new $@
data/system/tamis-nightly-all.service: data/system/tamis-nightly-all.service.in
data/system/tamis-nightly.service: data/system/tamis-nightly.service.in
data/system/cron: data/system/cron.in
data/system/nightly: data/system/nightly.in
data/system/tamis.conf: data/tamis.conf data/system/local.mk Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && sed 's|/usr/local/share/tamis|$(pkgdatadir)|' '$(srcdir)/data/tamis.conf' > $@

# Files an administrator edits are installed under the name they have there, and only where there is none yet; they are
# removed as long as nobody has edited them.
configuration_files = \
	data/system/tamis.conf '$(sysconfdir)/tamis/tamis.conf' \
	'$(srcdir)/data/system/default' '$(sysconfdir)/default/tamis' \
	'$(srcdir)/data/system/logcheck' '$(logcheckdir)/tamis' \
	data/system/cron '$(crondir)/tamis'

install-configuration:
	@$(MKDIR_P) '$(DESTDIR)$(sysconfdir)/tamis/rules.d' '$(DESTDIR)$(localstatedir)/cache/tamis'
	@set -- $(configuration_files); while test $$# -gt 0; do \
	    test -e "$(DESTDIR)$$2" || { $(MKDIR_P) "$(DESTDIR)$${2%/*}" && $(INSTALL_DATA) "$$1" "$(DESTDIR)$$2" && \
	        echo " installed $(DESTDIR)$$2"; } || exit 1; \
	    shift 2; done

uninstall-configuration:
	@set -- $(configuration_files); while test $$# -gt 0; do \
	    if cmp -s "$$1" "$(DESTDIR)$$2"; then rm -f "$(DESTDIR)$$2"; \
	    elif test -e "$(DESTDIR)$$2"; then echo " left as edited: $(DESTDIR)$$2"; fi; \
	    shift 2; done
	@for folder in '$(sysconfdir)/tamis/rules.d' '$(sysconfdir)/tamis' '$(localstatedir)/cache/tamis'; do \
	    test ! -d "$(DESTDIR)$$folder" || rmdir "$(DESTDIR)$$folder" 2>/dev/null || echo " not empty: $(DESTDIR)$$folder"; done
	@for folder in '$(pkgdatadir)' '$(docdir)'; do \
	    test ! -d "$(DESTDIR)$$folder" || find "$(DESTDIR)$$folder" -depth -type d -empty -delete; done

# The examples, and the page that shows them, name the program by the place it is installed in.
install-examples-hook:
	@grep -rl '/usr/local/bin/tamis' '$(DESTDIR)$(docdir)/examples' '$(DESTDIR)$(mandir)/man7/tamis-integration.7' | while read -r file; do \
	    sed 's|/usr/local/bin/tamis|$(bindir)/tamis|g' "$$file" > "$$file-new" && cat "$$file-new" > "$$file" && rm "$$file-new" || exit 1; done

.PHONY: install-configuration uninstall-configuration install-examples-hook
