# src/rules/local.mk - the files of this layer
