# tests/fault/local.mk - mail and learned state under faults, kills, power cuts, damage and load
FAULT_TESTS = \
	tests/fault/calls-fail.t \
	tests/fault/calls-kill.t \
	tests/fault/damage.t \
	tests/fault/hostile-mail.t \
	tests/fault/load.t \
	tests/fault/memory.t \
	tests/fault/power.t \
	tests/fault/soak.t
TESTS += $(FAULT_TESTS)
LONG_TESTS += $(FAULT_TESTS)
EXTRA_DIST += $(FAULT_TESTS) \
	tests/fault/calls.py \
	tests/fault/damage.py \
	tests/fault/hostile_mail.py \
	tests/fault/load.py \
	tests/fault/memory.py \
	tests/fault/power.py \
	tests/fault/scene.py \
	tests/fault/soak.py \
	tests/fault/supervise.py

# A library to be preloaded, not a program: the one shared object that is built here.
check_PROGRAMS += tests/fault/no-memory.so
tests_fault_no_memory_so_SOURCES = tests/fault/no-memory.c
tests_fault_no_memory_so_CFLAGS = $(WARNING_CFLAGS) -fPIC
tests_fault_no_memory_so_LDFLAGS = -shared
tests_fault_no_memory_so_LDADD =
