#include "learn/network/fusions/fusions.h"

#include "data/samples/samples.h"
#include "learn/inputs/run_inputs.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    fusion *build;
    size_t hidden; /* of the published networks: as published */
    bool kinetics; /* reads the columns t, S, P of each run as such */
} networks[] = {
    {"average", mech_fusion_average, 64, false},
    {"attention", mech_fusion_attention, 64, false},
    {"gate", mech_fusion_gate, 64, false},
    {"hadamard", mech_fusion_hadamard, 64, false},
    {"nature", mech_fusion_nature, 200, false},
    {"kinetic", mech_fusion_kinetic, 64, true},
    {"comparative", mech_fusion_comparative, 64, true},
    {"experts", mech_fusion_experts, 64, true},
    {"joint", mech_fusion_joint, 64, true},
    {"separate", mech_fusion_separate, 64, true},
};

enum { N_NETWORKS = sizeof networks / sizeof networks[0] };

const char *mech_graph_network_name(size_t index) { return index < N_NETWORKS ? networks[index].name : NULL; }

/* Its inputs are made by learn/inputs/run_inputs.c, whatever the shape says of samples. */
static void build_set(const graph_shape *shape, graph *g) {
    const bool given = shape->run_width && shape->reading_width;
    *g = (graph){.static_width = given ? shape->static_width : SET_INPUTS,
                 .run_width = given ? shape->run_width : RUN_INPUTS,
                 .reading_width = given ? shape->reading_width : READING_INPUTS,
                 .n_labels = shape->n_labels};
    snprintf(g->network, sizeof g->network, "%s", SET_NETWORK);
    mech_fusion_set(g, shape->hidden ? shape->hidden : 64);
}

mech_status mech_graph_build(const char *network, const graph_shape *shape, graph *g, mech_error *error) {
    if (shape->n_labels && strcmp(network, SET_NETWORK) == 0) {
        build_set(shape, g);
        return MECH_OK;
    }
    if (!shape->static_width || !shape->series_width || !shape->n_labels)
        return mech_fail(
            error, MECH_INVALID_ARGUMENT,
            "a network of %zu static and %zu series columns and %zu labels has no meaning: expected at least "
            "one of each",
            shape->static_width, shape->series_width, shape->n_labels);
    for (size_t i = 0; i < N_NETWORKS; i++) {
        if (strcmp(networks[i].name, network) != 0) continue;
        if (networks[i].kinetics && shape->series_width != shape->static_width * RUN_COLUMNS)
            return mech_fail(error, MECH_INVALID_ARGUMENT,
                             "network %s on %zu series columns: expected t, S and P of each of %zu runs", network,
                             shape->series_width, shape->static_width);
        *g = (graph){
            .static_width = shape->static_width, .series_width = shape->series_width, .n_labels = shape->n_labels};
        snprintf(g->network, sizeof g->network, "%s", network);
        networks[i].build(g, shape->hidden ? shape->hidden : networks[i].hidden);
        return MECH_OK;
    }
    return mech_fail(error, MECH_INVALID_ARGUMENT, "no network is called \"%s\": expected " NETWORK_NAMES, network);
}
