/* What to measure next: the run whose readings are expected to tell most about which mechanism it is. The entropy of
 * the mechanisms' probabilities is expected to fall by E[ln p(m | y) / p(m)] over mechanisms m and readings y that a
 * run would give (Lindley, Ann. Math. Stat. 27 (1956) 986; Box & Hill, Technometrics 9 (1967) 57). y is simulated from
 * one half of the posterior's draws; p(y | m) is the mean of kernels about those of the other half. That is nested
 * Monte Carlo (Ryan, Drovandi, McGree & Pettitt, Int. Stat. Rev. 84 (2016) 128) with kernels wide enough for a few
 * hundred draws; another density than the true one only lowers what is gained (Barber & Agakov, NIPS 16 (2003)). */
#include "fit/fits.h"

#include "base/error.h"
#include "base/interface.h"
#include "base/numbers/cholesky.h"
#include "data/runs/run_sets.h"

#include <math.h>
#include <string.h>

enum { MOST_CASES = 12, MOST_CANDIDATES = 16, FEWEST_DRAWS = 20, FEWEST_READINGS = 6, MOST_READINGS_OF_RUN = 16 };

/* Of the streams of random numbers that fits have: draws of the posterior, errors of a further run, its noise. */
enum { STREAM_OF_DRAWS = 1000, RANDOM_FURTHER_RUN = 5, RANDOM_FURTHER_NOISE = 6 };

/* Mechanisms below this take no part. */
static const double WITHIN_REACH = 0.001;

/* Starts that differ by less are the standard's, as shares of the standard [S]0. */
static const double STANDARD_START = 0.02;

/* Student's t with 4 degrees of freedom tells as much as a normal number of this many times its squared scale: the
 * inverse of its Fisher information, (4 + 3) / (4 + 1). */
static const double STUDENT_VARIANCE = 1.4;

/* Of the kernels by which readings are judged: their tails leave room for draws that nobody drew. */
static const double KERNEL_FREEDOM = 5;

/* A run that could be measured, in the units of the fit. */
typedef struct candidate {
    const char *what;
    double s0, p0, cat0, length;
    size_t n_readings;
    bool early, substrate, product;
} candidate;

/* One mechanism within reach. */
typedef struct contender {
    const mechanism_case *c;
    double probability;
    posterior_draws draws;
} contender;

typedef struct advising {
    const fit_result *r;
    mech_advice_options options;
    size_t n_contenders, n_candidates;
    contender contenders[MOST_CASES];
    candidate candidates[MOST_CANDIDATES];
    const mech_run *base;
    double drop[MOST_CANDIDATES], error[MOST_CANDIDATES];
    mech_status status[MOST_CANDIDATES];
    mech_error why[MOST_CANDIDATES];
} advising;

/* The advice and what it points to; the public part comes first. */
typedef struct held_advice {
    mech_advice advice;
    arena *memory;
} held_advice;

void mech_advice_options_init(mech_advice_options *options, size_t size) {
    const mech_advice_options defaults = {.n_draws = 200, .seed = 1};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

void mech_advice_free(mech_advice *advice) {
    held_advice *held = (held_advice *)advice;
    if (held) mech_arena_free(held->memory);
}

static void consider(advising *a, candidate c) {
    if (a->n_candidates < MOST_CANDIDATES && c.cat0 > 0) a->candidates[a->n_candidates++] = c;
}

/* Runs like those that were measured, one thing changed, or two. Their lengths go by 1 / loading, as the turnover time
 * does where the rate is of first order in the catalyst. */
static void choose_candidates(advising *a) {
    const observations *data = &a->r->data;
    const observed_run *base = NULL;
    size_t readings = 0;
    double lowest = INFINITY, highest = 0;
    for (size_t i = 0; i < data->n_runs; i++) {
        const observed_run *run = &data->runs[i];
        const bool standard = fabs(run->s0 - 1) < STANDARD_START && run->p0 < STANDARD_START;
        readings += run->n_times;
        if (!(run->cat0 > 0)) continue;
        lowest = fmin(lowest, run->cat0);
        highest = fmax(highest, run->cat0);
        if (!base || (standard && fabs(base->s0 - 1) >= STANDARD_START)) base = run;
        if (standard && run->cat0 < base->cat0) base = run;
    }
    if (!base) return;
    readings /= data->n_runs;
    if (readings < FEWEST_READINGS) readings = FEWEST_READINGS;
    if (readings > MOST_READINGS_OF_RUN) readings = MOST_READINGS_OF_RUN;
    a->base = base->run;
    const candidate same = {.what = "the run of the lowest loading once more",
                            .s0 = 1,
                            .cat0 = base->cat0,
                            .length = base->length,
                            .n_readings = readings,
                            .substrate = data->measured[READING_S],
                            .product = data->measured[READING_P]};
    candidate c = same;
    consider(a, c);
    c.what = "half of the lowest loading";
    c.cat0 = lowest / 2;
    c.length = same.length * same.cat0 / c.cat0;
    consider(a, c);
    c.what = "half of the lowest loading, followed twice as long";
    c.length *= 2;
    consider(a, c);
    c = same;
    c.what = "twice the highest loading";
    c.cat0 = 2 * highest;
    c.length = same.length * same.cat0 / c.cat0;
    consider(a, c);
    c.what = "twice the highest loading, read mostly early";
    c.n_readings = 2 * readings;
    c.early = true;
    consider(a, c);
    c = same;
    c.what = "same excess: half of the substrate, no product";
    c.s0 = 0.5;
    consider(a, c);
    c.what = "same excess: half of the substrate and the product of the other half";
    c.p0 = 0.5;
    consider(a, c);
    c = same;
    c.what = "product added: all of the substrate and half as much product";
    c.p0 = 0.5;
    consider(a, c);
    c = same;
    c.what = "twice the substrate";
    c.s0 = 2;
    c.length *= 2;
    consider(a, c);
    c = same;
    c.what = "the run of the lowest loading with twice as many readings, mostly early";
    c.n_readings = 2 * readings;
    c.early = true;
    consider(a, c);
    c = same;
    c.what = "the run of the lowest loading, followed twice as long";
    c.length *= 2;
    consider(a, c);
    if (same.substrate && same.product) return;
    c = same;
    c.what = "the run of the lowest loading with S and P both read";
    c.substrate = c.product = true;
    consider(a, c);
}

static void set_times(const candidate *c, double *times) {
    for (size_t i = 0; i < c->n_readings; i++)
        times[i] = c->length * pow((double)(i + 1) / (double)c->n_readings, c->early ? 2.5 : 1);
}

/* A candidate as observations of one run whose values nobody knows; what is allocated is in `memory`. */
static mech_status observe(const advising *a, const candidate *c, arena *memory, observations *o, mech_error *error) {
    const observations *data = &a->r->data;
    const mech_reactant *second = mech_second_reactant(a->base);
    const size_t n_species = (size_t)c->substrate + (size_t)c->product, n = n_species * c->n_readings;
    *o = (observations){.time_unit = data->time_unit,
                        .concentration_unit = data->concentration_unit,
                        .n_runs = 1,
                        .n = n,
                        .n_times = c->n_readings,
                        .measured = {[READING_S] = c->substrate, [READING_P] = c->product},
                        .has_product = c->p0 > 0,
                        .tells_second = data->tells_second,
                        .second_coefficient = data->second_coefficient,
                        .most_loading = data->most_loading};
    double *times = mech_arena_allocate(memory, c->n_readings, sizeof *times);
    o->all = mech_arena_allocate(memory, n, sizeof *o->all);
    if (!times || !o->all) return mech_fail_memory(error);
    set_times(c, times);
    for (size_t i = 0; i < n; i++)
        o->all[i] = (observation){.time = i / n_species, .of = i % n_species || !c->substrate ? READING_P : READING_S};
    o->runs[0] = (observed_run){.run = a->base,
                                .s0 = c->s0,
                                .p0 = c->p0,
                                .cat0 = c->cat0,
                                .b0 = second ? second->start / data->concentration_unit : NAN,
                                .length = c->length,
                                .n_times = c->n_readings,
                                .times = times,
                                .n = n};
    return MECH_OK;
}

/* Draws of a contender as points of the space of the candidate alone. A further run has errors as one of the runs had
 * in the same draw, to either side; the response to what was never measured is off by as much as that to the other
 * species in another draw. */
static void transfer(const advising *a, size_t number, const fit_space *to, double *x) {
    const contender *k = &a->contenders[number];
    const fit_space *from = &k->c->space;
    for (size_t i = 0; i < k->draws.n; i++) {
        random_stream r = mech_random_open(a->options.seed, RANDOM_FIT, number * k->draws.n + i, RANDOM_FURTHER_RUN);
        const double *point = k->draws.x + i * from->n;
        const double *other = k->draws.x + mech_random_below(&r, (uint32_t)k->draws.n) * from->n;
        const size_t run = mech_random_below(&r, (uint32_t)from->data->n_runs);
        const double side = mech_random_uniform(&r) < 0.5 ? -1 : 1;
        double *there = x + i * to->n, *shared = there + mech_fit_shared_errors(to);
        memcpy(there, point, from->n_theta * sizeof *there);
        for (size_t e = 0; e < RUN_ERRORS; e++)
            there[to->n_theta + e] = side * point[mech_fit_run_errors(from, run) + e];
        memcpy(shared, point + mech_fit_shared_errors(from), SHARED_ERRORS * sizeof *shared);
        const double *of_other = other + mech_fit_shared_errors(from);
        if (!from->data->measured[READING_S]) shared[ERROR_RESPONSE_S] = side * of_other[ERROR_RESPONSE_P];
        if (!from->data->measured[READING_P]) shared[ERROR_RESPONSE_P] = side * of_other[ERROR_RESPONSE_S];
    }
}

/* What one contender says of a candidate's readings, in two halves. */
typedef struct forecast {
    size_t n[2];       /* draws that could be simulated, of each half */
    double *values[2]; /* [n][d] */
    double *spread[2]; /* [n][d]: standard deviations of the noise */
    double *seen[2];   /* [n][d]: values with noise */
    double *factor[2]; /* [d][d]: Cholesky's, of a kernel's covariance */
    double *centre[2]; /* [n][d]: kernels' centres, L^-1 times */
    double log_norm[2];
} forecast;

/* v becomes L^-1 v. */
static void whiten(size_t d, const double *factor, double *v) {
    for (size_t i = 0; i < d; i++) {
        for (size_t k = 0; k < i; k++) v[i] -= factor[i * d + k] * v[k];
        v[i] /= factor[i * d + i];
    }
}

/* A kernel on each draw of one half: Student's t whose covariance is that of the noise and the share `width` of the
 * draws'. Centres are drawn to their mean so that the covariance of all stays what it is (West, J. R. Stat. Soc. B 55
 * (1993) 409). width 1: one kernel for all. */
static bool put_kernels(size_t d, forecast *f, int half, double width, double *mean) {
    const size_t n = f->n[half];
    const double towards = sqrt(1 - width);
    double *factor = f->factor[half], *centre = f->centre[half];
    memset(mean, 0, d * sizeof *mean);
    memset(factor, 0, d * d * sizeof *factor);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++) mean[j] += f->values[half][i * d + j] / (double)n;
    for (size_t i = 0; i < n; i++) {
        const double *y = f->values[half] + i * d, *spread = f->spread[half] + i * d;
        for (size_t j = 0; j < d; j++) {
            for (size_t k = 0; k <= j; k++)
                factor[j * d + k] += width * (y[j] - mean[j]) * (y[k] - mean[k]) / (double)(n - 1);
            factor[j * d + j] += spread[j] * spread[j] / (double)n;
        }
    }
    if (!mech_cholesky(d, factor)) return false;
    f->log_norm[half] = -0.5 * mech_cholesky_log_determinant(d, factor) - log((double)n);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < d; j++) centre[i * d + j] = mean[j] + towards * (f->values[half][i * d + j] - mean[j]);
        whiten(d, factor, centre + i * d);
    }
    return true;
}

/* ln of the density of y under the kernels of one half, up to a constant that all share; room[d + n]. */
static double log_density(size_t d, const forecast *f, int half, const double *y, double *room) {
    double *there = room, *logs = room + d, most = -INFINITY, sum = 0;
    memcpy(there, y, d * sizeof *there);
    whiten(d, f->factor[half], there);
    for (size_t i = 0; i < f->n[half]; i++) {
        double square = 0;
        for (size_t j = 0; j < d; j++) {
            const double off = there[j] - f->centre[half][i * d + j];
            square += off * off;
        }
        logs[i] = -0.5 * (KERNEL_FREEDOM + (double)d) * log1p(square / KERNEL_FREEDOM);
        most = fmax(most, logs[i]);
    }
    for (size_t i = 0; i < f->n[half]; i++) sum += exp(logs[i] - most);
    return f->log_norm[half] + most + log(sum);
}

/* Kernels as wide as makes the readings of the other half most probable. */
static bool choose_kernels(size_t d, forecast *f, int half, double *room) {
    static const double widths[] = {1, 0.3, 0.1, 0.03, 0.01};
    enum { N_WIDTHS = sizeof widths / sizeof widths[0] };
    double best = -INFINITY, chosen = widths[0];
    for (size_t w = 0; w < N_WIDTHS; w++) {
        double sum = 0;
        if (!put_kernels(d, f, half, widths[w], room)) continue;
        for (size_t i = 0; i < f->n[!half]; i++) sum += log_density(d, f, half, f->seen[!half] + i * d, room);
        if (sum > best) {
            best = sum;
            chosen = widths[w];
        }
    }
    return put_kernels(d, f, half, chosen, room);
}

static mech_status foresee(const advising *a, size_t number, const observations *o, arena *memory, forecast *f,
                           bool *usable, mech_error *error) {
    const contender *k = &a->contenders[number];
    const size_t n = k->draws.n, d = o->n;
    fit_space space = mech_fit_space(k->c->mechanism, o);
    space.least_loading = k->c->space.least_loading;
    space.fits_additive = k->c->space.fits_additive;
    space.n_theta = k->c->space.n_theta;
    space.n = space.n_theta + space.n_errors;
    double *x = mech_arena_allocate(memory, n * space.n, sizeof *x);
    double *values = mech_arena_allocate(memory, n * d, sizeof *values);
    double *room = mech_arena_allocate(memory, d + n, sizeof *room);
    bool *ok = mech_arena_allocate(memory, n, sizeof *ok);
    for (int half = 0; half < 2; half++) {
        f->n[half] = 0;
        f->values[half] = mech_arena_allocate(memory, n * d, sizeof(double));
        f->spread[half] = mech_arena_allocate(memory, n * d, sizeof(double));
        f->seen[half] = mech_arena_allocate(memory, n * d, sizeof(double));
        f->centre[half] = mech_arena_allocate(memory, n * d, sizeof(double));
        f->factor[half] = mech_arena_allocate(memory, d * d, sizeof(double));
        if (!f->values[half] || !f->spread[half] || !f->seen[half] || !f->centre[half] || !f->factor[half])
            return mech_fail_memory(error);
    }
    if (!x || !values || !ok || !room) return mech_fail_memory(error);
    transfer(a, number, &space, x);
    const mech_status status = mech_fit_curves(&space, n, x, DERIVATIVES_NONE, FIT_RTOL, values, NULL, ok, error);
    if (status != MECH_OK) return status;
    for (size_t i = 0; i < n; i++) {
        if (!ok[i]) continue;
        const noise_level *noise = &k->draws.noise[i];
        const int half = i >= n / 2; /* draws stand in the order of samples: halves share one at most */
        const size_t at = f->n[half]++ * d;
        random_stream r = mech_random_open(a->options.seed, RANDOM_FIT, number * n + i, RANDOM_FURTHER_NOISE);
        memcpy(f->values[half] + at, values + i * d, d * sizeof *values);
        for (size_t j = 0; j < d; j++) {
            const double value = values[i * d + j];
            f->spread[half][at + j] =
                hypot(noise->additive, noise->proportional * value) * (noise->gaussian ? 1 : sqrt(STUDENT_VARIANCE));
            f->seen[half][at + j] = value + f->spread[half][at + j] * mech_random_normal(&r);
        }
    }
    *usable = f->n[0] > 2 && f->n[1] > 2 && choose_kernels(d, f, 0, room) && choose_kernels(d, f, 1, room);
    return MECH_OK;
}

/* What is gained where contender `truth` gives the readings: the mean over its draws, and its squared error. */
static void gain_of(const advising *a, const forecast *all, const bool *usable, size_t truth, size_t d, double *room,
                    double *gain, double *squared_error) {
    double sum = 0, squares = 0;
    size_t n = 0;
    for (int half = 0; half < 2; half++)
        for (size_t i = 0; i < all[truth].n[half]; i++) {
            double logs[MOST_CASES] = {0}, most = -INFINITY, total = 0;
            for (size_t k = 0; k < a->n_contenders; k++) {
                logs[k] = usable[k] ? log_density(d, &all[k], !half, all[truth].seen[half] + i * d, room) : -INFINITY;
                most = fmax(most, logs[k]);
            }
            for (size_t k = 0; k < a->n_contenders; k++) total += a->contenders[k].probability * exp(logs[k] - most);
            const double here = logs[truth] - most - log(total);
            sum += here;
            squares += here * here;
            n++;
        }
    *gain = sum / (double)n;
    const double worth = fmax(1, fmin((double)n, a->contenders[truth].c->evidence.effective));
    *squared_error = fmax(squares / (double)n - *gain * *gain, 0) / worth;
}

static mech_status judge(const advising *a, const candidate *c, arena *memory, double *drop, double *error_of_drop,
                         mech_error *error) {
    observations o;
    forecast all[MOST_CASES];
    bool usable[MOST_CASES] = {false};
    double squares = 0;
    *drop = 0;
    mech_status status = observe(a, c, memory, &o, error);
    for (size_t k = 0; k < a->n_contenders && status == MECH_OK; k++)
        status = foresee(a, k, &o, memory, &all[k], &usable[k], error);
    double *room = mech_arena_allocate(memory, 2 * c->n_readings + a->options.n_draws, sizeof *room);
    if (status == MECH_OK && !room) status = mech_fail_memory(error);
    for (size_t k = 0; k < a->n_contenders && status == MECH_OK; k++) {
        double gain, squared_error;
        if (!usable[k]) continue;
        gain_of(a, all, usable, k, o.n, room, &gain, &squared_error);
        *drop += a->contenders[k].probability * gain;
        squares += a->contenders[k].probability * a->contenders[k].probability * squared_error;
    }
    *error_of_drop = sqrt(squares);
    return status;
}

static void judge_piece(void *context, size_t piece, int member) {
    (void)member;
    advising *a = context;
    arena *memory = mech_arena_new();
    a->status[piece] = memory
                           ? judge(a, &a->candidates[piece], memory, &a->drop[piece], &a->error[piece], &a->why[piece])
                           : mech_fail_memory(&a->why[piece]);
    mech_arena_free(memory);
}

/* The mechanisms that are within reach and were sampled, with draws of their posterior. */
static mech_status choose_contenders(advising *a, mech_error *error) {
    const fit_result *r = a->r;
    double sum = 0;
    mech_status status = MECH_OK;
    for (size_t i = 0; i < r->n_cases && a->n_contenders < MOST_CASES && status == MECH_OK; i++) {
        const mechanism_case *c = &r->cases[r->order[i]];
        if (!(c->fit.probability > WITHIN_REACH) || !c->evidence.n_samples) continue;
        contender *k = &a->contenders[a->n_contenders++];
        *k = (contender){.c = c, .probability = c->fit.probability};
        status = mech_posterior_draws_new(&c->evidence, a->options.n_draws, a->options.seed,
                                          STREAM_OF_DRAWS + r->order[i], &k->draws, error);
        sum += k->probability;
    }
    for (size_t k = 0; k < a->n_contenders; k++) a->contenders[k].probability /= sum;
    return status;
}

static mech_status hold(const advising *a, held_advice *held, mech_error *error) {
    const double amount = a->r->data.concentration_unit;
    mech_advised_run *runs = mech_arena_allocate(held->memory, MOST_CANDIDATES, sizeof *runs);
    size_t order[MOST_CANDIDATES];
    if (!runs) return mech_fail_memory(error);
    for (size_t k = 0; k < a->n_contenders; k++)
        held->advice.entropy -= a->contenders[k].probability * log(a->contenders[k].probability);
    for (size_t i = 0; i < a->n_candidates; i++) {
        size_t place = i;
        for (; place > 0 && a->drop[order[place - 1]] < a->drop[i]; place--) order[place] = order[place - 1];
        order[place] = i;
    }
    for (size_t i = 0; i < a->n_candidates; i++) {
        const candidate *c = &a->candidates[order[i]];
        runs[i] = (mech_advised_run){.what = c->what,
                                     .s0 = c->s0 * amount,
                                     .p0 = c->p0 * amount,
                                     .cat0 = c->cat0 * amount,
                                     .length = c->length * a->r->data.time_unit,
                                     .n_readings = c->n_readings,
                                     .times = c->early ? "mostly early" : "evenly",
                                     .species = c->substrate && c->product ? "S and P"
                                                : c->substrate             ? "S"
                                                                           : "P",
                                     .expected_drop = fmin(fmax(a->drop[order[i]], 0), held->advice.entropy),
                                     .error = a->error[order[i]]};
    }
    held->advice.runs = runs;
    held->advice.n = a->n_candidates;
    return MECH_OK;
}

static mech_status work_out(advising *a, held_advice *held, mech_error *error) {
    mech_status status = choose_contenders(a, error);
    if (status == MECH_OK && a->n_contenders > 1) choose_candidates(a);
    team *t = status == MECH_OK ? mech_team_new(a->options.threads) : NULL;
    if (status == MECH_OK && !t) status = mech_fail_memory(error);
    if (status == MECH_OK) mech_team_share(t, a->n_candidates, judge_piece, a);
    mech_team_free(t);
    for (size_t i = 0; i < a->n_candidates && status == MECH_OK; i++) {
        status = a->status[i];
        if (status != MECH_OK && error) *error = a->why[i];
    }
    if (status == MECH_OK) status = hold(a, held, error);
    for (size_t k = 0; k < a->n_contenders; k++) mech_posterior_draws_free(&a->contenders[k].draws);
    return status;
}

mech_status mech_fits_advise(const mech_fits *fits, const mech_advice_options *chosen, mech_advice **advice,
                             mech_error *error) {
    *advice = NULL;
    mech_advice_options options = mech_advice_options_default();
    mech_status status = mech_take_options(&options, sizeof options, chosen, "mech_advice_options", error);
    if (status != MECH_OK) return status;
    if (options.n_draws < FEWEST_DRAWS || options.n_draws % 2 || options.n_draws > 100000)
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "there are to be %zu draws; expected an even number from %d to "
                         "100000",
                         options.n_draws, FEWEST_DRAWS);
    arena *memory = mech_arena_new();
    held_advice *held = memory ? mech_arena_allocate(memory, 1, sizeof *held) : NULL;
    advising *a = mech_allocate_array(1, sizeof *a);
    status = held && a ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK) {
        *held = (held_advice){.memory = memory};
        a->r = (const fit_result *)fits;
        a->options = options;
        status = work_out(a, held, error);
    }
    mech_release_array(a);
    if (status == MECH_OK)
        *advice = &held->advice;
    else
        mech_arena_free(memory);
    return status;
}
