/* How the catalyst is divided, in ONNX: the computations of catalyst_lanes.c, operator by operator. */
#include "learn/inputs/catalyst.h"
#include "learn/inputs/comparisons.h"
#include "learn/inputs/kinetics.h"
#include "learn/onnx/onnx_formula.h"

enum { TIME_SIDE = 1, COLUMN_SIDE = 2 };

static onnx_name column(formula *f, onnx_name series, int64_t j) { return slice(f, series, COLUMN_SIDE, j, j + 1); }

/* exp((x - offset) / scale) */
static onnx_name unscaled(formula *f, onnx_name x, double offset, double scale) {
    return apply(f, "Exp", combine(f, "Mul", combine(f, "Sub", x, number(f, offset)), number(f, 1 / scale)));
}

static onnx_name told(formula *f, onnx_name amount, onnx_name unit) {
    return combine(f, "Mul", signed_logarithm(f, combine(f, "Div", amount, unit)), number(f, CATALYST_SCALE));
}

onnx_name mech_onnx_catalyst(onnx_export *e, int number_of_node, const char *kinetics, const char *comparisons) {
    formula f = {.e = e, .node = number_of_node};
    const int64_t level = COMPARISONS_COLUMNS((int64_t)e->model->g.nodes[number_of_node].runs) - 1;
    const onnx_name series = named(kinetics), compared = named(comparisons);
    const onnx_name both =
        combine(&f, "Add", column(&f, series, KINETICS_SUBSTRATE), column(&f, series, KINETICS_PRODUCT));
    const onnx_name lost = combine(&f, "Sub", slice(&f, both, TIME_SIDE, 0, 1), both);
    const onnx_name loading =
        unscaled(&f, column(&f, series, KINETICS_LOG_LOADING), KINETICS_LOADING_OFFSET, KINETICS_LOADING_SCALE);
    const onnx_name spread =
        unscaled(&f, column(&f, compared, level), COMPARISONS_NOISE_OFFSET, COMPARISONS_NOISE_SCALE);
    const onnx_name noise =
        combine(&f, "Max", combine(&f, "Sub", spread, number(&f, COMPARISONS_LEAST_NOISE)), number(&f, 0));
    const onnx_name unit = combine(&f, "Add", combine(&f, "Mul", loading, number(&f, CATALYST_RESOLUTION)), noise);
    const onnx_name busy = told(&f, lost, unit), unused = told(&f, combine(&f, "Sub", loading, lost), unit);
    return join(&f, busy, unused, COLUMN_SIDE);
}
