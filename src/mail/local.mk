# src/mail/local.mk - the files of this layer
libtamis_a_SOURCES += \
	src/mail/charset.c src/mail/charset.h \
	src/mail/decode.c src/mail/decode.h \
	src/mail/header.c src/mail/header.h
