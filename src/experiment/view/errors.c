#include "experiment/view/errors.h"

#include "base/random.h"

#include <math.h>
#include <string.h>

static double draw_number(const design *d, design_key key, random_stream *r) {
    return mech_distribution_number(&d->of[DESIGN_FOR_TRAINING][key], r);
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

void mech_draw_errors(const design *laboratory, const model_view *view, size_t draw, float *x1, float *x2) {
    random_stream r = mech_random_open(0, RANDOM_ANSWER, 0, draw);
    const double loading = draw_number(laboratory, DESIGN_LOADING_ERROR, &r);
    const double clock = draw_number(laboratory, DESIGN_CLOCK_ERROR, &r);
    const double start = draw_number(laboratory, DESIGN_START_ERROR, &r);
    const double response = draw_number(laboratory, DESIGN_RESPONSE_ERROR, &r);
    const double s_response = draw_factor(&r, response), p_response = draw_factor(&r, response);
    double least = INFINITY;
    for (size_t i = 0; i < MODEL_RUNS; i++) least = fmin(least, view->loadings[i]);
    const double dead = draw_number(laboratory, DESIGN_DEAD_CATALYST, &r) * least;
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
