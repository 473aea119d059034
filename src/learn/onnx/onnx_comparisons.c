/* Comparisons of runs in ONNX, operator by operator those of comparisons_lanes.c. Values within have the shape (T, M)
 * with M = N * runs, what lies between readings k and k + 1 the shape (T - 1, M), what is looked up for each reading in
 * each gap (T, T - 1, M). */
#include "learn/inputs/comparisons.h"
#include "learn/inputs/kinetics.h"
#include "learn/onnx/onnx_formula.h"

enum { TIME_SIDE = 0, GAP_SIDE = 1 };

/* A turnover curve, as in comparisons_lanes.c: readings, and what lies between them. */
typedef struct curve_values {
    onnx_name times, s, l;
    onnx_name start, end, high, low, log_high, log_low, by_substrate, by_logarithm;
} curve_values;

/* A value, and whether there is one. */
typedef struct found_value {
    onnx_name value, found;
} found_value;

static onnx_name minus(formula *f, onnx_name a, onnx_name b) { return combine(f, "Sub", a, b); }

static onnx_name product(formula *f, onnx_name a, onnx_name b) { return combine(f, "Mul", a, b); }

/* One column of a series (M, T, width). */
static onnx_name column(formula *f, onnx_name series, int64_t place) {
    const onnx_name one = combine(f, "Squeeze", slice(f, series, 2, place, place + 1), wholes(f, 1, &(int64_t){2}));
    return transpose(f, one, 2, (const int64_t[]){1, 0});
}

/* The values of the runs `ahead` places behind each, in the cyclic order of their samples. */
static onnx_name runs_ahead(formula *f, onnx_name x, size_t n_runs, size_t ahead) {
    const onnx_name by_run = reshape(f, x, 3, (const int64_t[]){0, -1, (int64_t)n_runs});
    const onnx_name later = slice(f, by_run, 2, (int64_t)ahead, (int64_t)n_runs);
    const onnx_name earlier = slice(f, by_run, 2, 0, (int64_t)ahead);
    return reshape(f, join(f, later, earlier, 2), 2, (const int64_t[]){0, -1});
}

/* Of every gap but the first the reading before it; of that the third one, or the last. */
static onnx_name third_before_gap(formula *f, onnx_name x) {
    const onnx_name third = slice(f, slice(f, x, TIME_SIDE, 1, 3), TIME_SIDE, -1, INT64_MAX);
    return join(f, third, slice(f, x, TIME_SIDE, 0, -2), TIME_SIDE);
}

/* Of every gap but the last the reading after it; of that the one before. */
static onnx_name third_after_gap(formula *f, onnx_name x) {
    const onnx_name third = slice(f, slice(f, x, TIME_SIDE, -3, INT64_MAX), TIME_SIDE, 0, 1);
    return join(f, slice(f, x, TIME_SIDE, 2, INT64_MAX), third, TIME_SIDE);
}

static onnx_name mech_bend(formula *f, const curve_values *c, onnx_name (*third)(formula *f, onnx_name x)) {
    const onnx_name s1 = minus(f, c->high, c->low), s2 = minus(f, c->high, third(f, c->s));
    const onnx_name l1 = minus(f, c->log_high, c->log_low), l2 = minus(f, c->log_high, third(f, c->l));
    const onnx_name t1 = minus(f, c->end, c->start), t2 = minus(f, third(f, c->times), c->start);
    const onnx_name s1_l2 = product(f, s1, l2), s2_l1 = product(f, s2, l1);
    const onnx_name determinant = minus(f, s1_l2, s2_l1);
    const onnx_name size = combine(f, "Add", apply(f, "Abs", s1_l2), apply(f, "Abs", s2_l1));
    const onnx_name lengths = combine(f, "Add", apply(f, "Abs", s1), apply(f, "Abs", s2));
    const onnx_name least = combine(f, "Add", product(f, size, number(f, COMPARISONS_LEAST_CURVATURE)),
                                    product(f, lengths, number(f, COMPARISONS_ROUNDING)));
    const onnx_name squared = combine(f, "Add", product(f, determinant, determinant), product(f, least, least));
    const onnx_name divisor = combine(f, "Max", squared, number(f, COMPARISONS_LEAST_SQUARE));
    const onnx_name numerator = minus(f, product(f, s1, t2), product(f, s2, t1));
    return product(f, numerator, combine(f, "Div", determinant, divisor));
}

static curve_values fit_curve(formula *f, onnx_name times, onnx_name s, onnx_name l) {
    curve_values c = {.times = times, .s = s, .l = l};
    c.start = slice(f, times, TIME_SIDE, 0, -1);
    c.end = slice(f, times, TIME_SIDE, 1, INT64_MAX);
    c.high = slice(f, s, TIME_SIDE, 0, -1);
    c.low = slice(f, s, TIME_SIDE, 1, INT64_MAX);
    c.log_high = slice(f, l, TIME_SIDE, 0, -1);
    c.log_low = slice(f, l, TIME_SIDE, 1, INT64_MAX);
    const onnx_name both = combine(f, "Add", mech_bend(f, &c, third_before_gap), mech_bend(f, &c, third_after_gap));
    c.by_logarithm = product(f, both, number(f, 0.5));
    const onnx_name bent = product(f, c.by_logarithm, minus(f, c.log_high, c.log_low));
    c.by_substrate = combine(f, "Div", minus(f, minus(f, c.end, c.start), bent), minus(f, c.high, c.low));
    return c;
}

static found_value time_at(formula *f, const curve_values *c, onnx_name s_wanted, onnx_name l_wanted) {
    const int64_t gap_side = GAP_SIDE;
    const onnx_name side = wholes(f, 1, &gap_side);
    const onnx_name s = combine(f, "Unsqueeze", s_wanted, side), l = combine(f, "Unsqueeze", l_wanted, side);
    const onnx_name here =
        combine(f, "And", combine(f, "GreaterOrEqual", c->high, s), combine(f, "Greater", s, c->low));
    text attributes = {0};
    mech_onnx_whole_attribute(&attributes, "exclusive", 1);
    const onnx_name counted = real_of(f, here);
    const onnx_name earlier = mech_onnx_append(f->e, "CumSum", counted.text, side.text, next_name(f), &attributes);
    const onnx_name first = combine(f, "And", here, combine(f, "Less", earlier, number(f, 0.5)));
    const onnx_name by_s = product(f, c->by_substrate, minus(f, c->high, s));
    const onnx_name by_l = product(f, c->by_logarithm, minus(f, c->log_high, l));
    onnx_name x = combine(f, "Add", combine(f, "Add", c->start, by_s), by_l);
    x = select(f, combine(f, "Greater", x, c->start), x, c->start);
    x = select(f, combine(f, "Less", x, c->end), x, c->end);
    const onnx_name time = sum(f, select(f, first, x, number(f, 0)), GAP_SIDE);
    const onnx_name found = combine(f, "Greater", sum(f, counted, GAP_SIDE), number(f, 0.5));
    return (found_value){combine(f, "Squeeze", time, side), combine(f, "Squeeze", found, side)};
}

static found_value time_of_start(formula *f, const curve_values *c, onnx_name s, onnx_name l) {
    const onnx_name at_once = combine(f, "LessOrEqual", slice(f, c->s, TIME_SIDE, 0, 1), s);
    const found_value later = time_at(f, c, s, l);
    return (found_value){select(f, at_once, number(f, 0), later.value), combine(f, "Or", at_once, later.found)};
}

/* (1, M), the same for the runs of a sample. */
static onnx_name noise_of_series(formula *f, onnx_name kinetics, onnx_name loadings, size_t n_runs) {
    const onnx_name together =
        combine(f, "Add", column(f, kinetics, KINETICS_SUBSTRATE), column(f, kinetics, KINETICS_PRODUCT));
    const onnx_name missing = minus(f, slice(f, together, TIME_SIDE, 0, 1), together);
    const onnx_name zero = number(f, 0);
    const onnx_name above = combine(f, "Max", minus(f, missing, loadings), zero);
    const onnx_name outside = combine(f, "Add", combine(f, "Max", apply(f, "Neg", missing), zero), above);
    const onnx_name measured =
        product(f, column(f, kinetics, KINETICS_SUBSTRATE_MEASURED), column(f, kinetics, KINETICS_PRODUCT_MEASURED));
    const onnx_name squares = product(f, product(f, outside, outside), measured);
    const onnx_name of_run = sum(f, slice(f, squares, TIME_SIDE, 1, INT64_MAX), TIME_SIDE);
    const onnx_name count_of_run = sum(f, slice(f, measured, TIME_SIDE, 1, INT64_MAX), TIME_SIDE);
    const int64_t by_sample[] = {-1, (int64_t)n_runs}, in_a_row[] = {1, -1};
    const onnx_name count = sum(f, reshape(f, count_of_run, 2, by_sample), 1);
    const onnx_name total = sum(f, reshape(f, of_run, 2, by_sample), 1);
    const onnx_name root = apply(f, "Sqrt", combine(f, "Div", total, combine(f, "Max", count, number(f, 1))));
    const onnx_name known = combine(f, "Greater", count, number(f, 0.5));
    const onnx_name noise = select(f, known, root, number(f, COMPARISONS_UNKNOWN_NOISE));
    const onnx_name spread = combine(f, "Add", noise, product(f, reshape(f, count_of_run, 2, by_sample), zero));
    return reshape(f, spread, 2, in_a_row);
}

static void compare(formula *f, const curve_values *own, const curve_values *other, onnx_name noise,
                    onnx_name *deviation, onnx_name *seen) {
    const onnx_name s_own = slice(f, own->s, TIME_SIDE, 0, 1), s_other = slice(f, other->s, TIME_SIDE, 0, 1);
    const onnx_name l_own = slice(f, own->l, TIME_SIDE, 0, 1), l_other = slice(f, other->l, TIME_SIDE, 0, 1);
    const onnx_name own_is_lower = combine(f, "Less", s_own, s_other);
    const onnx_name s_start = select(f, own_is_lower, s_own, s_other),
                    l_start = select(f, own_is_lower, l_own, l_other);
    const found_value own_start = time_of_start(f, own, s_start, l_start);
    const found_value other_start = time_of_start(f, other, s_start, l_start);
    const found_value passed = time_at(f, other, own->s, own->l);
    const onnx_name there = minus(f, passed.value, other_start.value), here = minus(f, own->times, own_start.value);
    const onnx_name both = combine(f, "Add", apply(f, "Abs", here), apply(f, "Abs", there));
    const onnx_name least = number(f, COMPARISONS_LEAST_CHANGE);
    const onnx_name converted = combine(f, "Max", minus(f, s_start, own->s), least),
                    left = combine(f, "Max", own->s, least);
    const onnx_name error = combine(f, "Add", combine(f, "Div", noise, converted), combine(f, "Div", noise, left));
    const onnx_name scale = product(f, combine(f, "Max", both, number(f, COMPARISONS_LEAST_TIME)),
                                    combine(f, "Add", error, number(f, COMPARISONS_RESOLUTION)));
    const onnx_name size = signed_logarithm(f, combine(f, "Div", minus(f, there, here), scale));
    const onnx_name started = combine(f, "And", own_start.found, other_start.found);
    const onnx_name later = combine(f, "Less", own->s, s_start);
    const onnx_name told = combine(f, "And", combine(f, "And", passed.found, started), later);
    *deviation = select(f, told, product(f, size, number(f, COMPARISONS_SCALE)), number(f, 0));
    *seen = real_of(f, told);
}

/* A column (T, M) as one of a series. */
static onnx_name as_series(formula *f, onnx_name x) {
    return combine(f, "Unsqueeze", transpose(f, x, 2, (const int64_t[]){1, 0}), wholes(f, 1, &(int64_t){2}));
}

onnx_name mech_onnx_comparisons(onnx_export *e, int number_of_node, const char *loadings, const char *kinetics) {
    formula f = {.e = e, .node = number_of_node};
    const size_t n_runs = e->model->g.nodes[number_of_node].runs;
    const onnx_name series = named(kinetics), given = reshape(&f, named(loadings), 2, (const int64_t[]){1, -1});
    const onnx_name loading = combine(&f, "Max", given, number(&f, KINETICS_LEAST_LOADING));
    const onnx_name times = product(&f, column(&f, series, KINETICS_TIME), loading);
    const onnx_name s = column(&f, series, KINETICS_SUBSTRATE), l = column(&f, series, KINETICS_LOG_SUBSTRATE);
    const curve_values own = fit_curve(&f, times, s, l);
    const onnx_name noise = noise_of_series(&f, series, given, n_runs);
    onnx_name deviations = {{0}}, seen = {{0}};
    for (size_t ahead = 1; ahead < n_runs; ahead++) {
        const curve_values other = fit_curve(&f, runs_ahead(&f, times, n_runs, ahead), runs_ahead(&f, s, n_runs, ahead),
                                             runs_ahead(&f, l, n_runs, ahead));
        onnx_name deviation, told;
        compare(&f, &own, &other, noise, &deviation, &told);
        deviation = as_series(&f, deviation);
        told = as_series(&f, told);
        deviations = ahead > 1 ? join(&f, deviations, deviation, 2) : deviation;
        seen = ahead > 1 ? join(&f, seen, told, 2) : told;
    }
    const onnx_name logarithm = apply(&f, "Log", combine(&f, "Add", noise, number(&f, COMPARISONS_LEAST_NOISE)));
    const onnx_name level = combine(&f, "Add", product(&f, logarithm, number(&f, COMPARISONS_NOISE_SCALE)),
                                    number(&f, COMPARISONS_NOISE_OFFSET));
    const onnx_name everywhere = combine(&f, "Add", product(&f, times, number(&f, 0)), level);
    return join(&f, join(&f, deviations, seen, 2), as_series(&f, everywhere), 2);
}
