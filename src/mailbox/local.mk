# src/mailbox/local.mk - the files of this layer
libtamis_a_SOURCES += \
	src/mailbox/maildir.c src/mailbox/maildir.h \
	src/mailbox/maildir-folder.c src/mailbox/maildir-folder.h \
	src/mailbox/maildir-quota.c src/mailbox/maildir-quota.h \
	src/mailbox/mbox-reader.c src/mailbox/mbox-reader.h \
	src/mailbox/pass-through.c src/mailbox/pass-through.h \
	src/mailbox/source.c src/mailbox/source.h
