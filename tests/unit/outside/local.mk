# tests/unit/outside/local.mk - unit tests of src/outside
UNIT_TESTS += \
	tests/unit/outside/test-answer \
	tests/unit/outside/test-dns-answers \
	tests/unit/outside/test-dns-cache \
	tests/unit/outside/test-questions \
	tests/unit/outside/test-shared-collation \
	tests/unit/outside/test-shared-spool \
	tests/unit/outside/test-shared-table \
	tests/unit/outside/test-subordinates \
	tests/unit/outside/test-words
EXTRA_DIST += tests/unit/outside/shared-folder.h
tests_unit_outside_test_shared_collation_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=qsort
