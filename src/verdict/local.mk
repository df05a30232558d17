# src/verdict/local.mk - the files of this layer
