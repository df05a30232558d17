# tests/local.mk - every test speaks TAP; a unit test is a cmocka program, the others are scripts named *.t

LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_COMPILER = $(SHELL) $(top_srcdir)/tests/unit/run
TEST_EXTENSIONS = .t
T_LOG_DRIVER = $(LOG_DRIVER)
T_LOG_COMPILER = $(SHELL)
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	TAMIS='$(abs_top_builddir)/tamis'; export TAMIS; \
	TAMIS_SOURCE='$(abs_top_srcdir)'; export TAMIS_SOURCE; \
	TAMIS_BUILD='$(abs_top_builddir)'; export TAMIS_BUILD; \
	TAMIS_MODULE_DIR='$(abs_top_builddir)'; export TAMIS_MODULE_DIR; \
	LANGUAGE=C; export LANGUAGE;

# A unit test is a name in its folder's local.mk: Automake takes NAME.c for its source, and links what LDADD says.
# A program of the tests that is none says what it links.
UNIT_TESTS =
AM_CPPFLAGS += -I$(top_srcdir)/tests/unit
LDADD = libtamis.a $(DEPENDENCY_LIBS) $(CMOCKA_LIBS)

# make check-long runs all of what these do only in part in make check: they look whether TAMIS_LONG is set.
LONG_TESTS =

# First what takes longest, so that nothing waits for it at the end.
include tests/fuzz/local.mk
include tests/unit/util/local.mk
include tests/unit/mail/local.mk
include tests/unit/store/local.mk
include tests/unit/rules/local.mk
include tests/unit/learn/local.mk
include tests/unit/senders/local.mk
include tests/unit/verdict/local.mk
include tests/unit/outside/local.mk
include tests/unit/mailbox/local.mk
include tests/unit/config/local.mk
include tests/unit/commands/local.mk
include tests/rules/local.mk
include tests/house/local.mk
include tests/delivery/local.mk
include tests/fault/local.mk
include tests/bench/local.mk
include tests/package/local.mk
include tests/outside/local.mk
include tests/complexity/local.mk

if !HAVE_CMOCKA
TESTS += tests/unit/no-cmocka.t
endif
EXTRA_DIST += tests/unit/no-cmocka.t tests/unit/run tests/unit/unit.h tests/summary
if HAVE_CMOCKA
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif

.PHONY: check-long
check-long: all
	TAMIS_LONG=yes $(MAKE) $(AM_MAKEFLAGS) check TESTS='$(LONG_TESTS)'
