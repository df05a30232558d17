# src/senders/local.mk - the files of this layer
