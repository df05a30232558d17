# tests/unit/mail/local.mk - unit tests of src/mail
