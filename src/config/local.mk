# src/config/local.mk - the files of this layer
libtamis_a_SOURCES += \
	src/config/assignments.c src/config/assignments.h \
	src/config/config.c src/config/config.h \
	src/config/example.c \
	src/config/members.c src/config/members.h \
	src/config/option.c src/config/option.h \
	src/config/option-family.c src/config/option-family.h \
	src/config/option-table.c src/config/option-table.h \
	src/config/places.c src/config/places.h \
	src/config/settings-file.c src/config/settings-file.h \
	src/config/surroundings.c src/config/surroundings.h
dist_doc_DATA += README NEWS
EXTRA_DIST += data/tamis.conf
