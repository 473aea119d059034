/* How much a fit should weigh beside the network (src/fit/fitter.c): top-1 and cross-entropy of
 *     network^a (missed + (1 - missed) (evidence / best evidence)^b),
 * shared out among the mechanisms that were fitted, for several a, b and chances that a search missed the best place.
 *
 * Usage: fits DATA.h5 [SAMPLES [POINTS [NOISE-PERCENT [MODEL.safetensors]]]]
 * Of design nature; the data set's test split should not be that of published figures. Default: 1000 samples, 6
 * points after t = 0, no noise, models/experts-nature.safetensors. */
#include "base/machine/team.h"
#include "base/memory.h"
#include "mechanist.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 1, N_CLASSES = 20 };

typedef struct work {
    mech_samples *samples;
    mech_fitter *fitter;
    float *mechanism; /* [n][N_CLASSES] */
    mech_fit *fits;   /* [n][N_CLASSES] */
} work;

static void stop(const char *what) {
    fprintf(stderr, "fits: %s\n", what);
    exit(1);
}

static void fit_sample(void *context, size_t i, int member) {
    (void)member;
    const work *w = context;
    const mech_samples *s = w->samples;
    double probabilities[N_CLASSES];
    mech_error error;
    for (size_t j = 0; j < N_CLASSES; j++) probabilities[j] = (double)w->mechanism[i * N_CLASSES + j];
    if (mech_fit_sample(w->fitter, s->n_times, s->x1 + 4 * i, s->x2 + 12 * s->n_times * i, NULL, probabilities,
                        w->fits + i * N_CLASSES, &error) != MECH_OK)
        stop(error.message);
}

/* Top-1 in % and cross-entropy in nats. */
typedef struct score {
    double top1, cross_entropy;
} score;

static score judge(const work *w, double a, double b, double missed) {
    const size_t n = w->samples->n;
    score result = {0};
    for (size_t i = 0; i < n; i++) {
        const mech_fit *fits = w->fits + i * N_CLASSES;
        double p[N_CLASSES], best = -INFINITY, before = 0, after = 0;
        size_t n_fitted = 0, first = 0;
        for (size_t j = 0; j < N_CLASSES; j++) {
            n_fitted += fits[j].fitted;
            if (fits[j].fitted) best = fmax(best, fits[j].log_evidence);
        }
        for (size_t j = 0; j < N_CLASSES; j++) {
            p[j] = (double)w->mechanism[i * N_CLASSES + j];
            if (n_fitted < 2 || !fits[j].fitted) continue;
            before += p[j];
            p[j] = pow(p[j], a) * (missed + (1 - missed) * exp(b * (fits[j].log_evidence - best)));
            after += p[j];
        }
        for (size_t j = 0; j < N_CLASSES; j++) {
            if (n_fitted > 1 && fits[j].fitted) p[j] *= before / after;
            if (p[j] > p[first]) first = j;
        }
        const size_t truth = w->samples->y[i];
        result.top1 += 100 * (first == truth) / (double)n;
        result.cross_entropy -= log(fmax(p[truth], 1e-12)) / (double)n;
    }
    return result;
}

int main(int argc, char **argv) {
    if (argc < 2 || argc > 6) stop("expected DATA.h5 [SAMPLES [POINTS [NOISE-PERCENT [MODEL.safetensors]]]]");
    const size_t n = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000, points = argc > 3 ? strtoull(argv[3], NULL, 10) : 6;
    const double noise = argc > 4 ? strtod(argv[4], NULL) / 100 : 0;
    static const double as[] = {0.5, 0.75, 1}, bs[] = {0, 0.1, 0.2, 0.3, 0.5, 1}, chances[] = {0.02, 0.05, 0.1, 0.2};
    mech_samples *all = NULL;
    mech_model *model = NULL;
    mech_error error;
    work w = {0};
    if (mech_samples_read_subset(argv[1], "test", n, SEED, &all, &error) != MECH_OK ||
        mech_samples_thin(all, points, noise, SEED, &w.samples, &error) != MECH_OK ||
        mech_model_read(argc > 5 ? argv[5] : "models/experts-nature.safetensors", &model, &error) != MECH_OK ||
        mech_fitter_for(model, &w.fitter, &error) != MECH_OK)
        stop(error.message);
    if (w.samples->n_labels != N_CLASSES || mech_model_n_labels(model) != N_CLASSES ||
        w.samples->design != MECH_DESIGN_NATURE)
        stop("expected data and a model of the library's mechanisms and of protocol nature");
    w.mechanism = mech_allocate_array(w.samples->n, N_CLASSES * sizeof *w.mechanism);
    w.fits = mech_allocate_array(w.samples->n, N_CLASSES * sizeof *w.fits);
    team *t = mech_team_new(0);
    if (!w.mechanism || !w.fits || !t) stop("out of memory");
    if (mech_model_predict(model, w.samples->n, w.samples->n_times, w.samples->x1, w.samples->x2, 0, w.mechanism,
                           &error) != MECH_OK)
        stop(error.message);
    mech_team_share(t, w.samples->n, fit_sample, &w);
    printf("%zu samples, %zu points after t = 0, %g %% noise\n", w.samples->n, points, 100 * noise);
    printf("%6s %6s %8s %10s %16s\n", "a", "b", "missed", "top-1 %", "cross-entropy");
    for (size_t i = 0; i < sizeof as / sizeof *as; i++)
        for (size_t j = 0; j < sizeof bs / sizeof *bs; j++)
            for (size_t k = 0; k < sizeof chances / sizeof *chances; k++) {
                if (bs[j] == 0 && (k || as[i] < 1)) continue;
                const score s = judge(&w, as[i], bs[j], chances[k]);
                printf("%6g %6g %8g %10.2f %16.4f\n", as[i], bs[j], chances[k], s.top1, s.cross_entropy);
            }
    mech_team_free(t);
    mech_fitter_free(w.fitter);
    mech_model_free(model);
    mech_samples_free(w.samples);
    mech_samples_free(all);
    mech_release_array(w.mechanism);
    mech_release_array(w.fits);
    return 0;
}
