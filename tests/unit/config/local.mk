# tests/unit/config/local.mk - unit tests of src/config
CONFIG_TEST_INCLUDES = -I$(top_srcdir)/tests/unit -I$(top_srcdir)/tests/unit/config
UNIT_TESTS += tests/unit/config/test-config
tests_unit_config_test_config_SOURCES = tests/unit/config/test-config.c tests/unit/config/fake-rules.h tests/unit/unit.h
tests_unit_config_test_config_CPPFLAGS = $(AM_CPPFLAGS) $(CONFIG_TEST_INCLUDES)
tests_unit_config_test_config_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/config/test-example
tests_unit_config_test_example_SOURCES = tests/unit/config/test-example.c tests/unit/config/fake-rules.h tests/unit/unit.h
tests_unit_config_test_example_CPPFLAGS = $(AM_CPPFLAGS) $(CONFIG_TEST_INCLUDES)
tests_unit_config_test_example_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/config/test-option-table
tests_unit_config_test_option_table_SOURCES = tests/unit/config/test-option-table.c \
	tests/unit/config/fake-rules.h tests/unit/unit.h
tests_unit_config_test_option_table_CPPFLAGS = $(AM_CPPFLAGS) $(CONFIG_TEST_INCLUDES)
tests_unit_config_test_option_table_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/config/test-places
tests_unit_config_test_places_SOURCES = tests/unit/config/test-places.c tests/unit/unit.h
tests_unit_config_test_places_CPPFLAGS = $(AM_CPPFLAGS) $(CONFIG_TEST_INCLUDES)
tests_unit_config_test_places_LDADD = $(UNIT_LIBS)
