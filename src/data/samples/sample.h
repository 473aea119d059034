/* Samples: four runs of one theta, measured at the times that the design says. */
#ifndef MECH_DATA_SAMPLES_SAMPLE_H
#define MECH_DATA_SAMPLES_SAMPLE_H

#include "data/conditions/conditions.h"
#include "data/prior/thetas.h"
#include "data/samples/augment.h"

/* Times of a run that a design measures, t = 0 included. */
size_t mech_measured_times(mech_sample_design sample_design, dataset_split s);

struct path; /* of simulate/path.h */

/* Design fixed-window: the dense solution has so many uniform times from 0 to LAST_TIME. */
enum { DENSE_TIMES = 5000 };

/* Protocol nature follows each run to a share of its conversion at LAST_TIME that is uniform between these. */
static const double LEAST_SHARE = 0.85, MOST_SHARE = 0.995;

/* Whether a run whose S changes by so much until LAST_TIME is followed to a share of that, not to LAST_TIME. */
bool mech_is_followed_to_share(double change);

/* How long a run is followed, to `share` of `change`, the change of S from s0 until LAST_TIME. */
double mech_window_of_share(const mech_mechanism *mechanism, double s0, double change, double share,
                            const struct path *solution);

/* Samples of one mechanism and split. Sample number j has theta j modulo the pool's size; it is a function of seed,
 * mechanism, split, j and its theta. */
typedef struct sample_series {
    const mech_mechanism *mechanism;
    size_t label; /* its number in the set, and its label */
    dataset_split split;
    mech_sample_design design;
    uint64_t seed;
    const mech_solver_options *solver;
    const theta_pool *pool;
} sample_series;

/* Simulates samples number first, ..., first + count - 1 and writes them to places `place`, `place` + stride, ... of
 * `block`. Runs on the calling thread. A sample of which a run fails or leaves the finite numbers is measured again
 * under other conditions; *failures grows by one. */
mech_status mech_simulate_samples(const sample_series *series, size_t first, size_t count, mech_samples *block,
                                  size_t place, size_t stride, uint64_t *failures, mech_error *error);

#endif
