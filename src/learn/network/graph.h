/* A network as a small graph of layers: plain data that says what is computed from what. Forward and backward passes,
 * initialisation, model files and parameter counts all follow from it, so that a new fusion is one short file. */
#ifndef MECH_LEARN_NETWORK_GRAPH_H
#define MECH_LEARN_NETWORK_GRAPH_H

#include "base/error.h"

enum { MAX_NODES = 96, MAX_TENSORS = 96, MAX_TENSOR_NAME = 48 };

typedef enum initialiser {
    INITIALISE_ZERO,
    INITIALISE_ONE,
    INITIALISE_GLOROT_UNIFORM, /* Glorot & Bengio 2010 */
    INITIALISE_HE_UNIFORM,     /* He et al. 2015 */
    INITIALISE_ORTHOGONAL,     /* Saxe et al. 2014: rows are orthonormal */
    INITIALISE_FORGET_ONE      /* an LSTM's bias: 1 for the forget gate, else 0 (Jozefowicz et al. 2015) */
} initialiser;

/* Where one kernel or bias stands in the array of all parameters. */
typedef struct graph_tensor {
    char name[MAX_TENSOR_NAME]; /* Keras's layout: "lstm_1/recurrent_kernel" */
    size_t rows, columns;       /* a kernel is (inputs, outputs); a bias has rows = 0 */
    size_t offset;              /* of its first number in parameters[n_parameters]; row-major, no gaps */
    initialiser start;
} graph_tensor;

typedef enum activation { ACTIVATION_NONE, ACTIVATION_RELU, ACTIVATION_SIGMOID, ACTIVATION_SOFTMAX } activation;

typedef enum node_kind {
    NODE_STATIC,      /* x1: one row of static_width a sample */
    NODE_SERIES,      /* x2: series_width columns at each time step */
    NODE_KINETICS,    /* of x1 and x2: what a kineticist would plot, a series for each run (learn/inputs/kinetics.h) */
    NODE_COMPARISONS, /* of x1 and kinetics: how the runs differ, again a series for each (learn/inputs/comparisons.h)
                       */
    NODE_CATALYST,    /* of kinetics and comparisons: how the catalyst is divided, the same (learn/inputs/catalyst.h) */
    NODE_TOGETHER,    /* of rows for each run: one row a sample, run beside run */
    NODE_LSTM,        /* of a series: the hidden states of all steps, again a series, or that of the last step */
    NODE_DENSE,       /* activation(x W + b) */
    NODE_PRODUCT,     /* of two rows, element by element */
    NODE_SUM,         /* of two rows */
    NODE_MEAN,        /* of two rows */
    NODE_CONCATENATION,

    /* Of run sets, which differ in their numbers of runs and readings. */
    NODE_READINGS,   /* inputs: one row for each reading */
    NODE_RUNS,       /* inputs: one row for each run */
    NODE_NORMALISED, /* a row less its mean, by its standard deviation, scaled and shifted (Ba et al. 2016) */
    NODE_ATTENTION,  /* of rows query, key, value: each row looks at all rows of its run or set (Vaswani et al. 2017) */
    NODE_POOLED      /* of rows and of scores: the weighted mean over a run or a set, one row for each of these */
} node_kind;

/* What a row of a node's values belongs to. */
typedef enum graph_rows {
    ROWS_OF_SAMPLES, /* samples or run sets */
    ROWS_OF_RUNS,    /* the runs of run sets, as many as each has */
    ROWS_OF_READINGS /* the readings of these runs */
} graph_rows;

typedef struct graph_node {
    node_kind kind;
    int inputs[2];   /* nodes before this one; -1: none */
    size_t width;    /* numbers in a row */
    bool series;     /* one row for each time step */
    size_t runs;     /* rows a sample (of a series: a sample and time step): 1, or one for each run */
    graph_rows rows; /* other than of samples: `series` is false and `runs` 1 */
    size_t heads;    /* of attention and pooling: parts of a row with weights of their own */
    activation activation;
    int kernel, recurrent_kernel, bias; /* tensors, -1: none */
} graph_node;

typedef struct graph {
    char network[32]; /* "hadamard" */
    size_t static_width, series_width, n_labels, n_parameters;
    size_t run_width, reading_width; /* of a graph that reads run sets, whose static_width is that of sets */
    int n_nodes, n_tensors;
    int side;                    /* the node whose numbers are learned beside the labels; 0: none */
    graph_node nodes[MAX_NODES]; /* the last one gives the label probabilities */
    graph_tensor tensors[MAX_TENSORS];
} graph;

/* What a network is built for. */
typedef struct graph_shape {
    size_t static_width, series_width, n_labels;
    size_t hidden; /* width of the first LSTM (or layer over readings), which the others follow; 0: 64, of nature 200 */
    size_t run_width, reading_width; /* of run sets; 0: all three as learn/inputs/run_inputs.h makes them */
} graph_shape;

/* The building blocks that a fusion is written with. Each appends a node (and its tensors, named after `name`) and
 * returns its number, to be used as an input of later ones. */
int mech_graph_static(graph *g);
int mech_graph_series(graph *g);
int mech_graph_lstm(graph *g, const char *name, int input, size_t units, bool all_steps);
int mech_graph_dense(graph *g, const char *name, int input, size_t units, activation a, initialiser kernel_start);
int mech_graph_combine(graph *g, node_kind kind, int first, int second);

/* Of loadings[runs] and a series of 3 runs columns (t, S, P of one run after the other): KINETICS_COLUMNS columns of
 * each run. */
int mech_graph_kinetics(graph *g, int loadings, int series);

/* Of loadings[runs] and their kinetics: COMPARISONS_COLUMNS(runs) columns of each run. */
int mech_graph_comparisons(graph *g, int loadings, int kinetics);

/* Of the kinetics of runs and their comparisons: CATALYST_COLUMNS columns of each run. */
int mech_graph_catalyst(graph *g, int kinetics, int comparisons);

/* Of a node with a row for each run: one row a sample (of a series: and time step) with the runs side by side. */
int mech_graph_together(graph *g, int input);

/* Inputs of run sets: rows of so many numbers for each reading, and for each run. What is known of a whole set is
 * mech_graph_static(). */
int mech_graph_readings(graph *g, size_t width);
int mech_graph_runs(graph *g, size_t width);

/* (x - mean) / sqrt(variance + NORMALISED_EPSILON) gamma + beta over the numbers of a row. */
int mech_graph_normalise(graph *g, const char *name, int input);
#define NORMALISED_EPSILON 1e-5

/* Of rows of readings or runs with 3 w numbers, query, key and value: w numbers. A multiple of `heads` each. */
int mech_graph_attention(graph *g, int input, size_t heads);

/* Of rows of readings (or runs) and their scores, one for each head: a row for each run (or set), the mean of its rows
 * weighted by the softmax of the scores, head by head. The width is a multiple of the number of heads. */
int mech_graph_pool(graph *g, int input, int scores);

/* Whether a graph reads run sets; others read samples of one shape. */
bool mech_graph_reads_run_sets(const graph *g);

/* The name of what a graph makes of x1 and x2 before its first layer ("kinetics", "comparisons" of these, "catalyst" of
 * both), as it stands in the metadata of model files; NULL where it reads the plain columns. Another computation gets
 * another name. */
const char *mech_graph_transform(const graph *g);

/* Units of the first LSTM, or layer over readings, by which the widths of all layers go. */
size_t mech_graph_hidden(const graph *g);

/* The networks in words, for messages. */
#define NETWORK_NAMES                                                                                                  \
    "average, attention, gate, hadamard, nature, kinetic, comparative, experts, joint, separate or set"

/* Builds the network of that name. A name that is not known, a shape with a zero and, for a network that reads
 * kinetics, a series of other than three columns for each loading are MECH_INVALID_ARGUMENT. */
mech_status mech_graph_build(const char *network, const graph_shape *shape, graph *g, mech_error *error);

/* The name of the network of run sets. */
#define SET_NETWORK "set"

/* The networks of samples of one shape that mech_graph_build() knows, in the order in which they are listed; NULL from
 * `index` = their number on. */
const char *mech_graph_network_name(size_t index);

/* Starts parameters[n_parameters]; the same seed gives the same bits. */
void mech_graph_initialise(const graph *g, uint64_t seed, float *parameters);

#endif
