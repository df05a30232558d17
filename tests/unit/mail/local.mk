# tests/unit/mail/local.mk - unit tests of src/mail
UNIT_TESTS += tests/unit/mail/test-url
tests_unit_mail_test_url_SOURCES = tests/unit/mail/test-url.c tests/unit/unit.h
tests_unit_mail_test_url_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_mail_test_url_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/mail/test-parameter
tests_unit_mail_test_parameter_SOURCES = tests/unit/mail/test-parameter.c tests/unit/unit.h
tests_unit_mail_test_parameter_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_mail_test_parameter_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/mail/test-mime
tests_unit_mail_test_mime_SOURCES = tests/unit/mail/test-mime.c tests/unit/unit.h
tests_unit_mail_test_mime_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_mail_test_mime_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/mail/test-message
tests_unit_mail_test_message_SOURCES = tests/unit/mail/test-message.c tests/unit/unit.h
tests_unit_mail_test_message_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_mail_test_message_LDADD = $(UNIT_LIBS)
