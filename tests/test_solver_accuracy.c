/* The batched solver at its standard tolerances against CVODE at tight ones: all mechanisms of the library, rate
 * constants from the whole prior, the four runs of a sample, uniform and logarithmic times. */
#include "accuracy_times.h"
#include "base/files/text.h"
#include "base/memory.h"
#include "chemistry/mechanism.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Vectors of rate constants of each mechanism, or as many as the first argument says, and the runs with them. */
static size_t n_thetas = 200, n_problems;
static const double MOST_ERROR = 1e-5, MOST_USUAL_ERROR = 2e-6, MOST_DRIFT = 1e-9, LEAST_VALUE = -1e-7;

typedef struct setting {
    const mech_mechanism *mechanism;
    size_t n_species, n_k;
    double *k, *start, times[N_TIMES], *y, *reference;
} setting;

static void simulate(const setting *s, mech_solver solver, double rtol, double atol, double *y) {
    mech_solver_options options = mech_solver_options_default();
    mech_solver_statistics statistics = {.size = sizeof statistics};
    mech_error error = {0};
    options.solver = solver;
    options.threads = 0;
    if (rtol > 0) options.rtol = rtol, options.atol = atol;
    const mech_problems problems = {.n_problems = n_problems,
                                    .k = s->k,
                                    .start = s->start,
                                    .times = s->times,
                                    .n_times = N_TIMES,
                                    .times_shared = true};
    if (mech_simulate(s->mechanism, &options, &problems, y, &statistics, &error) != MECH_OK)
        fail_msg("%s: %s", s->mechanism->id, error.message);
    if (statistics.failures)
        fail_msg("%s: %zu failures of solver %d", s->mechanism->id, statistics.failures, (int)solver);
}

static void check_conservation(const setting *s) {
    int laws[MAX_SPECIES * MAX_SPECIES];
    const size_t n = s->n_species, n_laws = mech_mechanism_conservation_laws(s->mechanism, laws);
    for (size_t problem = 0; problem < n_problems; problem++)
        for (size_t law = 0; law < n_laws; law++) {
            double at_start = 0;
            for (size_t i = 0; i < n; i++) at_start += laws[law * n + i] * s->start[problem * n + i];
            for (size_t t = 0; t < N_TIMES; t++) {
                const double *y = s->y + (problem * N_TIMES + t) * n;
                double sum = 0;
                for (size_t i = 0; i < n; i++) sum += laws[law * n + i] * y[i];
                if (!(fabs(sum - at_start) <= MOST_DRIFT))
                    fail_msg("%s, problem %zu, law %zu: drifts by %g", s->mechanism->id, problem, law, sum - at_start);
            }
        }
}

static void standard_tolerances_keep_their_promise(void **state) {
    (void)state;
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        setting s = {.mechanism = mech_builtin(m)};
        s.n_species = mech_mechanism_n_species(s.mechanism);
        s.n_k = mech_mechanism_n_rate_constants(s.mechanism);
        s.k = mech_allocate_array(n_problems * s.n_k, sizeof(double));
        s.start = mech_allocate_array(n_problems * s.n_species, sizeof(double));
        s.y = mech_allocate_array(n_problems * N_TIMES * s.n_species, sizeof(double));
        s.reference = mech_allocate_array(n_problems * N_TIMES * s.n_species, sizeof(double));
        assert_true(s.k && s.start && s.y && s.reference);
        fill_times(s.times);
        mech_prior_runs(s.mechanism, 11, m, n_thetas, s.k, s.start);
        simulate(&s, MECH_SOLVER_BATCH, 0, 0, s.y);
        simulate(&s, MECH_SOLVER_CVODE, 1e-10, 1e-14, s.reference);
        size_t unusual = 0;
        for (size_t i = 0; i < n_problems * N_TIMES; i++)
            for (size_t species = 0; species < s.n_species; species++) {
                const double value = s.y[i * s.n_species + species];
                const double difference = value - s.reference[i * s.n_species + species];
                const bool measured = (int)species == s.mechanism->substrate || (int)species == s.mechanism->product;
                if (!(value >= LEAST_VALUE))
                    fail_msg("%s, problem %zu: [%s] is %g", s.mechanism->id, i / N_TIMES,
                             s.mechanism->species[species].name, value);
                unusual += measured && !(fabs(difference) <= MOST_USUAL_ERROR);
                if (measured && !(fabs(difference) <= MOST_ERROR))
                    fail_msg("%s, problem %zu: [%s] is off by %g", s.mechanism->id, i / N_TIMES,
                             s.mechanism->species[species].name, difference);
            }
        if (unusual > 2 * n_problems * N_TIMES / 1000)
            fail_msg("%s: %zu values are off by more than %g", s.mechanism->id, unusual, MOST_USUAL_ERROR);
        check_conservation(&s);
        mech_release_array(s.k);
        mech_release_array(s.start);
        mech_release_array(s.y);
        mech_release_array(s.reference);
    }
}

int main(int argc, char **argv) {
    uint64_t given = 0;
    if (argc > 1 && mech_parse_whole(argv[1], strlen(argv[1]), &given)) n_thetas = (size_t)given;
    n_problems = n_thetas * RUNS_A_THETA;
    const struct CMUnitTest tests[] = {cmocka_unit_test(standard_tolerances_keep_their_promise)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
