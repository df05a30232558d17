# tests/delivery/local.mk - the built program with the real programs that call it
