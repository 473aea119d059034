/* What the engine's kernels share with the engine that calls them. The same sources are compiled for each instruction
 * set, in float32 for speed and in float64 for exact predictions and for tests of gradients against differences. The
 * engine itself only allocates and shares out; it never computes with the numbers. */
#ifndef MECH_LEARN_KERNELS_ENGINE_KERNEL_H
#define MECH_LEARN_KERNELS_ENGINE_KERNEL_H

#include "base/machine/processor.h"
#include "learn/kernels/engine_plan.h"
#include "learn/kernels/engine_sets.h"

/* One pass of some consecutive samples through all nodes. Arrays of reals are void pointers here. */
typedef struct tile_job {
    const plan *layout;
    const void *packed; /* [layout->packed_size], by pack() */
    void *workspace;    /* [layout->workspace_size] */
    size_t n_rows;      /* samples in this tile, at most layout->tile_rows */
    const float *x1, *x2;
    void *probabilities; /* [n_rows][n_labels]; NULL: not wanted */

    /* Of run sets, in place of x1 and x2: those from first_set on. */
    const engine_sets *sets;
    size_t first_set;
    void *side_values; /* [n_rows][width of the side node]; NULL: not wanted */

    /* For the backward pass. */
    const uint8_t *labels; /* [n_rows]; those of run sets are theirs */
    double label_smoothing, side_weight;
    void *gradient; /* [layout->gradient_size]: added to; NULL: no backward pass */
    double cross_entropy, side_loss;
    size_t correct; /* these are added to */
} tile_job;

typedef struct engine_kernel {
    size_t lanes, real_bytes; /* reals in a vector; bytes of a real */

    /* Copies parameters[n_parameters] into the layouts that the passes read: panels of columns for the products of the
     * forward pass, the transposed matrices for those of the backward pass (where the plan is for training). `single`:
     * the parameters are floats whatever the kernel's reals. */
    void (*pack)(const plan *layout, const void *parameters, bool single, void *packed);

    void (*run_tile)(tile_job *job);

    /* sums[i] += addends[i] for `count` reals. */
    void (*add)(size_t count, const void *addends, void *sums);

    /* The plain gradient[n_parameters] from one in the layout of the kernels, times `factor`. */
    void (*unpack_gradient)(const plan *layout, const void *packed_gradient, double factor, void *gradient);

    /* See orthogonal_lanes.h. */
    void (*orthogonalise)(size_t rows, size_t columns, void *matrix, void *workspace);

    /* Multiplies and adds in registers only; see peak_lanes.h. */
    double (*multiply_and_add)(size_t rounds, void *result);

    /* The activations of an LSTM, for tests of their accuracy. */
    void (*activate)(size_t count, const void *x, void *sigmoid, void *hyperbolic_tangent);
} engine_kernel;

typedef enum engine_precision { ENGINE_FLOAT32, ENGINE_FLOAT64 } engine_precision;

extern const engine_kernel mech_engine_kernel_baseline, mech_engine_kernel_avx2, mech_engine_kernel_avx512;
extern const engine_kernel mech_engine_kernel_baseline_float64, mech_engine_kernel_avx2_float64,
    mech_engine_kernel_avx512_float64;

#endif
