# doc/local.mk - manual pages
dist_man_MANS += \
	doc/tamis.1 \
	doc/tamis.conf.5 \
	doc/tamis-classify.1 \
	doc/tamis-config.1 \
	doc/tamis-db.1 \
	doc/tamis-deliver.1 \
	doc/tamis-digest.1 \
	doc/tamis-doctor.1 \
	doc/tamis-evaluate.1 \
	doc/tamis-expire.1 \
	doc/tamis-explain.1 \
	doc/tamis-filter.1 \
	doc/tamis-integration.7 \
	doc/tamis-learn.1 \
	doc/tamis-moved.1 \
	doc/tamis-relays.1 \
	doc/tamis-relearn.1 \
	doc/tamis-rules.1 \
	doc/tamis-rules.5 \
	doc/tamis-senders.1 \
	doc/tamis-sort.1 \
	doc/tamis-shared.1 \
	doc/tamis-starter.1 \
	doc/tamis-stats.1 \
	doc/tamis-store.5

dist_doc_DATA += doc/ARCHITECTURE
dist_doc_DATA += doc/from-bogofilter.md doc/from-dovecot-antispam.md doc/from-rspamd.md doc/from-spamassassin.md
EXTRA_DIST += doc/ABLATION.md doc/MEASUREMENTS.md doc/SCALING.md doc/WEIGHTS.md doc/embed-examples
