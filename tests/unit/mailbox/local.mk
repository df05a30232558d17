# tests/unit/mailbox/local.mk - unit tests of src/mailbox
