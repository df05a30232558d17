# bench/local.mk - `make bench` measures tamis and its peers side by side (bench/README); nothing of it is installed
BENCH_FILES = \
	bench/README \
	bench/bench.py \
	bench/corpus.py \
	bench/made_mail.py \
	bench/measures.py \
	bench/part_accuracy.py \
	bench/part_calibration.py \
	bench/part_cold.py \
	bench/part_cost.py \
	bench/part_growth.py \
	bench/part_host.py \
	bench/part_shared.py \
	bench/part_start.py \
	bench/part_transfer.py \
	bench/plots.py \
	bench/processes.py \
	bench/progress.py \
	bench/replay.py \
	bench/report.py \
	bench/scaling.py \
	bench/tables.py \
	bench/users.py \
	bench/weights.py \
	bench/hand-set.conf \
	bench/peers/__init__.py \
	bench/peers/bmf.py \
	bench/peers/bogofilter.py \
	bench/peers/crm114.py \
	bench/peers/daemon.py \
	bench/peers/peer.py \
	bench/peers/rspamd.py \
	bench/peers/spamassassin.py \
	bench/peers/spamprobe.py \
	bench/peers/sylfilter.py \
	bench/peers/tamis.py
EXTRA_DIST += $(BENCH_FILES)

# Starts what is measured, so it is built without what tests of tamis need: its own memory would be in the figures.
EXTRA_PROGRAMS = bench/launch
bench_launch_SOURCES = bench/launch.c
bench_launch_CFLAGS = $(WARNING_CFLAGS)
bench_launch_LDFLAGS =
bench_launch_LDADD =

# What is measured is a copy, as `make install` makes one and the peers were installed: the linker writes its file in
# small pieces, and so the kernel keeps it, which costs 6 % of a delivery.
bench/tamis$(EXEEXT): tamis$(EXEEXT)
	@$(MKDIR_P) bench
	@$(INSTALL_PROGRAM) tamis$(EXEEXT) $@

# BENCH_CORPORA goes through the environment, where make puts it: it may hold quotes.
BENCH_QUICK_PARTS = accuracy transfer calibration cost
BENCH = BENCH_LAUNCH='$(abs_top_builddir)/bench/launch' BENCH_TAMIS='$(abs_top_builddir)/bench/tamis' \
	TAMIS_RULES_DIR='$(abs_top_srcdir)/data/rules' MESSAGES='$(MESSAGES)' \
	python3 -B '$(top_srcdir)/bench/bench.py'

bench: bench/tamis$(EXEEXT) bench/launch$(EXEEXT)
	@PARTS='$(PARTS)' PEERS='$(PEERS)' MODES='$(MODES)' $(BENCH)

bench-quick: bench/tamis$(EXEEXT) bench/launch$(EXEEXT)
	@PARTS='$(BENCH_QUICK_PARTS)' PEERS='tamis bogofilter' MODES='always errors' $(BENCH)

# Fits the points of checks and rules anew, holds the shipped ones against them, and measures these beside peers on mail
# that nothing was fitted to (doc/WEIGHTS.md).  It needs sa2003 and modern-a in TAMIS_CORPORA.
weights: bench/tamis$(EXEEXT) bench/launch$(EXEEXT)
	@BENCH_TAMIS='$(abs_top_builddir)/bench/tamis' TAMIS_RULES_DIR='$(abs_top_srcdir)/data/rules' \
		python3 -B '$(top_srcdir)/bench/weights.py' $(WEIGHTS_OPTIONS)
	@PARTS=cold PEERS='$(WEIGHTS_PEERS)' $(BENCH)
WEIGHTS_PEERS = tamis spamassassin rspamd

.PHONY: bench bench-quick weights

clean-local:
	rm -rf bench-results bench/launch$(EXEEXT) bench/tamis$(EXEEXT)
