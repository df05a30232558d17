# src/verdict/local.mk - the files of this layer
libtamis_a_SOURCES += \
	src/verdict/figures.c src/verdict/figures.h \
	src/verdict/header-fields.c src/verdict/header-fields.h \
	src/verdict/judgement.c \
	src/verdict/verdict.c src/verdict/verdict.h
