# src/config/local.mk - the files of this layer
