/* Peers that live in Python, driven as their users drive them. Their programs are part of this one, so that they are at
 * hand wherever it is installed. */
#ifndef MECH_CLI_BENCH_PEERS_PYTHON_H
#define MECH_CLI_BENCH_PEERS_PYTHON_H

#include <jansson.h>
#include <stddef.h>

/* Runs a program under /usr/bin/python3, which has the system's packages, with `task` (given up; no text in it holds a
 * quote or a backslash) as the value of the variable `task`, and reads numbers[n] from what it prints. NaN stands for
 * those that do not come, as where a package is absent. */
void python_numbers(const char *program, json_t *task, double *numbers, size_t n);

#endif
