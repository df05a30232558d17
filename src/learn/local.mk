# src/learn/local.mk - the files of this layer
