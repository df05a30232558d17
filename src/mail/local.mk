# src/mail/local.mk - the files of this layer
libtamis_a_SOURCES += \
	src/mail/archive-rar.c src/mail/archive-zip.c src/mail/archive.h \
	src/mail/address.c src/mail/address.h \
	src/mail/authentication.c src/mail/authentication.h \
	src/mail/charset.c src/mail/charset.h \
	src/mail/charset-guess.c src/mail/charset-guess.h \
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
	src/mail/text-prints.c src/mail/text-prints.h \
	src/mail/url.c src/mail/url.h \
	src/mail/url-host.c src/mail/url-host.h \
	src/mail/uuencode.c src/mail/uuencode.h

# HTML, CSS and character references
libtamis_a_SOURCES += \
	src/mail/entity.c src/mail/entity.h \
	src/mail/entity-table.c src/mail/entity-table.h \
	src/mail/html.c src/mail/html.h \
	src/mail/html-element.c src/mail/html-element.h \
	src/mail/html-link.c src/mail/html-link.h \
	src/mail/html-look.c src/mail/html-look.h \
	src/mail/html-name.h \
	src/mail/html-text.c src/mail/html-text.h \
	src/mail/html-token.c src/mail/html-token.h \
	src/mail/html-tree.c src/mail/html-tree.h \
	src/mail/style.c src/mail/style.h \
	src/mail/style-colour.c src/mail/style-colour.h \
	src/mail/style-media.c \
	src/mail/style-selector.c src/mail/style-selector.h \
	src/mail/style-sheet.c src/mail/style-sheet.h \
	src/mail/style-value.c src/mail/style-value.h
EXTRA_DIST += src/mail/entity-table.py
