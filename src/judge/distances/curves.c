#include "judge/distances/curves.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>

enum { A_PIECE = 256 }; /* samples that a thread takes at a time */

typedef struct interpolation {
    const mech_samples *samples;
    curve_set *set;
} interpolation;

/* One column at the uniform times. times and values are strided as in x2. */
static void interpolate(const float *times, const float *values, size_t n_times, float *curve) {
    size_t i = 0; /* the last time that is not above the wanted one */
    for (size_t j = 0; j < CURVE_POINTS; j++) {
        const double wanted = (double)j / (CURVE_POINTS - 1);
        while (i + 1 < n_times && times[(i + 1) * SAMPLE_ROW] <= wanted) i++;
        const double from = times[i * SAMPLE_ROW], value = values[i * SAMPLE_ROW];
        curve[j] = (float)value;
        if (i + 1 == n_times || wanted <= from) continue;
        const double to = times[(i + 1) * SAMPLE_ROW], next = values[(i + 1) * SAMPLE_ROW];
        curve[j] = (float)(value + (wanted - from) / (to - from) * (next - value));
    }
}

static void interpolate_piece(void *context, size_t piece, int member) {
    (void)member;
    const interpolation *work = context;
    const mech_samples *s = work->samples;
    const size_t first = piece * A_PIECE, end = s->n - first < A_PIECE ? s->n : first + A_PIECE;
    for (size_t i = first; i < end; i++) {
        const float *sample = readings_of_sample(s->x2, s->n_times, i);
        for (size_t column = 0; column < CURVE_COLUMNS; column++) {
            const float *run = run_of_sample(sample, column / 2), *values = run + 1 + column % 2;
            if (isnan(values[0])) continue;
            interpolate(run, values, s->n_times, work->set->curves + i * CURVE_LENGTH + column * CURVE_POINTS);
            work->set->measured[i] |= (uint8_t)(1u << column);
        }
    }
}

mech_status mech_curve_set_new(const mech_samples *samples, team *t, curve_set *set, mech_error *error) {
    *set = (curve_set){.n = samples->n};
    set->curves = mech_allocate_array(samples->n, CURVE_LENGTH * sizeof *set->curves);
    set->measured = mech_allocate_array(samples->n, sizeof *set->measured);
    if (!set->curves || !set->measured) return mech_fail_memory(error);
    interpolation work = {.samples = samples, .set = set};
    mech_team_share(t, (samples->n + A_PIECE - 1) / A_PIECE, interpolate_piece, &work);
    return MECH_OK;
}

void mech_curve_set_free(curve_set *set) {
    mech_release_array(set->curves);
    mech_release_array(set->measured);
    *set = (curve_set){0};
}

double mech_squared_distance(const float *a, const float *b, unsigned columns) {
    double sum = 0;
    for (unsigned column = 0; column < CURVE_COLUMNS; column++) {
        if (!(columns >> column & 1)) continue;
        double part = 0;
        for (size_t i = column * CURVE_POINTS; i < (column + 1) * CURVE_POINTS; i++) {
            const double difference = (double)a[i] - (double)b[i];
            part += difference * difference;
        }
        sum += part;
    }
    return sum;
}
