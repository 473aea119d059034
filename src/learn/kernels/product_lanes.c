/* One micro-kernel does the arithmetic: a block of C stays in registers, and each step of the depth adds the product of
 * one element of A for each row, broadcast, with PANEL_VECTORS vectors of a row of B. (The form of the BLIS library:
 * Van Zee & van de Geijn, ACM Trans. Math. Softw. 41, 14, 2015.) Each element of C is one chain of additions in the
 * order of the depth, whatever the block, so that no sample's result depends on its neighbours. */
#include "learn/kernels/product_lanes.h"

/* Rows of a block: as many as the registers hold beside a row of B. */
#if LANES_BYTES == 64 || defined(__aarch64__)
enum { BLOCK_ROWS = 6 };
#elif LANES_BYTES == 32
enum { BLOCK_ROWS = 3 };
#else
enum { BLOCK_ROWS = 2 };
#endif

/* Depth that is worked through at once, so that the panel of B (32 KB) stays in the first-level cache for all rows. */
enum { BLOCK_DEPTH = 128 * 64 / LANES_BYTES };

/* The parts of one or two left factors that share a block of the depth. */
typedef struct depth_block {
    left_factor parts[2];
    int n_parts;
    const real *b;
    size_t b_step;
} depth_block;

INLINE void multiply_block(int rows, int vectors, const depth_block *d, size_t first_row, const real *start,
                           size_t start_step, real *c, size_t c_step) {
    lanes sum[BLOCK_ROWS][PANEL_VECTORS];
    UNROLL(6)
    for (int i = 0; i < rows; i++) {
        UNROLL(4)
        for (int j = 0; j < vectors; j++) sum[i][j] = load(start + (size_t)i * start_step + j * LANES);
    }
    const real *b = d->b;
    const size_t b_step = d->b_step;
    for (int part = 0; part < d->n_parts; part++) {
        const size_t row_step = d->parts[part].row_step, depth_step = d->parts[part].depth_step;
        const real *a = d->parts[part].a + first_row * row_step;
        for (size_t k = d->parts[part].depth; k > 0; k--) {
            /* One vector of the row of B at a time: that many registers fewer. */
            lanes elements[BLOCK_ROWS];
            UNROLL(6)
            for (int i = 0; i < rows; i++) elements[i] = fill(a[(size_t)i * row_step]);
            UNROLL(4)
            for (int j = 0; j < vectors; j++) {
                const lanes of_row = load(b + j * LANES);
                UNROLL(6)
                for (int i = 0; i < rows; i++) sum[i][j] += elements[i] * of_row;
            }
            a += depth_step;
            b += b_step;
        }
    }
    UNROLL(6)
    for (int i = 0; i < rows; i++) {
        UNROLL(4)
        for (int j = 0; j < vectors; j++) store(c + (size_t)i * c_step + j * LANES, sum[i][j]);
    }
}

#define BLOCK_CASE(rows, vectors)                                                                                      \
    case (rows)*8 + (vectors):                                                                                         \
        multiply_block(rows, vectors, d, first_row, start, start_step, c, c_step);                                     \
        break;
#define BLOCK_CASES(rows) BLOCK_CASE(rows, 1) BLOCK_CASE(rows, 2) BLOCK_CASE(rows, 3) BLOCK_CASE(rows, 4)

/* All rows of one panel over one block of the depth. */
static void multiply_panel(size_t n_rows, size_t vectors, const depth_block *d, const real *start, size_t start_step,
                           real *c, size_t c_step) {
    for (size_t first_row = 0; first_row < n_rows;) {
        const size_t rows = n_rows - first_row < BLOCK_ROWS ? n_rows - first_row : BLOCK_ROWS;
        switch (rows * 8 + vectors) {
            BLOCK_CASES(1)
            BLOCK_CASES(2)
#if LANES_BYTES == 32 || LANES_BYTES == 64 || defined(__aarch64__)
            BLOCK_CASES(3)
#endif
#if LANES_BYTES == 64 || defined(__aarch64__)
            BLOCK_CASES(4)
            BLOCK_CASES(5)
            BLOCK_CASES(6)
#endif
        default:
            break;
        }
        first_row += rows;
        start += rows * start_step;
        c += rows * c_step;
    }
}

void LANES_NAME(product)(size_t n_rows, const left_factor *left, int n_left, right_factor right, const real *start,
                         size_t start_step, real *c, size_t c_step) {
    for (size_t column = 0; column < right.columns; column += PANEL_COLUMNS) {
        const size_t left_columns = right.columns - column;
        const size_t vectors = left_columns < PANEL_COLUMNS ? left_columns / LANES : PANEL_VECTORS;
        depth_block d = {.b = right.b, .b_step = right.row_step};
        const real *from = start + column;
        size_t from_step = start_step, in_block = 0;
        for (int part = 0; part < n_left; part++) {
            for (size_t k = 0; k < left[part].depth;) {
                const size_t room = BLOCK_DEPTH - in_block, rest = left[part].depth - k;
                const size_t depth = rest < room ? rest : room;
                d.parts[d.n_parts++] = (left_factor){left[part].a + k * left[part].depth_step, left[part].row_step,
                                                     left[part].depth_step, depth};
                in_block += depth;
                k += depth;
                if (in_block < BLOCK_DEPTH && !(k == left[part].depth && part == n_left - 1)) continue;
                multiply_panel(n_rows, vectors, &d, from, from_step, c + column, c_step);
                from = c + column;
                from_step = c_step;
                d.b += in_block * right.row_step;
                d.n_parts = 0;
                in_block = 0;
            }
        }
        right.b += right.panel_step;
    }
}
