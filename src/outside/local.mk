# src/outside/local.mk - the files of this layer
libtamis_a_SOURCES += \
	src/outside/answer.c src/outside/answer.h \
	src/outside/check-answers.c src/outside/check-answers.h \
	src/outside/dns-answers.c src/outside/dns-answers.h \
	src/outside/dns-cache.c src/outside/dns-cache.h \
	src/outside/dns-query.c src/outside/dns-query.h \
	src/outside/outside.c src/outside/outside.h \
	src/outside/part-check.c \
	src/outside/part-clamd.c \
	src/outside/part-dns.c \
	src/outside/part-shared.c \
	src/outside/part-table.c src/outside/part-table.h \
	src/outside/points-text.c src/outside/points-text.h \
	src/outside/program.c src/outside/program.h \
	src/outside/questions.c src/outside/questions.h \
	src/outside/settings.h \
	src/outside/shared-collation.c src/outside/shared-collation.h \
	src/outside/shared-count.c src/outside/shared-count.h \
	src/outside/shared-place.c src/outside/shared-place.h \
	src/outside/shared-spool.c src/outside/shared-spool.h \
	src/outside/shared-table.c src/outside/shared-table.h \
	src/outside/stream.c src/outside/stream.h \
	src/outside/subordinates.c src/outside/subordinates.h
