# tests/house/local.mk - the rules of the house, checked by machine
HOUSE_TESTS = \
	tests/house/check-completions.t \
	tests/house/check-dangers.t \
	tests/house/check-evidence.t \
	tests/house/check-layers.t \
	tests/house/check-lines.t \
	tests/house/check-logcheck.t \
	tests/house/check-manuals.t \
	tests/house/check-packages.t \
	tests/house/check-tarball.t \
	tests/house/check-translation.t
TESTS += $(HOUSE_TESTS)
EXTRA_DIST += $(HOUSE_TESTS) tests/house/evidence-table tests/house/tap.sh
