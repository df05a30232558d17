# src/store/local.mk - the files of this layer
libtamis_a_SOURCES += \
	src/store/care.c \
	src/store/change.c src/store/change.h \
	src/store/directory.c src/store/directory.h \
	src/store/engine.h \
	src/store/engine-memory.c \
	src/store/engine-tokyocabinet.c \
	src/store/history.c src/store/history.h \
	src/store/journal.c src/store/journal.h \
	src/store/packing.c src/store/packing.h \
	src/store/record.c src/store/record.h \
	src/store/recovery.c src/store/recovery.h \
	src/store/snapshot.c src/store/snapshot.h \
	src/store/store.c src/store/store.h \
	src/store/tables.c src/store/tables.h \
	src/store/text.c src/store/text.h
