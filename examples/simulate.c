/* Simulates one reaction and prints its course as CSV.
 *
 *     ./simulate > m9.csv
 *
 * The mechanism is M9: the core catalytic cycle, whose free catalyst dies by itself. */
#include <mechanist.h>

#include <stdio.h>
#include <stdlib.h>

enum { N_TIMES = 21 };

int main(void) {
    const mech_mechanism *mechanism = mech_builtin_find("M9");
    const size_t n_species = mech_mechanism_n_species(mechanism);
    /* Rate constants in the order of mech_mechanism_rate_constant(): k1, k-1, k2, k-2 and kd. Concentrations are in
     * units of the substrate at the start, times in units in which a run ends at 100 (docs/conventions.md). */
    const double k[] = {1.93, 0.328, 2.18, 0.826, 0.032};
    double times[N_TIMES];
    for (int i = 0; i < N_TIMES; i++) times[i] = 100.0 * i / (N_TIMES - 1);

    int exit_status = EXIT_FAILURE;
    double *start = calloc(n_species, sizeof *start);
    double *y = calloc(N_TIMES * n_species, sizeof *y); /* [N_TIMES][n_species] */
    if (!start || !y) {
        fputs("out of memory\n", stderr);
        goto cleanup;
    }

    /* Substrate 1, no product, 3.4 mol % of catalyst; everything else as the mechanism says. */
    mech_mechanism_start(mechanism, 1, 0, 0.034, start);

    /* Here it is one problem; a batch of many is solved several at a time. */
    const mech_problems problems = {
        .n_problems = 1, .k = k, .start = start, .times = times, .n_times = N_TIMES, .times_shared = true};
    const mech_solver_options options = mech_solver_options_default();
    mech_solver_statistics statistics = {.size = sizeof statistics};
    mech_error error;
    if (mech_simulate(mechanism, &options, &problems, y, &statistics, &error) != MECH_OK) {
        fprintf(stderr, "%s\n", error.message);
        goto cleanup;
    }
    /* A problem that cannot be integrated does not fail the batch: it has NaN in its place and is counted. */
    if (statistics.failures) {
        fputs("the solver failed\n", stderr);
        goto cleanup;
    }

    printf("t");
    for (size_t s = 0; s < n_species; s++) printf(",%s", mech_mechanism_species(mechanism, s));
    for (int i = 0; i < N_TIMES; i++) {
        printf("\n%g", times[i]);
        for (size_t s = 0; s < n_species; s++) printf(",%.9g", y[(size_t)i * n_species + s]);
    }
    printf("\n");
    exit_status = EXIT_SUCCESS;

cleanup:
    free(start);
    free(y);
    return exit_status;
}
