/* The evidence of fits beside that of a long run by another method (fit_reference/tempered.h): experiments of the
 * design `laboratory` with few readings, of M1, M4, M6 and M9 in turn, under their own mechanism and one other. Prints
 * both ln of the evidence, the reference being the mean of two independent runs, and the share of differences below
 * 0.3.
 *
 *   build/check-gcc/bench/fit_reference [EXPERIMENTS [FIRST [PARTICLES [SWEEPS [MOST_READINGS]]]]] */
#include "fit_reference/tempered.h"

#include <stdio.h>
#include <stdlib.h>

enum { N_KINDS = 4, SEED = 4711 };

static const char *const kinds[N_KINDS] = {"M1", "M4", "M6", "M9"};

/* What is asked for, and what was found. */
typedef struct comparison {
    size_t n_particles, sweeps, n, close;
    double squares, worst;
} comparison;

static const double CLOSE = 0.3;

static mech_status compare(const char *label, const mechanism_case *c, comparison *all, mech_error *error) {
    const tempered t = {.space = &c->space,
                        .prior = &c->prior,
                        .n_particles = all->n_particles,
                        .sweeps = all->sweeps,
                        .rtol = FIT_RTOL};
    double reference[2];
    for (uint64_t k = 0; k < 2; k++) {
        const mech_status status = find_tempered_evidence(&t, k + 1, &reference[k], error);
        if (status != MECH_OK) return status;
    }
    /* The mean of two estimates, each of them unbiased. */
    const double mean = mech_add_logarithms(reference[0], reference[1]) - log(2);
    const double difference = c->evidence.log_evidence - mean;
    printf("%s %-4s readings %3zu  fit %8.2f +- %.2f (ess %4.0f)  reference %8.2f (%.2f %.2f)  difference %+.2f\n",
           label, mech_mechanism_id(c->mechanism), c->space.data->n, c->evidence.log_evidence, c->evidence.error,
           c->evidence.effective, mean, reference[0], reference[1], difference);
    fflush(stdout);
    all->n++;
    all->close += fabs(difference) < CLOSE;
    all->squares += difference * difference;
    all->worst = fmax(all->worst, fabs(difference));
    return MECH_OK;
}

int main(int argc, char **argv) {
    const size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 60, first = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    comparison all = {.n_particles = argc > 3 ? strtoul(argv[3], NULL, 10) : 2000,
                      .sweeps = argc > 4 ? strtoul(argv[4], NULL, 10) : 15};
    const size_t most_readings = argc > 5 ? strtoul(argv[5], NULL, 10) : 40;
    mech_error error = {.message = ""};
    size_t taken = 0;
    for (size_t number = first; taken < n; number++) {
        const mech_mechanism *list[2] = {mech_builtin_find(kinds[number % N_KINDS]),
                                         mech_builtin_find(kinds[(number + 1) % N_KINDS])};
        mech_run_set *set = NULL;
        mech_fits *fits = NULL;
        mech_fit_options options = mech_fit_options_default();
        options.mechanisms = list;
        options.n_mechanisms = 2;
        options.threads = 1;
        mech_status status = mech_simulate_experiment(list[0], "laboratory", SEED, number, &set, NULL, &error);
        size_t n_readings = 0;
        for (size_t r = 0; status == MECH_OK && r < set->n_runs; r++)
            n_readings +=
                set->runs[r].n_readings * (size_t)((set->runs[r].substrate != NULL) + (set->runs[r].product != NULL));
        if (status == MECH_OK && n_readings <= most_readings) {
            taken++;
            char label[64];
            snprintf(label, sizeof label, "%s %zu", mech_mechanism_id(list[0]), number);
            status = mech_fit_run_set(set, &options, NULL, &fits, &error);
            for (size_t i = 0; i < 2 && status == MECH_OK; i++) {
                const mechanism_case *c = &((const fit_result *)fits)->cases[i];
                if (isfinite(c->evidence.error)) status = compare(label, c, &all, &error);
            }
        }
        mech_fits_free(fits);
        mech_run_set_free(set);
        if (status != MECH_OK) {
            fprintf(stderr, "fit_reference: %s\n", error.message);
            return 1;
        }
    }
    printf(
        "%zu evidences of %zu experiments: %.1f %% within %.1f of the reference; root mean square %.2f, worst %.2f\n",
        all.n, taken, 100 * (double)all.close / (double)all.n, CLOSE, sqrt(all.squares / (double)all.n), all.worst);
    return 0;
}
