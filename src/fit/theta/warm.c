#include "fit/theta/warm.h"

#include "base/error.h"
#include "base/memory.h"
#include "fit/theta/compositions.h"

#include <math.h>
#include <string.h>

/* Tries, and the scale and tolerance with which they are compared, as in the screening of draws. */
enum { TRIES = 32 };
static const double SCALE = 0.03, RTOL = 1e-4;

/* The place in `from` of each parameter of s, -1 where it is new: map[n_theta]. */
static void map_parameters(const fit_space *s, const warm_start *from, int *map) {
    const part *own[N_ROWS] = {0}, *other[N_ROWS] = {0};
    const bool known = mech_decompose(s->mechanism, own) && mech_decompose(from->mechanism, other);
    for (size_t j = 0; j < s->n_theta; j++) map[j] = -1;
    if (!known) return;
    size_t at = 0, there = 0;
    for (part_row row = 0; row < N_ROWS; row++) {
        const size_t n = own[row] ? mech_part_constants(own[row]) : 0,
                     m = other[row] ? mech_part_constants(other[row]) : 0;
        /* A step that another part of the row has in its place is as fast to begin with. */
        const bool alike = own[row] && other[row] && (own[row] == other[row] || (row == ROW_CYCLE && n == m));
        for (size_t j = 0; j < n && alike; j++) map[at + j] = (int)(there + j);
        at += n;
        there += m;
    }
    if (s->fits_additive && from->n_theta > there) map[s->n_k] = (int)there;
}

/* Try number `i`: a draw, moved in time to where the parameters that are known say. */
static void fill_try(const fit_space *s, const theta_prior *p, const warm_start *from, const int *map, size_t i,
                     double *theta) {
    const double *draw = p->theta + i * p->n / TRIES % p->n * p->n_theta;
    double moved = 0;
    size_t n = 0;
    for (size_t j = 0; j < s->n_k; j++) {
        if (map[j] < 0) continue;
        moved += from->theta[map[j]] - draw[j];
        n++;
    }
    moved = n ? fmin(fmax(moved / (double)n, -MOST_STRETCH), MOST_STRETCH) : 0;
    for (size_t j = 0; j < s->n_theta; j++)
        theta[j] = map[j] >= 0 ? from->theta[map[j]] : draw[j] + (j < s->n_k ? moved : 0);
}

mech_status mech_warm_starts(const fit_space *s, const theta_prior *p, const warm_start *from, size_t n, double *starts,
                             mech_error *error) {
    const size_t d = s->n_theta;
    const double as_it_is = 1;
    int map[FIT_MOST_THETA];
    double sums[TRIES];
    double *tries = mech_allocate_array(TRIES * d, sizeof *tries);
    if (!tries) return mech_fail_memory(error);
    map_parameters(s, from, map);
    for (size_t i = 0; i < TRIES; i++) fill_try(s, p, from, map, i, tries + i * d);
    const mech_status status = mech_fit_screen(s, TRIES, tries, 1, &as_it_is, SCALE, RTOL, sums, error);
    for (size_t k = 0; k < n && status == MECH_OK; k++) {
        size_t best = 0;
        for (size_t i = 1; i < TRIES; i++)
            if (sums[i] < sums[best]) best = i;
        memcpy(starts + k * d, tries + best * d, d * sizeof *starts);
        sums[best] = INFINITY;
    }
    mech_release_array(tries);
    return status;
}
