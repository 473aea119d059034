#include "learn/kernels/orthogonal_lanes.h"

#include "learn/kernels/product_lanes.h"

#include <string.h>

enum { ITERATIONS = 5 };
static const real LINEAR = (real)3.4445, CUBIC = (real)-4.775, QUINTIC = (real)2.0315;

/* Divides by the Euclidean norm, which no singular value exceeds. */
static void normalise(size_t n, real *matrix) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)matrix[i] * (double)matrix[i];
    if (!(sum > 0)) return;
    const real factor = (real)(1 / sqrt(sum));
    for (size_t i = 0; i < n; i++) matrix[i] *= factor;
}

void LANES_NAME(orthogonalise)(size_t rows, size_t columns, void *matrix, void *workspace) {
    const size_t stride = (columns + LANES - 1) / LANES * LANES;
    real *y = matrix, *next = workspace, *gram = next + rows * stride, *polynomial = gram + columns * stride;
    real *zeros = polynomial + columns * stride;
    memset(zeros, 0, stride * sizeof *zeros);
    normalise(rows * stride, y);
    for (int i = 0; i < ITERATIONS; i++) {
        /* Y <- Y (a + b G + c G^2) with G = Y^T Y. */
        const left_factor transposed = {.a = y, .row_step = 1, .depth_step = stride, .depth = rows};
        LANES_NAME(product)(columns, &transposed, 1, plain_rows(y, stride, stride), zeros, 0, gram, stride);
        for (size_t j = 0; j < columns * stride; j++) polynomial[j] = CUBIC / QUINTIC * gram[j];
        const left_factor squared = {.a = gram, .row_step = stride, .depth_step = 1, .depth = columns};
        LANES_NAME(product)
        (columns, &squared, 1, plain_rows(gram, stride, stride), polynomial, stride, polynomial, stride);
        for (size_t j = 0; j < columns * stride; j++) polynomial[j] *= QUINTIC;
        for (size_t j = 0; j < rows * stride; j++) next[j] = LINEAR * y[j];
        const left_factor plain = {.a = y, .row_step = stride, .depth_step = 1, .depth = columns};
        LANES_NAME(product)(rows, &plain, 1, plain_rows(polynomial, stride, stride), next, stride, next, stride);
        memcpy(y, next, rows * stride * sizeof *y);
    }
}
