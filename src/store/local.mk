# src/store/local.mk - the files of this layer
