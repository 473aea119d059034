#include "judge/grid/grid.h"

#include "base/memory.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define FIGURE(field) offsetof(mech_metrics, field)

static const struct {
    mech_metrics_figure figure;
    size_t offset; /* of the double within mech_metrics */
} figures[N_METRICS_FIGURES] = {
    {{"top1", "top-1 accuracy", "%", false}, FIGURE(top1)},
    {{"top3", "top-3 accuracy", "%", false}, FIGURE(top3)},
    {{"cross_entropy", "cross-entropy", "nats", false}, FIGURE(cross_entropy)},
    {{"brier", "Brier score", "", false}, FIGURE(brier)},
    {{"entropy_mean", "mean entropy", "nats", false}, FIGURE(entropy_mean)},
    {{"entropy_median", "median entropy", "nats", false}, FIGURE(entropy_median)},
    {{"entropy_sd", "standard deviation of the entropy", "nats", false}, FIGURE(entropy_sd)},
    {{"coverage_95", "coverage of the 95 % credible set", "%", false}, FIGURE(credible_95.coverage)},
    {{"size_95", "mean size of the 95 % credible set", "mechanisms", false}, FIGURE(credible_95.mean_size)},
    {{"coverage_99", "coverage of the 99 % credible set", "%", false}, FIGURE(credible_99.coverage)},
    {{"size_99", "mean size of the 99 % credible set", "mechanisms", false}, FIGURE(credible_99.mean_size)},
    {{"conformal_coverage_99", "coverage of the 99 % conformal set", "%", true}, FIGURE(conformal_99.coverage)},
    {{"conformal_size_99", "mean size of the 99 % conformal set", "mechanisms", true}, FIGURE(conformal_99.mean_size)},
    {{"conformal_coverage_95", "coverage of the 95 % conformal set", "%", true}, FIGURE(conformal_95.coverage)},
    {{"conformal_size_95", "mean size of the 95 % conformal set", "mechanisms", true}, FIGURE(conformal_95.mean_size)},
    {{"ece", "expected calibration error", "%", false}, FIGURE(expected_calibration_error)},
};

const mech_metrics_figure *mech_metrics_figure_at(size_t index) {
    return index < N_METRICS_FIGURES ? &figures[index].figure : NULL;
}

int mech_metrics_figure_find(const char *name) {
    for (int i = 0; i < N_METRICS_FIGURES; i++)
        if (strcmp(figures[i].figure.name, name) == 0) return i;
    return -1;
}

double mech_metrics_value(const mech_metrics *metrics, size_t index) {
    double value;
    memcpy(&value, (const char *)metrics + figures[index].offset, sizeof value);
    return value;
}

/* Numbers that ascend and are not negative. */
static bool are_ascending(size_t n, const double *numbers) {
    for (size_t i = 0; i < n; i++)
        if (!(numbers[i] >= 0 && numbers[i] < HUGE_VAL) || (i && !(numbers[i] > numbers[i - 1]))) return false;
    return n > 0;
}

mech_status mech_grid_new(size_t n_points, const double *points, size_t n_noise, const double *noise, mech_grid **grid,
                          mech_error *error) {
    *grid = NULL;
    if (!are_ascending(n_points, points) || !are_ascending(n_noise, noise))
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "the points or the noise of a grid do not ascend; expected one or more of each that do");
    mech_grid *made = calloc(1, sizeof *made);
    if (!made) return mech_fail_memory(error);
    made->n_points = n_points;
    made->n_noise = n_noise;
    made->points = mech_allocate_array(n_points, sizeof *made->points);
    made->noise = mech_allocate_array(n_noise, sizeof *made->noise);
    bool room = made->points && made->noise;
    for (size_t f = 0; f < N_METRICS_FIGURES; f++) {
        made->values[f] = mech_allocate_array(n_points, n_noise * sizeof(double));
        room &= made->values[f] != NULL;
        for (size_t i = 0; room && i < n_points * n_noise; i++) made->values[f][i] = NAN;
    }
    if (!room) {
        mech_grid_free(made);
        return mech_fail_memory(error);
    }
    memcpy(made->points, points, n_points * sizeof *points);
    memcpy(made->noise, noise, n_noise * sizeof *noise);
    *grid = made;
    return MECH_OK;
}

void mech_grid_free(mech_grid *grid) {
    if (!grid) return;
    mech_release_array(grid->points);
    mech_release_array(grid->noise);
    for (size_t f = 0; f < N_METRICS_FIGURES; f++) mech_release_array(grid->values[f]);
    free(grid);
}

void mech_grid_enter(mech_grid *grid, size_t point, size_t noise, const mech_metrics *metrics) {
    if (point >= grid->n_points || noise >= grid->n_noise) return;
    for (size_t f = 0; f < N_METRICS_FIGURES; f++) {
        const bool there = !figures[f].figure.conformal || metrics->conformal_95.level > 0;
        grid->values[f][point * grid->n_noise + noise] = there ? mech_metrics_value(metrics, f) : NAN;
    }
}

double mech_grid_value(const mech_grid *grid, size_t figure, size_t point, size_t noise) {
    if (figure >= N_METRICS_FIGURES || point >= grid->n_points || noise >= grid->n_noise) return NAN;
    return grid->values[figure][point * grid->n_noise + noise];
}
