# tests/fuzz/local.mk - hostile bytes for every parser; fuzz.h says how to add a target
FUZZ_SOURCES = tests/fuzz/fuzz.h tests/fuzz/support.c tests/fuzz/target-table.c \
	tests/fuzz/encode.c tests/fuzz/encode.h tests/fuzz/stores.h \
	tests/fuzz/target-address.c \
	tests/fuzz/target-archive.c \
	tests/fuzz/target-authentication.c \
	tests/fuzz/target-charset.c \
	tests/fuzz/target-clamd.c \
	tests/fuzz/target-configuration.c \
	tests/fuzz/target-correspondents.c \
	tests/fuzz/target-daybook.c \
	tests/fuzz/target-decode.c \
	tests/fuzz/target-dns-cache.c \
	tests/fuzz/target-dump.c \
	tests/fuzz/target-encoded-word.c \
	tests/fuzz/target-features.c \
	tests/fuzz/target-fold.c \
	tests/fuzz/target-header.c \
	tests/fuzz/target-history.c \
	tests/fuzz/target-html.c \
	tests/fuzz/target-import.c \
	tests/fuzz/target-journal.c \
	tests/fuzz/target-judgement.c \
	tests/fuzz/target-list.c \
	tests/fuzz/target-mailbox-names.c \
	tests/fuzz/target-maildir-quota.c \
	tests/fuzz/target-mbox.c \
	tests/fuzz/target-message.c \
	tests/fuzz/target-moves-queue.c \
	tests/fuzz/target-moves.c \
	tests/fuzz/target-parameter.c \
	tests/fuzz/target-pass-through.c \
	tests/fuzz/target-pattern.c \
	tests/fuzz/target-received.c \
	tests/fuzz/target-relay-book.c \
	tests/fuzz/target-rule-cache.c \
	tests/fuzz/target-rule-file.c \
	tests/fuzz/target-sections.c \
	tests/fuzz/target-shared-spool.c \
	tests/fuzz/target-shared.c \
	tests/fuzz/target-snapshot.c \
	tests/fuzz/target-style.c \
	tests/fuzz/target-subordinates.c \
	tests/fuzz/target-url.c

# The engine of the module, linked in, but for the sockets below it: those are the target's.
FUZZ_REDIS_SOURCES = tests/fuzz/target-redis.c \
	src/store/engine-redis.c \
	src/store/redis-link.c \
	src/store/redis-opening.c \
	src/store/redis-plain.c \
	src/store/redis-reading.c \
	src/store/redis-words.c \
	src/store/redis-writing.c \
	src/store/row-cache.c
FUZZ_LIBS = libtamis.a $(DEPENDENCY_LIBS)
if REDIS
FUZZ_SOURCES += $(FUZZ_REDIS_SOURCES)
FUZZ_LIBS += $(HIREDIS_LIBS)
else
EXTRA_DIST += tests/fuzz/target-redis.c
endif

check_PROGRAMS += tests/fuzz/replay
tests_fuzz_replay_SOURCES = tests/fuzz/replay.c $(FUZZ_SOURCES)
tests_fuzz_replay_LDADD = $(FUZZ_LIBS)

if FUZZING
noinst_PROGRAMS = tests/fuzz/fuzz
tests_fuzz_fuzz_SOURCES = tests/fuzz/libfuzzer.c $(FUZZ_SOURCES)
tests_fuzz_fuzz_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_LDADD = $(FUZZ_LIBS)
endif

FUZZ_TESTS = tests/fuzz/replay.t tests/fuzz/libfuzzer.t
TESTS += $(FUZZ_TESTS)
LONG_TESTS += tests/fuzz/libfuzzer.t

# Seeds and what was found have names of people's choosing, several to a folder.
EXTRA_DIST += $(FUZZ_TESTS) tests/fuzz/run
dist-hook: dist-fuzz-inputs
.PHONY: dist-fuzz-inputs
dist-fuzz-inputs:
	for part in seeds found; do \
	    $(MKDIR_P) "$(distdir)/tests/fuzz/$$part" && \
	    cp -R "$(srcdir)/tests/fuzz/$$part/." "$(distdir)/tests/fuzz/$$part/" || exit 1; \
	done
	cp $(srcdir)/tests/fuzz/*.dict "$(distdir)/tests/fuzz/"
clean-local: clean-fuzzing
.PHONY: clean-fuzzing
clean-fuzzing:
	rm -rf fuzzing
