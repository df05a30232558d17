# tests/unit/outside/local.mk - unit tests of src/outside
UNIT_TESTS += \
	tests/unit/outside/test-answer \
	tests/unit/outside/test-dns-answers \
	tests/unit/outside/test-dns-cache \
	tests/unit/outside/test-questions \
	tests/unit/outside/test-words
