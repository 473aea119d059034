/* Training samples without a file: simulated while the network learns (docs/training.md). Samples come in blocks; the
 * network passes over a window of the last `reuse` blocks, and each pass exchanges the oldest block for a new one. A
 * block is a function of the options, the seed and its number: neither threads nor the pass that work begins with
 * matter. */
#ifndef MECH_DATA_STREAM_STREAM_H
#define MECH_DATA_STREAM_STREAM_H

#include "base/error.h"
#include "data/stream/source.h"

typedef struct stream stream;

/* Checks the options (MECH_INVALID_ARGUMENT where they have no meaning) and makes the validation split: the one that
 * mech_generate() makes from the same seed and options without a test split. What the options point to may go after the
 * call, but for the mechanisms themselves. threads 0: all cores; with more than one, blocks are simulated ahead in the
 * background. The caller frees *s. */
mech_status mech_stream_new(const mech_stream_options *options, uint64_t seed, int threads,
                            const mech_progress *progress, stream **s, mech_error *error);
void mech_stream_free(stream *s);

/* Belonging to the stream. */
const mech_samples *mech_stream_validation(const stream *s);
const char *mech_stream_mechanisms(const stream *s); /* "M1,M2,..." */
const char *mech_stream_library(const stream *s);    /* their text (mech_library_text()) */
const char *mech_stream_prior(const stream *s);      /* "wide", or ranges in the format of a prior file */
const char *mech_stream_origin(const stream *s);     /* its options, normalised: "--stream --design nature ..." */

/* What was drawn and simulated so far, for validation and for the blocks that are made, whether they were learned from
 * or not; where report is not NULL. May be asked at any time. The caller frees *report. */
mech_status mech_stream_report(stream *s, mech_draw_report **report, mech_error *error);
uint64_t mech_stream_failures(stream *s); /* of the solver, over all mechanisms */

/* Least and largest loading that samples are drawn with. */
void mech_stream_loadings(const stream *s, double range[2]);

/* Draws the pool of thetas and fills the window of the pass that training begins with. To be called once, before the
 * source is used. */
mech_status mech_stream_start(stream *s, uint64_t pass, const mech_progress *progress, mech_error *error);

/* What batches are drawn from; passes are opened from the one that mech_stream_start() was told, in order. Valid as
 * long as the stream. */
sample_source mech_stream_source(stream *s);

#endif
