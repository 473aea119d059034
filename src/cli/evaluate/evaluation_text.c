#include "cli/evaluate/evaluation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SIZES = sizeof((mech_credible_metrics){0}.size_share) / sizeof(double) };

/* " (83.1 to 83.9)" where there are intervals; factor 100 for what is shown in %. */
static void print_interval(const mech_judgement *e, const double *lower, const double *upper, double factor,
                           int decimals) {
    if (e->lower && isfinite(*lower)) printf(" (%.*f to %.*f)", decimals, factor * *lower, decimals, factor * *upper);
}

/* The same figure of the metrics and of the ends of its interval; without intervals the ends are not looked at. */
#define INTERVAL(e, figure)                                                                                            \
    &((e)->lower ? (e)->lower : (e)->metrics)->figure, &((e)->upper ? (e)->upper : (e)->metrics)->figure

static void print_share(const mech_judgement *e, const char *name, double share, const double *lower,
                        const double *upper) {
    printf("%-20s %.2f", name, 100 * share);
    print_interval(e, lower, upper, 100, 2);
    printf(" %%\n");
}

static void print_number(const mech_judgement *e, const char *name, double number, const double *lower,
                         const double *upper) {
    printf("%s %.4f", name, number);
    print_interval(e, lower, upper, 1, 4);
}

static void print_set(const mech_judgement *e, const char *kind, const mech_credible_metrics *set,
                      const mech_credible_metrics *lower, const mech_credible_metrics *upper) {
    printf("%.0f %% %s set", 100 * set->level, kind);
    printf("%*sholds the truth in %.2f", kind[1] == 'r' ? 2 : 1, "", 100 * set->coverage);
    print_interval(e, &lower->coverage, &upper->coverage, 100, 2);
    printf(" %%, mean size %.2f", set->mean_size);
    print_interval(e, &lower->mean_size, &upper->mean_size, 1, 2);
    printf("; size 1 to 5 and larger:");
    for (size_t i = 0; i < SIZES; i++) printf("%s %.2f", i ? "," : "", 100 * set->size_share[i]);
    printf(" %%\n");
}

static void print_class(const mech_model *model, size_t label) { printf("%-10s", mech_model_label(model, label)); }

/* A share of a class in %, with its interval, in a column of its own. */
static void print_class_share(const mech_judgement *e, double share, double lower, double upper) {
    char words[48];
    if (isnan(share))
        snprintf(words, sizeof words, "-");
    else if (e->lower)
        snprintf(words, sizeof words, "%.2f (%.1f to %.1f)", 100 * share, 100 * lower, 100 * upper);
    else
        snprintf(words, sizeof words, "%.2f", 100 * share);
    printf(" %*s", e->lower ? 22 : 11, words);
}

/* Each class with what it is most often taken for. */
static void print_labels(const mech_judgement *e, const mech_model *model) {
    const mech_metrics *m = e->metrics, *lower = e->lower ? e->lower : m, *upper = e->upper ? e->upper : m;
    const size_t n = m->n_labels;
    const int width = e->lower ? 22 : 11;
    printf("\nclass      %*s %*s %*s   most often taken for\n", width, "recall %", width, "precision %", width, "F1 %");
    for (size_t c = 0; c < n; c++) {
        print_class(model, c);
        print_class_share(e, m->recall[c], lower->recall[c], upper->recall[c]);
        print_class_share(e, m->precision[c], lower->precision[c], upper->precision[c]);
        print_class_share(e, m->f1[c], lower->f1[c], upper->f1[c]);
        size_t other = n;
        for (size_t d = 0; d < n; d++)
            if (d != c && m->confusion[c * n + d] &&
                (other == n || m->confusion[c * n + d] > m->confusion[c * n + other]))
                other = d;
        if (other < n) {
            printf("   ");
            print_class(model, other);
            printf(" %llu", (unsigned long long)m->confusion[c * n + other]);
        }
        putchar('\n');
    }
}

static void print_reliability(const mech_judgement *e) {
    const mech_metrics *m = e->metrics;
    printf("\nhighest probability    samples %%   its mean %%   right %%\n");
    for (int bin = 0; bin < MECH_RELIABILITY_BINS; bin++) {
        const mech_reliability_bin *r = &m->reliability[bin];
        if (!(r->share > 0)) continue;
        printf("%6.2f to %6.2f %% %14.2f %12.2f %9.2f", 100.0 * bin / MECH_RELIABILITY_BINS,
               100.0 * (bin + 1) / MECH_RELIABILITY_BINS, 100 * r->share, 100 * r->confidence, 100 * r->accuracy);
        print_interval(e, INTERVAL(e, reliability[bin].accuracy), 100, 1);
        putchar('\n');
    }
}

/* Coverage and mean size of a set in one column. */
static void print_slice_set(const mech_credible_metrics *set) {
    char words[48];
    snprintf(words, sizeof words, "%.2f, %.2f", 100 * set->coverage, set->mean_size);
    printf(" %15s", words);
}

static void print_slices(const mech_judgement *s) {
    const bool conformal = s->slices[0].metrics->conformal_95.level > 0;
    printf("\n%-34s %7s %8s %8s %15s %15s", "experiments by", "n", "top-1 %", "cr.-ent.", "95 % set, size",
           "99 % set, size");
    if (conformal) printf(" %16s %16s", "95 % conf., size", "99 % conf., size");
    printf(" %7s\n", "ECE %");
    for (size_t i = 0; i < s->n_slices; i++) {
        const mech_metrics *m = s->slices[i].metrics;
        const bool first = !i || strcmp(s->slices[i].kind, s->slices[i - 1].kind) != 0;
        printf("%-16s %-17s %7zu %8.2f %8.4f", first ? s->slices[i].kind : "", s->slices[i].words, m->n, 100 * m->top1,
               m->cross_entropy);
        print_slice_set(&m->credible_95);
        print_slice_set(&m->credible_99);
        if (conformal) print_slice_set(&m->conformal_95);
        if (conformal) print_slice_set(&m->conformal_99);
        printf(" %7.2f\n", 100 * m->expected_calibration_error);
    }
}

static void print_rival(const mech_judgement *e) {
    const mech_mcnemar *c = e->mcnemar;
    printf("\nagainst              %s\n", e->rival);
    printf("right                both %llu, this model alone %llu, the other alone %llu, neither %llu\n",
           (unsigned long long)c->both, (unsigned long long)c->only_first, (unsigned long long)c->only_second,
           (unsigned long long)c->neither);
    if (c->exact)
        printf("McNemar's test       exact (binomial, fewer than 25 samples differ): p = %.3g\n", c->p_value);
    else
        printf("McNemar's test       chi-squared with continuity correction %.3f: p = %.3g\n", c->statistic,
               c->p_value);
}

void print_evaluation_text(const mech_judgement *e, const mech_predictions *p, const mech_prediction_options *options) {
    const mech_metrics *m = e->metrics, *lower = e->lower ? e->lower : m, *upper = e->upper ? e->upper : m;
    if (options->fits)
        printf("answered by          fits of the mechanisms of %s\n", p->model_path);
    else
        printf("model                %s (%s, %s)\n", p->model_path, mech_model_network(p->model),
               options->calibrated ? "calibrated" : "as the network gives them");
    printf("samples              %zu, %s%s", m->n, p->words, p->samples ? " added" : "");
    if (options->exact) printf(", told to be exact");
    if (options->species) printf(", %s alone measured", options->species);
    printf("\n");
    if (e->lower) printf("in brackets          95 %% intervals from %zu resamples\n", e->resamples);
    print_share(e, "top-1", m->top1, INTERVAL(e, top1));
    print_share(e, "top-3", m->top3, INTERVAL(e, top3));
    print_number(e, "cross-entropy       ", m->cross_entropy, INTERVAL(e, cross_entropy));
    print_number(e, " nats\nBrier score         ", m->brier, INTERVAL(e, brier));
    print_number(e, "\nentropy              mean", m->entropy_mean, INTERVAL(e, entropy_mean));
    print_number(e, ", median", m->entropy_median, INTERVAL(e, entropy_median));
    print_number(e, ", sd", m->entropy_sd, INTERVAL(e, entropy_sd));
    printf(" nats\n");
    print_set(e, "credible", &m->credible_95, &lower->credible_95, &upper->credible_95);
    print_set(e, "credible", &m->credible_99, &lower->credible_99, &upper->credible_99);
    if (m->conformal_95.level > 0) {
        print_set(e, "conformal", &m->conformal_95, &lower->conformal_95, &upper->conformal_95);
        print_set(e, "conformal", &m->conformal_99, &lower->conformal_99, &upper->conformal_99);
    }
    print_share(e, "calibration error", m->expected_calibration_error, INTERVAL(e, expected_calibration_error));
    print_reliability(e);
    print_labels(e, p->model);
    if (e->n_slices) print_slices(e);
    if (e->mcnemar) print_rival(e);
}
