/* How often the right mechanism leaves a pattern of a higher score than this. */
#ifndef MECH_FIT_POSTERIOR_PATTERN_SCORES_H
#define MECH_FIT_POSTERIOR_PATTERN_SCORES_H

/* Made by bench/none_of_these from 400 experiments of the design `laboratory`, 20 of each of M1 to M20. */
static const struct pattern_score {
    double score, share; /* of right mechanisms that exceed it */
} PATTERN_SCORES[] = {
    {-1.187, 0.9}, {-0.389, 0.7}, {0.242, 0.5},   {0.914, 0.3},  {1.267, 0.2},  {2.001, 0.1},
    {2.277, 0.07}, {2.456, 0.05}, {2.957, 0.035}, {3.691, 0.02}, {4.141, 0.01},
};

#endif
