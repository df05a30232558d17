# tests/unit/util/local.mk - unit tests of src/util
UNIT_TESTS += \
	tests/unit/util/test-arena \
	tests/unit/util/test-arithmetic \
	tests/unit/util/test-array \
	tests/unit/util/test-child \
	tests/unit/util/test-complaints \
	tests/unit/util/test-domain-name \
	tests/unit/util/test-file \
	tests/unit/util/test-file-lock \
	tests/unit/util/test-fold \
	tests/unit/util/test-letter \
	tests/unit/util/test-log \
	tests/unit/util/test-nearest \
	tests/unit/util/test-network \
	tests/unit/util/test-sandbox \
	tests/unit/util/test-span \
	tests/unit/util/test-state-directory \
	tests/unit/util/test-sum \
	tests/unit/util/test-text-lines \
	tests/unit/util/test-translate \
	tests/unit/util/test-trusted-path \
	tests/unit/util/test-utf8
tests_unit_util_test_file_lock_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=flock
tests_unit_util_test_array_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=reallocarray
tests_unit_util_test_file_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=open,--wrap=writev,--wrap=fsync,--wrap=rename
