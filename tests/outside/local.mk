# tests/outside/local.mk - the built program with the real programs it asks
OUTSIDE_TESTS = \
	tests/outside/check.t \
	tests/outside/clamd.t \
	tests/outside/dns.t
TESTS += $(OUTSIDE_TESTS)
EXTRA_DIST += $(OUTSIDE_TESTS)
