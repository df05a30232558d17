# tests/unit/commands/local.mk - unit tests of src/commands
UNIT_TESTS += \
	tests/unit/commands/test-batches \
	tests/unit/commands/test-doctor \
	tests/unit/commands/test-learn-maildir \
	tests/unit/commands/test-owner \
	tests/unit/commands/test-relays-gather \
	tests/unit/commands/test-replayed \
	tests/unit/commands/test-run-lock \
	tests/unit/commands/test-sent-header \
	tests/unit/commands/test-stats-figures \
	tests/unit/commands/test-stats-lines \
	tests/unit/commands/test-stats-summary
tests_unit_commands_test_learn_maildir_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=readdir
