/* Formulas as ONNX operators: each function appends one (or a few) to the graph and returns its value's name. */
#ifndef MECH_LEARN_ONNX_ONNX_FORMULA_H
#define MECH_LEARN_ONNX_ONNX_FORMULA_H

#include "learn/onnx/onnx_layers.h"

#include <stdio.h>

/* Operators of one node, named by number. */
typedef struct formula {
    onnx_export *e;
    int node, n_values;
} formula;

static inline onnx_name next_name(formula *f) {
    onnx_name name;
    snprintf(name.text, sizeof name.text, "runs_%d/%d", f->node, f->n_values++);
    return name;
}

/* A value by the name that another node has given it. */
static inline onnx_name named(const char *value) {
    onnx_name name;
    snprintf(name.text, sizeof name.text, "%s", value);
    return name;
}

static inline onnx_name apply(formula *f, const char *kind, onnx_name x) {
    return mech_onnx_append(f->e, kind, x.text, NULL, next_name(f), NULL);
}

static inline onnx_name combine(formula *f, const char *kind, onnx_name a, onnx_name b) {
    return mech_onnx_append(f->e, kind, a.text, b.text, next_name(f), NULL);
}

static inline onnx_name number(formula *f, double value) { return mech_onnx_number(f->e, next_name(f), (float)value); }

static inline onnx_name wholes(formula *f, size_t n, const int64_t *values) {
    const onnx_name name = next_name(f);
    mech_onnx_wholes(&f->e->g, name.text, n, values);
    return name;
}

static inline onnx_name reshape(formula *f, onnx_name x, size_t rank, const int64_t *shape) {
    return combine(f, "Reshape", x, wholes(f, rank, shape));
}

static inline onnx_name transpose(formula *f, onnx_name x, size_t rank, const int64_t *order) {
    text attributes = {0};
    mech_onnx_wholes_attribute(&attributes, "perm", rank, order);
    return mech_onnx_append(f->e, "Transpose", x.text, NULL, next_name(f), &attributes);
}

/* Samples and times change places; with that, samples and runs can be split and joined whatever their number. */
static inline onnx_name in_time(formula *f, onnx_name x) { return transpose(f, x, 3, (const int64_t[]){1, 0, 2}); }

/* Places `from` to `to` (not included; from the end where negative) along a side. */
static inline onnx_name slice(formula *f, onnx_name x, int64_t side, int64_t from, int64_t to) {
    const onnx_name begin = wholes(f, 1, &from), end = wholes(f, 1, &to), sides = wholes(f, 1, &side);
    const onnx_name part = next_name(f);
    mech_onnx_operator(&f->e->g, "Slice", (const char *[]){x.text, begin.text, end.text, sides.text, NULL},
                       (const char *[]){part.text, NULL}, NULL);
    return part;
}

static inline onnx_name join(formula *f, onnx_name a, onnx_name b, int64_t side) {
    text attributes = {0};
    mech_onnx_whole_attribute(&attributes, "axis", side);
    return mech_onnx_append(f->e, "Concat", a.text, b.text, next_name(f), &attributes);
}

static inline onnx_name select(formula *f, onnx_name condition, onnx_name yes, onnx_name no) {
    const onnx_name value = next_name(f);
    mech_onnx_operator(&f->e->g, "Where", (const char *[]){condition.text, yes.text, no.text, NULL},
                       (const char *[]){value.text, NULL}, NULL);
    return value;
}

/* Sum along a side, which stays with length 1. */
static inline onnx_name sum(formula *f, onnx_name x, int64_t side) {
    return combine(f, "ReduceSum", x, wholes(f, 1, &side));
}

static inline onnx_name signed_logarithm(formula *f, onnx_name x) {
    const onnx_name size = apply(f, "Log", combine(f, "Add", number(f, 1), apply(f, "Abs", x)));
    return combine(f, "Mul", apply(f, "Sign", x), size);
}

static inline onnx_name real_of(formula *f, onnx_name x) {
    return mech_onnx_cast(f->e, x.text, next_name(f), mech_onnx_export_type(f->e));
}

#endif
