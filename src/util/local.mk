# src/util/local.mk - the files of this layer
libtamis_a_SOURCES += \
	src/util/arena.c src/util/arena.h \
	src/util/arithmetic.c src/util/arithmetic.h \
	src/util/array.c src/util/array.h \
	src/util/background.c src/util/background.h \
	src/util/buffer.c src/util/buffer.h \
	src/util/child.c src/util/child.h \
	src/util/clock.h \
	src/util/columns.c src/util/columns.h \
	src/util/complaints.c src/util/complaints.h \
	src/util/compute-only.c src/util/compute-only.h \
	src/util/domain-name.c src/util/domain-name.h \
	src/util/failure.c src/util/failure.h \
	src/util/file.c src/util/file.h \
	src/util/file-lock.c src/util/file-lock.h \
	src/util/fold.c src/util/fold.h \
	src/util/hash.h \
	src/util/letter.c src/util/letter.h \
	src/util/limits.h \
	src/util/log.c src/util/log.h \
	src/util/logistic.h \
	src/util/nearest.c src/util/nearest.h \
	src/util/network.c src/util/network.h \
	src/util/sandbox.c src/util/sandbox.h \
	src/util/sha1.c src/util/sha1.h \
	src/util/span.c src/util/span.h \
	src/util/state-directory.c src/util/state-directory.h \
	src/util/sum.h \
	src/util/system-call-filter.c src/util/system-call-filter.h \
	src/util/text-lines.c src/util/text-lines.h \
	src/util/translate.c src/util/translate.h \
	src/util/trusted-path.c src/util/trusted-path.h \
	src/util/utf8.c src/util/utf8.h \
	src/util/wire.c src/util/wire.h
