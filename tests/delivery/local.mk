# tests/delivery/local.mk - the built program with the real programs that call it
DELIVERY_TESTS = \
	tests/delivery/chain.t \
	tests/delivery/complaints.t \
	tests/delivery/config.t \
	tests/delivery/db.t \
	tests/delivery/deliver.t \
	tests/delivery/digest.t \
	tests/delivery/doctor.t \
	tests/delivery/dovecot-lda.t \
	tests/delivery/dovecot-lmtp.t \
	tests/delivery/evaluate.t \
	tests/delivery/exim.t \
	tests/delivery/explain-page.t \
	tests/delivery/explain-terminal.t \
	tests/delivery/expire.t \
	tests/delivery/expire-dovecot.t \
	tests/delivery/fetch.t \
	tests/delivery/filter.t \
	tests/delivery/french.t \
	tests/delivery/history.t \
	tests/delivery/hostile.t \
	tests/delivery/learn.t \
	tests/delivery/learn-maildir.t \
	tests/delivery/lists.t \
	tests/delivery/maildrop.t \
	tests/delivery/old-recipes.t \
	tests/delivery/opensmtpd.t \
	tests/delivery/other-store.t \
	tests/delivery/owner.t \
	tests/delivery/places.t \
	tests/delivery/postfix.t \
	tests/delivery/procmail.t \
	tests/delivery/redis.t \
	tests/delivery/redis-cluster.t \
	tests/delivery/qmail.t \
	tests/delivery/relays.t \
	tests/delivery/relearn.t \
	tests/delivery/relearn-dovecot.t \
	tests/delivery/rsyslog.t \
	tests/delivery/sandbox.t \
	tests/delivery/sent.t \
	tests/delivery/shared.t \
	tests/delivery/sort.t \
	tests/delivery/starter.t \
	tests/delivery/stats.t \
	tests/delivery/streams.t
TESTS += $(DELIVERY_TESTS)
check_PROGRAMS += tests/delivery/old-kernel
tests_delivery_old_kernel_SOURCES = tests/delivery/old-kernel.c tests/old-kernel.h
tests_delivery_old_kernel_LDADD =
check_PROGRAMS += tests/delivery/seal-record
tests_delivery_seal_record_SOURCES = tests/delivery/seal-record.c
tests_delivery_seal_record_LDADD =
# Libraries to be preloaded, as tests/fault/no-memory.so.
check_PROGRAMS += tests/delivery/slow-files.so tests/delivery/other-clock.so
tests_delivery_other_clock_so_SOURCES = tests/delivery/other-clock.c
tests_delivery_other_clock_so_CFLAGS = $(WARNING_CFLAGS) -fPIC
tests_delivery_other_clock_so_LDFLAGS = -shared
tests_delivery_other_clock_so_LDADD =
tests_delivery_slow_files_so_SOURCES = tests/delivery/slow-files.c
tests_delivery_slow_files_so_CFLAGS = $(WARNING_CFLAGS) -fPIC
tests_delivery_slow_files_so_LDFLAGS = -shared
tests_delivery_slow_files_so_LDADD =
EXTRA_DIST += $(DELIVERY_TESTS) \
	tests/delivery/dovecot.sh \
	tests/delivery/explain-page.py \
	tests/delivery/fetch-mail-servers \
	tests/delivery/hostile.py \
	tests/delivery/imap.py \
	tests/delivery/lib.sh \
	tests/delivery/postfix.sh \
	tests/delivery/private-system.sh \
	tests/delivery/redis.sh

# The examples are what these tests run; they are installed beside the other documentation.
nobase_dist_doc_DATA = \
	examples/lists/allow \
	examples/lists/deny \
	examples/lists/internal_only \
	examples/lists/trap \
	examples/exim/tamis \
	examples/fdm/fdm.conf \
	examples/fetchmailrc \
	examples/forward \
	examples/getmailrc \
	examples/mailfilter \
	examples/mailfilter-deliver \
	examples/procmailrc \
	examples/procmailrc-deliver \
	examples/cron/tamis \
	examples/prometheus/cron \
	examples/prometheus/tamis-stats.service \
	examples/prometheus/tamis-stats.timer \
	examples/dovecot/tamis.conf \
	examples/dovecot/tamis.sieve \
	examples/dovecot/tamis-imap.conf \
	examples/dovecot/tamis-moved.sieve \
	examples/dovecot/tamis-execute.sieve \
	examples/mbsync/fetch-mail \
	examples/mbsync/mbsyncrc \
	examples/nftables/tamis.nft \
	examples/opensmtpd/smtpd.conf \
	examples/postfix/gateway/main.cf \
	examples/postfix/gateway/master.cf \
	examples/postfix/gateway/header_checks \
	examples/postfix/gateway/policyd-spf.conf \
	examples/postfix/gateway/opendkim.conf \
	examples/postfix/gateway/opendmarc.conf \
	examples/postfix/gateway/tamis.conf \
	examples/postfix/gateway/refuse-relays \
	examples/postfix/main.cf \
	examples/postfix/master.cf \
	examples/qmail/dot-qmail \
	examples/rsyslog/10-tamis.conf
