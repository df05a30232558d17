# src/mailbox/local.mk - the files of this layer
libtamis_a_SOURCES += \
	src/mailbox/maildir.h \
	src/mailbox/pass-through.c src/mailbox/pass-through.h \
	src/mailbox/source.h
