/* What is said of one mechanism. */
#include "fit/fits.h"

#include "base/error.h"
#include "fit/posterior/rate_law.h"
#include "fit/posterior/remarks.h"
#include "fit/posterior/turnover.h"

#include <math.h>
#include <string.h>

/* Half of the width of an interval of 95 %, in standard deviations. */
static const double TWO_SIDED = 1.96;

/* By which share of what was known beforehand an end has to move in to be one. */
static const double MOVED = 0.2;

typedef struct quantity {
    const mechanism_case *c;
    size_t j;
    double unit; /* one unit of the fit in the run set's */
    double (*of)(const struct quantity *q, const double *at);
} quantity;

static double parameter(const void *context, const double *at) {
    const quantity *q = context;
    return at[q->j];
}

static double combination(const void *context, const double *at) {
    const quantity *q = context;
    return q->of(q, at);
}

static mech_estimate scaled(const posterior_interval *i, double unit) {
    return (mech_estimate){unit * exp(i->value), unit * exp(i->low), unit * exp(i->high)};
}

static mech_verdict judge(const posterior_interval *i, double mean, double spread) {
    const double low = mean - TWO_SIDED * spread, high = mean + TWO_SIDED * spread, width = high - low;
    if (i->high - i->low < log(FIT_WIDEST)) return MECH_DETERMINED;
    const bool from_below = i->low > low + MOVED * width, from_above = i->high < high - MOVED * width;
    return from_below || from_above ? MECH_BOUNDED : MECH_UNDETERMINED;
}

static double power_of(double base, int power) { return pow(base, power); }

static mech_status report_theta(mechanism_case *c, arena *memory, mech_error *error) {
    const fit_space *s = &c->space;
    const observations *data = s->data;
    mech_quantity *all = mech_arena_allocate(memory, s->n_theta, sizeof *all);
    if (!all) return mech_fail_memory(error);
    for (size_t j = 0; j < s->n_theta; j++) {
        quantity q = {.c = c, .j = j};
        posterior_interval i;
        const mech_status status = mech_posterior_interval(&c->evidence, parameter, &q, &i, error);
        if (status != MECH_OK) return status;
        mech_quantity *e = &all[j];
        if (j < s->n_k) {
            e->name = mech_mechanism_rate_constant(c->mechanism, j);
            e->concentration_power = 1 - mech_mechanism_order(c->mechanism, j);
            e->time_power = -1;
        } else {
            e->name = mech_mechanism_species(c->mechanism, (size_t)s->additive);
            e->concentration_power = 1;
        }
        e->interval = scaled(&i, power_of(data->concentration_unit, e->concentration_power) *
                                     power_of(data->time_unit, e->time_power));
        e->verdict = judge(&i, c->prior.mean[j], c->prior.spread[j]);
    }
    c->fit.rate_constants = all;
    c->fit.n_rate_constants = s->n_theta;
    return MECH_OK;
}

/* ln of combinations that have a name, from ln of the rate constants k1, k-1, k2, k-2 at 0 to 3 and one more at q->j.
 */
static double kcat(const quantity *q, const double *k) {
    (void)q;
    return k[2];
}
static double michaelis(const quantity *q, const double *k) {
    (void)q;
    return log(exp(k[1]) + exp(k[2])) - k[0];
}
static double product_michaelis(const quantity *q, const double *k) { return michaelis(q, k) + k[0] - k[3]; }
static double competition(const quantity *q, const double *k) {
    (void)q;
    return k[3] - k[0];
}
static double specificity(const quantity *q, const double *k) { return kcat(q, k) - michaelis(q, k); }
static double equilibrium(const quantity *q, const double *k) {
    (void)q;
    return k[0] - k[1] + k[2] - k[3];
}
static double side_equilibrium(const quantity *q, const double *k) { return k[q->j] - k[q->j + 1]; }
static double partition(const quantity *q, const double *k) { return k[q->j] - k[2]; }

typedef struct named_combination {
    const char *name;
    double (*of)(const quantity *q, const double *at);
    int concentration_power, time_power;
} named_combination;

static int find_constant(const mech_mechanism *m, const char *name) {
    for (int j = 0; j < m->n_rate_constants; j++)
        if (strcmp(m->rate_constants[j], name) == 0) return j;
    return -1;
}

/* Whether the rate constants at 0 to 3 are those of c + S <=> cS <=> c + P. */
static bool has_simple_cycle(const mech_mechanism *m) {
    return find_constant(m, "k1") == 0 && find_constant(m, "k-1") == 1 && find_constant(m, "k2") == 2 &&
           find_constant(m, "k-2") == 3 && mech_mechanism_order(m, 0) == 2 && mech_mechanism_order(m, 1) == 1 &&
           mech_mechanism_order(m, 2) == 1 && mech_mechanism_order(m, 3) == 2;
}

enum { OF_KCAT, OF_KM, OF_SPECIFICITY, OF_KP, OF_COMPETITION, OF_EQUILIBRIUM, N_OF_CYCLE };

static mech_status report_rate_law(mechanism_case *c, arena *memory, mech_error *error) {
    const observations *data = c->space.data;
    cycle_estimates e = {.michaelis = c->derived[OF_KM].interval,
                         .product = c->derived[OF_KP].interval,
                         .competition = c->derived[OF_COMPETITION].interval,
                         .equilibrium = c->derived[OF_EQUILIBRIUM].interval};
    for (size_t r = 0; r < data->n_runs; r++) e.most_substrate = fmax(e.most_substrate, data->runs[r].run->s0);
    rate_law *law = mech_arena_allocate(memory, 1, sizeof *law);
    if (!law) return mech_fail_memory(error);
    mech_rate_law(&e, law);
    c->fit.rate_law = law->plain;
    c->fit.rate_law_latex = law->latex;
    return MECH_OK;
}

static mech_status report_derived(mechanism_case *c, arena *memory, mech_error *error) {
    static const named_combination of_cycle[N_OF_CYCLE] = {[OF_KCAT] = {"kcat", kcat, 0, -1},
                                                           [OF_KM] = {"KM", michaelis, 1, 0},
                                                           [OF_SPECIFICITY] = {"kcat/KM", specificity, -1, -1},
                                                           [OF_KP] = {"KP", product_michaelis, 1, 0},
                                                           [OF_COMPETITION] = {"KM/KP", competition, 0, 0},
                                                           [OF_EQUILIBRIUM] = {"Keq", equilibrium, 0, 0}};
    const mech_mechanism *m = c->mechanism;
    const bool simple = has_simple_cycle(m);
    named_combination list[N_OF_CYCLE + 1];
    size_t n = simple ? N_OF_CYCLE : 0;
    memcpy(list, of_cycle, sizeof of_cycle);
    const int third = simple ? find_constant(m, "k3") : -1, back = find_constant(m, "k-3");
    if (third >= 0 && back == third + 1)
        list[n++] =
            (named_combination){"k3/k-3", side_equilibrium,
                                mech_mechanism_order(m, (size_t)back) - mech_mechanism_order(m, (size_t)third), 0};
    else if (third >= 0)
        list[n++] = (named_combination){"k3/k2", partition, 1 - mech_mechanism_order(m, (size_t)third), 0};
    mech_quantity *all = mech_arena_allocate(memory, n + FIT_TURNOVERS, sizeof *all);
    if (!all) return mech_fail_memory(error);
    for (size_t i = 0; i < n; i++) {
        const quantity q = {.c = c, .j = third >= 0 ? (size_t)third : 0, .of = list[i].of};
        posterior_interval interval;
        const mech_status status = mech_posterior_interval(&c->evidence, combination, &q, &interval, error);
        if (status != MECH_OK) return status;
        const observations *data = c->space.data;
        all[i] = (mech_quantity){
            .name = list[i].name, .concentration_power = list[i].concentration_power, .time_power = list[i].time_power};
        all[i].interval = scaled(&interval, power_of(data->concentration_unit, list[i].concentration_power) *
                                                power_of(data->time_unit, list[i].time_power));
        /* What is known beforehand of a combination is as wide as the widest of its constants. */
        double widest = 0;
        for (size_t j = 0; j < c->space.n_k; j++) widest = fmax(widest, c->prior.spread[j]);
        all[i].verdict = judge(&interval, interval.value, widest);
    }
    c->fit.derived = c->derived = all;
    c->fit.n_derived = n;
    return simple ? report_rate_law(c, memory, error) : MECH_OK;
}

/* Runs whose [S]0 is so near the standard one start from it. */
static const double STANDARD = 0.02;

/* Columns of a run's turnovers, of one point each. */
enum { COLUMN_TOF, COLUMN_TON, COLUMN_HALF_LIFE, COLUMN_SHARES, N_COLUMNS = COLUMN_SHARES + MAX_SPECIES };

static mech_estimate estimate(const posterior_interval *i, double unit) {
    return (mech_estimate){unit * i->value, unit * i->low, unit * i->high};
}

static mech_estimate factor(const posterior_interval *i) {
    return (mech_estimate){exp(i->value), exp(i->low), exp(i->high)};
}

static mech_status report_errors(const mechanism_case *c, size_t run, mech_run_estimate *e, mech_error *error) {
    const fit_space *s = &c->space;
    const posterior_draws *points = &c->points;
    const observed_run *o = &s->data->runs[run];
    const size_t at = mech_fit_run_errors(s, run);
    posterior_interval i;
    e->name = o->run->name;
    mech_status status = mech_posterior_column(points->n, s->n, points->x, at + ERROR_CATALYST, &i, error);
    e->catalyst_factor = factor(&i);
    if (status == MECH_OK) status = mech_posterior_column(points->n, s->n, points->x, at + ERROR_START, &i, error);
    e->start_factor = factor(&i);
    if (status == MECH_OK) status = mech_posterior_column(points->n, s->n, points->x, at + ERROR_CLOCK, &i, error);
    e->clock_offset = estimate(&i, o->length * s->data->time_unit);
    return status;
}

/* A half-life beyond what was simulated is known from one side only. */
static mech_estimate half_life(const posterior_interval *i, double longest, double unit) {
    const double most = longest * (1 - 1e-9);
    return (mech_estimate){i->value < most ? unit * i->value : INFINITY, unit * i->low,
                           i->high < most ? unit * i->high : INFINITY};
}

/* The form that holds most, by the medians; what is lost does not rest. */
static mech_status report_resting(const mechanism_case *c, size_t n, const double *rows, mech_run_estimate *e,
                                  mech_error *error) {
    mech_status status = MECH_OK;
    for (size_t j = 0; j < (size_t)c->mechanism->n_species && status == MECH_OK; j++) {
        posterior_interval i;
        const mechanism_species *form = &c->mechanism->species[j];
        if (!form->catalyst_units || form->role == MECH_ROLE_INACTIVE) continue;
        status = mech_posterior_column(n, N_COLUMNS, rows, COLUMN_SHARES + j, &i, error);
        if (e->resting_state && i.value <= e->resting_share.value) continue;
        e->resting_state = mech_mechanism_species(c->mechanism, j);
        e->resting_share = estimate(&i, 1);
    }
    return status;
}

/* rows[n][N_COLUMNS] has room for all points. */
static mech_status report_turnovers(const mechanism_case *c, size_t run, double *rows, mech_run_estimate *e,
                                    mech_error *error) {
    const fit_space *s = &c->space;
    const double unit = s->data->time_unit, longest = LONGEST_FOLLOWED * s->data->runs[run].length;
    const mech_estimate unknown = {NAN, NAN, NAN};
    mech_status status = MECH_OK;
    size_t n = 0;
    e->highest_tof = e->ton = e->half_life = e->resting_share = unknown;
    if (!(s->data->runs[run].cat0 > 0 && s->data->runs[run].length > 0)) return MECH_OK;
    for (size_t i = 0; i < c->points.n && status == MECH_OK; i++) {
        run_turnover t;
        bool ok = false;
        status = mech_posterior_turnover(s, c->points.x + i * s->n, run, FIT_RTOL, &t, &ok, error);
        if (status != MECH_OK || !ok) continue;
        double *row = rows + n++ * N_COLUMNS;
        row[COLUMN_TOF] = t.highest_tof;
        row[COLUMN_TON] = t.ton;
        row[COLUMN_HALF_LIFE] = t.half_life;
        for (size_t j = 0; j < MAX_SPECIES; j++) row[COLUMN_SHARES + j] = t.shares[j];
    }
    posterior_interval i;
    if (status == MECH_OK) status = mech_posterior_column(n, N_COLUMNS, rows, COLUMN_TOF, &i, error);
    e->highest_tof = estimate(&i, 1 / unit);
    if (status == MECH_OK) status = mech_posterior_column(n, N_COLUMNS, rows, COLUMN_TON, &i, error);
    e->ton = estimate(&i, 1);
    if (status == MECH_OK && mech_loses_catalyst(c->mechanism)) {
        status = mech_posterior_column(n, N_COLUMNS, rows, COLUMN_HALF_LIFE, &i, error);
        e->half_life = half_life(&i, longest, unit);
    }
    if (status == MECH_OK && n) status = report_resting(c, n, rows, e, error);
    return status;
}

static mech_quantity turnover(const char *name, const mech_estimate *e, int time_power) {
    return (mech_quantity){
        .name = name,
        .interval = *e,
        .time_power = time_power,
        .verdict = e->high < FIT_WIDEST * e->low ? MECH_DETERMINED : MECH_BOUNDED,
    };
}

/* Those of the first run of standard [S]0 stand for the experiment. */
static void report_standard(mechanism_case *c, const mech_run_estimate *runs) {
    const observations *data = c->space.data;
    size_t run = 0, n = c->fit.n_derived;
    while (run < data->n_runs && !(fabs(data->runs[run].s0 - 1) <= STANDARD && isfinite(runs[run].ton.value))) run++;
    if (run == data->n_runs) return;
    c->derived[n++] = turnover("TOF", &runs[run].highest_tof, -1);
    c->derived[n++] = turnover("TON", &runs[run].ton, 0);
    if (!isnan(runs[run].half_life.value)) c->derived[n++] = turnover("half-life", &runs[run].half_life, 1);
    c->fit.n_derived = n;
}

static mech_status report_remarks(const char *time_unit, mech_run_estimate *e, arena *memory, mech_error *error) {
    text t = {0};
    mech_run_remarks(e, time_unit, &t);
    char *remarks = t.failed ? NULL : mech_arena_allocate(memory, t.length + 1, 1);
    if (remarks && t.length) memcpy(remarks, t.characters, t.length);
    e->remarks = remarks;
    mech_text_free(&t);
    return remarks ? MECH_OK : mech_fail_memory(error);
}

static mech_status report_runs(mechanism_case *c, const char *time_unit, arena *memory, mech_error *error) {
    const size_t n_runs = c->space.data->n_runs;
    mech_run_estimate *runs = mech_arena_allocate(memory, n_runs, sizeof *runs);
    double *rows = mech_allocate_array(c->points.n, N_COLUMNS * sizeof *rows);
    mech_status status = runs && rows ? MECH_OK : mech_fail_memory(error);
    for (size_t r = 0; r < n_runs && status == MECH_OK; r++) {
        status = report_errors(c, r, &runs[r], error);
        if (status == MECH_OK) status = report_turnovers(c, r, rows, &runs[r], error);
        if (status == MECH_OK) status = report_remarks(time_unit, &runs[r], memory, error);
    }
    if (status == MECH_OK) {
        report_standard(c, runs);
        c->fit.runs = runs;
        c->fit.n_runs = n_runs;
    }
    mech_release_array(rows);
    return status;
}

mech_status mech_fit_report(mechanism_case *c, size_t n_draws, const char *time_unit, uint64_t seed, size_t stream,
                            arena *memory, mech_error *error) {
    const fit_space *s = &c->space;
    posterior_deviations d;
    mech_mechanism_fit *f = &c->fit;
    mech_status status = mech_posterior_deviations(s, c->best, &c->noise, FIT_RTOL, &d, error);
    if (status != MECH_OK) return status;
    const double n = (double)d.n, p = (double)s->n_theta + (c->evidence.noise_is_told ? 0 : 2);
    f->deviation = d.deviation;
    f->noise = mech_noise_deviation(&c->noise);
    f->proportional_noise = f->noise / c->noise.additive * c->noise.proportional;
    f->chi2 = d.chi2;
    f->dof = n - (double)s->n_theta;
    f->aicc = n > p + 1 ? -2 * d.log_likelihood + 2 * p + 2 * p * (p + 1) / (n - p - 1) : INFINITY;
    f->bic = -2 * d.log_likelihood + p * log(n);
    status = report_theta(c, memory, error);
    if (status == MECH_OK) status = report_derived(c, memory, error);
    if (status == MECH_OK && n_draws)
        status = mech_posterior_draws_new(&c->evidence, n_draws, seed, stream, &c->points, error);
    if (status == MECH_OK && c->points.n) status = report_runs(c, time_unit, memory, error);
    return status;
}
