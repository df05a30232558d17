# src/mailbox/local.mk - the files of this layer
