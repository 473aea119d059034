/* Any bytes are read as a design or refused with a message of one line that names the place; experiments of what is
 * read can be planned, and are what the grammar promises. */
#include "data/laboratory/plan.h"
#include "data/laboratory/times.h"
#include "fuzz.h"

#include <math.h>
#include <string.h>

enum { EXPERIMENTS = 4 };

static void check_run(const planned_run *run) {
    require(isfinite(run->s0) && run->s0 > 0 && isfinite(run->p0) && run->p0 >= 0);
    require(isfinite(run->cat0) && run->cat0 > 0 && isfinite(run->true_cat0) && run->true_cat0 > 0);
    require(isfinite(run->true_s0) && run->true_s0 > 0 && isfinite(run->true_p0) && run->true_p0 >= 0);
    require(isnan(run->share) || (run->share > 0 && run->share < 1));
    require(run->goes_on >= 1 && isfinite(run->clock_offset));
}

static void plan(const design *d, design_use use, uint64_t number) {
    static double times[MOST_READINGS];
    random_stream theta = mech_random_open(1, RANDOM_LOADINGS, 0, number);
    random_stream own = mech_random_open(1, RANDOM_CONDITIONS, 0, number);
    experiment_shape shape;
    experiment_plan p;
    size_t fewest, most;
    mech_draw_shape(d, use, &own, &shape);
    mech_design_readings(d, use, &fewest, &most);
    require(shape.n_runs >= 1 && shape.n_runs <= MECH_MOST_RUNS && most <= MOST_READINGS);
    const planned_reactant reactant = {.written = number % 2 ? 1.2 : NAN, .coefficient = 1};
    mech_draw_plan(d, use, shape.n_runs, &reactant, &theta, &own, &p);
    require(p.n_runs == shape.n_runs && p.common_end <= p.n_runs && p.scale > 0);
    for (size_t r = 0; r < p.n_runs; r++) {
        require(shape.readings[r] >= fewest && shape.readings[r] <= most);
        check_run(&p.runs[r]);
        mech_draw_times(p.times, p.reading_at_0, 3, shape.readings[r], &own, times);
        for (size_t i = 0; i < shape.readings[r]; i++)
            require(times[i] >= (i ? times[i - 1] : 0) && times[i] <= 3 * (1 + 1e-12));
    }
    for (int t = 0; t < TRUTH_TIME_UNIT; t++) require(isfinite(p.truths[t]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    mech_error error = {0};
    design *d;
    if (mech_design_parse((const char *)data, size, "fuzz", &d, &error) != MECH_OK) {
        require(error.status == MECH_INVALID_INPUT && !d);
        require(strncmp(error.message, "fuzz:", 5) == 0 && is_one_line(error.message));
        return 0;
    }
    require(strlen(d->text) == size && d->name[0]);
    for (uint64_t i = 0; i < EXPERIMENTS; i++) plan(d, i % 2 ? DESIGN_FOR_TEST : DESIGN_FOR_TRAINING, i);
    mech_design_free(d);
    return 0;
}
