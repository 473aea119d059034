#include "data/design/keys.h"

#include <string.h>

#define NUMBERS (KIND(CHOICE_NUMBER) | KIND(CHOICE_UNIFORM) | KIND(CHOICE_LOG_UNIFORM))
#define FIXED KIND(CHOICE_NUMBER)
#define OF(number)                                                                                                     \
    { 1, CHOICE_NUMBER, number, number }

/* A standard deviation or the like that may be lacking. */
#define ERROR_UP_TO(most)                                                                                              \
    .kinds = NUMBERS, .low = 0, .high = (most), .otherwise = OF(0), .what = "none or a number from 0 to " #most

#define YES_OR_NO .kinds = FIXED, .yes_or_no = true, .low = 0, .high = 1, .otherwise = OF(0), .what = "yes or no"

#define HOW_MANY_RUNS                                                                                                  \
    .kinds = FIXED, .whole = true, .low = 0, .high = MECH_MOST_RUNS, .otherwise = OF(0),                               \
    .what = "none or a whole number up to 16"

static const design_rule rules[N_DESIGN_KEYS] = {
    [DESIGN_ADDITIVE] = {"additive", .kinds = NUMBERS | KIND(CHOICE_AS_WRITTEN), .low = 0, .high = 100,
                         .otherwise = {1, CHOICE_AS_WRITTEN, 0, 0}, .what = "as-written or a number from 0 to 100"},
    [DESIGN_SCALE] = {"scale", .kinds = NUMBERS, .low = 1e-6, .high = 1000, .otherwise = OF(1),
                      .what = "a number from 1e-6 to 1000"},
    [DESIGN_RUNS] = {"runs", .kinds = FIXED, .whole = true, .low = 1, .high = MECH_MOST_RUNS, .required = true,
                     .what = "a whole number from 1 to 16"},
    [DESIGN_LOADINGS] = {"loadings", .kinds = NUMBERS, .low = 1e-6, .high = 10, .required = true,
                         .what = "a number from 1e-6 to 10"},
    [DESIGN_LOADINGS_RATIO] = {"loadings-ratio", .kinds = FIXED, .low = 1, .high = 10, .otherwise = OF(1),
                               .what = "a number from 1 to 10"},
    [DESIGN_LOADINGS_OF_A_THETA] = {"loadings-of-a-theta", .kinds = FIXED, .whole = true, .low = 0, .high = 64,
                                    .otherwise = OF(0), .what = "none or a whole number up to 64"},
    [DESIGN_SHUFFLED] = {"shuffled", YES_OR_NO},
    [DESIGN_FURTHER_RUNS_FROM] = {"further-runs-from", .kinds = FIXED, .whole = true, .low = 1, .high = MECH_MOST_RUNS,
                                  .otherwise = OF(1), .what = "a whole number from 1 to 16"},
    [DESIGN_SAME_EXCESS] = {"same-excess", HOW_MANY_RUNS},
    [DESIGN_SAME_EXCESS_S0] = {"same-excess-s0", .kinds = NUMBERS, .low = 1e-3, .high = 100, .otherwise = OF(0.5),
                               .what = "a number from 0.001 to 100"},
    [DESIGN_SAME_EXCESS_P0] = {"same-excess-p0", .kinds = NUMBERS | KIND(CHOICE_REST), .low = 0, .high = 100,
                               .otherwise = {1, CHOICE_REST, 0, 0}, .what = "none, rest or a number from 0 to 100"},
    [DESIGN_PRODUCT_ADDED] = {"product-added", HOW_MANY_RUNS},
    [DESIGN_PRODUCT_ADDED_P0] = {"product-added-p0", .kinds = NUMBERS, .low = 0, .high = 100, .otherwise = OF(0.5),
                                 .what = "a number from 0 to 100"},
    [DESIGN_REPEATED] = {"repeated", HOW_MANY_RUNS},
    [DESIGN_REACTANT] = {"reactant", .kinds = NUMBERS | KIND(CHOICE_AS_WRITTEN), .low = 0.001, .high = 1000,
                         .otherwise = {1, CHOICE_AS_WRITTEN, 0, 0},
                         .what = "as-written or a number from 0.001 to 1000"},
    [DESIGN_REACTANT_CHANGED] = {"reactant-changed", HOW_MANY_RUNS},
    [DESIGN_REACTANT_CHANGED_TO] = {"reactant-changed-to", .kinds = NUMBERS, .low = 0.01, .high = 100,
                                    .otherwise = OF(2), .what = "a number from 0.01 to 100"},
    [DESIGN_REACTANT_READ] = {"reactant-read", YES_OR_NO},
    [DESIGN_FOLLOWED_TO] = {"followed-to", .kinds = NUMBERS | KIND(CHOICE_END), .low = 0.01, .high = 0.9999,
                            .required = true, .what = "end or a number from 0.01 to 0.9999"},
    [DESIGN_COMMON_END] = {"common-end", YES_OR_NO},
    [DESIGN_GOES_ON] = {"goes-on", .kinds = NUMBERS, .low = 1, .high = 100, .otherwise = OF(1),
                        .what = "a number from 1 to 100"},
    [DESIGN_POINTS] = {"points", .kinds = NUMBERS, .low = 2, .high = MOST_READINGS, .required = true,
                       .what = "a number from 2 to 2000"},
    [DESIGN_POINTS_OF_RUN] = {"points-of-a-run", .kinds = NUMBERS, .low = 0.1, .high = 10, .otherwise = OF(1),
                              .what = "a number from 0.1 to 10"},
    [DESIGN_TIMES] = {"times",
                      .kinds = KIND(CHOICE_EVEN) | KIND(CHOICE_RANDOM) | KIND(CHOICE_GEOMETRIC) | KIND(CHOICE_DENSE) |
                               KIND(CHOICE_GRID),
                      .required = true, .what = "even, random, geometric, dense or grid"},
    [DESIGN_READING_AT_0] = {"reading-at-0", YES_OR_NO},
    [DESIGN_SPECIES] = {"species", .kinds = KIND(CHOICE_BOTH) | KIND(CHOICE_SUBSTRATE) | KIND(CHOICE_PRODUCT),
                        .otherwise = {1, CHOICE_BOTH, 0, 0}, .what = "S and P, S or P"},
    [DESIGN_LOADING_ERROR] = {"loading-error", ERROR_UP_TO(1)},
    [DESIGN_DEAD_CATALYST] = {"dead-catalyst", ERROR_UP_TO(0.9)},
    [DESIGN_CLOCK_ERROR] = {"clock-error", ERROR_UP_TO(1)},
    [DESIGN_START_ERROR] = {"start-error", ERROR_UP_TO(1)},
    [DESIGN_RESPONSE_ERROR] = {"response-error", ERROR_UP_TO(1)},
    [DESIGN_PRODUCT_SHARE] = {"product-share", .kinds = NUMBERS, .low = 0, .high = 1, .otherwise = OF(1),
                              .what = "a number from 0 to 1"},
    [DESIGN_NOISE] = {"noise", ERROR_UP_TO(1)},
    [DESIGN_RELATIVE_NOISE] = {"relative-noise", ERROR_UP_TO(1)},
    [DESIGN_OUTLIERS] = {"outliers", ERROR_UP_TO(1)},
    [DESIGN_OUTLIER_ERROR] = {"outlier-error", ERROR_UP_TO(10)},
};

const design_rule *mech_design_rule(design_key key) { return &rules[key]; }

design_key mech_design_find_key(const char *name, size_t length) {
    for (int k = 0; k < N_DESIGN_KEYS; k++)
        if (strlen(rules[k].name) == length && memcmp(rules[k].name, name, length) == 0) return (design_key)k;
    return N_DESIGN_KEYS;
}
