/* What streams of samples and streams of experiments make of their options. */
#ifndef MECH_DATA_STREAM_STREAM_OPTIONS_H
#define MECH_DATA_STREAM_STREAM_OPTIONS_H

#include "data/samples/byte_labels.h"
#include "mechanist.h"

enum { MOST_REUSE = 1000 };

/* MECH_INVALID_ARGUMENT where a number is out of range. `one` is what the stream consists of, "a sample", for messages.
 */
mech_status mech_check_stream_options(const mech_stream_options *o, const char *one, mech_error *error);

/* The mechanisms of a stream, which the options name, or M1 to M20. */
typedef struct stream_mechanisms {
    const mech_mechanism *of[MECH_MOST_LABELS]; /* [n] */
    size_t n, n_theta;                          /* n_theta: columns of theta that they need */
} stream_mechanisms;

mech_status mech_take_stream_mechanisms(const mech_stream_options *o, stream_mechanisms *mechanisms, mech_error *error);

/* How a stream is called in the files of the models that it trains. */
typedef struct stream_words {
    char *names;   /* "M1,M2,..." */
    char *library; /* the text of the mechanisms (mech_library_text()) */
    char *origin;  /* the options, normalised: "--stream --design laboratory ..." */
} stream_words;

/* `design` is the option that names it, "--design laboratory". The caller frees *words, on failure, too. */
mech_status mech_describe_stream(const mech_stream_options *o, const char *design, const stream_mechanisms *mechanisms,
                                 stream_words *words, mech_error *error);
void mech_stream_words_free(stream_words *words);

/* n / divisor, rounded up. */
static inline size_t rounded_up(size_t n, size_t divisor) { return (n + divisor - 1) / divisor; }

#endif
