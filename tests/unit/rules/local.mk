# tests/unit/rules/local.mk - unit tests of src/rules
