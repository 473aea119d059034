/* Nodes of runs in ONNX: a series of each run is a value of shape (N * runs, T, width), the runs of a sample one after
 * another. The computations are those of kinetics_lanes.c, operator by operator. */
#include "data/samples/samples.h"
#include "learn/inputs/kinetics.h"
#include "learn/onnx/onnx_formula.h"

/* The reading before each; before the first, the first. */
static onnx_name before(formula *f, onnx_name x) { return join(f, slice(f, x, 1, 0, 1), slice(f, x, 1, 0, -1), 1); }

static onnx_name third_before(formula *f, onnx_name x) { return before(f, before(f, before(f, x))); }

static onnx_name scaled_logarithm(formula *f, onnx_name x, double least, double factor, double shift) {
    const onnx_name logarithm = apply(f, "Log", combine(f, "Max", x, number(f, least)));
    return combine(f, "Add", combine(f, "Mul", logarithm, number(f, factor)), number(f, shift));
}

static onnx_name turnover_frequency(formula *f, onnx_name from, onnx_name to, onnx_name step_times_loading) {
    const onnx_name frequency = combine(f, "Div", combine(f, "Sub", to, from), step_times_loading);
    return combine(f, "Mul", signed_logarithm(f, frequency), number(f, KINETICS_TURNOVER_SCALE));
}

static onnx_name measured(formula *f, onnx_name is_missing) { return real_of(f, apply(f, "Not", is_missing)); }

/* t, S and P of each run, (N * runs, T, 1) each. */
static void split_runs(formula *f, const char *series, size_t n_runs, onnx_name columns[RUN_COLUMNS]) {
    const onnx_name by_run = reshape(f, named(series), 4, (const int64_t[]){0, 0, (int64_t)n_runs, RUN_COLUMNS});
    const onnx_name by_time = transpose(f, by_run, 4, (const int64_t[]){1, 0, 2, 3});
    const onnx_name runs = in_time(f, reshape(f, by_time, 3, (const int64_t[]){0, -1, RUN_COLUMNS}));
    text attributes = {0};
    for (int i = 0; i < RUN_COLUMNS; i++) columns[i] = next_name(f);
    mech_onnx_whole_attribute(&attributes, "axis", -1);
    mech_onnx_operator(&f->e->g, "Split", (const char *[]){runs.text, NULL},
                       (const char *[]){columns[0].text, columns[1].text, columns[2].text, NULL}, &attributes);
}

onnx_name mech_onnx_kinetics(onnx_export *e, int number_of_node, const char *loadings, const char *series) {
    formula f = {.e = e, .node = number_of_node};
    const size_t n_runs = e->model->g.nodes[number_of_node].runs;
    onnx_name raw[RUN_COLUMNS], columns[KINETICS_COLUMNS];
    split_runs(&f, series, n_runs, raw);
    const onnx_name given = reshape(&f, named(loadings), 3, (const int64_t[]){-1, 1, 1});
    const onnx_name loading = combine(&f, "Max", given, number(&f, KINETICS_LEAST_LOADING));

    const onnx_name t = raw[0], no_s = apply(&f, "IsNaN", raw[1]), no_p = apply(&f, "IsNaN", raw[2]);
    const onnx_name s_start = slice(&f, raw[1], 1, 0, 1), p_start = slice(&f, raw[2], 1, 0, 1);
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
    mech_onnx_whole_attribute(&attributes, "axis", -1);
    mech_onnx_operator(&e->g, "Concat", names, (const char *[]){all.text, NULL}, &attributes);
    return all;
}

onnx_name mech_onnx_together(onnx_export *e, int number_of_node, const char *input) {
    formula f = {.e = e, .node = number_of_node};
    const graph_node *node = &e->model->g.nodes[number_of_node];
    const onnx_name x = named(input);
    if (!node->series) return reshape(&f, x, 2, (const int64_t[]){-1, (int64_t)node->width});
    return in_time(&f, reshape(&f, in_time(&f, x), 3, (const int64_t[]){0, -1, (int64_t)node->width}));
}
