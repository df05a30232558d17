# tests/bench/local.mk - the arithmetic of the bench, and that its ways of measuring many messages are those of one
BENCH_TESTS = tests/bench/bench.t
TESTS += $(BENCH_TESTS)
check_PROGRAMS += bench/launch
EXTRA_DIST += $(BENCH_TESTS) \
	tests/bench/tap.py \
	tests/bench/test_corpus.py \
	tests/bench/test_measures.py \
	tests/bench/test_peers.py \
	tests/bench/test_replay.py \
	tests/bench/test_shown.py
