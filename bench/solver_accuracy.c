/* Accuracy and speed of the batched solver at its standard tolerances, by mechanism: errors of S and P against CVODE at
 * rtol 1e-10, atol 1e-14, and trajectories a second on one core beside CVODE at the same standard tolerances. Rate
 * constants are log-uniform on [1e-5, 1e5]; each theta runs at three catalyst loadings and once with part of the
 * substrate turned into product. Errors are taken at 101 uniform times on [0, 100] and 30 logarithmic ones from 1e-4
 * on, rates at the end alone.
 *
 * Usage: solver_accuracy [THETAS]   (default 2000 for each mechanism, which takes three minutes) */
#include "accuracy_times.h"
#include "base/machine/clock.h"
#include "base/machine/processor.h"
#include "base/memory.h"
#include "chemistry/mechanism.h"

#include <stdio.h>

enum { REPEATS = 3 };

typedef struct setting {
    const mech_mechanism *mechanism;
    size_t n_problems, n_species, n_k;
    double *k, *start, *y, *reference, *errors;
    double times[N_TIMES];
} setting;

typedef struct figures {
    double worst, share_999, drift, lowest, steps, batch_rate, cvode_rate;
    size_t failures;
} figures;

/* Integrates the first problems on one core and writes their last n_times times; returns the processor seconds taken,
 * or stops the program. */
static double simulate(const setting *s, size_t n_problems, size_t n_times, mech_solver solver, double rtol,
                       double atol, double *y, mech_solver_statistics *statistics) {
    mech_solver_options options = mech_solver_options_default();
    mech_error error;
    options.solver = solver;
    options.rtol = rtol;
    options.atol = atol;
    const mech_problems problems = {.n_problems = n_problems,
                                    .k = s->k,
                                    .start = s->start,
                                    .times = s->times + N_TIMES - n_times,
                                    .n_times = n_times,
                                    .times_shared = true};
    const double from = mech_thread_time_s();
    if (mech_simulate(s->mechanism, &options, &problems, y, statistics, &error) != MECH_OK) {
        fprintf(stderr, "solver_accuracy: %s\n", error.message);
        exit(1);
    }
    return mech_thread_time_s() - from;
}

/* Largest error of S and P, the error that 99.9 % of all values stay below, and the lowest concentration. */
static void measure_errors(const setting *s, figures *f) {
    const size_t n_rows = s->n_problems * N_TIMES, n = s->n_species;
    for (size_t i = 0; i < n_rows; i++) {
        const double *y = s->y + i * n, *reference = s->reference + i * n;
        const int columns[2] = {s->mechanism->substrate, s->mechanism->product};
        for (size_t c = 0; c < 2; c++) s->errors[2 * i + c] = fabs(y[columns[c]] - reference[columns[c]]);
        for (size_t j = 0; j < n; j++) f->lowest = fmin(f->lowest, y[j]);
    }
    qsort(s->errors, 2 * n_rows, sizeof *s->errors, compare_numbers);
    f->worst = s->errors[2 * n_rows - 1];
    f->share_999 = s->errors[(size_t)(0.999 * (double)(2 * n_rows))];
}

static void measure_drift(const setting *s, figures *f) {
    int laws[MAX_SPECIES * MAX_SPECIES];
    const size_t n = s->n_species, n_laws = mech_mechanism_conservation_laws(s->mechanism, laws);
    for (size_t i = 0; i < s->n_problems * N_TIMES; i++)
        for (size_t law = 0; law < n_laws; law++) {
            double sum = 0;
            for (size_t j = 0; j < n; j++) sum += laws[law * n + j] * (s->y[i * n + j] - s->start[i / N_TIMES * n + j]);
            f->drift = fmax(f->drift, fabs(sum));
        }
}

static bool measure(const mech_mechanism *mechanism, uint64_t label, size_t n_thetas, figures *f) {
    setting s = {.mechanism = mechanism,
                 .n_problems = n_thetas * RUNS_A_THETA,
                 .n_species = mech_mechanism_n_species(mechanism),
                 .n_k = mech_mechanism_n_rate_constants(mechanism)};
    const size_t n_rows = s.n_problems * N_TIMES;
    s.k = mech_allocate_array(s.n_problems * s.n_k, sizeof *s.k);
    s.start = mech_allocate_array(s.n_problems * s.n_species, sizeof *s.start);
    s.y = mech_allocate_array(n_rows * s.n_species, sizeof *s.y);
    s.reference = mech_allocate_array(n_rows * s.n_species, sizeof *s.reference);
    s.errors = mech_allocate_array(2 * n_rows, sizeof *s.errors);
    const bool well = s.k && s.start && s.y && s.reference && s.errors;
    if (well) {
        double batch = INFINITY, cvode = INFINITY;
        mech_solver_statistics statistics = {.size = sizeof statistics};
        fill_times(s.times);
        mech_prior_runs(s.mechanism, 1, label, s.n_problems / RUNS_A_THETA, s.k, s.start);
        const size_t n_cvode = s.n_problems < 400 ? s.n_problems : 400;
        for (int i = 0; i < REPEATS; i++) {
            cvode = fmin(cvode, simulate(&s, n_cvode, 1, MECH_SOLVER_CVODE, 1e-6, 1e-9, s.y, &statistics));
            batch = fmin(batch, simulate(&s, s.n_problems, 1, MECH_SOLVER_BATCH, 1e-6, 1e-9, s.y, &statistics));
        }
        *f = (figures){.steps = (double)statistics.steps / (double)s.n_problems,
                       .batch_rate = (double)s.n_problems / batch,
                       .cvode_rate = (double)n_cvode / cvode};
        simulate(&s, s.n_problems, N_TIMES, MECH_SOLVER_CVODE, 1e-10, 1e-14, s.reference, &statistics);
        simulate(&s, s.n_problems, N_TIMES, MECH_SOLVER_BATCH, 1e-6, 1e-9, s.y, &statistics);
        f->failures = statistics.failures;
        measure_errors(&s, f);
        measure_drift(&s, f);
    }
    mech_release_array(s.k);
    mech_release_array(s.start);
    mech_release_array(s.y);
    mech_release_array(s.reference);
    mech_release_array(s.errors);
    return well;
}

int main(int argc, char **argv) {
    const long n_thetas = argc > 1 ? strtol(argv[1], NULL, 10) : 2000;
    double time_batch = 0, time_cvode = 0;
    if (n_thetas < 1 || n_thetas > 100000) {
        fprintf(stderr, "solver_accuracy: expected a number of thetas from 1 to 100000\n");
        return 2;
    }
    printf("%ld thetas a mechanism, 4 runs each, instruction set %s\n\n", n_thetas,
           mech_instruction_set_name(mech_processor_lanes()));
    printf("| mechanism | worst error | 99.9 %% below | failures | drift | lowest | steps | trajectories/s | CVODE | "
           "ratio |\n"
           "|---|---|---|---|---|---|---|---|---|---|\n");
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        figures f = {0};
        if (!measure(mech_builtin(m), m, (size_t)n_thetas, &f)) {
            fprintf(stderr, "solver_accuracy: out of memory\n");
            return 1;
        }
        printf("| %s | %.1e | %.1e | %zu | %.0e | %.0e | %.0f | %.0f | %.0f | %.1f |\n",
               mech_mechanism_id(mech_builtin(m)), f.worst, f.share_999, f.failures, f.drift, f.lowest, f.steps,
               f.batch_rate, f.cvode_rate, f.batch_rate / f.cvode_rate);
        fflush(stdout);
        time_batch += 1 / f.batch_rate;
        time_cvode += 1 / f.cvode_rate;
    }
    const double n = (double)mech_builtin_count();
    printf("\nAll mechanisms alike: %.0f trajectories/s, CVODE %.0f, ratio %.1f\n", n / time_batch, n / time_cvode,
           time_cvode / time_batch);
    return 0;
}
