/* Where the parameters of a network start. */
#include "base/random.h"
#include "learn/network/graph.h"

#include <math.h>

/* Uniform on [-limit, limit]. */
static void fill_uniform(random_stream *r, double limit, size_t count, float *numbers) {
    for (size_t i = 0; i < count; i++) numbers[i] = (float)(limit * (2 * mech_random_uniform(r) - 1));
}

/* A random matrix with orthonormal rows, or orthonormal columns where it has more rows than columns: normal deviates
 * made orthogonal one vector after another (modified Gram-Schmidt, twice, which is as good as a QR factorisation:
 * Giraud et al., Numer. Math. 101, 87-100, 2005). The sums are taken in double but kept in float: 1e-7 is all that a
 * start needs. */
static void fill_orthogonal(random_stream *r, size_t rows, size_t columns, float *matrix) {
    const size_t n_vectors = rows < columns ? rows : columns, length = rows < columns ? columns : rows;
    const size_t vector_step = rows < columns ? columns : 1, element_step = rows < columns ? 1 : columns;
    for (size_t v = 0; v < n_vectors; v++) {
        float *vector = matrix + v * vector_step;
        for (size_t i = 0; i < length; i++) vector[i * element_step] = (float)mech_random_normal(r);
        for (int pass = 0; pass < 2; pass++) {
            for (size_t w = 0; w < v; w++) {
                const float *other = matrix + w * vector_step;
                double overlap = 0;
                for (size_t i = 0; i < length; i++)
                    overlap += (double)vector[i * element_step] * (double)other[i * element_step];
                for (size_t i = 0; i < length; i++)
                    vector[i * element_step] -= (float)(overlap * (double)other[i * element_step]);
            }
            double square = 0;
            for (size_t i = 0; i < length; i++)
                square += (double)vector[i * element_step] * (double)vector[i * element_step];
            for (size_t i = 0; i < length; i++)
                vector[i * element_step] = (float)(vector[i * element_step] / sqrt(square));
        }
    }
}

static void start_tensor(const graph_tensor *t, random_stream *r, float *numbers) {
    const size_t count = (t->rows ? t->rows : 1) * t->columns;
    switch (t->start) {
    case INITIALISE_ZERO:
        for (size_t i = 0; i < count; i++) numbers[i] = 0;
        break;
    case INITIALISE_ONE:
        for (size_t i = 0; i < count; i++) numbers[i] = 1;
        break;
    case INITIALISE_GLOROT_UNIFORM:
        fill_uniform(r, sqrt(6 / (double)(t->rows + t->columns)), count, numbers);
        break;
    case INITIALISE_HE_UNIFORM:
        fill_uniform(r, sqrt(6 / (double)t->rows), count, numbers);
        break;
    case INITIALISE_ORTHOGONAL:
        fill_orthogonal(r, t->rows, t->columns, numbers);
        break;
    case INITIALISE_FORGET_ONE:
        /* Gates in the order i, f, c, o. */
        for (size_t i = 0; i < count; i++) numbers[i] = 4 * i / count == 1 ? 1 : 0;
        break;
    }
}

void mech_graph_initialise(const graph *g, uint64_t seed, float *parameters) {
    for (int i = 0; i < g->n_tensors; i++) {
        random_stream r = mech_random_open(seed, RANDOM_WEIGHTS, (uint64_t)i, 0);
        start_tensor(&g->tensors[i], &r, parameters + g->tensors[i].offset);
    }
}
