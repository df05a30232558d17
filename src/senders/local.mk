# src/senders/local.mk - the files of this layer
libtamis_a_SOURCES += \
	src/senders/correspondents.c src/senders/correspondents.h \
	src/senders/correspondents-gathering.c src/senders/correspondents-gathering.h \
	src/senders/correspondents-layout.h \
	src/senders/correspondents-records.c src/senders/correspondents-saving.c \
	src/senders/correspondents-sharing.c src/senders/correspondents-text.c \
	src/senders/dated-list.c src/senders/dated-list.h \
	src/senders/entry.c src/senders/entry.h \
	src/senders/list-file.c src/senders/list-file.h \
	src/senders/origin.c src/senders/origin.h \
	src/senders/relay-policy.c src/senders/relay-policy.h \
	src/senders/ruling.c src/senders/ruling.h
