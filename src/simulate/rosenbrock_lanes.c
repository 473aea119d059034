/* RODAS in vector lanes: one source, compiled once for each instruction set (cmake/library.cmake). Each lane holds a
 * problem of its own with its own time and step size; all lanes attempt a step together; a lane whose problem is done
 * takes the next one. Arithmetic is lane by lane, so that no solution depends on its neighbours.
 *
 * Source of method and coefficients: E. Hairer & G. Wanner, Solving Ordinary Differential Equations II, 2nd revised
 * edition, Springer 1996, section IV.7, method RODAS (6 stages, order 4(3), stiffly accurate, L-stable, autonomous form
 * with transformed stages U = gamma K). The notation follows the book: a_ij, c_ij and the dense output's d_ij. */
#include "chemistry/mechanism_tables.h"
#include "simulate/rosenbrock_kernel.h"

#include <math.h>
#include <string.h>

enum { LANES = LANES_BYTES / (int)sizeof(double), STAGES = 6 };

typedef double lanes __attribute__((vector_size(LANES_BYTES)));
typedef int64_t lane_mask __attribute__((vector_size(LANES_BYTES)));

static const double GAMMA = 0.25;
static const double A[STAGES - 1][STAGES - 2] = {
    {0},
    {1.544},
    {0.9466785280815826, 0.2557011698983284},
    {3.314825187068521, 2.896124015972201, 0.9986419139977817},
    {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950},
};
static const double C[STAGES][STAGES - 1] = {
    {0},
    {-5.6688},
    {-2.430093356833875, -0.2063599157091915},
    {-0.1073529058151375, -9.594562251023355, -20.47028614809616},
    {7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160},
    {8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054},
};
static const double DENSE[2][STAGES - 1] = {
    {10.12623508344586, -7.487995877610167, -34.80091861555747, -7.992771707568823, 1.025137723295662},
    {-0.6762803392801253, 6.087714651680015, 16.43084320892478, 24.76722511418386, -6.594389125716872},
};

/* Step size control: Hairer & Wanner, eq. (IV.7.26) without its stabilisation, which problems without events do not
 * need. */
static const double SAFETY = 0.9, LARGEST_GROWTH = 6, SMALLEST_GROWTH = 0.15;

#define INLINE static inline __attribute__((always_inline))

INLINE lanes fill(double x) {
    lanes v;
    for (int l = 0; l < LANES; l++) v[l] = x;
    return v;
}

INLINE lanes choose(lane_mask mask, lanes yes, lanes no) {
    return (lanes)((mask & (lane_mask)yes) | (~mask & (lane_mask)no));
}
INLINE lanes larger(lanes a, lanes b) { return choose(a > b, a, b); }
INLINE lanes absolute(lanes a) { return (lanes)((lane_mask)a & INT64_MAX); }

/* k times the product of all reactants but number `without`. */
INLINE lanes rate_of(const network_reaction *r, const lanes *k, const lanes *y, int without) {
    lanes rate = k[r->rate_constant];
    for (int i = 0; i < MAX_MOLECULES; i++)
        if (r->reactants[i] >= 0 && i != without) rate *= y[r->reactants[i]];
    return rate;
}

INLINE void derivative_of(const mech_network *network, const lanes *k, const lanes *y, lanes *f) {
    for (int i = 0; i < network->n_species; i++) f[i] = fill(0);
    for (int j = 0; j < network->n_reactions; j++) {
        const network_reaction *r = &network->reactions[j];
        const lanes rate = rate_of(r, k, y, -1);
        for (int i = 0; i < MAX_MOLECULES; i++) {
            if (r->reactants[i] >= 0) f[r->reactants[i]] -= rate;
            if (r->products[i] >= 0) f[r->products[i]] += rate;
        }
    }
}

/* W = I / (gamma h) - J. */
INLINE void iteration_matrix(const mech_network *network, const lanes *k, const lanes *y, lanes inverse_gamma_h,
                             lanes w[MAX_SPECIES][MAX_SPECIES]) {
    const int n = network->n_species;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) w[i][j] = i == j ? inverse_gamma_h : fill(0);
    for (int j = 0; j < network->n_reactions; j++) {
        const network_reaction *r = &network->reactions[j];
        for (int m = 0; m < MAX_MOLECULES; m++) {
            const int column = r->reactants[m];
            if (column < 0) continue;
            const lanes slope = rate_of(r, k, y, m);
            for (int i = 0; i < MAX_MOLECULES; i++) {
                if (r->reactants[i] >= 0) w[r->reactants[i]][column] += slope;
                if (r->products[i] >= 0) w[r->products[i]][column] -= slope;
            }
        }
    }
}

/* LU without pivoting: W is a column-dominant M-matrix wherever concentrations are not negative, because each column of
 * J sums to what mass action moves from one species to others. */
INLINE void factorise(int n, lanes w[MAX_SPECIES][MAX_SPECIES], lanes *inverse_diagonal) {
    for (int c = 0; c < n; c++) {
        inverse_diagonal[c] = 1.0 / w[c][c];
        for (int i = c + 1; i < n; i++) {
            const lanes factor = w[i][c] * inverse_diagonal[c];
            w[i][c] = factor;
            for (int j = c + 1; j < n; j++) w[i][j] -= factor * w[c][j];
        }
    }
}

INLINE void solve(int n, lanes w[MAX_SPECIES][MAX_SPECIES], const lanes *inverse_diagonal, lanes *x) {
    for (int i = 1; i < n; i++)
        for (int j = 0; j < i; j++) x[i] -= w[i][j] * x[j];
    for (int i = n - 1; i >= 0; i--) {
        for (int j = i + 1; j < n; j++) x[i] -= w[i][j] * x[j];
        x[i] *= inverse_diagonal[i];
    }
}

/* The problems in work and what each lane knows of its own. */
typedef struct lane_state {
    lanes y[MAX_SPECIES], k[MAX_RATE_CONSTANTS], t, h;
    double t_end[LANES];
    size_t problem[LANES], steps[LANES];
    bool busy[LANES], rejected_last[LANES];
    int n_busy;
    bool source_dry;
    size_t next_problem;
} lane_state;

/* First step size: a hundredth of the time in which the fastest change would use up the solution (Hairer, Norsett &
 * Wanner I, section II.4, first guess h0). */
static double first_step(const kernel_run *run, const double *k, const double *y, double t_end) {
    const mech_network *network = run->network;
    double f[MAX_SPECIES], d0 = 0, d1 = 0;
    mech_network_derivative(network, k, y, f);
    for (int i = 0; i < network->n_species; i++) {
        const double scale = run->options->atol + run->options->rtol * fabs(y[i]);
        d0 += (y[i] / scale) * (y[i] / scale);
        d1 += (f[i] / scale) * (f[i] / scale);
    }
    const double h = d0 > 0 && d1 > 0 ? 0.01 * sqrt(d0 / d1) : 1e-6 * t_end;
    return isfinite(h) ? fmin(fmax(h, 1e-12 * t_end), t_end) : 1e-12 * t_end;
}

/* Fetches the next problem that there is something to integrate for; one that ends where it starts is finished here. */
static bool fetch_problem(kernel_run *run, lane_state *s, double *k, double *y, double *t_end) {
    const path nowhere = {.n_species = run->network->n_species, .t = (const double[]){0}};
    while (!s->source_dry && run->job->next(run->job->context, s->next_problem, k, y, t_end)) {
        const size_t problem = s->next_problem++;
        if (*t_end > 0) return true;
        run->job->finished(run->job->context, problem, false, y, run->job->records ? &nowhere : NULL);
    }
    s->source_dry = true;
    return false;
}

/* Takes the next problem into a lane; a lane without one idles on an empty problem whose step changes nothing. */
static void load_lane(kernel_run *run, lane_state *s, int l) {
    const mech_network *network = run->network;
    double k[MAX_RATE_CONSTANTS] = {0}, y[MAX_SPECIES] = {0}, t_end = 1, h = 1;
    s->busy[l] = fetch_problem(run, s, k, y, &t_end);
    if (s->busy[l]) {
        s->problem[l] = s->next_problem - 1;
        s->n_busy++;
        h = first_step(run, k, y, t_end);
    } else {
        memset(k, 0, sizeof k);
        memset(y, 0, sizeof y);
        t_end = 1;
    }
    for (int i = 0; i < network->n_rate_constants; i++) s->k[i][l] = k[i];
    for (int i = 0; i < network->n_species; i++) s->y[i][l] = y[i];
    s->t[l] = 0;
    s->h[l] = h;
    s->t_end[l] = t_end;
    s->steps[l] = 0;
    s->rejected_last[l] = false;
    run->recordings[l].n_steps = 0;
    if (run->job->records && s->busy[l] && recording_grow(run, &run->recordings[l])) run->recordings[l].t[0] = 0;
}

static void finish_lane(kernel_run *run, lane_state *s, int l, bool failed) {
    const int n = run->network->n_species;
    double end[MAX_SPECIES];
    for (int i = 0; i < n; i++) end[i] = s->y[i][l];
    const recording *record = &run->recordings[l];
    const path solution = {.n_species = n, .n_steps = record->n_steps, .t = record->t, .cubic = record->cubic};
    run->statistics.failures += failed;
    run->job->finished(run->job->context, s->problem[l], failed, end, run->job->records ? &solution : NULL);
    s->n_busy--;
    load_lane(run, s, l);
}

/* The continuous solution on the step just accepted: y(t + s h) = y (1 - s) + s (y_new + (1 - s) (q1 + s q2)) in powers
 * of s (Hairer & Wanner, IV.7). */
INLINE void record_step(kernel_run *run, const lane_state *s, int l, double t_new, const lanes *y_new,
                        lanes q[2][MAX_SPECIES]) {
    recording *record = &run->recordings[l];
    const int n = run->network->n_species;
    if (!recording_grow(run, record)) return;
    double *cubic = record->cubic + record->n_steps * (size_t)n * 4;
    for (int i = 0; i < n; i++, cubic += 4) {
        cubic[0] = s->y[i][l];
        cubic[1] = y_new[i][l] - s->y[i][l] + q[0][i][l];
        cubic[2] = q[1][i][l] - q[0][i][l];
        cubic[3] = -q[1][i][l];
    }
    record->t[++record->n_steps] = t_new;
}

/* One attempted step of all lanes. */
INLINE void step_lanes(kernel_run *run, const mech_network *network, lane_state *s) {
    const int n = network->n_species;
    const bool records = run->job->records;
    lanes h, w[MAX_SPECIES][MAX_SPECIES], inverse_diagonal[MAX_SPECIES];
    lanes u[STAGES][MAX_SPECIES], y_new[MAX_SPECIES], q[2][MAX_SPECIES];
    bool last[LANES];
    for (int l = 0; l < LANES; l++) {
        const double left = s->t_end[l] - s->t[l];
        /* A step that would leave a sliver is taken to the end at once, a longer one in two. */
        last[l] = s->h[l] >= left * (1 - 1e-12);
        h[l] = last[l] ? left : s->h[l];
    }
    const lanes inverse_h = 1.0 / h;
    iteration_matrix(network, s->k, s->y, inverse_h * (1 / GAMMA), w);
    factorise(n, w, inverse_diagonal);
    for (int stage = 0; stage < STAGES; stage++) {
        /* The last stage starts where the one before it arrived: its sum of a_ij U_j is that of stage 5 plus U_5. */
        if (stage == STAGES - 1) {
            for (int i = 0; i < n; i++) y_new[i] += u[stage - 1][i];
        } else {
            for (int i = 0; i < n; i++) {
                y_new[i] = s->y[i];
                for (int j = 0; j < stage; j++) y_new[i] += A[stage][j] * u[j][i];
            }
        }
        derivative_of(network, s->k, y_new, u[stage]);
        for (int i = 0; i < n && stage > 0; i++) {
            lanes sum = C[stage][0] * u[0][i];
            for (int j = 1; j < stage; j++) sum += C[stage][j] * u[j][i];
            u[stage][i] += inverse_h * sum;
        }
        solve(n, w, inverse_diagonal, u[stage]);
    }
    /* The last stage is the difference to the embedded solution of order 3. */
    lanes sum = fill(0);
    for (int i = 0; i < n; i++) {
        y_new[i] += u[STAGES - 1][i];
        const lanes scale = run->options->atol + run->options->rtol * larger(absolute(s->y[i]), absolute(y_new[i]));
        const lanes ratio = u[STAGES - 1][i] / scale;
        sum += ratio * ratio;
    }
    if (records)
        for (int d = 0; d < 2; d++)
            for (int i = 0; i < n; i++) {
                q[d][i] = DENSE[d][0] * u[0][i];
                for (int j = 1; j < STAGES - 1; j++) q[d][i] += DENSE[d][j] * u[j][i];
            }
    for (int l = 0; l < LANES; l++) {
        if (!s->busy[l]) continue;
        const double error = sqrt(sum[l] / n);
        double growth = error > 0 ? SAFETY / sqrt(sqrt(error)) : LARGEST_GROWTH;
        growth = isfinite(error) ? fmin(fmax(growth, SMALLEST_GROWTH), LARGEST_GROWTH) : SMALLEST_GROWTH;
        s->steps[l]++;
        run->statistics.steps++;
        if (error <= 1) {
            const double t_new = last[l] ? s->t_end[l] : s->t[l] + h[l];
            if (records) record_step(run, s, l, t_new, y_new, q);
            for (int i = 0; i < n; i++) s->y[i][l] = y_new[i][l];
            s->t[l] = t_new;
            s->h[l] = h[l] * (s->rejected_last[l] ? fmin(growth, 1) : growth);
            s->rejected_last[l] = false;
            if (last[l]) {
                finish_lane(run, s, l, false);
                continue;
            }
        } else {
            run->statistics.rejected_steps++;
            s->rejected_last[l] = true;
            s->h[l] = h[l] * growth;
        }
        if (s->steps[l] >= run->options->max_steps || s->t[l] + s->h[l] * 1e-3 <= s->t[l]) finish_lane(run, s, l, true);
    }
}

/* `network` is run->network, or its table as a compile-time constant, from which the compiler unrolls the step into
 * straight code. */
INLINE void integrate(kernel_run *run, const mech_network *network) {
    lane_state s;
    memset(&s, 0, sizeof s);
    for (int l = 0; l < LANES; l++) load_lane(run, &s, l);
    while (s.n_busy > 0 && !run->out_of_memory) step_lanes(run, network, &s);
}

static __attribute__((noinline)) void integrate_any(kernel_run *run) { integrate(run, run->network); }

#ifdef MECHANIST_SPECIALISED
/* One function for each row of the tables; the rows are numbered here only. */
/* clang-format off */
#define ROWS(ROW)                                                                                                      \
    ROW(0) ROW(1) ROW(2) ROW(3) ROW(4) ROW(5) ROW(6) ROW(7) ROW(8) ROW(9) ROW(10) ROW(11) ROW(12) ROW(13) ROW(14)      \
    ROW(15) ROW(16) ROW(17) ROW(18) ROW(19)
/* clang-format on */
#define SPECIALISE(row)                                                                                                \
    static __attribute__((noinline)) void integrate_row_##row(kernel_run *run) {                                       \
        integrate(run, &mechanism_tables[row]);                                                                        \
    }
ROWS(SPECIALISE)
#define ENTRY(row) integrate_row_##row,
static void (*const integrate_row[])(kernel_run *run) = {ROWS(ENTRY)};
_Static_assert(sizeof integrate_row / sizeof integrate_row[0] == sizeof mechanism_tables / sizeof mechanism_tables[0],
               "every row of the tables is specialised");
#endif

#define NAMED(prefix, suffix) prefix##suffix
#define WITH_SUFFIX(prefix, suffix) NAMED(prefix, suffix)

void WITH_SUFFIX(rosenbrock_kernel_, LANES_SUFFIX)(kernel_run *run) {
#ifdef MECHANIST_SPECIALISED
    if (run->specialised >= 0) {
        integrate_row[run->specialised](run);
        return;
    }
#endif
    integrate_any(run);
}
