# tests/fault/local.mk - mail and learned state under faults, kills, power cuts, damage and load
FAULT_TESTS = \
	tests/fault/calls-fail.t \
	tests/fault/calls-kill.t \
	tests/fault/damage.t \
	tests/fault/load.t \
	tests/fault/power.t
TESTS += $(FAULT_TESTS)
LONG_TESTS += $(FAULT_TESTS)
EXTRA_DIST += $(FAULT_TESTS) \
	tests/fault/calls.py \
	tests/fault/damage.py \
	tests/fault/load.py \
	tests/fault/power.py \
	tests/fault/scene.py \
	tests/fault/supervise.py
