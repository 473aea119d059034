/* M1 to M20 (Bures & Larrosa, Nature 613, 689-695 (2023), doi 10.1038/s41586-022-05639-4) as tables of elementary
 * reactions. Constant data in a header, so that the solver can be specialised from the very same tables. To add a
 * mechanism, add a table here (CONTRIBUTING.md); nothing else counts or names them. */
#ifndef MECH_CHEMISTRY_MECHANISM_TABLES_H
#define MECH_CHEMISTRY_MECHANISM_TABLES_H

#include "chemistry/mechanism.h"

#include <math.h>

/* Species of every table: 0 substrate, 1 product, 2 the catalyst weighed in; then the mechanism's own. */
enum { S_ = 0, P_ = 1, CAT = 2 };

#define FORM(called, of_role, units)                                                                                   \
    { .name = called, .role = of_role, .catalyst_units = units }
#define ADDITIVE(called, ...)                                                                                          \
    { .name = called, .role = MECH_ROLE_ADDITIVE, .start = 1, .drawn = true, __VA_ARGS__ }
#define SUBSTRATE_AND_PRODUCT FORM("S", MECH_ROLE_SUBSTRATE, 0), FORM("P", MECH_ROLE_PRODUCT, 0)
#define STARTS_WITH .substrate = S_, .product = P_, .catalyst = CAT

/* a + b -> c + d with rate constant number k; NONE where there is one molecule only. */
enum { NONE = -1 };
#define FORWARD(a, b, c, d, k)                                                                                         \
    { {a, b, NONE}, {c, d, NONE}, k, 0 }

/* The backward direction of the reaction before it: a + b again on the left, and read from right to left. */
#define BACKWARD(a, b, c, d, k)                                                                                        \
    { {c, d, NONE}, {a, b, NONE}, k, 1 }
#define REVERSIBLE(a, b, c, d, k) FORWARD(a, b, c, d, k), BACKWARD(a, b, c, d, k + 1)

/* c + S <=> cS : k1, k-1 and cS <=> c + P : k2, k-2, the rate constants being 0 to 3 in every table. */
#define CYCLE(c, cs) REVERSIBLE(c, S_, cs, NONE, 0), REVERSIBLE(cs, NONE, c, P_, 2)

#define CYCLE_CONSTANTS "k1", "k-1", "k2", "k-2"

/* Start amounts that the design nature draws: X and L are made by the reaction, the inhibitor I is scarce. */
#define MADE .drawn_low = 0, .drawn_high = 0
#define SCARCE .drawn_low = 0.001, .drawn_high = 0.01

/* How mechanisms show themselves (docs/data.md). */
#define CLAUSE_AT_ANY(n, ...)                                                                                          \
    { .n_loadings = 3, .loadings = {0.03, 0.05, 0.07}, .n_conditions = n, .conditions = {__VA_ARGS__}, }
#define CLAUSE_AT_ONE(...)                                                                                             \
    { .n_loadings = 1, .loadings = {0.05}, .n_conditions = 1, .conditions = {__VA_ARGS__}, }
#define SUM_AT(x, a, b, least, most)                                                                                   \
    { .measure = SHOWN_AT, .n_forms = 2, .forms = {{a, 1}, {b, 1}}, .x_to = x, .low = least, .high = most }
#define FORM_AT(x, form, least)                                                                                        \
    { .measure = SHOWN_AT, .n_forms = 1, .forms = {{form, 1}}, .x_to = x, .low = least, .high = HUGE_VAL }
#define SHOWN_BY(...) .n_clauses = 1, .clauses = {__VA_ARGS__}

/* The core cycle and one irreversible loss of catalyst (M9, M11 to M14, M16 to M19). */
#define CORE_WITH_LOSS(mechanism, words, lost, units, a, b, most)                                                      \
    {                                                                                                                  \
        .id = mechanism, .title = words, .mechanism_class = MECH_CLASS_DEACTIVATION, .n_species = 5, .n_reactions = 5, \
        .n_rate_constants = 5, STARTS_WITH,                                                                            \
        .species = {SUBSTRATE_AND_PRODUCT, FORM("cat", MECH_ROLE_CATALYST, 1), FORM("catS", MECH_ROLE_CATALYST, 1),    \
                    FORM(lost, MECH_ROLE_INACTIVE, units)},                                                            \
        .reactions = {CYCLE(CAT, 3), FORWARD(a, b, 4, NONE, 4)}, .rate_constants = {CYCLE_CONSTANTS, "k3"},            \
        SHOWN_BY(CLAUSE_AT_ANY(1, SUM_AT(0.5, CAT, 3, 0.5, most))),                                                    \
    }

/* The same where the loss takes an inhibitor (M10, M15). */
#define CORE_WITH_INHIBITOR(mechanism, words, form)                                                                    \
    {                                                                                                                  \
        .id = mechanism, .title = words, .mechanism_class = MECH_CLASS_DEACTIVATION, .n_species = 6, .n_reactions = 5, \
        .n_rate_constants = 5, STARTS_WITH,                                                                            \
        .species = {SUBSTRATE_AND_PRODUCT, FORM("cat", MECH_ROLE_CATALYST, 1), FORM("catS", MECH_ROLE_CATALYST, 1),    \
                    ADDITIVE("I", SCARCE), FORM("inactive", MECH_ROLE_INACTIVE, 1)},                                   \
        .reactions = {CYCLE(CAT, 3), FORWARD(form, 4, 5, NONE, 4)}, .rate_constants = {CYCLE_CONSTANTS, "k3"},         \
        SHOWN_BY(CLAUSE_AT_ANY(1, FORM_AT(0.5, 5, 0.1))),                                                              \
    }

static const mech_mechanism mechanism_tables[] = {
    {
        .id = "M1",
        .title = "core catalytic cycle, nothing else",
        .mechanism_class = MECH_CLASS_CORE,
        .n_species = 4,
        .n_reactions = 4,
        .n_rate_constants = 4,
        STARTS_WITH,
        .species = {SUBSTRATE_AND_PRODUCT, FORM("cat", MECH_ROLE_CATALYST, 1), FORM("catS", MECH_ROLE_CATALYST, 1)},
        .reactions = {CYCLE(CAT, 3)},
        .rate_constants = {CYCLE_CONSTANTS},
    },
    {
        .id = "M2",
        .title = "core cycle with the catalyst resting as an off-cycle dimer",
        .mechanism_class = MECH_CLASS_BICATALYTIC,
        .n_species = 5,
        .n_reactions = 6,
        .n_rate_constants = 6,
        STARTS_WITH,
        .species = {SUBSTRATE_AND_PRODUCT, FORM("cat", MECH_ROLE_CATALYST, 1), FORM("catS", MECH_ROLE_CATALYST, 1),
                    FORM("cat2", MECH_ROLE_OFF_CYCLE, 2)},
        .reactions = {CYCLE(CAT, 3), REVERSIBLE(CAT, CAT, 4, NONE, 4)},
        .rate_constants = {CYCLE_CONSTANTS, "k3", "k-3"},
        SHOWN_BY(CLAUSE_AT_ONE({.measure = SHOWN_LARGEST,
                                .n_forms = 1,
                                .forms = {{4, 1}},
                                .x_from = 0.2,
                                .x_to = 0.5,
                                .low = 0.10,
                                .high = HUGE_VAL})),
    },
    {
        .id = "M3",
        .title = "a catalyst dimer runs the cycle",
        .mechanism_class = MECH_CLASS_BICATALYTIC,
        .n_species = 5,
        .n_reactions = 6,
        .n_rate_constants = 6,
        STARTS_WITH,
        .species = {SUBSTRATE_AND_PRODUCT, FORM("cat", MECH_ROLE_PRECATALYST, 1), FORM("cat2", MECH_ROLE_CATALYST, 2),
                    FORM("cat2S", MECH_ROLE_CATALYST, 2)},
        .reactions = {CYCLE(3, 4), REVERSIBLE(CAT, CAT, 3, NONE, 4)},
        .rate_constants = {CYCLE_CONSTANTS, "k3", "k-3"},
        SHOWN_BY(CLAUSE_AT_ONE({.measure = SHOWN_SMALLEST,
                                .n_forms = 1,
                                .forms = {{CAT, 1}},
                                .x_to = 0.1,
                                .low = 0.05,
                                .high = HUGE_VAL})),
    },
    {
        .id = "M4",
        .title = "cycle in which an additive leaves with the substrate and returns with the product",
        .mechanism_class = MECH_CLASS_BICATALYTIC,
        .n_species = 5,
        .n_reactions = 4,
        .n_rate_constants = 4,
        STARTS_WITH,
        .species = {SUBSTRATE_AND_PRODUCT, FORM("cat", MECH_ROLE_CATALYST, 1), FORM("catS", MECH_ROLE_CATALYST, 1),
                    ADDITIVE("X", MADE)},
        .reactions = {REVERSIBLE(CAT, S_, 3, 4, 0), REVERSIBLE(3, 4, CAT, P_, 2)},
        .rate_constants = {CYCLE_CONSTANTS},
    },
    {
        .id = "M5",
        .title = "turnover needs a second catalyst molecule",
        .mechanism_class = MECH_CLASS_BICATALYTIC,
        .n_species = 5,
        .n_reactions = 6,
        .n_rate_constants = 6,
        STARTS_WITH,
        .species = {SUBSTRATE_AND_PRODUCT, FORM("cat", MECH_ROLE_CATALYST, 1), FORM("catS", MECH_ROLE_CATALYST, 1),
                    FORM("catP", MECH_ROLE_CATALYST, 1)},
        .reactions = {REVERSIBLE(CAT, S_, 3, NONE, 0), REVERSIBLE(3, CAT, 4, CAT, 2), REVERSIBLE(4, NONE, CAT, P_, 4)},
        .rate_constants = {CYCLE_CONSTANTS, "k3", "k-3"},
    },
    {
        .id = "M6",
        .title = "precatalyst activates by itself, then the core cycle",
        .mechanism_class = MECH_CLASS_ACTIVATION,
        .n_species = 5,
        .n_reactions = 5,
        .n_rate_constants = 5,
        STARTS_WITH,
        .species = {SUBSTRATE_AND_PRODUCT, FORM("cat", MECH_ROLE_PRECATALYST, 1), FORM("cat*", MECH_ROLE_CATALYST, 1),
                    FORM("cat*S", MECH_ROLE_CATALYST, 1)},
        .reactions = {FORWARD(CAT, NONE, 3, NONE, 4), CYCLE(3, 4)},
        .rate_constants = {CYCLE_CONSTANTS, "k3"},
        SHOWN_BY(CLAUSE_AT_ANY(1, SUM_AT(0.2, 3, 4, 0.1, 0.9))),
    },
    {
        .id = "M7",
        .title = "the substrate activates the precatalyst, then the cycle",
        .mechanism_class = MECH_CLASS_ACTIVATION,
        .n_species = 5,
        .n_reactions = 6,
        .n_rate_constants = 6,
        STARTS_WITH,
        .species = {SUBSTRATE_AND_PRODUCT, FORM("cat", MECH_ROLE_PRECATALYST, 1), FORM("catS", MECH_ROLE_CATALYST, 1),
                    FORM("catS2", MECH_ROLE_CATALYST, 1)},
        .reactions = {REVERSIBLE(CAT, S_, 3, NONE, 4), CYCLE(3, 4)},
        .rate_constants = {CYCLE_CONSTANTS, "k3", "k-3"},
        SHOWN_BY(CLAUSE_AT_ANY(1, SUM_AT(0.2, 3, 4, 0.1, 0.8))),
    },
    {
        .id = "M8",
        .title = "the precatalyst loses a ligand reversibly, then the core cycle",
        .mechanism_class = MECH_CLASS_ACTIVATION,
        .n_species = 6,
        .n_reactions = 6,
        .n_rate_constants = 6,
        STARTS_WITH,
        .species = {SUBSTRATE_AND_PRODUCT, FORM("cat", MECH_ROLE_PRECATALYST, 1), FORM("cat*", MECH_ROLE_CATALYST, 1),
                    FORM("cat*S", MECH_ROLE_CATALYST, 1), ADDITIVE("L", MADE)},
        .reactions = {REVERSIBLE(CAT, NONE, 3, 5, 4), CYCLE(3, 4)},
        .rate_constants = {CYCLE_CONSTANTS, "k3", "k-3"},
        SHOWN_BY(CLAUSE_AT_ANY(1, SUM_AT(0.5, 3, 4, 0.1, 0.9))),
    },
    CORE_WITH_LOSS("M9", "core cycle; the free catalyst dies by itself", "inactive", 1, CAT, NONE, 0.9),
    CORE_WITH_INHIBITOR("M10", "core cycle; an inhibitor kills the free catalyst", CAT),
    CORE_WITH_LOSS("M11", "core cycle; the substrate kills the free catalyst", "inactive", 1, CAT, S_, 0.9),
    CORE_WITH_LOSS("M12", "core cycle; the product kills the free catalyst", "inactive", 1, CAT, P_, 0.9),
    CORE_WITH_LOSS("M13", "core cycle; two free catalysts kill each other", "inactive2", 2, CAT, CAT, 0.8),
    CORE_WITH_LOSS("M14", "core cycle; the substrate-bound catalyst dies by itself", "inactive", 1, 3, NONE, 0.9),
    CORE_WITH_INHIBITOR("M15", "core cycle; an inhibitor kills the substrate-bound catalyst", 3),
    CORE_WITH_LOSS("M16", "core cycle; the substrate kills the substrate-bound catalyst", "inactive", 1, 3, S_, 0.9),
    CORE_WITH_LOSS("M17", "core cycle; the product kills the substrate-bound catalyst", "inactive", 1, 3, P_, 0.9),
    CORE_WITH_LOSS("M18", "core cycle; two substrate-bound catalysts kill each other", "inactive2", 2, 3, 3, 0.8),
    CORE_WITH_LOSS("M19", "core cycle; free and substrate-bound catalyst kill each other", "inactive2", 2, CAT, 3, 0.8),
    {
        .id = "M20",
        .title = "core cycle; free and substrate-bound catalyst both die by themselves",
        .mechanism_class = MECH_CLASS_DEACTIVATION,
        .n_species = 6,
        .n_reactions = 6,
        .n_rate_constants = 6,
        STARTS_WITH,
        .species = {SUBSTRATE_AND_PRODUCT, FORM("cat", MECH_ROLE_CATALYST, 1), FORM("catS", MECH_ROLE_CATALYST, 1),
                    FORM("inactive", MECH_ROLE_INACTIVE, 1), FORM("inactive'", MECH_ROLE_INACTIVE, 1)},
        .reactions = {CYCLE(CAT, 3), FORWARD(CAT, NONE, 4, NONE, 4), FORWARD(3, NONE, 5, NONE, 5)},
        .rate_constants = {CYCLE_CONSTANTS, "k3", "k4"},
        SHOWN_BY(CLAUSE_AT_ANY(3, SUM_AT(0.5, CAT, 3, 0.5, 0.9), FORM_AT(0.5, 4, 0.05), FORM_AT(0.5, 5, 0.05))),
    },
};

#endif
