# tests/unit/mail/local.mk - unit tests of src/mail
UNIT_TESTS += \
	tests/unit/mail/test-address \
	tests/unit/mail/test-archive \
	tests/unit/mail/test-authentication \
	tests/unit/mail/test-charset-guess \
	tests/unit/mail/test-decode \
	tests/unit/mail/test-entity \
	tests/unit/mail/test-header \
	tests/unit/mail/test-html \
	tests/unit/mail/test-html-hostile \
	tests/unit/mail/test-message \
	tests/unit/mail/test-mime \
	tests/unit/mail/test-parameter \
	tests/unit/mail/test-relay \
	tests/unit/mail/test-style \
	tests/unit/mail/test-text-prints \
	tests/unit/mail/test-url
