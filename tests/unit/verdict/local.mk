# tests/unit/verdict/local.mk - unit tests of src/verdict
