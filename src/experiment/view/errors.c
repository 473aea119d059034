#include "experiment/view/errors.h"

#include "base/random.h"

#include <math.h>
#include <string.h>

/* A standard deviation that differs from laboratory to laboratory: log-uniform between two bounds, and 0 in a share of
 * them. */
typedef struct error_spread {
    double least, most, none;
} error_spread;

static const error_spread loading_errors = {0.01, 0.2, 0.2};    /* of ln of each run's catalyst */
static const error_spread clock_errors = {0.002, 0.05, 0.25};   /* of each run's clock, in units of its length */
static const error_spread start_errors = {0.003, 0.05, 0.25};   /* of ln of each run's [S]0 and [P]0 */
static const error_spread response_errors = {0.003, 0.05, 0.5}; /* of ln of the response to S, and to P, in all runs */

/* In a share of the laboratories a fixed amount of catalyst, up to a share of the least loading, is dead from the start
 * in every run. */
static const double DEAD_SHARE = 0.2, MOST_DEAD = 0.3;

static double draw_spread(random_stream *r, const error_spread *s) {
    const double none = mech_random_uniform(r), place = mech_random_uniform(r);
    return none < s->none ? 0 : s->least * pow(s->most / s->least, place);
}

static double draw_factor(random_stream *r, double spread) { return exp(spread * mech_random_normal(r)); }

/* Times in units of the last ones again. */
static void scale_times(const model_view *view, float *x2) {
    const float *last = x2 + view->n_points * MODEL_COLUMNS;
    float longest = 0;
    for (size_t i = 0; i < MODEL_RUNS; i++) longest = fmaxf(longest, last[3 * i]);
    for (size_t i = 0; i < MODEL_RUNS; i++) {
        const float unit = view->own_times ? last[3 * i] : longest;
        for (size_t j = 0; j <= view->n_points && unit > 0; j++) x2[j * MODEL_COLUMNS + 3 * i] /= unit;
    }
}

void mech_draw_errors(const model_view *view, size_t draw, float *x1, float *x2) {
    random_stream r = mech_random_open(0, RANDOM_ANSWER, 0, draw);
    const double loading = draw_spread(&r, &loading_errors), clock = draw_spread(&r, &clock_errors);
    const double start = draw_spread(&r, &start_errors), response = draw_spread(&r, &response_errors);
    const double dies = mech_random_uniform(&r), share = MOST_DEAD * mech_random_uniform(&r);
    const double s_response = draw_factor(&r, response), p_response = draw_factor(&r, response);
    double least = INFINITY;
    for (size_t i = 0; i < MODEL_RUNS; i++) least = fmin(least, view->loadings[i]);
    const double dead = dies < DEAD_SHARE ? share * least : 0;
    memcpy(x2, view->x2, (view->n_points + 1) * MODEL_COLUMNS * sizeof *x2);
    for (size_t i = 0; i < MODEL_RUNS; i++) {
        const double offset = clock * mech_random_normal(&r) * (double)x2[view->n_points * MODEL_COLUMNS + 3 * i];
        const double scale = draw_factor(&r, start);
        x1[i] = (float)fmin((view->loadings[i] - dead) * draw_factor(&r, loading), MOST_LOADING_SHOWN);
        /* A run that started with more S than it was meant to has more of S and P throughout. The model has seen runs
         * that start as they are meant to: it is shown the run in units of what it started with. */
        for (size_t j = 1; j <= view->n_points; j++) {
            float *row = x2 + j * MODEL_COLUMNS + 3 * i;
            row[0] = (float)fmax((double)row[0] + offset, 0);
            row[1] = (float)((double)row[1] / (scale * s_response));
            row[2] = (float)((double)row[2] / (scale * p_response));
        }
    }
    scale_times(view, x2);
}
