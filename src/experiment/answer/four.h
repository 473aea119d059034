/* The four runs that a network of four runs is asked about. */
#ifndef MECH_EXPERIMENT_ANSWER_FOUR_H
#define MECH_EXPERIMENT_ANSWER_FOUR_H

#include "experiment/runs/experiment.h"

enum { FOUR_RUNS = 4 };

/* Chooses, of the runs that can be used, three that differ in catalyst alone and one that starts with less substrate,
 * and brings each to the form of a complete record: it begins at time 0, readings at one time are averaged, and
 * readings without all measured species are left out. *four, which points into `memory` and to the experiment, holds
 * them in the order of the file; chosen[i] is which run of the experiment the i-th is. Where there are more than four a
 * note names them; where there are fewer the message says what would be needed. */
mech_status mech_choose_four(const mech_experiment *e, arena *memory, mech_experiment *four, size_t chosen[FOUR_RUNS],
                             notes *list, mech_error *error);

/* All runs that can be used in that form, but for those of which less than two readings are left. *whole points into
 * `memory` and to the experiment. */
mech_status mech_complete_runs(const mech_experiment *e, arena *memory, mech_experiment *whole, mech_error *error);

#endif
