# tests/unit/store/local.mk - unit tests of src/store
