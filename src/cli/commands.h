/* The sub-commands, one file each. A row here is all that a new one needs besides its file. */
#ifndef MECH_CLI_COMMANDS_H
#define MECH_CLI_COMMANDS_H

/* COMMAND(function suffix, name, what it does) in the order of `mechanist --help`. */
#define COMMANDS(COMMAND)                                                                                              \
    COMMAND(mechanisms, "mechanisms", "lists the mechanisms, or shows one with its equations")                         \
    COMMAND(simulate, "simulate", "integrates the rate equations of one run or of a table of runs")                    \
    COMMAND(plot, "plot", "draws figures")

#define DECLARE(function, name, summary) int command_##function(int argc, char **argv);
COMMANDS(DECLARE)
#undef DECLARE

#endif
