/* command-line.h - argv into an invocation, and the texts of --help and --version */
#ifndef TAMIS_COMMANDS_COMMAND_LINE_H
#define TAMIS_COMMANDS_COMMAND_LINE_H

#include <stdio.h>

#include "commands/command.h"

/* Runs the program: finds the command, reads options and settings, runs it, gives the exit status.  It is 75 when
 * what was printed could not be written, so commands need not look whether it was. */
int command_line_run(int argc, char **argv);

/* Usage line and options of one command. */
void command_line_help(const struct command *command, FILE *out);

#endif
