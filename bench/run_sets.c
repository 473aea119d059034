/* How fast the network of run sets learns and predicts on run sets of all sizes (the shapes of design `laboratory`)
 * beside run sets of one size with as many readings: readings a second of one thread, by its processor time, the best
 * of some passes, in turns. And what making the inputs costs. Usage: run_sets [HIDDEN] */
#include "base/error.h"
#include "base/machine/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "data/laboratory/blocks.h"
#include "learn/engine/engine_reals.h"
#include "learn/sets/set_batch.h"
#include "padding.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SETS = 512, PASSES = 7, CLASSES = 20 };

static void stop(const mech_error *error) {
    fprintf(stderr, "run_sets: %s\n", error->message);
    exit(1);
}

/* First-order curves with noise, of these numbers of runs and readings. */
static run_sets *make_sets(const experiment_shape *shapes) {
    size_t n_runs = 0, n_readings = 0;
    for (size_t i = 0; i < SETS; i++) {
        n_runs += shapes[i].n_runs;
        n_readings += shapes[i].n_readings;
    }
    run_sets *s = mech_run_sets_new(SETS, n_runs, n_readings, 1, CLASSES, false);
    if (!s) exit(1);
    random_stream r = mech_random_open(1, RANDOM_TEST, 0, 0);
    for (size_t i = 0; i < SETS; i++) {
        s->label[i] = (uint16_t)(i % CLASSES);
        for (size_t k = 0; k < shapes[i].n_runs; k++, s->n_runs++) {
            const double loading = 0.02 + 0.1 * mech_random_uniform(&r);
            s->s0[s->n_runs] = 1;
            s->cat0[s->n_runs] = (float)loading;
            for (size_t j = 0; j < shapes[i].readings[k]; j++, s->n_readings++) {
                const double t = ((double)j + mech_random_uniform(&r)) / (double)shapes[i].readings[k];
                const double left = exp(-30 * loading * t) + 0.01 * mech_random_normal(&r);
                s->time[s->n_readings] = (float)t;
                s->substrate[s->n_readings] = (float)left;
                s->product[s->n_readings] = (float)(1 - left);
            }
            s->reading_offset[s->n_runs + 1] = s->n_readings;
        }
        s->run_offset[i + 1] = s->n_runs;
    }
    s->n = SETS;
    return s;
}

/* Shapes of the design, and one shape with nearly as many runs and readings. */
static void draw_shapes(experiment_shape *ragged, experiment_shape *fixed) {
    design *d;
    mech_error error;
    if (mech_design_open("laboratory", &d, &error) != MECH_OK) stop(&error);
    size_t n_runs = 0, n_readings = 0;
    for (size_t i = 0; i < SETS; i++) {
        const experiment_series series = {.mechanism = mech_builtin(0), .design = d, .seed = 1};
        mech_experiment_shape(&series, i, &ragged[i]);
        n_runs += ragged[i].n_runs;
        n_readings += ragged[i].n_readings;
    }
    const size_t runs = (n_runs + SETS / 2) / SETS, readings = (n_readings + SETS * runs / 2) / (SETS * runs);
    for (size_t i = 0; i < SETS; i++) {
        fixed[i] = (experiment_shape){.n_runs = runs, .n_readings = runs * readings};
        for (size_t k = 0; k < runs; k++) fixed[i].readings[k] = (uint32_t)readings;
    }
    printf("run sets %d: %.2f runs of %.1f readings on average, or all %zu of %zu\n", SETS, (double)n_runs / SETS,
           (double)n_readings / (double)n_runs, runs, readings);
    mech_design_free(d);
}

typedef struct contender {
    const char *name;
    run_sets *sets;
    set_batch batch;
    double inputs, training, predicting; /* readings a second, the best */
} contender;

static void better(double readings, double from, double *best) {
    const double rate = readings / (mech_thread_time_s() - from);
    if (rate > *best) *best = rate;
}

static void measure(contender *c, engine *e, const float *parameters, float *gradient, float *p, team *t) {
    uint32_t order[SETS];
    const telling tells = {1, 16, 0};
    const double readings = (double)c->sets->n_readings;
    engine_loss loss;
    mech_error error;
    for (uint32_t i = 0; i < SETS; i++) order[i] = i;
    double from = mech_thread_time_s();
    const run_sets *const all = c->sets;
    if (mech_set_batch_take(&c->batch, &all, SETS, SETS, order, &tells, t, &error) != MECH_OK) stop(&error);
    better(readings, from, &c->inputs);
    from = mech_thread_time_s();
    if (mech_engine_gradient_sets(e, parameters, &c->batch.sets, 0, 0.1, gradient, &loss, &error) != MECH_OK)
        stop(&error);
    better(readings, from, &c->training);
    from = mech_thread_time_s();
    if (mech_engine_predict_sets(e, parameters, &c->batch.sets, p, NULL, &error) != MECH_OK) stop(&error);
    better(readings, from, &c->predicting);
}

int main(int argc, char **argv) {
    static experiment_shape ragged[SETS], fixed[SETS];
    const graph_shape shape = {.n_labels = CLASSES, .hidden = argc > 1 ? (size_t)atoi(argv[1]) : 64};
    graph g;
    engine *e;
    mech_error error;
    if (mech_graph_build(SET_NETWORK, &shape, &g, &error) != MECH_OK) stop(&error);
    if (mech_engine_new(&g, 1, &e, &error) != MECH_OK) stop(&error);
    float *parameters = mech_allocate_array(g.n_parameters, sizeof *parameters);
    float *gradient = mech_allocate_array(g.n_parameters, sizeof *gradient);
    float *p = mech_allocate_array(SETS, CLASSES * sizeof *p);
    team *t = mech_team_new(1);
    if (!parameters || !gradient || !p || !t) exit(1);
    mech_graph_initialise(&g, 1, parameters);
    draw_shapes(ragged, fixed);
    contender all[] = {{.name = "one size", .sets = make_sets(fixed)},
                       {.name = "all sizes", .sets = make_sets(ragged)}};
    for (int pass = 0; pass < PASSES; pass++)
        for (int i = 0; i < 2; i++) measure(&all[i], e, parameters, gradient, p, t);
    printf("%zu parameters; readings a second\n%-10s %10s %10s %10s %12s\n", g.n_parameters, "", "inputs", "training",
           "predicting", "sets trained");
    for (int i = 0; i < 2; i++)
        printf("%-10s %10.0f %10.0f %10.0f %12.0f\n", all[i].name, all[i].inputs, all[i].training, all[i].predicting,
               all[i].training * SETS / (double)all[i].sets->n_readings);
    printf("%-10s %9.0f%% %9.0f%% %9.0f%%\n", "ratio", 100 * all[1].inputs / all[0].inputs,
           100 * all[1].training / all[0].training, 100 * all[1].predicting / all[0].predicting);
    const instruction_set lanes = mech_processor_lanes();
    printf("%s: of the multiplications on all sizes %.1f %% are padding\n", mech_instruction_set_name(lanes),
           100 * padding_share(&g, &all[1].batch.sets, mech_engine_kernel_of(lanes, ENGINE_FLOAT32)->lanes));
    for (int i = 0; i < 2; i++) {
        mech_set_batch_free(&all[i].batch);
        mech_run_sets_free(all[i].sets);
    }
    mech_team_free(t);
    mech_engine_free(e);
    mech_release_array(parameters);
    mech_release_array(gradient);
    mech_release_array(p);
    return 0;
}
