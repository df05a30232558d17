# src/mail/local.mk - the files of this layer
libtamis_a_SOURCES += \
	src/mail/address.c src/mail/address.h \
	src/mail/charset.c src/mail/charset.h \
	src/mail/decode.c src/mail/decode.h \
	src/mail/header.c src/mail/header.h \
	src/mail/relay.c src/mail/relay.h \
	src/mail/message.c src/mail/message.h \
	src/mail/message-text.c src/mail/message-text.h \
	src/mail/mime.c src/mail/mime.h \
	src/mail/mime-fields.c src/mail/mime-fields.h \
	src/mail/mime-skeleton.c src/mail/mime-skeleton.h \
	src/mail/parameter.c src/mail/parameter.h \
	src/mail/part.c src/mail/part.h \
	src/mail/url.c src/mail/url.h \
	src/mail/url-host.c src/mail/url-host.h \
	src/mail/uuencode.c src/mail/uuencode.h
