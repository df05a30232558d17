# src/verdict/local.mk - the files of this layer
libtamis_a_SOURCES += \
	src/verdict/explanation.c src/verdict/explanation.h \
	src/verdict/explanation-terminal.c src/verdict/explanation-terminal.h \
	src/verdict/explanation-page.c src/verdict/explanation-page.h \
	src/verdict/figures.c src/verdict/figures.h \
	src/verdict/header-fields.c src/verdict/header-fields.h \
	src/verdict/json.c src/verdict/json.h \
	src/verdict/judgement.c \
	src/verdict/padding.c src/verdict/padding.h \
	src/verdict/page.c src/verdict/page.h src/verdict/page-style.c \
	src/verdict/message-facts.c src/verdict/message-facts.h \
	src/verdict/page-message.c src/verdict/page-message.h src/verdict/page-links.c src/verdict/page-path.c \
	src/verdict/report.c src/verdict/report.h \
	src/verdict/terminal.c src/verdict/terminal.h \
	src/verdict/uncovered.c src/verdict/uncovered.h \
	src/verdict/verdict.c src/verdict/verdict.h
