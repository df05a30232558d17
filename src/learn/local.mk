# src/learn/local.mk - the files of this layer
libtamis_a_SOURCES += \
	src/learn/calibration.c src/learn/calibration.h \
	src/learn/canonical.c src/learn/canonical.h \
	src/learn/confirm.c src/learn/confirm.h \
	src/learn/explain-tokens.c src/learn/explain-tokens.h \
	src/learn/features.c src/learn/features.h \
	src/learn/feedback.c src/learn/feedback.h \
	src/learn/field-use.c src/learn/field-use.h \
	src/learn/fusion.c src/learn/fusion.h \
	src/learn/grams.c src/learn/grams.h \
	src/learn/import.c src/learn/import.h \
	src/learn/learn.c src/learn/learn.h \
	src/learn/measure.c src/learn/measure.h \
	src/learn/pairs.c src/learn/pairs.h \
	src/learn/regression.c src/learn/regression.h \
	src/learn/starter.c src/learn/starter.h \
	src/learn/starter-building.c src/learn/starter-building.h \
	src/learn/starter-example.c \
	src/learn/token-hidden.c \
	src/learn/token-names.c \
	src/learn/token-words.c \
	src/learn/tokens.c src/learn/tokens.h
