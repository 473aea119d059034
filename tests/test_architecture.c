/* Architecture diagrams: what they say of each layer, and that nothing lies on anything. */
#include "base/random.h"
#include "draw/architecture/architecture_figure.h"
#include "draw/architecture/graph_labels.h"
#include "draw/architecture/graph_layout.h"
#include "draw/samples/sample_figures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const graph_shape published = {.static_width = 4, .series_width = 12, .n_labels = 20};

static graph build(const char *network) {
    graph g;
    assert_int_equal(mech_graph_build(network, &published, &g, NULL), MECH_OK);
    return g;
}

/* Every box below those that it is computed from, as many arrows as there are inputs, nothing on top of anything. */
static void check_layout(const graph *g) {
    double heights[MAX_NODES];
    int inputs = 0, arrivals = 0;
    graph_layout *layout = calloc(1, sizeof *layout);
    assert_non_null(layout);
    for (int i = 0; i < g->n_nodes; i++) heights[i] = i % 3 ? 54 : 40;
    mech_lay_out_graph(g, 150, heights, layout);
    for (int i = 0; i < g->n_nodes; i++)
        for (int k = 0; k < 2; k++) {
            const int input = g->nodes[i].inputs[k];
            if (input < 0) continue;
            inputs++;
            assert_true(mech_graph_box(layout, input).bottom < mech_graph_box(layout, i).top);
        }
    for (int i = 0; i < layout->n_links; i++) {
        const graph_link *link = &layout->links[i];
        assert_int_equal(layout->slots[link->from].layer + 1, layout->slots[link->to].layer);
        arrivals += link->arrives;
    }
    assert_int_equal(arrivals, inputs);
    if (mech_graph_layout_overlaps(layout)) fail_msg("%s: parts of the diagram overlap", g->network);
    free(layout);
}

static void networks_are_laid_out_without_overlaps(void **state) {
    (void)state;
    const char *name;
    for (size_t i = 0; (name = mech_graph_network_name(i)); i++) {
        const graph g = build(name);
        check_layout(&g);
    }
}

/* Graphs at random: whatever is computed from whatever. */
static void any_graph_is_laid_out_without_overlaps(void **state) {
    (void)state;
    enum { GRAPHS = 60, WIDTH = 8 };
    static const node_kind kinds[] = {NODE_PRODUCT, NODE_SUM, NODE_MEAN, NODE_CONCATENATION};
    random_stream r = mech_random_open(1, RANDOM_TEST, 78, 0);
    for (int i = 0; i < GRAPHS; i++) {
        graph g = {.static_width = 4, .series_width = 12, .n_labels = 20};
        snprintf(g.network, sizeof g.network, "random %d", i);
        int rows[MAX_NODES] = {
            mech_graph_dense(&g, "d", mech_graph_static(&g), WIDTH, ACTIVATION_RELU, INITIALISE_ZERO)};
        rows[1] = mech_graph_lstm(&g, "l", mech_graph_series(&g), WIDTH, false);
        int n = 2;
        const int n_steps = 1 + (int)mech_random_below(&r, 12);
        for (int step = 0; step < n_steps; step++) {
            const int first = rows[mech_random_below(&r, (uint32_t)n)],
                      second = rows[mech_random_below(&r, (uint32_t)n)];
            int made = first;
            if (mech_random_below(&r, 3)) {
                made = mech_graph_combine(&g, kinds[mech_random_below(&r, 4)], first, second);
                if (g.nodes[made].width != WIDTH)
                    made = mech_graph_dense(&g, "d", made, WIDTH, ACTIVATION_NONE, INITIALISE_ZERO);
            } else {
                made = mech_graph_dense(&g, "d", first, WIDTH, ACTIVATION_RELU, INITIALISE_ZERO);
            }
            rows[n++] = made;
        }
        check_layout(&g);
    }
}

static void overlaps_are_seen(void **state) {
    (void)state;
    const graph g = build("hadamard");
    double heights[MAX_NODES];
    graph_layout *layout = calloc(1, sizeof *layout);
    assert_non_null(layout);
    for (int i = 0; i < g.n_nodes; i++) heights[i] = 40;
    mech_lay_out_graph(&g, 100, heights, layout);
    assert_int_equal(mech_graph_layout_overlaps(layout), 0);
    layout->slots[0].height = 90;
    assert_true(mech_graph_layout_overlaps(layout) > 0);
    free(layout);
}

static void layers_are_described_by_kind_shape_and_size(void **state) {
    (void)state;
    static const struct {
        const char *network, *title, *shape, *parameters;
    } cases[] = {
        {"hadamard", "Loadings x_{1}", "4", ""},
        {"hadamard", "Curves x_{2}", "T × 12", ""},
        {"hadamard", "Dense, ReLU", "4 → 64", "static: 320 parameters"},
        {"hadamard", "LSTM, all steps", "T × 12 → T × 64", "lstm_1: 19,712 parameters"},
        {"hadamard", "LSTM, last step", "T × 64 → 64", "lstm_2: 33,024 parameters"},
        {"hadamard", "Product, element-wise", "64, 64 → 64", ""},
        {"attention", "Dense, softmax", "128 → 128", "attention: 16,512 parameters"},
        {"gate", "Dense, sigmoid", "64 → 64", "static_gate: 4,160 parameters"},
        {"gate", "Dense, linear", "64 → 64", "dynamic_projection: 4,160 parameters"},
        {"gate", "Sum", "64, 64 → 64", ""},
        {"average", "Mean", "20, 20 → 20", ""},
        {"nature", "Concatenation", "200, 200 → 400", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const graph g = build(cases[i].network);
        bool found = false;
        for (int node = 0; node < g.n_nodes; node++) {
            const node_label label = mech_label_node(&g, node);
            found |= strcmp(label.title.words, cases[i].title) == 0 && strcmp(label.shape.words, cases[i].shape) == 0 &&
                     strcmp(label.parameters.words, cases[i].parameters) == 0;
        }
        if (!found) fail_msg("%s has no %s, %s", cases[i].network, cases[i].title, cases[i].shape);
    }
}

static void the_boxes_hold_all_parameters(void **state) {
    (void)state;
    const char *name;
    for (size_t i = 0; (name = mech_graph_network_name(i)); i++) {
        const graph g = build(name);
        size_t sum = 0;
        for (int node = 0; node < g.n_nodes; node++) sum += mech_count_node_parameters(&g, node);
        assert_int_equal(sum, g.n_parameters);
    }
}

static void counts_are_set_with_commas(void **state) {
    (void)state;
    assert_string_equal(mech_set_count(0).words, "0");
    assert_string_equal(mech_set_count(999).words, "999");
    assert_string_equal(mech_set_count(1000).words, "1,000");
    assert_string_equal(mech_set_count(576420).words, "576,420");
    assert_string_equal(mech_set_count(1234567).words, "1,234,567");
}

static void diagrams_say_what_they_show(void **state) {
    (void)state;
    const graph g = build("nature");
    char *svg = NULL;
    assert_int_equal(mech_draw_graph(&g, "Network nature",
                                     &(mech_picture_target){.size = sizeof(mech_picture_target), .bytes = &svg}, NULL),
                     MECH_OK);
    assert_non_null(strstr(svg, "<title>Network nature</title>"));
    assert_non_null(strstr(svg, "576,420 parameters"));
    assert_non_null(strstr(svg, "T × 12 → T × 200"));
    mech_free(svg);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(networks_are_laid_out_without_overlaps),
        cmocka_unit_test(any_graph_is_laid_out_without_overlaps),
        cmocka_unit_test(overlaps_are_seen),
        cmocka_unit_test(layers_are_described_by_kind_shape_and_size),
        cmocka_unit_test(the_boxes_hold_all_parameters),
        cmocka_unit_test(counts_are_set_with_commas),
        cmocka_unit_test(diagrams_say_what_they_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
