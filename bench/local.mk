# bench/local.mk - `make bench` measures tamis and its peers side by side (bench/README); nothing of it is installed
BENCH_FILES = \
	bench/README \
	bench/bench.py \
	bench/corpus.py \
	bench/measures.py \
	bench/part_accuracy.py \
	bench/plots.py \
	bench/progress.py \
	bench/replay.py \
	bench/report.py \
	bench/tables.py \
	bench/users.py \
	bench/peers/__init__.py \
	bench/peers/bogofilter.py \
	bench/peers/peer.py \
	bench/peers/tamis.py
EXTRA_DIST += $(BENCH_FILES)

BENCH = env BENCH_TAMIS='$(abs_top_builddir)/tamis' TAMIS_RULES_DIR='$(abs_top_srcdir)/data/rules' \
	python3 -B '$(top_srcdir)/bench/bench.py'

bench: tamis$(EXEEXT)
	PARTS='$(PARTS)' PEERS='$(PEERS)' MODES='$(MODES)' MESSAGES='$(MESSAGES)' $(BENCH)

bench-quick: tamis$(EXEEXT)
	PARTS='$(PARTS)' PEERS='tamis bogofilter' MODES='always errors' MESSAGES='$(MESSAGES)' $(BENCH)

.PHONY: bench bench-quick

clean-local:
	rm -rf bench-results
