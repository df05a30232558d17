# src/rules/local.mk - the files of this layer
libtamis_a_SOURCES += \
	src/rules/anchors.c src/rules/anchors.h \
	src/rules/archives.c src/rules/archives.h \
	src/rules/automaton.c src/rules/automaton.h \
	src/rules/bad-hosts.c src/rules/bad-hosts.h \
	src/rules/check-addresses.c \
	src/rules/check-authentication.c \
	src/rules/check-archives.c \
	src/rules/check-attachments.c \
	src/rules/check-correspondents.c \
	src/rules/check-bad-relay.c \
	src/rules/check-headers.c \
	src/rules/check-hidden.c \
	src/rules/check-history.c \
	src/rules/check-hosts.c \
	src/rules/check-html.c \
	src/rules/check-links.c \
	src/rules/check-list.c \
	src/rules/check-mailer.c \
	src/rules/check-mime.c \
	src/rules/check-relay.c \
	src/rules/check-subject.c \
	src/rules/check-table.c \
	src/rules/check-text.c \
	src/rules/check-web-form.c \
	src/rules/check.h \
	src/rules/detail.c src/rules/detail.h \
	src/rules/editions.c src/rules/editions.h \
	src/rules/evaluate.c src/rules/evaluate.h \
	src/rules/files.c src/rules/files.h \
	src/rules/hits.c src/rules/hits.h \
	src/rules/host-table.h \
	src/rules/hosts.c src/rules/hosts.h \
	src/rules/inspection.c src/rules/inspection.h \
	src/rules/lists.c src/rules/lists.h \
	src/rules/password.c src/rules/password.h \
	src/rules/pattern.c src/rules/pattern.h \
	src/rules/rule-cache.c src/rules/rule-cache.h \
	src/rules/rule-compile.c src/rules/rule-compile.h \
	src/rules/rule-file.c src/rules/rule-file.h \
	src/rules/rule-match.c src/rules/rule-match.h \
	src/rules/rule-set.c src/rules/rule-set.h \
	src/rules/search-text.c src/rules/search-text.h \
	src/rules/shape.c src/rules/shape.h \
	src/rules/sightings.c src/rules/sightings.h \
	src/rules/trace.c src/rules/trace.h \
	src/rules/words.c src/rules/words.h \
	src/rules/worth.c src/rules/worth.h

# The lists are compiled into the program.
HOST_LISTS = \
	data/lists/cheap-domains \
	data/lists/free-hosting \
	data/lists/free-mail \
	data/lists/redirectors \
	data/lists/shorteners
EXTRA_DIST += $(HOST_LISTS) src/rules/host-table.sh
nodist_libtamis_a_SOURCES = src/rules/host-table.c
CLEANFILES = src/rules/host-table.c

src/rules/host-table.c: $(HOST_LISTS) src/rules/host-table.sh
	$(AM_V_GEN)$(MKDIR_P) src/rules && \
	( cd $(srcdir) && $(SHELL) src/rules/host-table.sh $(HOST_LISTS) ) >$@-new && mv $@-new $@
