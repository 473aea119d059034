/* How the runs of a sample differ (learn/inputs/comparisons.h), a vector of runs at a time. */
#include "learn/inputs/comparisons.h"

#include "learn/inputs/kinetics.h"
#include "learn/layers/tile_lanes.h"

#include <math.h>

static const real LEAST_CHANGE = (real)COMPARISONS_LEAST_CHANGE, LEAST_LOADING = (real)KINETICS_LEAST_LOADING;

/* The turnover times of as many runs as a vector holds, by S: arrays of n_times vectors. Between readings k and k + 1
 * the turnover time is times[k] + by_substrate[k] (s[k] - S) + by_logarithm[k] (l[k] - L), L being the column
 * KINETICS_LOG_SUBSTRATE, which is linear in ln S. */
typedef struct turnover_curve {
    size_t n_times;
    real *times, *s, *l, *by_substrate, *by_logarithm;
} turnover_curve;

enum { CURVE_ARRAYS = 5 };

/* Where the runs of a vector stand among the rows of the tile. */
typedef struct run_rows {
    size_t rows[LANES];
} run_rows;

INLINE lanes magnitude(lanes x) { return (lanes)((lane_bits)x & ~(lane_bits)fill((real)-0.0)); }

static turnover_curve curve_in(real *memory, size_t n_times) {
    const size_t size = n_times * LANES;
    return (turnover_curve){n_times, memory, memory + size, memory + 2 * size, memory + 3 * size, memory + 4 * size};
}

/* The runs `ahead` places behind those of the rows from `first` on, in the cyclic order of their samples. Lanes beyond
 * `count` repeat the last run. */
static run_rows rows_ahead(size_t first, size_t count, size_t n_runs, size_t ahead) {
    run_rows r;
    for (size_t i = 0; i < LANES; i++) {
        const size_t row = first + (i < count ? i : count - 1), sample = row / n_runs;
        r.rows[i] = sample * n_runs + (row + ahead - sample * n_runs) % n_runs;
    }
    return r;
}

/* by_logarithm of the curve through the readings k, k + 1 and a third one: a quotient whose divisor is next to nothing
 * where S and ln S of the three lie on a straight line, and which then goes to 0. */
static lanes mech_bend(const turnover_curve *c, size_t k, size_t third) {
    const real *times = c->times, *s = c->s, *l = c->l;
    const lanes s1 = load(s + k * LANES) - load(s + (k + 1) * LANES),
                s2 = load(s + k * LANES) - load(s + third * LANES);
    const lanes l1 = load(l + k * LANES) - load(l + (k + 1) * LANES),
                l2 = load(l + k * LANES) - load(l + third * LANES);
    const lanes t1 = load(times + (k + 1) * LANES) - load(times + k * LANES);
    const lanes t2 = load(times + third * LANES) - load(times + k * LANES);
    const lanes determinant = s1 * l2 - s2 * l1;
    const lanes least = (magnitude(s1 * l2) + magnitude(s2 * l1)) * (real)COMPARISONS_LEAST_CURVATURE +
                        (magnitude(s1) + magnitude(s2)) * (real)COMPARISONS_ROUNDING;
    const lanes squared = at_least(determinant * determinant + least * least, (real)COMPARISONS_LEAST_SQUARE);
    return (s1 * t2 - s2 * t1) * (determinant / squared);
}

static void fit_curve(const turnover_curve *c) {
    for (size_t k = 0; k + 1 < c->n_times; k++) {
        const bool has_before = k > 0, has_after = k + 2 < c->n_times;
        /* Of two readings the second one is its own third: a straight line. */
        const lanes before = mech_bend(c, k, has_before ? k - 1 : has_after ? k + 2 : k + 1);
        const lanes after = mech_bend(c, k, has_after ? k + 2 : has_before ? k - 1 : k + 1);
        const lanes by_logarithm = (before + after) * (real)0.5;
        const lanes s = load(c->s + k * LANES) - load(c->s + (k + 1) * LANES);
        const lanes l = load(c->l + k * LANES) - load(c->l + (k + 1) * LANES);
        const lanes time = load(c->times + (k + 1) * LANES) - load(c->times + k * LANES);
        store(c->by_logarithm + k * LANES, by_logarithm);
        store(c->by_substrate + k * LANES, (time - by_logarithm * l) / s);
    }
}

/* `kinetics`: values of the node that comes before. */
static void read_curve(const turnover_curve *c, const real *kinetics, size_t step, size_t stride, const run_rows *r,
                       lanes loadings) {
    for (size_t time = 0; time < c->n_times; time++) {
        for (size_t i = 0; i < LANES; i++) {
            const real *x = kinetics + time * step + r->rows[i] * stride;
            c->times[time * LANES + i] = x[KINETICS_TIME];
            c->s[time * LANES + i] = x[KINETICS_SUBSTRATE];
            c->l[time * LANES + i] = x[KINETICS_LOG_SUBSTRATE];
        }
        store(c->times + time * LANES, load(c->times + time * LANES) * loadings);
    }
    fit_curve(c);
}

/* The turnover time at which S was s, where it came to that; elsewhere 0 and no bit of *found. */
static lanes time_at(const turnover_curve *c, lanes s, lanes l, lane_bits *found) {
    lanes time = fill(0);
    *found = (lane_bits)fill(0);
    for (size_t k = 0; k + 1 < c->n_times; k++) {
        const lanes high = load(c->s + k * LANES), low = load(c->s + (k + 1) * LANES);
        const lane_bits here = (lane_bits)(high >= s) & (lane_bits)(s > low) & ~*found;
        const lanes start = load(c->times + k * LANES), end = load(c->times + (k + 1) * LANES);
        lanes x = start + load(c->by_substrate + k * LANES) * (high - s) +
                  load(c->by_logarithm + k * LANES) * (load(c->l + k * LANES) - l);
        x = choose((lane_bits)(x > start), x, start);
        x = choose((lane_bits)(x < end), x, end);
        time = choose(here, x, time);
        *found |= here;
    }
    return time;
}

/* The same for the start that two runs have in common, which one of them has at t = 0. */
static lanes time_of_start(const turnover_curve *c, lanes s, lanes l, lane_bits *found) {
    const lane_bits at_once = (lane_bits)(load(c->s) <= s);
    const lanes later = time_at(c, s, l, found);
    *found |= at_once;
    return choose(at_once, fill(0), later);
}

/* The noise of a sample's S and P, from what its mass balance does not allow. An input: networks were trained on it as
 * it is. What the program says of noise is robust (data/runs/noise.h). */
static real noise_of_series(const real *kinetics, size_t n_times, size_t step, size_t stride, size_t n_runs,
                            const real *loadings) {
    real squares = 0, count = 0;
    for (size_t run = 0; run < n_runs; run++) {
        const real *start = kinetics + run * stride;
        const real total = start[KINETICS_SUBSTRATE] + start[KINETICS_PRODUCT];
        for (size_t time = 1; time < n_times; time++) {
            const real *x = start + time * step;
            const bool measured = x[KINETICS_SUBSTRATE_MEASURED] > 0 && x[KINETICS_PRODUCT_MEASURED] > 0;
            const real missing = total - x[KINETICS_SUBSTRATE] - x[KINETICS_PRODUCT];
            const real outside = missing < 0 ? -missing : missing > loadings[run] ? missing - loadings[run] : 0;
            squares += measured ? outside * outside : 0;
            count += measured;
        }
    }
    return count > 0 ? (real)sqrt((double)(squares / count)) : (real)COMPARISONS_UNKNOWN_NOISE;
}

/* What one comparison says of every reading of the vector's runs: two columns. */
static void compare(const turnover_curve *own, const turnover_curve *other, lanes noise, real *deviations, real *seen) {
    const lanes s_own = load(own->s), s_other = load(other->s);
    const lane_bits own_is_lower = (lane_bits)(s_own < s_other);
    const lanes s_start = choose(own_is_lower, s_own, s_other),
                l_start = choose(own_is_lower, load(own->l), load(other->l));
    lane_bits started, other_started;
    const lanes own_start = time_of_start(own, s_start, l_start, &started);
    const lanes other_start = time_of_start(other, s_start, l_start, &other_started);
    for (size_t time = 0; time < own->n_times; time++) {
        const lanes s = load(own->s + time * LANES), l = load(own->l + time * LANES);
        lane_bits found;
        const lanes there = time_at(other, s, l, &found) - other_start;
        const lanes here = load(own->times + time * LANES) - own_start;
        const lanes sum = at_least(magnitude(here) + magnitude(there), (real)COMPARISONS_LEAST_TIME);
        const lanes error = noise / at_least(s_start - s, LEAST_CHANGE) + noise / at_least(s, LEAST_CHANGE);
        const lanes deviation = signed_logarithm((there - here) / (sum * (error + (real)COMPARISONS_RESOLUTION)));
        const lane_bits told = found & started & other_started & (lane_bits)(s < s_start);
        store(deviations + time * LANES, choose(told, deviation * (real)COMPARISONS_SCALE, fill(0)));
        store(seen + time * LANES, choose(told, fill(1), fill(0)));
    }
}

void LANES_NAME(comparisons_forward)(tile *t, int node) {
    const graph_node *n = &t->g->nodes[node];
    const size_t n_runs = n->runs, n_times = t->layout->n_times, rows = t->n_rows * n_runs;
    const size_t stride = t->layout->nodes[node].stride, static_stride = t->layout->nodes[n->inputs[0]].stride;
    const size_t kinetics_stride = t->layout->nodes[n->inputs[1]].stride, kinetics_step = rows * kinetics_stride;
    const real *all_loadings = values_of(t, n->inputs[0]), *kinetics = values_of(t, n->inputs[1]);
    real *values = values_of(t, node), *memory = t->workspace + t->layout->nodes[node].curves;
    const turnover_curve own = curve_in(memory, n_times);
    const turnover_curve other = curve_in(memory + CURVE_ARRAYS * n_times * LANES, n_times);
    real *deviations = memory + 2 * CURVE_ARRAYS * n_times * LANES, *seen = deviations + n_times * LANES;
    for (size_t first = 0; first < rows; first += LANES) {
        const size_t count = rows - first < LANES ? rows - first : LANES;
        real noise[LANES], loadings[LANES];
        for (size_t ahead = 0; ahead < n_runs; ahead++) {
            const run_rows r = rows_ahead(first, count, n_runs, ahead);
            for (size_t i = 0; i < LANES; i++)
                loadings[i] = all_loadings[r.rows[i] / n_runs * static_stride + r.rows[i] % n_runs];
            const turnover_curve *c = ahead ? &other : &own;
            read_curve(c, kinetics, kinetics_step, kinetics_stride, &r, at_least(load(loadings), LEAST_LOADING));
            if (!ahead) {
                for (size_t i = 0; i < LANES; i++) {
                    const size_t sample = r.rows[i] / n_runs;
                    noise[i] = noise_of_series(kinetics + sample * n_runs * kinetics_stride, n_times, kinetics_step,
                                               kinetics_stride, n_runs, all_loadings + sample * static_stride);
                }
                continue;
            }
            compare(&own, &other, load(noise), deviations, seen);
            for (size_t time = 0; time < n_times; time++)
                for (size_t i = 0; i < count; i++) {
                    real *to = values + (time * rows + first + i) * stride;
                    to[ahead - 1] = deviations[time * LANES + i];
                    to[n_runs + ahead - 2] = seen[time * LANES + i];
                }
        }
        const lanes level = logarithm(load(noise) + (real)COMPARISONS_LEAST_NOISE) * (real)COMPARISONS_NOISE_SCALE +
                            (real)COMPARISONS_NOISE_OFFSET;
        store(noise, level);
        for (size_t time = 0; time < n_times; time++)
            for (size_t i = 0; i < count; i++) {
                real *to = values + (time * rows + first + i) * stride;
                to[2 * (n_runs - 1)] = noise[i];
                for (size_t j = COMPARISONS_COLUMNS(n_runs); j < stride; j++) to[j] = 0;
            }
    }
}
