/* The walk of a tile of samples through the graph: all nodes in order, the loss, all nodes in reverse. */
#include "learn/layers/tile_lanes.h"
#include "learn/kernels/orthogonal_lanes.h"
#include "learn/kernels/peak_lanes.h"

#include <float.h>
#include <string.h>

static void copy_static(const tile_job *job, tile *t, int node) {
    const size_t width = t->g->static_width, stride = t->layout->nodes[node].stride;
    real *to = values_of(t, node);
    for (size_t r = 0; r < t->n_rows; r++)
        for (size_t j = 0; j < width; j++) to[r * stride + j] = (real)job->x1[r * width + j];
}

/* x2[n_rows][n_times][width] -> [n_times][n_rows][stride]. */
static void copy_series(const tile_job *job, tile *t, int node) {
    const size_t width = t->g->series_width, stride = t->layout->nodes[node].stride, n_times = t->layout->n_times;
    for (size_t r = 0; r < t->n_rows; r++)
        for (size_t time = 0; time < n_times; time++) {
            const float *from = job->x2 + (r * n_times + time) * width;
            real *to = values_of(t, node) + (time * t->n_rows + r) * stride;
            for (size_t j = 0; j < width; j++) to[j] = (real)from[j];
        }
}

/* Rows of floats that stand behind each other. */
static void copy_rows(const float *from, tile *t, int node) {
    const size_t width = t->g->nodes[node].width, stride = t->layout->nodes[node].stride, rows = rows_of(t, node);
    real *to = values_of(t, node);
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < width; j++) to[r * stride + j] = (real)from[r * width + j];
}

static void forward(const tile_job *job, tile *t) {
    for (int i = 0; i < t->g->n_nodes; i++) switch (t->g->nodes[i].kind) {
        case NODE_STATIC:
            copy_static(job, t, i);
            break;
        case NODE_SERIES:
            copy_series(job, t, i);
            break;
        case NODE_KINETICS:
            LANES_NAME(kinetics_forward)(t, i);
            break;
        case NODE_COMPARISONS:
            LANES_NAME(comparisons_forward)(t, i);
            break;
        case NODE_CATALYST:
            LANES_NAME(catalyst_forward)(t, i);
            break;
        case NODE_TOGETHER:
            LANES_NAME(together_forward)(t, i);
            break;
        case NODE_LSTM:
            LANES_NAME(lstm_forward)(t, i);
            break;
        case NODE_DENSE:
            LANES_NAME(dense_forward)(t, i);
            break;
        case NODE_PRODUCT:
        case NODE_SUM:
        case NODE_MEAN:
        case NODE_CONCATENATION:
            LANES_NAME(combination_forward)(t, i);
            break;
        case NODE_READINGS:
            copy_rows(t->sets->of_readings + t->first_reading * t->g->nodes[i].width, t, i);
            break;
        case NODE_RUNS:
            copy_rows(t->sets->of_runs + t->first_run * t->g->nodes[i].width, t, i);
            break;
        case NODE_NORMALISED:
            LANES_NAME(normalised_forward)(t, i);
            break;
        case NODE_ATTENTION:
            LANES_NAME(attention_forward)(t, i);
            break;
        case NODE_POOLED:
            LANES_NAME(pooled_forward)(t, i);
            break;
        }
}

INLINE size_t label_of(const tile_job *job, size_t row) {
    return job->sets ? job->sets->y[job->first_set + row] : job->labels[row];
}

/* Adds up cross-entropy and hits of the probabilities that the last node gives. */
static void count_loss(tile_job *job, const tile *t) {
    const size_t n_labels = t->g->n_labels, stride = t->layout->nodes[t->g->n_nodes - 1].stride;
    const real *p = values_of(t, t->g->n_nodes - 1);
    for (size_t r = 0; r < t->n_rows; r++, p += stride) {
        const size_t truth = label_of(job, r);
        bool hit = true; /* of labels equally probable the first one counts */
        for (size_t j = 0; j < n_labels && hit; j++)
            hit = j == truth || (j < truth ? p[truth] > p[j] : p[truth] >= p[j]);
        job->correct += hit;
        job->cross_entropy -= log(p[truth] < (real)FLT_MIN ? (double)FLT_MIN : (double)p[truth]);
    }
}

/* Starts the backward pass at the last node: where that is a softmax, with the gradient p - target of what goes into
 * it, else with the gradient -target / p of the probabilities. */
static void start_backward(const tile_job *job, tile *t, bool softmax) {
    const int last = t->g->n_nodes - 1;
    const size_t n_labels = t->g->n_labels, stride = t->layout->nodes[last].stride;
    const real elsewhere = (real)(job->label_smoothing / (double)n_labels), extra = (real)(1 - job->label_smoothing);
    for (size_t r = 0; r < t->n_rows; r++) {
        const real *p = values_of(t, last) + r * stride;
        real *d = gradient_of(t, last) + r * stride;
        const size_t truth = label_of(job, r);
        for (size_t j = 0; j < n_labels; j++) {
            const real target = j == truth ? elsewhere + extra : elsewhere;
            d[j] = softmax ? p[j] - target : -target / (p[j] < FLT_MIN ? FLT_MIN : p[j]);
        }
        for (size_t j = n_labels; j < stride; j++) d[j] = 0;
    }
    t->reached[last] = true;
}

/* What is learned on the side: weight sum (y - target)^2 / 2 over the targets that are known. */
static void start_side(tile_job *job, tile *t) {
    const int side = t->g->side;
    const size_t width = t->g->nodes[side].width, stride = t->layout->nodes[side].stride;
    const float *targets = job->sets->targets + job->first_set * width;
    const real weight = (real)job->side_weight;
    for (size_t r = 0; r < t->n_rows; r++, targets += width) {
        const real *y = values_of(t, side) + r * stride;
        real *d = gradient_of(t, side) + r * stride;
        for (size_t j = 0; j < stride; j++) {
            const bool known = j < width && targets[j] == targets[j];
            const real difference = known ? y[j] - (real)targets[j] : 0;
            d[j] = weight * difference;
            job->side_loss += 0.5 * (double)difference * (double)difference;
        }
    }
    t->reached[side] = true;
}

static void backward(tile_job *job, tile *t) {
    const int last = t->g->n_nodes - 1;
    const bool softmax = t->g->nodes[last].kind == NODE_DENSE && t->g->nodes[last].activation == ACTIVATION_SOFTMAX;
    start_backward(job, t, softmax);
    if (t->g->side && job->sets && job->sets->targets) start_side(job, t);
    for (int i = last; i >= 0; i--) {
        if (!t->reached[i] || !t->layout->nodes[i].differentiated) continue;
        if (t->g->nodes[i].kind == NODE_LSTM)
            LANES_NAME(lstm_backward)(t, i);
        else if (t->g->nodes[i].kind == NODE_DENSE)
            LANES_NAME(dense_backward)(t, i, softmax && i == last);
        else if (t->g->nodes[i].kind == NODE_TOGETHER)
            LANES_NAME(together_backward)(t, i);
        else if (t->g->nodes[i].kind == NODE_NORMALISED)
            LANES_NAME(normalised_backward)(t, i);
        else if (t->g->nodes[i].kind == NODE_ATTENTION)
            LANES_NAME(attention_backward)(t, i);
        else if (t->g->nodes[i].kind == NODE_POOLED)
            LANES_NAME(pooled_backward)(t, i);
        else
            LANES_NAME(combination_backward)(t, i);
    }
}

static void run_tile(tile_job *job) {
    const plan *layout = job->layout;
    tile t = {.layout = layout,
              .g = layout->g,
              .packed = job->packed,
              .workspace = job->workspace,
              .gradient = job->gradient,
              .n_rows = job->n_rows,
              .sets = job->sets,
              .first_set = job->first_set};
    if (t.sets) {
        const size_t *runs = t.sets->run_offset, *readings = t.sets->reading_offset;
        const size_t end = runs[t.first_set + t.n_rows];
        t.first_run = runs[t.first_set];
        t.n_runs = end - t.first_run;
        t.first_reading = readings[t.first_run];
        t.n_readings = readings[end] - t.first_reading;
    }
    t.zeros = t.workspace + layout->zeros;
    memset(t.workspace + layout->zeros, 0, layout->zeros_size * sizeof(real));
    forward(job, &t);
    const size_t n_labels = t.g->n_labels, stride = layout->nodes[t.g->n_nodes - 1].stride;
    if (job->probabilities)
        for (size_t r = 0; r < t.n_rows; r++)
            memcpy((real *)job->probabilities + r * n_labels, values_of(&t, t.g->n_nodes - 1) + r * stride,
                   n_labels * sizeof(real));
    if (job->side_values)
        for (size_t r = 0, width = t.g->nodes[t.g->side].width; r < t.n_rows; r++)
            memcpy((real *)job->side_values + r * width, values_of(&t, t.g->side) + r * layout->nodes[t.g->side].stride,
                   width * sizeof(real));
    if (!job->gradient) return;
    count_loss(job, &t);
    backward(job, &t);
}

static void add(size_t count, const void *addends, void *sums) {
    const real *from = addends;
    real *to = sums;
    for (size_t i = 0; i < count; i++) to[i] += from[i];
}

static void activate(size_t count, const void *x, void *sigmoids, void *tangents) {
    for (size_t i = 0; i < count; i += LANES) {
        real numbers[LANES] = {0};
        const size_t n = count - i < LANES ? count - i : LANES;
        memcpy(numbers, (const real *)x + i, n * sizeof(real));
        const lanes v = load(numbers);
        store(numbers, sigmoid(v));
        memcpy((real *)sigmoids + i, numbers, n * sizeof(real));
        store(numbers, hyperbolic_tangent(v));
        memcpy((real *)tangents + i, numbers, n * sizeof(real));
    }
}

const engine_kernel LANES_NAME(engine_kernel) = {.lanes = LANES,
                                                 .real_bytes = sizeof(real),
                                                 .pack = LANES_NAME(pack),
                                                 .run_tile = run_tile,
                                                 .add = add,
                                                 .unpack_gradient = LANES_NAME(unpack_gradient),
                                                 .orthogonalise = LANES_NAME(orthogonalise),
                                                 .multiply_and_add = LANES_NAME(multiply_and_add),
                                                 .activate = activate};
