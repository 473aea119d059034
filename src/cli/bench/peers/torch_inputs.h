/* What networks make of x1 and x2 before their first layer, in PyTorch, as its user would write it: of runs that were
 * measured whole and start at one S, near enough for a measurement of speed. */
#ifndef MECH_CLI_BENCH_PEERS_TORCH_INPUTS_H
#define MECH_CLI_BENCH_PEERS_TORCH_INPUTS_H

/* Lines of Python that follow `import torch`: together(x, runs), kinetics(x1, x2), comparisons(x1, kinetics),
 * catalyst(kinetics, comparisons). */
extern const char bench_torch_inputs[];

#endif
