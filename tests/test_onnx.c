/* ONNX files: whole and well-formed, weights where the operators look for them, for networks of any known nodes. */
#include "data/samples/augment.h"
#include "learn/network/fusions/fusions.h"
#include "learn/onnx/onnx.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { CLASSES = 3, HIDDEN = 2, MOST_VALUES = 8192 };

/* A field of a message: `number` for varints, `bytes` for what has a length. */
typedef struct field {
    unsigned number;
    uint64_t whole;
    const char *bytes;
    size_t length;
} field;

/* Part of a file in the reading. */
typedef struct span {
    const char *at, *end;
} span;

static span span_of(const field *f) { return (span){f->bytes, f->bytes + f->length}; }

static uint64_t read_varint(span *s) {
    uint64_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
        assert_true(s->at < s->end && shift < 64);
        const unsigned char byte = (unsigned char)*s->at++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) return number;
    }
}

/* The next field of a message; false at its end. */
static bool next_field(span *s, field *f) {
    if (s->at == s->end) return false;
    const uint64_t tag = read_varint(s);
    *f = (field){.number = (unsigned)(tag >> 3)};
    if ((tag & 7) == 0) {
        f->whole = read_varint(s);
        return true;
    }
    assert_int_equal(tag & 7, 2);
    f->length = (size_t)read_varint(s);
    assert_true(f->length <= (size_t)(s->end - s->at));
    f->bytes = s->at;
    s->at += f->length;
    return true;
}

/* The index-th field of that number. */
static bool find_field(span message, unsigned number, size_t index, field *f) {
    while (next_field(&message, f))
        if (f->number == number && index-- == 0) return true;
    return false;
}

static field required(span message, unsigned number) {
    field f;
    if (!find_field(message, number, 0, &f)) fail_msg("field %u is missing", number);
    return f;
}

static bool holds(const field *f, const char *string) {
    return f->length == strlen(string) && memcmp(f->bytes, string, f->length) == 0;
}

static mech_model *model_of(const graph *g) {
    mech_model *model = NULL;
    assert_int_equal(mech_model_new(g, &model, NULL), MECH_OK);
    mech_graph_initialise(g, 1, model->parameters);
    return model;
}

static const graph_shape small = {
    .static_width = N_RUNS, .series_width = SAMPLE_COLUMNS, .n_labels = CLASSES, .hidden = HIDDEN};

static mech_model *small_model(const char *network) {
    graph g;
    assert_int_equal(mech_graph_build(network, &small, &g, NULL), MECH_OK);
    return model_of(&g);
}

static text serialise(const mech_model *model, mech_precision precision) {
    text bytes = {0};
    assert_int_equal(mech_onnx_serialise(model, precision, &bytes, NULL), MECH_OK);
    return bytes;
}

static span graph_message(const text *file) {
    const span whole = {file->characters, file->characters + file->length};
    const field f = required(whole, 7);
    return span_of(&f);
}

/* The names of values that are known where an operator is computed. */
typedef struct scope {
    field names[MOST_VALUES];
    size_t n;
} scope;

static bool is_known(const scope *s, const field *name) {
    for (size_t i = 0; i < s->n; i++)
        if (s->names[i].length == name->length && memcmp(s->names[i].bytes, name->bytes, name->length) == 0)
            return true;
    return false;
}

static void add_name(scope *s, const field *name) {
    assert_true(s->n < MOST_VALUES && name->length > 0);
    if (is_known(s, name)) fail_msg("%.*s has two meanings", (int)name->length, name->bytes);
    s->names[s->n++] = *name;
}

/* A constant holds as many bytes as its sides and type say. */
static void check_constant(span tensor) {
    size_t numbers = 1;
    field f;
    for (size_t i = 0; find_field(tensor, 1, i, &f); i++) numbers *= (size_t)f.whole;
    const uint64_t type = required(tensor, 2).whole;
    assert_true(type == 1 || type == 7);
    assert_int_equal(required(tensor, 9).length, numbers * (type == 1 ? 4 : 8));
}

/* Every value is defined once and before it is used, in the graph and in those within its operators. */
static void check_graph(span g, scope *s) {
    field f, name;
    for (size_t i = 0; find_field(g, 5, i, &f); i++) {
        check_constant(span_of(&f));
        name = required(span_of(&f), 8);
        add_name(s, &name);
    }
    for (size_t i = 0; find_field(g, 11, i, &f); i++) {
        name = required(span_of(&f), 1);
        add_name(s, &name);
    }
    for (size_t i = 0; find_field(g, 1, i, &f); i++) {
        const span node = span_of(&f);
        field attribute, body;
        for (size_t k = 0; find_field(node, 1, k, &name); k++)
            if (!is_known(s, &name)) fail_msg("%.*s is used before it is known", (int)name.length, name.bytes);
        for (size_t k = 0; find_field(node, 5, k, &attribute); k++)
            if (find_field(span_of(&attribute), 6, 0, &body)) check_graph(span_of(&body), s);
        for (size_t k = 0; find_field(node, 2, k, &name); k++) add_name(s, &name);
    }
    for (size_t i = 0; find_field(g, 12, i, &f); i++) {
        name = required(span_of(&f), 1);
        assert_true(is_known(s, &name));
    }
}

static size_t count_operators(span g, const char *kind) {
    size_t n = 0;
    field f;
    for (size_t i = 0; find_field(g, 1, i, &f); i++) {
        const field is = required(span_of(&f), 4);
        n += holds(&is, kind);
    }
    return n;
}

static void check_file(const mech_model *model, mech_precision precision) {
    text file = serialise(model, precision), again = serialise(model, precision);
    static scope s;
    s.n = 0;
    check_graph(graph_message(&file), &s);
    assert_int_equal(file.length, again.length);
    assert_memory_equal(file.characters, again.characters, file.length);
    mech_text_free(&file);
    mech_text_free(&again);
}

static void values_are_defined_once_and_before_they_are_used(void **state) {
    (void)state;
    for (size_t i = 0; mech_graph_network_name(i); i++) {
        mech_model *model = small_model(mech_graph_network_name(i));
        check_file(model, MECH_PRECISION_FLOAT64);
        check_file(model, MECH_PRECISION_FLOAT32);
        mech_model_free(model);
    }
}

/* The value of the metadata entry of that key, or a field without bytes; how often the key stands there in *n. */
static field find_metadata(const text *file, const char *key, size_t *n) {
    const span whole = {file->characters, file->characters + file->length};
    field f, value = {0};
    *n = 0;
    for (size_t i = 0; find_field(whole, 14, i, &f); i++) {
        const field is = required(span_of(&f), 1);
        if (!holds(&is, key)) continue;
        value = required(span_of(&f), 2);
        ++*n;
    }
    return value;
}

static mech_model *small_model_of_run_sets(void) {
    graph g;
    const graph_shape shape = {.n_labels = CLASSES, .hidden = HIDDEN};
    assert_int_equal(mech_graph_build(SET_NETWORK, &shape, &g, NULL), MECH_OK);
    return model_of(&g);
}

static void networks_of_run_sets_take_rows_and_a_mask(void **state) {
    (void)state;
    static const char *const inputs[] = {"sets", "runs", "readings", "mask"};
    mech_model *model = small_model_of_run_sets();
    check_file(model, MECH_PRECISION_FLOAT64);
    check_file(model, MECH_PRECISION_FLOAT32);
    text file = serialise(model, MECH_PRECISION_FLOAT64);
    const span g = graph_message(&file);
    field f;
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        assert_true(find_field(g, 11, i, &f));
        const field name = required(span_of(&f), 1);
        assert_true(holds(&name, inputs[i]));
    }
    assert_false(find_field(g, 11, 4, &f));
    /* Two blocks over readings and three over runs, and a softmax for each pooling and for the labels. */
    assert_int_equal(count_operators(g, "Softmax"), 2 + 3 + 2 + 1);
    size_t n = 0;
    find_metadata(&file, "protocol", &n);
    assert_int_equal(n, 0);
    mech_text_free(&file);
    mech_model_free(model);
}

static void lstm_layers_are_operators_of_the_precision(void **state) {
    (void)state;
    mech_model *model = small_model("gate");
    text wide = serialise(model, MECH_PRECISION_FLOAT64), narrow = serialise(model, MECH_PRECISION_FLOAT32);
    assert_int_equal(count_operators(graph_message(&wide), "Scan"), 2);
    assert_int_equal(count_operators(graph_message(&wide), "LSTM"), 0);
    assert_int_equal(count_operators(graph_message(&narrow), "Scan"), 0);
    assert_int_equal(count_operators(graph_message(&narrow), "LSTM"), 2);
    assert_int_equal(count_operators(graph_message(&narrow), "Sigmoid"), 2);
    mech_text_free(&wide);
    mech_text_free(&narrow);
    mech_model_free(model);
}

/* A network that is none of the five: series through a dense layer, a sum, a mean and a concatenation of series, and
 * two LSTMs side by side. */
static void networks_of_known_nodes_export_without_code_of_their_own(void **state) {
    (void)state;
    graph g = {.network = "other", .static_width = N_RUNS, .series_width = SAMPLE_COLUMNS, .n_labels = CLASSES};
    const int c = mech_static_branch(&g, HIDDEN), x = mech_graph_series(&g);
    const int a = mech_graph_dense(&g, "steps", x, HIDDEN, ACTIVATION_SOFTMAX, INITIALISE_GLOROT_UNIFORM);
    const int b = mech_graph_lstm(&g, "lstm_1", x, HIDDEN, true);
    const int sum = mech_graph_combine(&g, NODE_SUM, a, b), mean = mech_graph_combine(&g, NODE_MEAN, a, b);
    const int both = mech_graph_combine(&g, NODE_CONCATENATION, sum, mean);
    const int k = mech_graph_lstm(&g, "lstm_2", both, HIDDEN, false),
              l = mech_graph_lstm(&g, "lstm_3", a, HIDDEN, false);
    mech_classification_head(&g, mech_graph_combine(&g, NODE_PRODUCT, c, mech_graph_combine(&g, NODE_MEAN, k, l)),
                             HIDDEN);
    mech_model *model = model_of(&g);
    check_file(model, MECH_PRECISION_FLOAT64);
    check_file(model, MECH_PRECISION_FLOAT32);
    mech_model_free(model);
}

static field find_constant(span g, const char *name) {
    field f;
    for (size_t i = 0; find_field(g, 5, i, &f); i++) {
        const field is = required(span_of(&f), 8);
        if (holds(&is, name)) return required(span_of(&f), 9);
    }
    fail_msg("there is no constant %s", name);
    return f;
}

static float number_of(const field *raw, size_t i) {
    uint32_t bits = 0;
    float number;
    assert_true(4 * i + 4 <= raw->length);
    for (size_t k = 4; k-- > 0;) bits = bits << 8 | (unsigned char)raw->bytes[4 * i + k];
    memcpy(&number, &bits, sizeof number);
    return number;
}

static void gates_come_in_the_order_of_the_operator(void **state) {
    (void)state;
    mech_model *model = small_model("average");
    for (size_t i = 0; i < model->g.n_parameters; i++) model->parameters[i] = (float)i;
    text file = serialise(model, MECH_PRECISION_FLOAT32);
    const span g = graph_message(&file);
    const field w = find_constant(g, "lstm_1/W"), r = find_constant(g, "lstm_1/R"), b = find_constant(g, "lstm_1/B");
    /* static/kernel (4, 2), static/bias (2), lstm_1/kernel (12, 8), lstm_1/recurrent_kernel (2, 8), lstm_1/bias (8);
     * columns: i, f, c, o of two units; rows of the operator: i, o, f, c. */
    static const size_t column[4 * HIDDEN] = {0, 1, 6, 7, 2, 3, 4, 5};
    for (size_t row = 0; row < 4 * HIDDEN; row++) {
        for (size_t i = 0; i < SAMPLE_COLUMNS; i++)
            assert_int_equal((int)number_of(&w, row * SAMPLE_COLUMNS + i), 10 + i * 8 + column[row]);
        for (size_t i = 0; i < HIDDEN; i++)
            assert_int_equal((int)number_of(&r, row * HIDDEN + i), 106 + i * 8 + column[row]);
        assert_int_equal((int)number_of(&b, row), 122 + column[row]);
        assert_int_equal((int)number_of(&b, 8 + row), 0);
    }
    mech_text_free(&file);
    mech_model_free(model);
}

static void metadata_say_what_the_model_says_and_means(void **state) {
    (void)state;
    size_t n = 0;
    mech_model *model = small_model("average");
    text silent = serialise(model, MECH_PRECISION_FLOAT64);
    field sample_design = find_metadata(&silent, "protocol", &n);
    assert_true(holds(&sample_design, "seed"));
    find_metadata(&silent, "mechanisms", &n);
    assert_int_equal(n, 0); /* nobody knows what three classes are */
    assert_int_equal(mech_model_describe(model, "protocol", "nature", NULL), MECH_OK);
    assert_int_equal(mech_model_describe(model, "mechanisms", "M1,M6,M9", NULL), MECH_OK);
    assert_int_equal(mech_model_describe(model, "origin", "elsewhere", NULL), MECH_OK);
    text file = serialise(model, MECH_PRECISION_FLOAT64);
    sample_design = find_metadata(&file, "protocol", &n);
    assert_true(n == 1 && holds(&sample_design, "nature"));
    const field mechanisms = find_metadata(&file, "mechanisms", &n);
    assert_true(n == 1 && holds(&mechanisms, "M1,M6,M9"));
    const field origin = find_metadata(&file, "origin", &n);
    assert_true(n == 1 && holds(&origin, "elsewhere"));
    mech_text_free(&silent);
    mech_text_free(&file);
    mech_model_free(model);

    graph g;
    const graph_shape all = {
        .static_width = N_RUNS, .series_width = SAMPLE_COLUMNS, .n_labels = mech_builtin_count(), .hidden = HIDDEN};
    assert_int_equal(mech_graph_build("average", &all, &g, NULL), MECH_OK);
    model = model_of(&g);
    file = serialise(model, MECH_PRECISION_FLOAT64);
    const field library = find_metadata(&file, "mechanisms", &n);
    assert_true(n == 1 && library.length > 4 && memcmp(library.bytes, "M1,M2,", 6) == 0);
    mech_text_free(&file);
    mech_model_free(model);
}

static void files_are_written_and_refused_with_a_message(void **state) {
    (void)state;
    char path[] = "/tmp/mechanist-onnx-XXXXXX";
    mech_error error = {.message = ""};
    mech_model *model = small_model("nature");
    const int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
    assert_int_equal(mech_model_export_onnx(model, MECH_PRECISION_FLOAT32, path, &error), MECH_OK);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fgetc(file), 0x08); /* the format's version comes first */
    fclose(file);
    unlink(path);
    assert_int_equal(mech_model_export_onnx(model, MECH_PRECISION_FLOAT32, "/nonexistent/x", &error), MECH_FILE_ERROR);
    assert_non_null(strstr(error.message, "/nonexistent/x: cannot be written"));
    assert_int_equal(mech_model_export_onnx(model, (mech_precision)7, path, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "there is no precision 7; expected float64 or float32");
    mech_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_defined_once_and_before_they_are_used),
        cmocka_unit_test(networks_of_run_sets_take_rows_and_a_mask),
        cmocka_unit_test(lstm_layers_are_operators_of_the_precision),
        cmocka_unit_test(networks_of_known_nodes_export_without_code_of_their_own),
        cmocka_unit_test(gates_come_in_the_order_of_the_operator),
        cmocka_unit_test(metadata_say_what_the_model_says_and_means),
        cmocka_unit_test(files_are_written_and_refused_with_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
