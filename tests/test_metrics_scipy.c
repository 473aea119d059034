/* Every metric against an independent computation in Python (tests/metrics_scipy.py): on probabilities of several kinds
 * and on cases made by hand. Skipped where SciPy is absent. */
#include "mechanist.h"

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { MOST = 3000, CLASSES = 7, SIZES = 6, SKIPPED = 77 };

static float first[MOST * CLASSES], second[MOST * CLASSES];
static uint8_t labels[MOST];

/* Random probabilities: `sharpness` spreads them, `skill` pulls them towards the truth; class `absent` has no sample.
 */
static void draw(size_t n, double sharpness, double skill, size_t absent, float *p, uint64_t stream) {
    random_stream r = mech_random_open(1, RANDOM_TEST, 7, stream);
    for (size_t i = 0; i < n; i++) {
        double weights[CLASSES], sum = 0;
        if (labels[i] == absent) labels[i] = (uint8_t)((absent + 1) % CLASSES);
        for (size_t c = 0; c < CLASSES; c++)
            sum += weights[c] = exp(sharpness * mech_random_normal(&r) + (c == labels[i] ? skill : 0));
        for (size_t c = 0; c < CLASSES; c++) p[i * CLASSES + c] = (float)(weights[c] / sum);
    }
}

static void write_set(FILE *file, const char *name, const mech_credible_metrics *set) {
    fprintf(file, "figure %s.coverage %.17g\nfigure %s.mean_size %.17g\n", name, set->coverage, name, set->mean_size);
    for (int i = 0; i < SIZES; i++) fprintf(file, "figure %s.size_share%d %.17g\n", name, i, set->size_share[i]);
}

static void write_figures(FILE *file, const mech_metrics *m, const mech_mcnemar *c) {
    const struct {
        const char *name;
        double value;
    } scalars[] = {
        {"top1", m->top1},
        {"top3", m->top3},
        {"cross_entropy", m->cross_entropy},
        {"entropy_mean", m->entropy_mean},
        {"entropy_median", m->entropy_median},
        {"entropy_sd", m->entropy_sd},
        {"brier", m->brier},
        {"ece", m->expected_calibration_error},
        {"both", (double)c->both},
        {"only_first", (double)c->only_first},
        {"only_second", (double)c->only_second},
        {"neither", (double)c->neither},
        {"p_value", c->p_value},
        {"exact", c->exact ? 1 : 0},
    };
    for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++)
        fprintf(file, "figure %s %.17g\n", scalars[i].name, scalars[i].value);
    if (!c->exact) fprintf(file, "figure statistic %.17g\n", c->statistic);
    write_set(file, "credible_95", &m->credible_95);
    write_set(file, "credible_99", &m->credible_99);
    write_set(file, "conformal_95", &m->conformal_95);
    write_set(file, "conformal_99", &m->conformal_99);
    for (int i = 0; i < MECH_RELIABILITY_BINS; i++)
        fprintf(file, "figure bin%d.share %.17g\nfigure bin%d.confidence %.17g\nfigure bin%d.accuracy %.17g\n", i,
                m->reliability[i].share, i, m->reliability[i].confidence, i, m->reliability[i].accuracy);
    for (size_t a = 0; a < CLASSES; a++) {
        fprintf(file, "figure recall%zu %.17g\nfigure precision%zu %.17g\nfigure f1%zu %.17g\n", a, m->recall[a], a,
                m->precision[a], a, m->f1[a]);
        for (size_t b = 0; b < CLASSES; b++)
            fprintf(file, "figure confusion%zu.%zu %llu\n", a, b, (unsigned long long)m->confusion[a * CLASSES + b]);
    }
}

/* Writes samples and figures to a file and has Python judge it. */
static void compare_with_scipy(size_t n) {
    const mech_evaluate_options options = {.size = sizeof options, .conformal_95 = 0.9, .conformal_99 = 0.97};
    char path[] = "/tmp/mechanist-metrics-XXXXXX", command[512];
    mech_metrics *m = NULL;
    const int descriptor = mkstemp(path);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    assert_non_null(file);
    assert_int_equal(mech_evaluate_intervals(n, CLASSES, first, labels, &options, &m, NULL, NULL, NULL), MECH_OK);
    mech_mcnemar c = {.size = sizeof c};
    assert_int_equal(mech_compare(n, CLASSES, first, second, labels, &c, NULL), MECH_OK);
    for (size_t i = 0; i < n; i++) {
        fprintf(file, "sample %u", labels[i]);
        for (size_t k = 0; k < CLASSES; k++) fprintf(file, " %.9g", (double)first[i * CLASSES + k]);
        fprintf(file, " /");
        for (size_t k = 0; k < CLASSES; k++) fprintf(file, " %.9g", (double)second[i * CLASSES + k]);
        fprintf(file, "\n");
    }
    write_figures(file, m, &c);
    assert_int_equal(fclose(file), 0);
    mech_metrics_free(m);
    snprintf(command, sizeof command, "/usr/bin/python3 %s/tests/metrics_scipy.py %s", SOURCE_DIR, path);
    const int status = system(command);
    remove(path);
    assert_int_equal(status, 0);
}

static void random_probabilities(void **state) {
    (void)state;
    static const struct {
        size_t n, absent;
        double sharpness, skill, other_skill;
    } cases[] = {
        {MOST, CLASSES, 1, 1, 1.1},   /* many differ: chi-squared */
        {MOST - 1, CLASSES, 4, 3, 0}, /* sharp, and an odd number */
        {500, 2, 0.1, 0.05, 0.1},     /* nearly uniform, one class without samples */
        {20, CLASSES, 2, 4, 3},       /* few: the exact test */
        {1, CLASSES, 1, 1, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        random_stream r = mech_random_open(2, RANDOM_TEST, 7, i);
        for (size_t k = 0; k < cases[i].n; k++) labels[k] = (uint8_t)mech_random_below(&r, CLASSES);
        draw(cases[i].n, cases[i].sharpness, cases[i].skill, cases[i].absent, first, 2 * i);
        draw(cases[i].n, cases[i].sharpness, cases[i].other_skill, cases[i].absent, second, 2 * i + 1);
        compare_with_scipy(cases[i].n);
    }
}

/* Certainty, ties, a truth without probability, probabilities at the ends of bins. */
static void cases_made_by_hand(void **state) {
    (void)state;
    static const float rows[][CLASSES] = {
        {1, 0, 0, 0, 0, 0, 0},
        {0, 0, 0, 1, 0, 0, 0},
        {0.25f, 0.25f, 0.25f, 0.25f, 0, 0, 0},
        {0.125f, 0.125f, 0.125f, 0.125f, 0.125f, 0.125f, 0.25f},
        {0.5f, 0.5f, 0, 0, 0, 0, 0},
        {0, 0, 0.5f, 0, 0.25f, 0.125f, 0.125f},
    };
    static const uint8_t truths[] = {0, 4, 2, 0, 1, 6};
    enum { N = sizeof truths };
    for (size_t i = 0; i < N; i++)
        for (size_t c = 0; c < CLASSES; c++) {
            labels[i] = truths[i];
            first[i * CLASSES + c] = rows[i][c];
            second[i * CLASSES + c] = rows[N - 1 - i][c];
        }
    compare_with_scipy(N);
}

int main(void) {
    if (system("/usr/bin/python3 -c 'import scipy' 2>/dev/null") != 0) {
        printf("python3-scipy is absent: the independent computation is skipped\n");
        return SKIPPED;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_probabilities),
        cmocka_unit_test(cases_made_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
