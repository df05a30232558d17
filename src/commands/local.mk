# src/commands/local.mk - the files of this layer
