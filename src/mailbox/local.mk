# src/mailbox/local.mk - the files of this layer
libtamis_a_SOURCES += \
	src/mailbox/decision.c src/mailbox/decision.h \
	src/mailbox/fingerprint.c src/mailbox/fingerprint.h \
	src/mailbox/folders.c src/mailbox/folders.h \
	src/mailbox/keywords.c src/mailbox/keywords.h \
	src/mailbox/expiry.c src/mailbox/expiry.h \
	src/mailbox/junk-age.c src/mailbox/junk-age.h \
	src/mailbox/maildir.c src/mailbox/maildir.h \
	src/mailbox/maildir-folder.c src/mailbox/maildir-folder.h \
	src/mailbox/maildir-name.c src/mailbox/maildir-name.h \
	src/mailbox/maildir-quota.c src/mailbox/maildir-quota.h \
	src/mailbox/mbox-reader.c src/mailbox/mbox-reader.h \
	src/mailbox/moves.c src/mailbox/moves.h \
	src/mailbox/moves-file.c \
	src/mailbox/moves-queue.c src/mailbox/moves-queue.h \
	src/mailbox/moves-records.h \
	src/mailbox/moves-scan.c \
	src/mailbox/name-record.c src/mailbox/name-record.h \
	src/mailbox/opened-folder.c src/mailbox/opened-folder.h \
	src/mailbox/other-store.c src/mailbox/other-store.h \
	src/mailbox/packing.c src/mailbox/packing.h \
	src/mailbox/pass-through.c src/mailbox/pass-through.h \
	src/mailbox/sorting.c src/mailbox/sorting.h \
	src/mailbox/source.c src/mailbox/source.h
