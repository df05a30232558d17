# tests/unit/learn/local.mk - unit tests of src/learn
