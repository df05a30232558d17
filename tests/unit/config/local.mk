# tests/unit/config/local.mk - unit tests of src/config
