/* How right any method could be: the evidence of each mechanism for test samples, by Monte-Carlo integration over its
 * rate constants with the simulator (bench/evidence/), beside a network's probabilities on the same samples, and both
 * multiplied. The evidence is told the noise; where a search misses the true rate constants it is too low, so that what
 * it reaches is a lower bound of what is possible.
 *
 * Usage: evidence [--data DATA.h5] [--model MODEL.safetensors] [--points N] [--noise PERCENT] [--judged-as PERCENT]
 *                 [--least PROBABILITY] [--samples N] [--particles N] [--thetas N] [--threads N] [-o TABLE.csv]
 * The model is kinetic-nature where none is named; its design has to be that of the data. Without --data test samples
 * of design nature are made for the purpose. Noise below 0.1 % is judged as 0.1 %, or as
 * --judged-as says: the less, the longer the search. Mechanisms that the network holds less probable than --least
 * (default 0.001) are not searched. Some hundred samples with 300 particles and 2000 thetas tell something;
 * docs/models.md says how long they take. The defaults are for a try. */
#include "evidence/sample.h"
#include "evidence/tempering.h"

#include "base/machine/team.h"
#include "base/memory.h"
#include "chemistry/mechanism.h"
#include "data/samples/sample.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MECHANISMS = 20, SEED = 1 };

/* Of times that are fewer too many units fit (bench/evidence/observation.h). */
enum { LEAST_POINTS_OF_SEED = 4 };

static const char OWN_DATA[] = "bench_evidence.h5";

/* What noise is judged as where --judged-as does not say it, in units of [S]0. */
static const double LEAST_SIGMA = 0.001;

/* Mechanisms whose evidence is this much smaller than the best one's, as ln, are not followed to the end. */
static const double HOPELESS = 8;

typedef struct options {
    const char *data, *model, *output;
    double least; /* what the network holds less probable is not searched */
    size_t points, samples, particles, thetas;
    double noise, sigma; /* as is added, as it is judged; in units of [S]0 */
    int threads;
} options;

typedef struct work {
    const options *options;
    const mech_mechanism *mechanisms[MECHANISMS];
    mech_solver_options solver;
    theta_pool pools[MECHANISMS];
    mech_samples *samples;
    float *mechanism; /* [n][MECHANISMS]: the network's probabilities */
    double *evidence; /* [n][MECHANISMS]: ln */
    pthread_mutex_t mutex;
    size_t done;
} work;

static void stop(const char *what) {
    fprintf(stderr, "evidence: %s\n", what);
    exit(1);
}

/* Only for times of its grid can design fixed-window be believed. */
static void stop_off_the_grid(const observation *o, size_t sample) {
    for (size_t run = 0; run < N_RUNS; run++) {
        if (o->design != MECH_DESIGN_FIXED_WINDOW || o->n_units[run] > 0) continue;
        fprintf(stderr, "evidence: sample %zu, run %zu: times are not on the grid of protocol seed, %d from 0 to %g\n",
                sample, run + 1, DENSE_TIMES, LAST_TIME);
        exit(1);
    }
}

static options read_options(int argc, char **argv) {
    options o = {.model = "models/kinetic-nature.safetensors",
                 .least = 0.001,
                 .points = 6,
                 .noise = 0.01,
                 .samples = 8,
                 .particles = 100,
                 .thetas = 500};
    for (int i = 1; i < argc; i += 2) {
        const char *name = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (!value) stop("an option lacks its value");
        if (strcmp(name, "--data") == 0)
            o.data = value;
        else if (strcmp(name, "--model") == 0)
            o.model = value;
        else if (strcmp(name, "-o") == 0)
            o.output = value;
        else if (strcmp(name, "--points") == 0)
            o.points = strtoull(value, NULL, 10);
        else if (strcmp(name, "--samples") == 0)
            o.samples = strtoull(value, NULL, 10);
        else if (strcmp(name, "--particles") == 0)
            o.particles = strtoull(value, NULL, 10) / 2 * 2;
        else if (strcmp(name, "--thetas") == 0)
            o.thetas = strtoull(value, NULL, 10);
        else if (strcmp(name, "--noise") == 0)
            o.noise = strtod(value, NULL) / 100;
        else if (strcmp(name, "--judged-as") == 0)
            o.sigma = strtod(value, NULL) / 100;
        else if (strcmp(name, "--least") == 0)
            o.least = strtod(value, NULL);
        else if (strcmp(name, "--threads") == 0)
            o.threads = (int)strtol(value, NULL, 10);
        else
            stop("an option is unknown; the head of bench/evidence.c lists them");
    }
    if (!(o.sigma > 0)) o.sigma = fmax(o.noise, LEAST_SIGMA);
    if (o.points < 1 || o.points > LATER_READINGS || o.particles < 4 || o.samples < 1 || o.thetas < o.particles)
        stop("expected 1 to 20 points, 4 particles or more, and no fewer thetas than particles");
    return o;
}

static mech_samples *read_samples(const options *o) {
    mech_samples *all = NULL, *thinned = NULL;
    mech_error error;
    mech_generate_options generate = mech_generate_options_default();
    generate.design = "nature";
    generate.n_train = generate.n_validation = 0;
    generate.n_test = (o->samples + MECHANISMS - 1) / MECHANISMS * MECHANISMS;
    if (!o->data && mech_generate(&generate, OWN_DATA, NULL, NULL, &error) != MECH_OK) stop(error.message);
    if (mech_samples_read_subset(o->data ? o->data : OWN_DATA, "test", o->samples, SEED, &all, &error) != MECH_OK ||
        mech_samples_thin(all, o->points, o->noise, SEED, &thinned, &error) != MECH_OK)
        stop(error.message);
    if (!o->data) unlink(OWN_DATA);
    if (all->n_labels != MECHANISMS) stop("expected data of the library's mechanisms");
    if (all->design == MECH_DESIGN_NATURE && all->n_times != MOST_READINGS)
        stop("expected data of protocol nature to have 20 points after t = 0");
    if (all->design == MECH_DESIGN_FIXED_WINDOW && o->points < LEAST_POINTS_OF_SEED)
        stop("expected 4 points or more of protocol seed: fewer leave the unit of time open");
    mech_samples_free(all);
    return thinned;
}

static void draw_pools(work *w) {
    mech_error error;
    team *t = mech_team_new(w->options->threads);
    if (!t) stop("out of memory");
    for (size_t m = 0; m < MECHANISMS; m++)
        if (draw_pool(w->mechanisms[m], w->samples->design, w->options->thetas, t, &w->pools[m], &error) != MECH_OK)
            stop(error.message);
    mech_team_free(t);
}

static void ask_network(work *w) {
    const mech_samples *s = w->samples;
    mech_model *model = NULL;
    mech_error error;
    w->mechanism = mech_allocate_array(s->n, MECHANISMS * sizeof *w->mechanism);
    w->evidence = mech_allocate_array(s->n, MECHANISMS * sizeof *w->evidence);
    if (!w->mechanism || !w->evidence) stop("out of memory");
    if (mech_model_read(w->options->model, &model, &error) != MECH_OK) stop(error.message);
    if (mech_model_n_labels(model) != MECHANISMS) stop("expected a model of the library's mechanisms");
    const char *named = mech_model_metadata(model, "protocol");
    mech_sample_design trained_on = s->design;
    if (named && mech_find_sample_design(named, &trained_on) && trained_on != s->design)
        stop("the model was trained for another design than that of the data; --model names one");
    if (mech_model_predict(model, s->n, s->n_times, s->x1, s->x2, w->options->threads, w->mechanism, &error) != MECH_OK)
        stop(error.message);
    mech_model_free(model);
}

/* The evidence of all mechanisms for one sample, the network's favourites first, so that hopeless ones are seen early.
 */
static void judge_sample(void *context, size_t i, int member) {
    (void)member;
    work *w = context;
    const observation o = observe(w->samples, i, w->options->sigma);
    stop_off_the_grid(&o, i);
    const float *mechanism = w->mechanism + i * MECHANISMS;
    double *evidence = w->evidence + i * MECHANISMS, best = -INFINITY;
    bool done[MECHANISMS] = {false};
    size_t likely = 0;
    for (size_t m = 0; m < MECHANISMS; m++) likely += (double)mechanism[m] >= w->options->least;
    for (size_t rank = 0; rank < MECHANISMS; rank++) {
        size_t m = MECHANISMS;
        for (size_t j = 0; j < MECHANISMS; j++)
            if (!done[j] && (m == MECHANISMS || mechanism[j] > mechanism[m])) m = j;
        done[m] = true;
        evidence[m] = likely <= 1 && rank == 0 ? 0 : -INFINITY; /* one alone has nothing to be compared with */
        if (likely <= 1 || (double)mechanism[m] < w->options->least) continue;
        const tempering t = {.p = parameters_of(w->mechanisms[m], w->samples->design),
                             .solver = &w->solver,
                             .pool = &w->pools[m],
                             .n_particles = w->options->particles,
                             .most_sweeps = 8};
        random_stream r = mech_random_open(SEED, RANDOM_TEST, m, i);
        mech_error error;
        if (find_evidence(&t, &o, best - HOPELESS, &r, &evidence[m], &error) != MECH_OK) stop(error.message);
        if (isnan(evidence[m])) stop("an evidence is not a number");
        best = fmax(best, evidence[m]);
    }
    pthread_mutex_lock(&w->mutex);
    w->done++;
    fprintf(stderr, "%zu of %zu samples\n", w->done, w->samples->n);
    pthread_mutex_unlock(&w->mutex);
}

/* Shares of 1 and nats; `said` is the mean of the largest probability, what top-1 is if probabilities can be believed.
 */
typedef struct score {
    double top1, top3, cross_entropy, said;
} score;

/* Probabilities are the network's to the power a times the evidence's to the power b, brought to sum 1. */
static score judge(const work *w, double a, double b) {
    score sum = {0};
    const double n = (double)w->samples->n;
    for (size_t i = 0; i < w->samples->n; i++) {
        double logs[MECHANISMS], high = -INFINITY, total = 0;
        size_t higher = 0;
        for (size_t m = 0; m < MECHANISMS; m++) {
            const double mechanism = log(fmax((double)w->mechanism[i * MECHANISMS + m], 1e-12));
            logs[m] = (a > 0 ? a * mechanism : 0) + (b > 0 ? b * fmax(w->evidence[i * MECHANISMS + m], -1e6) : 0);
            high = fmax(high, logs[m]);
        }
        const size_t truth = w->samples->y[i];
        for (size_t m = 0; m < MECHANISMS; m++) {
            total += exp(logs[m] - high);
            higher += m != truth && logs[m] > logs[truth];
        }
        sum.top1 += higher < 1;
        sum.top3 += higher < 3;
        sum.said += 1 / total;
        sum.cross_entropy -= fmax(logs[truth] - high - log(total), log(1e-12));
    }
    return (score){sum.top1 / n, sum.top3 / n, sum.cross_entropy / n, sum.said / n};
}

/* Of a share of n, not 0 where all or none are right (Agresti & Coull, Am. Stat. 52 (1998) 119). */
static double standard_error(double share, size_t n) {
    const double added = (double)n + 4, centre = (share * (double)n + 2) / added;
    return sqrt(centre * (1 - centre) / added);
}

static void write_table(const work *w) {
    FILE *out = fopen(w->options->output, "w");
    if (!out) stop("the table cannot be written");
    fprintf(out, "sample,truth,mechanism,network,log_evidence\n");
    for (size_t i = 0; i < w->samples->n; i++)
        for (size_t m = 0; m < MECHANISMS; m++)
            fprintf(out, "%zu,M%d,M%zu,%.6g,%.6g\n", i, w->samples->y[i] + 1, m + 1,
                    (double)w->mechanism[i * MECHANISMS + m], w->evidence[i * MECHANISMS + m]);
    if (fclose(out) != 0) stop("the table cannot be written");
}

int main(int argc, char **argv) {
    const options o = read_options(argc, argv);
    static const struct {
        const char *name;
        double mechanism, evidence;
    } mixtures[] = {{"network", 1, 0}, {"evidence", 0, 1}, {"network^0.6 evidence^0.4", 0.6, 0.4}};
    work w = {.options = &o, .solver = mech_solver_options_default(), .mutex = PTHREAD_MUTEX_INITIALIZER};
    for (size_t m = 0; m < MECHANISMS; m++) w.mechanisms[m] = mech_builtin(m);
    w.samples = read_samples(&o);
    ask_network(&w);
    draw_pools(&w);
    team *t = mech_team_new(o.threads);
    if (!t) stop("out of memory");
    mech_team_share(t, w.samples->n, judge_sample, &w);
    printf("%zu samples, %zu points after t = 0, %g %% noise\n", w.samples->n, o.points, 100 * o.noise);
    printf("%-26s %16s %16s %14s %16s\n", "", "top-1 %", "top-3 %", "said %", "cross-entropy");
    for (size_t i = 0; i < sizeof mixtures / sizeof mixtures[0]; i++) {
        const score s = judge(&w, mixtures[i].mechanism, mixtures[i].evidence);
        printf("%-26s %8.1f +- %4.1f %8.1f +- %4.1f %14.1f %16.3f\n", mixtures[i].name, 100 * s.top1,
               100 * standard_error(s.top1, w.samples->n), 100 * s.top3, 100 * standard_error(s.top3, w.samples->n),
               100 * s.said, s.cross_entropy);
    }
    if (o.output) write_table(&w);
    for (size_t m = 0; m < MECHANISMS; m++) mech_theta_pool_free(&w.pools[m]);
    mech_team_free(t);
    mech_samples_free(w.samples);
    mech_release_array(w.mechanism);
    mech_release_array(w.evidence);
    return 0;
}
