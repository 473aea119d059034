/* Experiments of a design without a file: simulated while a network learns (docs/training.md). A pool of thetas is
 * renewed piece by piece, as that of stream.h is. */
#ifndef MECH_DATA_STREAM_EXPERIMENT_STREAM_H
#define MECH_DATA_STREAM_EXPERIMENT_STREAM_H

#include "data/stream/run_set_source.h"

typedef struct experiment_stream experiment_stream;

/* Checks the options, whose design must not be NULL, and makes the validation split, of the thetas that
 * mech_generate() would draw for it. threads 0: all cores. The caller frees *s. */
mech_status mech_experiment_stream_new(const mech_stream_options *options, uint64_t seed, int threads,
                                       const mech_progress *progress, experiment_stream **s, mech_error *error);
void mech_experiment_stream_free(experiment_stream *s); /* accepts NULL */

/* Belonging to the stream. */
run_set_source mech_experiment_stream_source(experiment_stream *s);
const char *mech_experiment_stream_mechanisms(const experiment_stream *s); /* "M1,M2,..." */
const char *mech_experiment_stream_prior(const experiment_stream *s);
const char *mech_experiment_stream_origin(const experiment_stream *s); /* its options, normalised */

/* What was drawn and simulated so far, where report is not NULL. The caller frees *report. */
mech_status mech_experiment_stream_report(const experiment_stream *s, mech_draw_report **report, mech_error *error);

#endif
