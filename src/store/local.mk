# src/store/local.mk - the files of this layer
libtamis_a_SOURCES += \
	src/store/care.c \
	src/store/change.c src/store/change.h \
	src/store/companion.c src/store/companion.h \
	src/store/daybook.c src/store/daybook.h src/store/daybook-layout.h \
	src/store/daybook-view.c \
	src/store/directory.c src/store/directory.h \
	src/store/engine.c src/store/engine.h \
	src/store/engine-memory.c \
	src/store/engine-tokyocabinet.c \
	src/store/history.c src/store/history.h src/store/history-layout.h \
	src/store/history-place.c src/store/history-rows.c src/store/history-text.c \
	src/store/imported.c src/store/imported.h \
	src/store/journal.c src/store/journal.h \
	src/store/packing.c src/store/packing.h \
	src/store/module.c src/store/module.h \
	src/store/record.c src/store/record.h \
	src/store/recovery.c src/store/recovery.h \
	src/store/redis-address.c src/store/redis-address.h \
	src/store/remote.c src/store/remote.h \
	src/store/relay-book.c src/store/relay-book.h \
	src/store/slot-file.c src/store/slot-file.h \
	src/store/snapshot.c src/store/snapshot.h \
	src/store/store.c src/store/store.h src/store/store-inside.h \
	src/store/store-learning.c src/store/store-reading.c \
	src/store/tables.c src/store/tables.h \
	src/store/text.c src/store/text.h

# Engines that need a library of their own: shared objects, loaded when the settings ask for one (module.h).
moduledir = $(pkglibdir)
redis_module_files = \
	src/store/engine-redis.c \
	src/store/redis-address.c src/store/redis-address.h \
	src/store/redis-channel.c src/store/redis-channel.h \
	src/store/redis-link.c src/store/redis-link.h \
	src/store/redis-opening.c src/store/redis-reading.c src/store/redis-writing.c src/store/redis-tables.h \
	src/store/redis-words.c src/store/redis-words.h \
	src/store/row-cache.c src/store/row-cache.h \
	src/store/record.c \
	src/util/array.c src/util/array.h \
	src/util/failure.c \
	src/util/translate.c src/util/translate.h
flags_of_modules = $(AM_CFLAGS) -fPIC -fvisibility=hidden
link_of_modules = -shared -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed $(SANITIZER_FLAGS)
# A source that is missing above shows here, not when somebody loads it.
if !SANITIZERS
link_of_modules += -Wl,-z,defs
endif
if REDIS
module_PROGRAMS = tamis-store-redis.so tamis-store-redis-tls.so
tamis_store_redis_so_SOURCES = $(redis_module_files) src/store/redis-plain.c
tamis_store_redis_so_CFLAGS = $(flags_of_modules)
tamis_store_redis_so_LDFLAGS = $(link_of_modules)
tamis_store_redis_so_LDADD = $(HIREDIS_LIBS)
tamis_store_redis_tls_so_SOURCES = $(redis_module_files) src/store/redis-tls.c
tamis_store_redis_tls_so_CFLAGS = $(flags_of_modules)
tamis_store_redis_tls_so_LDFLAGS = $(link_of_modules)
tamis_store_redis_tls_so_LDADD = $(HIREDIS_LIBS) $(OPENSSL_LIBS)
endif
