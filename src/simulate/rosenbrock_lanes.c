/* RODAS in vector lanes: one source, compiled once for each instruction set (cmake/library.cmake). Each lane holds a
 * problem of its own with its own time and step size; all lanes attempt a step together; a lane whose problem is done
 * takes the next one. Arithmetic is lane by lane, so that no solution depends on its neighbours.
 *
 * The unknowns are the extents of the reactions, of which a reversible pair counts as one: y = y(0) + N x with the
 * stoichiometric matrix N. A Rosenbrock method commutes with linear maps, so that this is the same method with two or
 * three unknowns fewer than there are species, and every conservation law holds by construction (docs/solver.md).
 *
 * Source of method and coefficients: E. Hairer & G. Wanner, Solving Ordinary Differential Equations II, 2nd revised
 * edition, Springer 1996, section IV.7, method RODAS (6 stages, order 4(3), stiffly accurate, L-stable, autonomous form
 * with transformed stages U = gamma K). The notation follows the book: a_ij, c_ij and the dense output's d_ij. */
#include "chemistry/mechanism_tables.h"
#include "simulate/lane_vectors.h"
#include "simulate/rosenbrock_kernel.h"

#include <math.h>
#include <string.h>

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
 * need. The first step is a share of the time in which all reactions together relax; where that time is not a number,
 * it is a share of the end time. */
static const double SAFETY = 0.9, LARGEST_GROWTH = 6, SMALLEST_GROWTH = 0.15;
static const double FIRST_STEP = 0.1, SMALLEST_FIRST_STEP = 1e-12;

/* The absolute tolerance of a catalyst form is this share of the catalyst at hand times atol. */
static const double CATALYST_TOLERANCE = 0.1;

/* The problems in the lanes of one vector. */
typedef struct lane_group {
    lanes y[MAX_SPECIES], k[MAX_RATE_CONSTANTS], t, t_end, h;
    lanes catalyst_atol; /* absolute tolerance of catalyst forms */
    lane_mask busy, rejected_last, steps, rejected_steps;
    size_t problem[LANES];
    recording *recordings; /* [LANES] */
    lanes *tangents;       /* [n_tangents][n_species]; NULL where none is wanted */
    double *t_slot[LANES], *cubic_slot[LANES];
    bool has_first; /* some lane is about to attempt its first step */
    size_t room;    /* steps that every lane can record before any recording has to grow */
} lane_group;

/* One attempt at a step of a group. Extents are numbered as their forward reactions in the mechanism's table; a
 * backward reaction's number stays without use. */
typedef struct attempt {
    lanes h, inverse_h;
    lane_mask reaches_end;
    lanes *w;                           /* [n_reactions][n_reactions]: I / (gamma h) - J, then its factors */
    lanes *inverse_diagonal;            /* [n_reactions] */
    lanes *u[STAGES];                   /* [n_reactions] each */
    lanes *extent;                      /* [n_reactions]: sum of a_ij U_j */
    lanes y[MAX_SPECIES];               /* y(t) + N extent */
    lanes stage_y[STAGES][MAX_SPECIES]; /* the same of each stage, for tangents */
} attempt;

/* Where problems come from. */
typedef struct supply {
    size_t next_problem;
    bool dry;
    int n_busy; /* lanes */
} supply;

INLINE bool has_reverse(const mech_mechanism *mechanism, int j) {
    return j + 1 < mechanism->n_reactions && mechanism->reactions[j + 1].reverse;
}

/* The reaction that is looked at behind j. Where the table is a constant (`changes` is NULL) that is the next one, so
 * that the compiler can count the rounds; else backward reactions, which loops leave out, are stepped over. */
INLINE int behind(const mech_mechanism *mechanism, const species_changes *changes, int j) {
    return changes && has_reverse(mechanism, j) ? j + 2 : j + 1;
}

/* k times the product of all reactants but number `without`. */
INLINE lanes rate_of(const mechanism_reaction *r, const lanes *k, const lanes *y, int without) {
    lanes rate = k[r->rate_constant];
    for (int i = 0; i < MAX_MOLECULES; i++)
        if (r->reactants[i] >= 0 && i != without) rate *= y[r->reactants[i]];
    return rate;
}

/* Net rates of the reactions. */
INLINE void net_rates(const mech_mechanism *mechanism, const lanes *k, const lanes *y, lanes *rates) {
    for (int j = 0; j < mechanism->n_reactions; j++) {
        const mechanism_reaction *r = &mechanism->reactions[j];
        if (r->reverse) continue;
        rates[j] = rate_of(r, k, y, -1);
        if (has_reverse(mechanism, j)) rates[j] -= rate_of(r + 1, k, y, -1);
    }
}

/* y + N extent. */
INLINE void move_species(const mech_mechanism *mechanism, const species_changes *changes, const lanes *extent,
                         lanes *y) {
    for (int s = 0; changes && s < mechanism->n_species; s++) {
        lanes sum = y[s];
        for (int q = 0; q < changes->n[s]; q++) sum += changes->by[s][q] * extent[changes->reaction[s][q]];
        y[s] = sum;
    }
    if (changes) return;
    for (int j = 0; j < mechanism->n_reactions; j++) {
        const mechanism_reaction *r = &mechanism->reactions[j];
        if (r->reverse) continue;
        for (int i = 0; i < MAX_MOLECULES; i++) {
            if (r->reactants[i] >= 0) y[r->reactants[i]] -= extent[j];
            if (r->products[i] >= 0) y[r->products[i]] += extent[j];
        }
    }
}

/* Molecules of `species` that one event of the reaction makes. */
INLINE int change_of(const mechanism_reaction *r, int species) {
    int change = 0;
    for (int i = 0; i < MAX_MOLECULES; i++) change += (r->products[i] == species) - (r->reactants[i] == species);
    return change;
}

/* Adds sign times the slopes of one-way reaction r with respect to all extents to a row of W. */
INLINE void add_slopes(const mech_mechanism *mechanism, const species_changes *changes, const mechanism_reaction *r,
                       const lanes *k, const lanes *y, double sign, lanes *row) {
    for (int m = 0; m < MAX_MOLECULES; m++) {
        const int species = r->reactants[m];
        if (species < 0) continue;
        const lanes slope = rate_of(r, k, y, m);
        for (int q = 0; changes && q < changes->n[species]; q++)
            row[changes->reaction[species][q]] += sign * changes->by[species][q] * slope;
        if (changes) continue;
        for (int q = 0; q < mechanism->n_reactions; q++) {
            if (mechanism->reactions[q].reverse) continue;
            const int change = change_of(&mechanism->reactions[q], species);
            if (change) row[q] += sign * change * slope;
        }
    }
}

/* W = -J = -R N, where R holds the slopes of the net rates with respect to the species. */
INLINE void negative_jacobian(const mech_mechanism *mechanism, const species_changes *changes, const lanes *k,
                              const lanes *y, lanes *w) {
    const int n = mechanism->n_reactions;
    for (int j = 0; j < n; j++) {
        const mechanism_reaction *r = &mechanism->reactions[j];
        if (r->reverse) continue;
        for (int q = 0; q < n; q = behind(mechanism, changes, q)) w[j * n + q] = fill(0);
        add_slopes(mechanism, changes, r, k, y, -1, w + j * n);
        if (has_reverse(mechanism, j)) add_slopes(mechanism, changes, r + 1, k, y, 1, w + j * n);
    }
}

/* LU without pivoting. The leading minors of W are those of the mechanisms of the first one, two, ... reactions, which
 * are positive wherever these mechanisms by themselves do not run away. */
INLINE void factorise(const mech_mechanism *mechanism, const species_changes *changes, lanes *w,
                      lanes *inverse_diagonal) {
    const int n = mechanism->n_reactions;
    for (int c = 0; c < n; c = behind(mechanism, changes, c)) {
        if (mechanism->reactions[c].reverse) continue;
        inverse_diagonal[c] = 1.0 / w[c * n + c];
        for (int i = c + 1; i < n; i = behind(mechanism, changes, i)) {
            if (mechanism->reactions[i].reverse) continue;
            const lanes factor = w[i * n + c] * inverse_diagonal[c];
            w[i * n + c] = factor;
            for (int j = c + 1; j < n; j = behind(mechanism, changes, j))
                if (!mechanism->reactions[j].reverse) w[i * n + j] -= factor * w[c * n + j];
        }
    }
}

INLINE void solve(const mech_mechanism *mechanism, const species_changes *changes, const lanes *w,
                  const lanes *inverse_diagonal, lanes *x) {
    const int n = mechanism->n_reactions;
    for (int i = 1; i < n; i = behind(mechanism, changes, i)) {
        if (mechanism->reactions[i].reverse) continue;
        lanes sum = x[i];
        for (int j = 0; j < i; j = behind(mechanism, changes, j))
            if (!mechanism->reactions[j].reverse) sum -= w[i * n + j] * x[j];
        x[i] = sum;
    }
    for (int i = n - 1; i >= 0; i--) {
        if (mechanism->reactions[i].reverse) continue;
        lanes sum = x[i];
        for (int j = behind(mechanism, changes, i); j < n; j = behind(mechanism, changes, j))
            if (!mechanism->reactions[j].reverse) sum -= w[i * n + j] * x[j];
        x[i] = sum * inverse_diagonal[i];
    }
}

/* Sets the step of lanes that have attempted none yet. w = -J, whose diagonal holds the rates of relaxation. */
INLINE void choose_first_steps(const mech_mechanism *mechanism, lane_group *group, const lanes *w) {
    const int n = mechanism->n_reactions;
    lanes relaxation = fill(0);
    for (int j = 0; j < n; j++)
        if (!mechanism->reactions[j].reverse) relaxation += absolute(w[j * n + j]);
    const lanes share = FIRST_STEP / relaxation;
    const lanes first = choose(relaxation < INFINITY, smaller(share, group->t_end), SMALLEST_FIRST_STEP * group->t_end);
    group->h = choose(group->steps == 0, first, group->h);
    group->has_first = false;
}

/* Chooses the step of each lane, builds and factorises W. */
INLINE void begin_attempt(const mech_mechanism *mechanism, const species_changes *changes, lane_group *group,
                          attempt *a) {
    const int n = mechanism->n_reactions;
    negative_jacobian(mechanism, changes, group->k, group->y, a->w);
    if (group->has_first) choose_first_steps(mechanism, group, a->w);
    const lanes left = group->t_end - group->t;
    /* A step that would leave a sliver is taken to the end at once. */
    a->reaches_end = group->h >= left * (1 - 1e-12);
    a->h = choose(a->reaches_end, left, group->h);
    a->inverse_h = 1.0 / a->h;
    for (int j = 0; j < n; j++)
        if (!mechanism->reactions[j].reverse) a->w[j * n + j] += a->inverse_h * (1 / GAMMA);
    factorise(mechanism, changes, a->w, a->inverse_diagonal);
}

INLINE void compute_stage(const mech_mechanism *mechanism, const species_changes *changes, const lane_group *group,
                          attempt *a, int stage, bool with_tangents) {
    for (int i = 0; i < mechanism->n_species; i++) a->y[i] = group->y[i];
    if (stage > 0) {
        for (int r = 0; r < mechanism->n_reactions; r++) {
            if (mechanism->reactions[r].reverse) continue;
            /* The last stage starts where the one before it arrived: its sum of a_ij U_j is that of stage 5 plus U_5.
             */
            if (stage == STAGES - 1) {
                a->extent[r] += a->u[stage - 1][r];
                continue;
            }
            a->extent[r] = A[stage][0] * a->u[0][r];
            for (int j = 1; j < stage; j++) a->extent[r] += A[stage][j] * a->u[j][r];
        }
        move_species(mechanism, changes, a->extent, a->y);
    }
    for (int i = 0; i < mechanism->n_species && with_tangents; i++) a->stage_y[stage][i] = a->y[i];
    net_rates(mechanism, group->k, a->y, a->u[stage]);
    for (int r = 0; r < mechanism->n_reactions && stage > 0; r++) {
        if (mechanism->reactions[r].reverse) continue;
        lanes sum = C[stage][0] * a->u[0][r];
        for (int j = 1; j < stage; j++) sum += C[stage][j] * a->u[j][r];
        a->u[stage][r] += a->inverse_h * sum;
    }
    solve(mechanism, changes, a->w, a->inverse_diagonal, a->u[stage]);
}

/* N times the sums of stages that continue the solution between steps. */
INLINE void dense_terms(const mech_mechanism *mechanism, const species_changes *changes, lanes *const u[STAGES],
                        lanes q[2][MAX_SPECIES]) {
    for (int d = 0; d < 2; d++) {
        lanes extent[MAX_REACTIONS];
        for (int r = 0; r < mechanism->n_reactions; r++) {
            if (mechanism->reactions[r].reverse) continue;
            extent[r] = DENSE[d][0] * u[0][r];
            for (int j = 1; j < STAGES - 1; j++) extent[r] += DENSE[d][j] * u[j][r];
        }
        for (int i = 0; i < mechanism->n_species; i++) q[d][i] = fill(0);
        move_species(mechanism, changes, extent, q[d]);
    }
}

INLINE void record_column(lane_group *group, int column, lanes y, lanes y_new, lanes q1, lanes q2) {
    scatter_pairs(y, y_new - y + q1, group->cubic_slot, 4 * column);
    scatter_pairs(q2 - q1, -q2, group->cubic_slot, 4 * column + 2);
}

/* The continuous solution on the step attempted: y(t + s h) = y (1 - s) + s (y_new + (1 - s) (q1 + s q2)) in powers of
 * s (Hairer & Wanner, IV.7). Written to the free slot of each lane, which only an accepted step then takes. */
INLINE void record_attempt(const mech_mechanism *mechanism, const species_changes *changes, lane_group *group,
                           const attempt *a) {
    lanes q[2][MAX_SPECIES];
    dense_terms(mechanism, changes, a->u, q);
    for (int i = 0; i < mechanism->n_species; i++) record_column(group, i, group->y[i], a->y[i], q[0][i], q[1][i]);
}

/* Takes the slots of lanes whose step was accepted. */
INLINE void keep_records(lane_group *group, lanes t_new, lane_mask accepted, size_t n_columns) {
    for (int l = 0; l < LANES; l++) {
        group->t_slot[l][1] = t_new[l];
        group->t_slot[l] -= accepted[l];
        group->cubic_slot[l] -= accepted[l] * 4 * (int64_t)n_columns;
    }
}

/* What a step's derivatives take from the step itself, in the order of the workspace: of each stage and one-way
 * reaction the slopes of its rate k y1 y2 by y1, y2 at the stage, the slopes of J(y) U by the same at the step's start,
 * and what both are by ln k. */
typedef struct tangent_memory {
    lanes *slopes; /* [STAGES][n_reactions][SLOPES_A_REACTION] */
    lanes *u;      /* [STAGES][n_reactions]: of one tangent */
    lanes *states; /* [n_tangents][n_species]: of one group */
} tangent_memory;

/* Stage U solves W U = f(Y) + sum c_ij U_j / h with W = I / (gamma h) - J(y), so that its derivative solves
 * W U' = (f(Y) + J(y) U)' + sum c_ij U'_j / h with U held in J(y) U: same matrix, same factors. Formula: the derivative
 * of the method itself (Hairer & Wanner, IV.7) with h held, line by line. */
INLINE void find_slopes(const mech_mechanism *mechanism, const species_changes *changes, const lane_group *group,
                        const attempt *a, tangent_memory m) {
    const int n = mechanism->n_reactions;
    for (int stage = 0; stage < STAGES; stage++) {
        lanes moved[MAX_SPECIES];
        for (int i = 0; i < mechanism->n_species; i++) moved[i] = fill(0);
        move_species(mechanism, changes, a->u[stage], moved);
        for (int j = 0; j < n; j++) {
            const mechanism_reaction *r = &mechanism->reactions[j];
            lanes *slopes = m.slopes + (stage * n + j) * SLOPES_A_REACTION;
            const lanes k = group->k[r->rate_constant];
            slopes[2 * MAX_MOLECULES] = rate_of(r, group->k, a->stage_y[stage], -1);
            for (int i = 0; i < MAX_MOLECULES; i++) {
                if (r->reactants[i] < 0) continue;
                slopes[i] = rate_of(r, group->k, a->stage_y[stage], i);
                slopes[2 * MAX_MOLECULES] += rate_of(r, group->k, group->y, i) * moved[r->reactants[i]];
                lanes second = fill(0);
                for (int o = 0; o < MAX_MOLECULES; o++) {
                    if (o == i || r->reactants[o] < 0) continue;
                    lanes product = k * moved[r->reactants[o]];
                    for (int p = 0; p < MAX_MOLECULES; p++)
                        if (p != i && p != o && r->reactants[p] >= 0) product *= group->y[r->reactants[p]];
                    second += product;
                }
                slopes[MAX_MOLECULES + i] = second;
            }
        }
    }
}

/* (f(Y) + J(y) U)' of one-way reaction j: dy of the state at the step's start, stage_dy of the stage. */
INLINE lanes rate_tangent(const mech_mechanism *mechanism, int j, const lanes *slopes, const lanes *dy,
                          const lanes *stage_dy, int rate_constant) {
    const mechanism_reaction *r = &mechanism->reactions[j];
    lanes rate = r->rate_constant == rate_constant ? slopes[2 * MAX_MOLECULES] : fill(0);
    for (int i = 0; i < MAX_MOLECULES; i++)
        if (r->reactants[i] >= 0)
            rate += slopes[i] * stage_dy[r->reactants[i]] + slopes[MAX_MOLECULES + i] * dy[r->reactants[i]];
    return rate;
}

/* One tangent over the step attempted: records the species observed in its columns and leaves in dy_new the state's
 * derivative at the step's end. rate_constant: by whose logarithm; -1: by none. */
INLINE void step_tangent(const mech_mechanism *mechanism, const species_changes *changes, lane_group *group,
                         const attempt *a, tangent_memory m, const lanes *dy, int rate_constant, int column,
                         uint32_t observed, lanes *dy_new) {
    const int n = mechanism->n_reactions;
    lanes *u[STAGES], q[2][MAX_SPECIES];
    for (int stage = 0; stage < STAGES; stage++) {
        u[stage] = m.u + stage * n;
        lanes extent[MAX_REACTIONS];
        for (int i = 0; i < mechanism->n_species; i++) dy_new[i] = dy[i];
        for (int r = 0; r < n && stage > 0; r++) {
            if (mechanism->reactions[r].reverse) continue;
            /* As in compute_stage(): the last stage starts where the one before it arrived. */
            const int row = stage == STAGES - 1 ? stage - 1 : stage;
            extent[r] = stage == STAGES - 1 ? u[stage - 1][r] : fill(0);
            for (int j = 0; j < row; j++) extent[r] += A[row][j] * u[j][r];
        }
        if (stage > 0) move_species(mechanism, changes, extent, dy_new);
        for (int r = 0; r < n; r++) {
            if (mechanism->reactions[r].reverse) continue;
            const lanes *slopes = m.slopes + (stage * n + r) * SLOPES_A_REACTION;
            u[stage][r] = rate_tangent(mechanism, r, slopes, dy, dy_new, rate_constant);
            if (has_reverse(mechanism, r))
                u[stage][r] -= rate_tangent(mechanism, r + 1, slopes + SLOPES_A_REACTION, dy, dy_new, rate_constant);
            lanes sum = fill(0);
            for (int j = 0; j < stage; j++) sum += C[stage][j] * u[j][r];
            u[stage][r] += a->inverse_h * sum;
        }
        solve(mechanism, changes, a->w, a->inverse_diagonal, u[stage]);
    }
    move_species(mechanism, changes, u[STAGES - 1], dy_new);
    dense_terms(mechanism, changes, u, q);
    const int by_default[2] = {mechanism->substrate, mechanism->product};
    for (int o = 0; o < 2 && !observed; o++) {
        const int i = by_default[o];
        record_column(group, column + o, dy[i], dy_new[i], q[0][i], q[1][i]);
    }
    for (int i = 0; i < mechanism->n_species; i++)
        if (observed >> i & 1) record_column(group, column++, dy[i], dy_new[i], q[0][i], q[1][i]);
}

/* All tangents over the step attempted, before the state moves on. */
INLINE void step_tangents(kernel_run *run, const mech_mechanism *mechanism, const species_changes *changes,
                          lane_group *group, const attempt *a, tangent_memory m, lane_mask accepted) {
    find_slopes(mechanism, changes, group, a, m);
    const int n = mechanism->n_species;
    for (size_t q = 0; q < run->job->n_tangents; q++) {
        lanes *dy = m.states + q * (size_t)n, dy_new[MAX_SPECIES];
        const int which = run->job->tangents[q];
        step_tangent(mechanism, changes, group, a, m, dy, which < mechanism->n_rate_constants ? which : -1,
                     n + (int)(run->n_observed * q), run->job->observed, dy_new);
        for (int i = 0; i < n; i++) dy[i] = choose(accepted, dy_new[i], dy[i]);
    }
}

/* Estimates the error, accepts or rejects, chooses the next step size; returns which lanes failed and which reached
 * their end. */
INLINE void end_attempt(kernel_run *run, const mech_mechanism *mechanism, const species_changes *changes,
                        lane_group *group, attempt *a, const tangent_memory *tangents, lane_mask *done,
                        lane_mask *failed) {
    const double n = mechanism->n_species;
    lanes error[MAX_SPECIES], sum = fill(0);
    /* The last stage is the difference to the embedded solution of order 3. */
    for (int i = 0; i < mechanism->n_species; i++) error[i] = fill(0);
    move_species(mechanism, changes, a->u[STAGES - 1], error);
    for (int i = 0; i < mechanism->n_species; i++) {
        a->y[i] += error[i];
        const lanes scale = (mechanism->species[i].catalyst_units ? group->catalyst_atol : fill(run->options->atol)) +
                            run->options->rtol * larger(absolute(group->y[i]), absolute(a->y[i]));
        const lanes ratio = error[i] / scale;
        sum += ratio * ratio;
    }
    const lane_mask accepted = group->busy & (sum <= n);
    const lanes t_new = choose(a->reaches_end, group->t_end, group->t + a->h);
    if (run->job->records) record_attempt(mechanism, changes, group, a);
    if (tangents) step_tangents(run, mechanism, changes, group, a, *tangents, accepted);
    if (run->job->records)
        keep_records(group, t_new, accepted, tangents ? run->n_columns : (size_t)mechanism->n_species);
    const lanes most = choose(group->rejected_last, fill(1), fill(LARGEST_GROWTH));
    const lanes wanted = larger(SAFETY * inverse_eighth_root(sum * (1 / n)), fill(SMALLEST_GROWTH));
    const lanes growth = choose(sum < INFINITY, smaller(wanted, most), fill(SMALLEST_GROWTH));
    for (int i = 0; i < mechanism->n_species; i++) group->y[i] = choose(accepted, a->y[i], group->y[i]);
    group->t = choose(accepted, t_new, group->t);
    group->h = choose(group->busy, a->h * growth, group->h);
    group->rejected_last = ~accepted;
    group->steps -= group->busy;
    group->rejected_steps -= group->busy & ~accepted;
    *done = accepted & a->reaches_end;
    const uint64_t max_steps = run->options->max_steps;
    const int64_t most_steps = max_steps < INT64_MAX ? (int64_t)max_steps : INT64_MAX;
    const lane_mask stuck = (group->steps >= most_steps) | (group->t + group->h * 1e-3 <= group->t);
    *failed = group->busy & ~*done & stuck;
}

/* A small share of the catalyst may carry the whole turnover, or be the seed of an autocatalytic start, so that the
 * forms of the catalyst are held to a tolerance that counts in the catalyst at hand (docs/solver.md). */
static double catalyst_tolerance(const kernel_run *run, const double *y) {
    double catalyst = 0;
    for (int i = 0; i < run->mechanism->n_species; i++) catalyst += run->mechanism->species[i].catalyst_units * y[i];
    return catalyst > 0 ? run->options->atol * fmin(CATALYST_TOLERANCE * catalyst, 1) : run->options->atol;
}

/* Fetches the next problem that there is something to integrate for; one that ends where it starts is finished here. */
static bool fetch_problem(kernel_run *run, supply *source, double *k, double *y, double *t_end) {
    const path nowhere = {.n_species = (int)run->n_columns, .t = (const double[]){0}};
    while (!source->dry && run->job->next(run->job->context, source->next_problem, k, y, t_end)) {
        const size_t problem = source->next_problem++;
        if (*t_end > 0) return true;
        run->job->finished(run->job->context, problem, false, y, run->job->records ? &nowhere : NULL);
    }
    source->dry = true;
    return false;
}

/* Makes every recording of the group large enough for `room` more steps. */
static void make_room(kernel_run *run, lane_group *group) {
    enum { ROOM = 16 };
    const size_t cubics = run->n_columns * 4;
    for (int l = 0; l < LANES; l++) {
        recording *record = &group->recordings[l];
        const size_t n_steps = record->t ? (size_t)(group->t_slot[l] - record->t) : 0;
        if (!mech_recording_reserve(run, record, n_steps + ROOM)) return;
        group->t_slot[l] = record->t + n_steps;
        group->cubic_slot[l] = record->cubic + n_steps * cubics;
    }
    group->room = ROOM;
}

/* Derivatives of a problem's start, in one lane: nothing by rate constants, 1 by a species' own amount. */
static void start_tangents(const kernel_run *run, lanes *states, int l) {
    const int n = run->mechanism->n_species;
    for (size_t q = 0; q < run->job->n_tangents; q++)
        for (int i = 0; i < n; i++)
            states[q * (size_t)n + (size_t)i][l] = run->job->tangents[q] == run->mechanism->n_rate_constants + i;
}

/* Takes the next problem into a lane; a lane without one idles on an empty problem whose step changes nothing. */
static void load_lane(kernel_run *run, supply *source, lane_group *group, int l) {
    const mech_mechanism *mechanism = run->mechanism;
    double k[MAX_RATE_CONSTANTS] = {0}, y[MAX_SPECIES] = {0}, t_end = 1;
    const bool busy = fetch_problem(run, source, k, y, &t_end);
    if (busy) {
        group->problem[l] = source->next_problem - 1;
        source->n_busy++;
    } else {
        memset(k, 0, sizeof k);
        memset(y, 0, sizeof y);
        t_end = 1;
    }
    for (int i = 0; i < mechanism->n_rate_constants; i++) group->k[i][l] = k[i];
    for (int i = 0; i < mechanism->n_species; i++) group->y[i][l] = y[i];
    if (group->tangents) start_tangents(run, group->tangents, l);
    group->catalyst_atol[l] = catalyst_tolerance(run, y);
    group->t[l] = 0;
    group->h[l] = 1;
    group->t_end[l] = t_end;
    group->busy[l] = -busy;
    group->steps[l] = 0;
    group->has_first = true;
    group->rejected_steps[l] = 0;
    group->rejected_last[l] = 0;
    if (run->job->records) {
        group->t_slot[l] = group->recordings[l].t;
        group->cubic_slot[l] = group->recordings[l].cubic;
        group->t_slot[l][0] = 0;
    }
}

static void finish_lane(kernel_run *run, supply *source, lane_group *group, int l, bool failed) {
    const int n = run->mechanism->n_species;
    double end[MAX_SPECIES];
    for (int i = 0; i < n; i++) end[i] = group->y[i][l];
    const recording *record = &group->recordings[l];
    path solution = {.n_species = (int)run->n_columns, .t = record->t, .cubic = record->cubic};
    if (run->job->records) solution.n_steps = (size_t)(group->t_slot[l] - record->t);
    run->statistics.steps += (size_t)group->steps[l];
    run->statistics.rejected_steps += (size_t)group->rejected_steps[l];
    run->statistics.failures += failed;
    run->job->finished(run->job->context, group->problem[l], failed, end, run->job->records ? &solution : NULL);
    source->n_busy--;
    load_lane(run, source, group, l);
}

static __attribute__((noinline)) void finish_lanes(kernel_run *run, supply *source, lane_group *group, lane_mask done,
                                                   lane_mask failed) {
    for (int l = 0; l < LANES; l++)
        if (done[l] || failed[l]) finish_lane(run, source, group, l, failed[l]);
}

INLINE void lay_out(const mech_mechanism *mechanism, lanes *workspace, attempt *a) {
    const int n = mechanism->n_reactions;
    a->w = workspace;
    a->inverse_diagonal = workspace + n * n;
    a->extent = workspace + n * n + n;
    for (int stage = 0; stage < STAGES; stage++) a->u[stage] = workspace + n * (n + 2 + stage);
}

INLINE tangent_memory lay_out_tangents(const kernel_run *run, const mech_mechanism *mechanism, int group) {
    const size_t n = (size_t)mechanism->n_reactions;
    const size_t states = run->job->n_tangents * (size_t)mechanism->n_species;
    lanes *memory = run->tangents;
    return (tangent_memory){.slopes = memory,
                            .u = memory + STAGES * n * SLOPES_A_REACTION,
                            .states = memory + STAGES * n * (SLOPES_A_REACTION + 1) + (size_t)group * states};
}

/* `mechanism` is run->mechanism, or its table as a compile-time constant, from which the compiler unrolls the step into
 * straight code. workspace[GROUPS][ATTEMPT_LANES(n_reactions)]. */
INLINE void integrate(kernel_run *run, const mech_mechanism *mechanism, const species_changes *changes,
                      lanes *workspace, bool with_tangents) {
    lane_group groups[GROUPS];
    supply source = {0};
    memset(groups, 0, sizeof groups);
    for (int g = 0; g < GROUPS; g++) {
        groups[g].recordings = run->recordings + g * LANES;
        if (with_tangents) groups[g].tangents = lay_out_tangents(run, mechanism, g).states;
        if (run->job->records) make_room(run, &groups[g]);
        for (int l = 0; l < LANES && !run->out_of_memory; l++) load_lane(run, &source, &groups[g], l);
    }
    while (source.n_busy > 0 && !run->out_of_memory) {
        attempt attempts[GROUPS];
        for (int g = 0; g < GROUPS; g++) {
            lay_out(mechanism, workspace + g * ATTEMPT_LANES(mechanism->n_reactions), &attempts[g]);
            begin_attempt(mechanism, changes, &groups[g], &attempts[g]);
        }
        for (int stage = 0; stage < STAGES; stage++)
            for (int g = 0; g < GROUPS; g++)
                compute_stage(mechanism, changes, &groups[g], &attempts[g], stage, with_tangents);
        for (int g = 0; g < GROUPS; g++) {
            lane_mask done, failed;
            if (with_tangents) {
                const tangent_memory tangents = lay_out_tangents(run, mechanism, g);
                end_attempt(run, mechanism, changes, &groups[g], &attempts[g], &tangents, &done, &failed);
            } else {
                end_attempt(run, mechanism, changes, &groups[g], &attempts[g], NULL, &done, &failed);
            }
            if (any(done | failed)) finish_lanes(run, &source, &groups[g], done, failed);
            if (run->job->records && --groups[g].room == 0) make_room(run, &groups[g]);
        }
    }
}

static __attribute__((noinline)) void integrate_any(kernel_run *run) {
    if (run->job->n_tangents)
        integrate(run, run->mechanism, run->changes, run->workspace, true);
    else
        integrate(run, run->mechanism, run->changes, run->workspace, false);
}

#ifdef MECHANIST_SPECIALISED
/* One function for each row of the tables; the rows are numbered here only. */
/* clang-format off */
#define ROWS(ROW)                                                                                                      \
    ROW(0) ROW(1) ROW(2) ROW(3) ROW(4) ROW(5) ROW(6) ROW(7) ROW(8) ROW(9) ROW(10) ROW(11) ROW(12) ROW(13) ROW(14)      \
    ROW(15) ROW(16) ROW(17) ROW(18) ROW(19)
/* clang-format on */
#define SPECIALISE(row)                                                                                                \
    static __attribute__((noinline)) void integrate_row_##row(kernel_run *run) {                                       \
        lanes workspace[GROUPS * ATTEMPT_LANES(MOST_SPECIALISED_REACTIONS)];                                           \
        integrate(run, &mechanism_tables[row], NULL, workspace, false);                                                \
    }                                                                                                                  \
    static __attribute__((noinline)) void integrate_row_with_tangents_##row(kernel_run *run) {                         \
        lanes workspace[GROUPS * ATTEMPT_LANES(MOST_SPECIALISED_REACTIONS)];                                           \
        integrate(run, &mechanism_tables[row], NULL, workspace, true);                                                 \
    }
ROWS(SPECIALISE)
#define ENTRY(row) integrate_row_##row,
static void (*const integrate_row[])(kernel_run *run) = {ROWS(ENTRY)};
#define ENTRY_WITH_TANGENTS(row) integrate_row_with_tangents_##row,
static void (*const integrate_row_with_tangents[])(kernel_run *run) = {ROWS(ENTRY_WITH_TANGENTS)};
_Static_assert(sizeof integrate_row / sizeof integrate_row[0] == sizeof mechanism_tables / sizeof mechanism_tables[0],
               "every row of the tables is specialised");
#endif

#define NAMED(prefix, suffix) prefix##suffix
#define WITH_SUFFIX(prefix, suffix) NAMED(prefix, suffix)

void WITH_SUFFIX(mech_rosenbrock_kernel_, LANES_SUFFIX)(kernel_run *run) {
#ifdef MECHANIST_SPECIALISED
    if (run->specialised >= 0) {
        (run->job->n_tangents ? integrate_row_with_tangents : integrate_row)[run->specialised](run);
        return;
    }
#endif
    integrate_any(run);
}
