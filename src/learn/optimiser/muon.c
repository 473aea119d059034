#include "learn/optimiser/muon.h"

#include "base/machine/team.h"
#include "base/memory.h"
#include "learn/engine/engine_reals.h"
#include "learn/optimiser/optimiser.h"

#include <math.h>

static const float MOMENTUM = 0.95F;
static const double STEP_SIZE = 0.2;

enum { MOST_BLOCKS = 4 * MAX_TENSORS, GATES = 4 };

/* A kernel, or the part of an LSTM's that belongs to one gate. */
typedef struct block {
    size_t offset;              /* of its first number in the array of all parameters */
    size_t rows, columns, step; /* numbers from one row to the next */
} block;

/* Parameters that follow Adam. */
typedef struct range {
    size_t offset, n;
} range;

struct muon {
    const engine_kernel *kernel;
    team *t;
    block blocks[MOST_BLOCKS];
    range ranges[MAX_TENSORS];
    size_t n_blocks, n_ranges;
    float *rooms; /* [threads][room_size] */
    size_t room_size;
};

/* One step under way. */
typedef struct update {
    const muon *m;
    double rate;
    float scale;
    const float *gradient;
    float *parameters, *momentum;
} update;

/* A matrix stands in its room with the longer side as rows. */
static size_t long_side(const block *b) { return b->rows > b->columns ? b->rows : b->columns; }
static size_t short_side(const block *b) { return b->rows > b->columns ? b->columns : b->rows; }

static size_t stride_of(const muon *m, const block *b) {
    return (short_side(b) + m->kernel->lanes - 1) / m->kernel->lanes * m->kernel->lanes;
}

static void add_tensor(muon *m, const graph_tensor *tensor, size_t gates, bool adam) {
    if (!tensor->rows || adam) {
        m->ranges[m->n_ranges++] = (range){tensor->offset, (tensor->rows ? tensor->rows : 1) * tensor->columns};
        return;
    }
    const size_t columns = tensor->columns / gates;
    for (size_t gate = 0; gate < gates; gate++)
        m->blocks[m->n_blocks++] = (block){tensor->offset + gate * columns, tensor->rows, columns, tensor->columns};
}

static void add_node(muon *m, const graph *g, const graph_node *node, bool last) {
    const size_t gates = node->kind == NODE_LSTM ? GATES : 1;
    const int tensors[] = {node->kernel, node->recurrent_kernel, node->bias};
    for (size_t i = 0; i < sizeof tensors / sizeof tensors[0]; i++)
        if (tensors[i] >= 0) add_tensor(m, &g->tensors[tensors[i]], gates, last);
}

mech_status mech_muon_new(const graph *g, int threads, muon **m, mech_error *error) {
    muon *made = mech_allocate_array(1, sizeof *made);
    *m = made;
    if (!made) return mech_fail_memory(error);
    *made =
        (muon){.kernel = mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT32), .t = mech_team_new(threads)};
    for (int i = 0; i < g->n_nodes; i++) add_node(made, g, &g->nodes[i], i == g->n_nodes - 1);
    for (size_t i = 0; i < made->n_blocks; i++) {
        const block *b = &made->blocks[i];
        /* The matrix itself and what orthogonalise() asks for. */
        const size_t size = (2 * long_side(b) + 2 * short_side(b) + 1) * stride_of(made, b);
        if (size > made->room_size) made->room_size = size;
    }
    if (made->t)
        made->rooms = mech_allocate_array((size_t)mech_team_size(made->t) * (made->room_size + 1), sizeof(float));
    if (made->rooms) return MECH_OK;
    mech_muon_free(made);
    *m = NULL;
    return mech_fail_memory(error);
}

void mech_muon_free(muon *m) {
    if (!m) return;
    mech_team_free(m->t);
    mech_release_array(m->rooms);
    mech_release_array(m);
}

static void update_block(void *context, size_t piece, int member) {
    const update *u = context;
    const muon *m = u->m;
    const block *b = &m->blocks[piece];
    const size_t stride = stride_of(m, b);
    const size_t row_to = b->rows > b->columns ? stride : 1, column_to = b->rows > b->columns ? 1 : stride;
    float *matrix = m->rooms + (size_t)member * m->room_size, *workspace = matrix + long_side(b) * stride;
    for (size_t i = 0; i < long_side(b) * stride; i++) matrix[i] = 0;
    for (size_t row = 0; row < b->rows; row++)
        for (size_t column = 0; column < b->columns; column++) {
            const size_t at = b->offset + row * b->step + column;
            const float g = u->scale * u->gradient[at];
            u->momentum[at] = MOMENTUM * u->momentum[at] + g;
            matrix[row * row_to + column * column_to] = g + MOMENTUM * u->momentum[at];
        }
    m->kernel->orthogonalise(long_side(b), short_side(b), matrix, workspace);
    const float size = (float)(u->rate * STEP_SIZE * sqrt((double)long_side(b)));
    for (size_t row = 0; row < b->rows; row++)
        for (size_t column = 0; column < b->columns; column++)
            u->parameters[b->offset + row * b->step + column] -= size * matrix[row * row_to + column * column_to];
}

void mech_muon_step(muon *m, uint64_t step, double rate, double scale, const float *gradient, float *parameters,
                    float *first, float *second) {
    update u = {m, rate, (float)scale, gradient, parameters, first};
    mech_team_share(m->t, m->n_blocks, update_block, &u);
    for (size_t i = 0; i < m->n_ranges; i++) {
        const size_t at = m->ranges[i].offset;
        mech_adam_step(m->ranges[i].n, step, rate, scale, gradient + at, parameters + at, first + at, second + at);
    }
}
