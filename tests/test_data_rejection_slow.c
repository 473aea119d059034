/* The thetas of a data set against those of plain rejection: the rules of docs/data.md written down a second time and
 * asked of every candidate, integrated to tighter tolerances, looked at on a grid of times. No candidate is spared an
 * integration, no loading is left out because another one decided, no theta is looked for twice. */
#include "chemistry/mechanism.h"
#include "data/conditions/additive.h"
#include "data/conditions/conditions.h"
#include "data/prior/prior.h"
#include "draw_counts.h"
#include "uniformity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    N_MECHANISMS = 20,
    N_THETAS = 400,    /* of the data set, a mechanism */
    N_PLAIN = 250,     /* accepted by plain rejection, a mechanism */
    N_CHUNK = 20000,   /* candidates at a time */
    N_GRID = 601,      /* times of a rule's run */
    N_BATCH = 64,      /* rule's runs at a time */
    MOST_CONSTANTS = 6 /* of the library's mechanisms */
};

static const char path[] = "rejection.h5";

/* Accepted thetas of one mechanism, as decimal logarithms, and the additive's amount. */
typedef struct accepted {
    size_t n;
    double candidates;
    double logarithms[N_THETAS][MOST_CONSTANTS];
    double additive[N_THETAS];
} accepted;

static accepted plain[N_MECHANISMS], drawn[N_MECHANISMS];

/* Solutions of a rule's runs. */
typedef struct grid {
    double t[N_GRID];
    double y[N_BATCH * N_GRID * MAX_SPECIES]; /* [N_BATCH][N_GRID][n_species] */
} grid;

static grid runs; /* too large for the stack */

typedef struct look {
    const char *mechanism, *first, *second; /* the sum of two species */
    double x, low, high;                    /* at X = x, within these shares of the loading */
} look;

static const look looks[] = {
    {"M6", "cat*", "cat*S", 0.2, 0.1, 0.9},   {"M7", "catS", "catS2", 0.2, 0.1, 0.8},
    {"M8", "cat*", "cat*S", 0.5, 0.1, 0.9},   {"M9", "cat", "catS", 0.5, 0.5, 0.9},
    {"M10", "inactive", "", 0.5, 0.1, 1e9},   {"M11", "cat", "catS", 0.5, 0.5, 0.9},
    {"M12", "cat", "catS", 0.5, 0.5, 0.9},    {"M13", "cat", "catS", 0.5, 0.5, 0.8},
    {"M14", "cat", "catS", 0.5, 0.5, 0.9},    {"M15", "inactive", "", 0.5, 0.1, 1e9},
    {"M16", "cat", "catS", 0.5, 0.5, 0.9},    {"M17", "cat", "catS", 0.5, 0.5, 0.9},
    {"M18", "cat", "catS", 0.5, 0.5, 0.8},    {"M19", "cat", "catS", 0.5, 0.5, 0.8},
    {"M20", "cat", "catS", 0.5, 0.5, 0.9},    {"M20", "inactive", "", 0.5, 0.05, 1e9},
    {"M20", "inactive'", "", 0.5, 0.05, 1e9},
};

static double species_at(const double *y, size_t n, size_t time, const mech_mechanism *mechanism, const char *name) {
    const int species = *name ? mech_mechanism_find_species(mechanism, name) : -1;
    return species < 0 ? 0 : y[time * n + (size_t)species];
}

static double scaled_conversion(const double *y, size_t n, size_t time) {
    return (1 - y[time * n]) / (1 - y[(N_GRID - 1) * n]);
}

/* Whether the run y[N_GRID][n] at a loading meets all conditions of its mechanism. */
static bool shows_itself(const mech_mechanism *mechanism, const double *y, double loading) {
    const char *id = mech_mechanism_id(mechanism);
    const size_t n = mech_mechanism_n_species(mechanism);
    if (strcmp(id, "M2") == 0 || strcmp(id, "M3") == 0) {
        double most = 0, least = 1;
        for (size_t i = 0; i < N_GRID; i++) {
            const double x = scaled_conversion(y, n, i);
            if (x >= 0.2 && x <= 0.5) most = fmax(most, species_at(y, n, i, mechanism, "cat2"));
            if (x < 0.1) least = fmin(least, species_at(y, n, i, mechanism, "cat"));
        }
        return strcmp(id, "M2") == 0 ? most >= 0.10 * loading : least >= 0.05 * loading;
    }
    for (size_t l = 0; l < sizeof looks / sizeof looks[0]; l++) {
        if (strcmp(looks[l].mechanism, id) != 0) continue;
        size_t i = 1;
        while (scaled_conversion(y, n, i) < looks[l].x) i++;
        const double before = scaled_conversion(y, n, i - 1), after = scaled_conversion(y, n, i);
        const double share = (looks[l].x - before) / (after - before);
        double sum[2];
        for (size_t side = 0; side < 2; side++)
            sum[side] = species_at(y, n, i - 1 + side, mechanism, looks[l].first) +
                        species_at(y, n, i - 1 + side, mechanism, looks[l].second);
        const double value = (sum[0] + share * (sum[1] - sum[0])) / loading;
        if (!(value >= looks[l].low && value <= looks[l].high)) return false;
    }
    return true;
}

static void simulate(const mech_mechanism *mechanism, size_t n, const double *k, const double *start,
                     const double *times, size_t n_times, double *y) {
    const mech_problems problems = {
        .n_problems = n, .k = k, .start = start, .times = times, .n_times = n_times, .times_shared = true};
    mech_solver_options options = mech_solver_options_default();
    mech_solver_statistics statistics = {.size = sizeof statistics};
    mech_error error;
    options.rtol = 1e-7;
    options.atol = 1e-10;
    if (mech_simulate(mechanism, &options, &problems, y, &statistics, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(statistics.failures, 0);
}

/* Marks which of n <= N_BATCH thetas show themselves at one of the loadings that the mechanism's rule asks for. */
static void ask_rule(const mech_mechanism *mechanism, size_t n, const double *k, const double *additive, bool *shows) {
    static const double loadings[3] = {0.03, 0.05, 0.07};
    static double start[N_BATCH * MAX_SPECIES];
    const char *id = mech_mechanism_id(mechanism);
    const bool one_loading = strcmp(id, "M2") == 0 || strcmp(id, "M3") == 0;
    const size_t n_species = mech_mechanism_n_species(mechanism);
    for (size_t i = 0; i < n; i++) shows[i] = false;
    for (size_t l = 0; l < 3; l++) {
        if (one_loading && l != 1) continue;
        for (size_t i = 0; i < n; i++) mech_start_run(mechanism, 1, 0, loadings[l], additive[i], start + i * n_species);
        simulate(mechanism, n, k, start, runs.t, N_GRID, runs.y);
        for (size_t i = 0; i < n; i++)
            shows[i] = shows[i] || shows_itself(mechanism, runs.y + i * N_GRID * n_species, loadings[l]);
    }
}

static void keep(accepted *to, size_t n_k, const double *k, double additive) {
    for (size_t j = 0; j < n_k; j++) to->logarithms[to->n][j] = log10(k[j]);
    to->additive[to->n++] = additive;
}

/* Judges a chunk of candidates until enough are accepted; the count of candidates ends with the last one accepted. */
static void reject_plainly(const mech_mechanism *mechanism, uint64_t label, uint64_t chunk, accepted *to) {
    static double k[N_CHUNK * MOST_CONSTANTS], start[N_CHUNK * MAX_SPECIES], end[N_CHUNK * MAX_SPECIES];
    static double additive[N_CHUNK], goes_k[N_BATCH * MOST_CONSTANTS], goes_additive[N_BATCH];
    static const double t_end[1] = {100};
    const size_t n = mech_mechanism_n_species(mechanism), n_k = mech_mechanism_n_rate_constants(mechanism);
    size_t which[N_BATCH], n_goes = 0;
    bool shows[N_BATCH];
    prior *p = NULL;
    mech_error error;
    assert_int_equal(mech_prior_new("wide", &mechanism, 1, &p, &error), MECH_OK);
    for (size_t i = 0; i < N_CHUNK; i++) {
        random_stream r = mech_random_open(77, RANDOM_TEST, label, chunk * N_CHUNK + i);
        mech_prior_draw(p, 0, &r, k + i * n_k);
        additive[i] = mech_draw_additive(mechanism, MECH_DESIGN_NATURE, &r);
        mech_start_run(mechanism, 1, 0, 0.01, additive[i], start + i * n);
    }
    mech_prior_free(p);
    simulate(mechanism, N_CHUNK, k, start, t_end, 1, end);
    for (size_t i = 0; i < N_CHUNK && to->n < N_PLAIN; i++) {
        const double conversion = 1 - end[i * n];
        if (conversion >= 0.5 && conversion <= 1 + 1e-6) {
            memcpy(goes_k + n_goes * n_k, k + i * n_k, n_k * sizeof *k);
            goes_additive[n_goes] = additive[i];
            which[n_goes++] = i;
        }
        if (n_goes < N_BATCH && i + 1 < N_CHUNK) continue;
        ask_rule(mechanism, n_goes, goes_k, goes_additive, shows);
        for (size_t j = 0; j < n_goes && to->n < N_PLAIN; j++) {
            if (!shows[j]) continue;
            keep(to, n_k, goes_k + j * n_k, goes_additive[j]);
            to->candidates = (double)(chunk * N_CHUNK + which[j] + 1);
        }
        n_goes = 0;
    }
}

static int draw_both(void **state) {
    (void)state;
    mech_generate_options options = mech_generate_options_default();
    mech_draw_counts counts[N_MECHANISMS];
    mech_samples *samples = NULL;
    mech_error error;
    options.design = "nature";
    options.n_train = options.n_validation = 0;
    options.n_test = (size_t)N_MECHANISMS * N_THETAS;
    options.seed = 78;
    mech_draw_report *report = NULL;
    if (mech_generate(&options, path, NULL, &report, &error) != MECH_OK) fail_msg("%s", error.message);
    take_counts(report, NULL, counts);
    if (mech_samples_read(path, "test", &samples, &error) != MECH_OK) fail_msg("%s", error.message);
    unlink(path);
    for (size_t i = 0; i < samples->n; i++) {
        const size_t m = samples->y[i];
        keep(&drawn[m], mech_mechanism_n_rate_constants(mech_builtin(m)), samples->theta + i * samples->n_theta,
             samples->additive[i]);
        drawn[m].candidates = (double)counts[m].candidates;
    }
    mech_samples_free(samples);
    for (size_t i = 1; i < N_GRID; i++) runs.t[i] = pow(10, -7 + 9.0 * (double)(i - 1) / (N_GRID - 2));
    runs.t[N_GRID - 1] = 100;
    for (uint64_t m = 0; m < N_MECHANISMS; m++)
        for (uint64_t chunk = 0; plain[m].n < N_PLAIN; chunk++) reject_plainly(mech_builtin(m), m, chunk, &plain[m]);
    return 0;
}

/* Each number of accepted ones takes a number of candidates whose relative deviation is 1 / sqrt(accepted). */
static void as_many_candidates_are_needed(void **state) {
    (void)state;
    double square_sum = 0;
    for (size_t m = 0; m < N_MECHANISMS; m++) {
        assert_int_equal(drawn[m].n, N_THETAS);
        assert_int_equal(plain[m].n, N_PLAIN);
        const double difference = log((drawn[m].candidates / N_THETAS) / (plain[m].candidates / N_PLAIN));
        const double deviations = difference / sqrt(1.0 / N_THETAS + 1.0 / N_PLAIN);
        if (fabs(deviations) > 4) /* with probability 1e-3 for any of the twenty */
            fail_msg("%s: one in %.1f is accepted, plainly one in %.1f", mech_mechanism_id(mech_builtin(m)),
                     drawn[m].candidates / N_THETAS, plain[m].candidates / N_PLAIN);
        square_sum += deviations * deviations;
    }
    /* Chi-squared with 20 degrees of freedom: beyond 45.3 with probability 0.001. */
    if (square_sum > 45.3) fail_msg("chi squared %.1f", square_sum);
}

/* A direction in the space of logarithms: first + sign · second, or first alone. */
static void project(const accepted *from, size_t first, size_t second, double sign, double *values) {
    for (size_t i = 0; i < from->n; i++)
        values[i] = from->logarithms[i][first] + (sign != 0 ? sign * from->logarithms[i][second] : 0);
}

static void assert_alike(size_t m, const char *what, double *a, double *b) {
    /* Beyond 2.95 with probability 6e-8; some 1,000 comparisons. */
    const double distance = distribution_distance(a, N_THETAS, b, N_PLAIN);
    if (distance > 2.95) fail_msg("%s, %s: distance %.2f", mech_mechanism_id(mech_builtin(m)), what, distance);
}

/* One by one, and as products and ratios of two: equilibrium constants, rates that compete. */
static void rate_constants_are_distributed_alike(void **state) {
    (void)state;
    double a[N_THETAS], b[N_THETAS];
    for (size_t m = 0; m < N_MECHANISMS; m++) {
        const size_t n_k = mech_mechanism_n_rate_constants(mech_builtin(m));
        for (size_t first = 0; first < n_k; first++)
            for (size_t second = first; second < n_k; second++)
                for (int sign = second == first ? 0 : -1; sign <= (second == first ? 0 : 1); sign += 2) {
                    char what[64];
                    snprintf(what, sizeof what, "rate constants %zu and %zu, sign %d", first, second, sign);
                    project(&drawn[m], first, second, sign, a);
                    project(&plain[m], first, second, sign, b);
                    assert_alike(m, what, a, b);
                }
    }
}

static void inhibitors_are_distributed_alike(void **state) {
    (void)state;
    static const size_t with_inhibitor[] = {9, 14};
    for (size_t i = 0; i < 2; i++) {
        const size_t m = with_inhibitor[i];
        assert_alike(m, "inhibitor", drawn[m].additive, plain[m].additive);
    }
}

/* The comparison would see a range of one rate constant that is a fifth too short. */
static void a_narrowed_range_is_seen(void **state) {
    (void)state;
    double a[N_THETAS], b[N_THETAS];
    project(&drawn[0], 1, 1, 0, a);
    project(&plain[0], 1, 1, 0, b);
    for (size_t i = 0; i < N_PLAIN; i++) b[i] = -3 + (b[i] + 5) * 0.8;
    assert_true(distribution_distance(a, N_THETAS, b, N_PLAIN) > 2.95);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_candidates_are_needed),
        cmocka_unit_test(rate_constants_are_distributed_alike),
        cmocka_unit_test(inhibitors_are_distributed_alike),
        cmocka_unit_test(a_narrowed_range_is_seen),
    };
    return cmocka_run_group_tests(tests, draw_both, NULL);
}
