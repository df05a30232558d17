# src/commands/local.mk - one file per command
libtamis_a_SOURCES += \
	src/commands/ask-outside.c src/commands/ask-outside.h \
	src/commands/batches.c src/commands/batches.h \
	src/commands/classify.c \
	src/commands/command.h \
	src/commands/command-line.c src/commands/command-line.h \
	src/commands/command-table.c \
	src/commands/config.c \
	src/commands/db.c \
	src/commands/db-dump.c src/commands/db-dump.h \
	src/commands/db-forget.c src/commands/db-forget.h \
	src/commands/db-import.c src/commands/db-import.h \
	src/commands/deliver.c \
	src/commands/correspondents-run.c src/commands/correspondents-run.h \
	src/commands/digest.c \
	src/commands/digest-text.c src/commands/digest-text.h \
	src/commands/doctor.c src/commands/doctor.h \
	src/commands/doctor-files.c \
	src/commands/doctor-folders.c \
	src/commands/doctor-learning.c \
	src/commands/doctor-report.c \
	src/commands/doctor-runs.c \
	src/commands/doctor-shared.c \
	src/commands/doctor-system.c \
	src/commands/each-message.c src/commands/each-message.h \
	src/commands/each-user.c src/commands/each-user.h \
	src/commands/evaluate.c \
	src/commands/evaluate-figures.c src/commands/evaluate-figures.h \
	src/commands/evaluate-replay.c src/commands/evaluate-replay.h \
	src/commands/expire.c \
	src/commands/explain.c \
	src/commands/filter.c \
	src/commands/follow-up.c src/commands/follow-up.h \
	src/commands/held-moves.c src/commands/held-moves.h \
	src/commands/judge.c src/commands/judge.h \
	src/commands/labelled-mail.c src/commands/labelled-mail.h \
	src/commands/last-run.c src/commands/last-run.h \
	src/commands/learn.c \
	src/commands/learn-maildir.c src/commands/learn-maildir.h \
	src/commands/moved.c \
	src/commands/owner.c src/commands/owner.h \
	src/commands/progress.c src/commands/progress.h \
	src/commands/reading.c src/commands/reading.h \
	src/commands/relays.c \
	src/commands/relays-export.c src/commands/relays-export.h \
	src/commands/relays-gather.c src/commands/relays-gather.h \
	src/commands/relearn.c \
	src/commands/replayed.c src/commands/replayed.h \
	src/commands/rules.c \
	src/commands/rules-measure.c src/commands/rules-measure.h \
	src/commands/run-lock.c src/commands/run-lock.h \
	src/commands/senders.c \
	src/commands/sent-header.c src/commands/sent-header.h \
	src/commands/sent-mail.c src/commands/sent-mail.h \
	src/commands/sort.c \
	src/commands/shared.c \
	src/commands/sharing.c src/commands/sharing.h \
	src/commands/starter.c \
	src/commands/stats.c \
	src/commands/stats-figures.c src/commands/stats-report.h \
	src/commands/stats-json.c \
	src/commands/stats-lines.c src/commands/stats-lines.h \
	src/commands/stats-metrics.c \
	src/commands/stats-page.c \
	src/commands/stats-summary.c src/commands/stats-summary.h \
	src/commands/stats-text.c \
	src/commands/terminal-look.c src/commands/terminal-look.h \
	src/commands/user-state.c src/commands/user-state.h
