# src/mail/local.mk - the files of this layer
