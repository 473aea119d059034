/* Nodes of runs in ONNX: a series of each run is a value of shape (N * runs, T, width), the runs of a sample one after
 * another. The computations are those of kinetics_lanes.c, operator by operator. */
#include "data/samples.h"
#include "learn/kinetics.h"
#include "learn/onnx_layers.h"

#include <stdio.h>

/* Operators of one node, named by number. */
typedef struct formula {
    onnx_export *e;
    int node, n_values;
} formula;

static onnx_name next_name(formula *f) {
    onnx_name name;
    snprintf(name.text, sizeof name.text, "runs_%d/%d", f->node, f->n_values++);
    return name;
}

static onnx_name apply(formula *f, const char *kind, onnx_name x) {
    return onnx_append(f->e, kind, x.text, NULL, next_name(f), NULL);
}

static onnx_name combine(formula *f, const char *kind, onnx_name a, onnx_name b) {
    return onnx_append(f->e, kind, a.text, b.text, next_name(f), NULL);
}

static onnx_name number(formula *f, double value) { return onnx_number(f->e, next_name(f), (float)value); }

static onnx_name wholes(formula *f, size_t n, const int64_t *values) {
    const onnx_name name = next_name(f);
    onnx_wholes(&f->e->g, name.text, n, values);
    return name;
}

static onnx_name reshape(formula *f, onnx_name x, size_t rank, const int64_t *shape) {
    return combine(f, "Reshape", x, wholes(f, rank, shape));
}

static onnx_name transpose(formula *f, onnx_name x, size_t rank, const int64_t *order) {
    text attributes = {0};
    onnx_wholes_attribute(&attributes, "perm", rank, order);
    return onnx_append(f->e, "Transpose", x.text, NULL, next_name(f), &attributes);
}

/* Samples and times change places; with that, samples and runs can be split and joined whatever their number. */
static onnx_name in_time(formula *f, onnx_name x) { return transpose(f, x, 3, (const int64_t[]){1, 0, 2}); }

/* Readings `from` to `to` (not included; from the end where negative) of a series. */
static onnx_name readings(formula *f, onnx_name x, int64_t from, int64_t to) {
    const int64_t time_side = 1;
    const onnx_name begin = wholes(f, 1, &from), end = wholes(f, 1, &to), side = wholes(f, 1, &time_side);
    const onnx_name part = next_name(f);
    onnx_operator(&f->e->g, "Slice", (const char *[]){x.text, begin.text, end.text, side.text, NULL},
                  (const char *[]){part.text, NULL}, NULL);
    return part;
}

static onnx_name select(formula *f, onnx_name condition, onnx_name yes, onnx_name no) {
    const onnx_name value = next_name(f);
    onnx_operator(&f->e->g, "Where", (const char *[]){condition.text, yes.text, no.text, NULL},
                  (const char *[]){value.text, NULL}, NULL);
    return value;
}

/* The reading before each; before the first, the first. */
static onnx_name before(formula *f, onnx_name x) {
    text attributes = {0};
    const onnx_name first = readings(f, x, 0, 1), rest = readings(f, x, 0, -1);
    onnx_whole_attribute(&attributes, "axis", 1);
    return onnx_append(f->e, "Concat", first.text, rest.text, next_name(f), &attributes);
}

static onnx_name third_before(formula *f, onnx_name x) { return before(f, before(f, before(f, x))); }

static onnx_name scaled_logarithm(formula *f, onnx_name x, double least, double factor, double shift) {
    const onnx_name logarithm = apply(f, "Log", combine(f, "Max", x, number(f, least)));
    return combine(f, "Add", combine(f, "Mul", logarithm, number(f, factor)), number(f, shift));
}

static onnx_name signed_logarithm(formula *f, onnx_name x) {
    const onnx_name size = apply(f, "Log", combine(f, "Add", number(f, 1), apply(f, "Abs", x)));
    return combine(f, "Mul", apply(f, "Sign", x), size);
}

static onnx_name turnover_frequency(formula *f, onnx_name from, onnx_name to, onnx_name step_times_loading) {
    const onnx_name frequency = combine(f, "Div", combine(f, "Sub", to, from), step_times_loading);
    return combine(f, "Mul", signed_logarithm(f, frequency), number(f, KINETICS_TURNOVER_SCALE));
}

static onnx_name measured(formula *f, onnx_name is_missing) {
    return onnx_cast(f->e, apply(f, "Not", is_missing).text, next_name(f), onnx_export_type(f->e));
}

/* t, S and P of each run, (N * runs, T, 1) each. */
static void split_runs(formula *f, const char *series, size_t n_runs, onnx_name columns[RUN_COLUMNS]) {
    onnx_name x;
    snprintf(x.text, sizeof x.text, "%s", series);
    const onnx_name by_run = reshape(f, x, 4, (const int64_t[]){0, 0, (int64_t)n_runs, RUN_COLUMNS});
    const onnx_name by_time = transpose(f, by_run, 4, (const int64_t[]){1, 0, 2, 3});
    const onnx_name runs = in_time(f, reshape(f, by_time, 3, (const int64_t[]){0, -1, RUN_COLUMNS}));
    text attributes = {0};
    for (int i = 0; i < RUN_COLUMNS; i++) columns[i] = next_name(f);
    onnx_whole_attribute(&attributes, "axis", -1);
    onnx_operator(&f->e->g, "Split", (const char *[]){runs.text, NULL},
                  (const char *[]){columns[0].text, columns[1].text, columns[2].text, NULL}, &attributes);
}

onnx_name onnx_kinetics(onnx_export *e, int number_of_node, const char *loadings, const char *series) {
    formula f = {.e = e, .node = number_of_node};
    const size_t n_runs = e->model->g.nodes[number_of_node].runs;
    onnx_name raw[RUN_COLUMNS], x1, columns[KINETICS_COLUMNS];
    split_runs(&f, series, n_runs, raw);
    snprintf(x1.text, sizeof x1.text, "%s", loadings);
    const onnx_name given = reshape(&f, x1, 3, (const int64_t[]){-1, 1, 1});
    const onnx_name loading = combine(&f, "Max", given, number(&f, KINETICS_LEAST_LOADING));

    const onnx_name t = raw[0], no_s = apply(&f, "IsNaN", raw[1]), no_p = apply(&f, "IsNaN", raw[2]);
    const onnx_name s_start = readings(&f, raw[1], 0, 1), p_start = readings(&f, raw[2], 0, 1);
    const onnx_name p_then = select(&f, apply(&f, "IsNaN", p_start), number(&f, 0), p_start);
    const onnx_name s_then =
        select(&f, apply(&f, "IsNaN", s_start), combine(&f, "Sub", number(&f, 1), p_then), s_start);
    const onnx_name total = combine(&f, "Add", s_then, p_then);
    const onnx_name s = select(&f, no_s, combine(&f, "Sub", total, raw[2]), raw[1]);
    const onnx_name p = select(&f, no_p, combine(&f, "Sub", total, raw[1]), raw[2]);

    const onnx_name least = number(&f, KINETICS_LEAST_STEP);
    const onnx_name step = combine(&f, "Max", combine(&f, "Sub", t, before(&f, t)), least);
    const onnx_name long_step = combine(&f, "Max", combine(&f, "Sub", t, third_before(&f, t)), least);
    const onnx_name work = combine(&f, "Mul", step, loading), long_work = combine(&f, "Mul", long_step, loading);
    const onnx_name carried = combine(&f, "Sub", combine(&f, "Sub", total, s), p);
    const onnx_name log_loading =
        scaled_logarithm(&f, loading, KINETICS_LEAST_LOADING, KINETICS_LOADING_SCALE, KINETICS_LOADING_OFFSET);

    columns[KINETICS_TIME] = t;
    columns[KINETICS_SUBSTRATE] = s;
    columns[KINETICS_PRODUCT] = p;
    columns[KINETICS_LOG_TIME] = scaled_logarithm(&f, t, KINETICS_LEAST_TIME, KINETICS_LOG_SCALE, KINETICS_LOG_OFFSET);
    columns[KINETICS_LOG_STEP] =
        scaled_logarithm(&f, step, KINETICS_LEAST_STEP, KINETICS_LOG_SCALE, KINETICS_LOG_OFFSET);
    /* One number a run, spread over its readings. */
    columns[KINETICS_LOG_LOADING] = combine(&f, "Add", combine(&f, "Mul", t, number(&f, 0)), log_loading);
    columns[KINETICS_LOG_SUBSTRATE] =
        scaled_logarithm(&f, s, KINETICS_LEAST_SUBSTRATE, KINETICS_LOG_SCALE, KINETICS_LOG_OFFSET);
    columns[KINETICS_CONSUMPTION] = turnover_frequency(&f, s, before(&f, s), work);
    columns[KINETICS_FORMATION] = turnover_frequency(&f, before(&f, p), p, work);
    columns[KINETICS_SMOOTHED_CONSUMPTION] = turnover_frequency(&f, s, third_before(&f, s), long_work);
    columns[KINETICS_SMOOTHED_FORMATION] = turnover_frequency(&f, third_before(&f, p), p, long_work);
    columns[KINETICS_CARRIED] = signed_logarithm(&f, combine(&f, "Div", carried, loading));
    columns[KINETICS_SUBSTRATE_MEASURED] = measured(&f, no_s);
    columns[KINETICS_PRODUCT_MEASURED] = measured(&f, no_p);

    const char *names[KINETICS_COLUMNS + 1] = {NULL};
    for (int i = 0; i < KINETICS_COLUMNS; i++) names[i] = columns[i].text;
    const onnx_name all = next_name(&f);
    text attributes = {0};
    onnx_whole_attribute(&attributes, "axis", -1);
    onnx_operator(&e->g, "Concat", names, (const char *[]){all.text, NULL}, &attributes);
    return all;
}

onnx_name onnx_together(onnx_export *e, int number_of_node, const char *input) {
    formula f = {.e = e, .node = number_of_node};
    const graph_node *node = &e->model->g.nodes[number_of_node];
    onnx_name x;
    snprintf(x.text, sizeof x.text, "%s", input);
    if (!node->series) return reshape(&f, x, 2, (const int64_t[]){-1, (int64_t)node->width});
    return in_time(&f, reshape(&f, in_time(&f, x), 3, (const int64_t[]){0, -1, (int64_t)node->width}));
}
