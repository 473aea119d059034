#include "chemistry/composition/parts.h"

#include <math.h>
#include <string.h>

/* Steps and species of the tables below. */
#define TO(a, b, c, d)                                                                                                 \
    { {a, b, NOTHING}, {c, d, NOTHING}, false }
#define BOTH_WAYS(a, b, c, d)                                                                                          \
    { {a, b, NOTHING}, {c, d, NOTHING}, true }
#define TAKES_UP_S BOTH_WAYS(SLOT_FREE, SLOT_S, SLOT_BOUND, NOTHING)
#define GIVES_P BOTH_WAYS(SLOT_BOUND, NOTHING, SLOT_FREE, SLOT_P)

/* Conditions of the tables below; amounts in units of the loading. */
#define OWN_AT(x, number, least)                                                                                       \
    { SHOWN_AT, SUM_OWN, number, 0, 0, x, least, HUGE_VAL }
#define ACTIVATED_AT(x, most)                                                                                          \
    { SHOWN_AT, SUM_ACTIVATED, 0, 0, 0, x, 0.1, most }
#define LIVING_AT(most)                                                                                                \
    { SHOWN_AT, SUM_LIVING, 0, 0, 0, 0.5, 0.5, most }

/* A loss of catalyst by one step. */
#define LOSS(id, words, a, b, most)                                                                                    \
    {                                                                                                                  \
        .name = id, .phrase = words, .row = ROW_LOSS, .mechanism_class = MECH_CLASS_DEACTIVATION,                      \
        .own = {{.kind = OWN_LOST,                                                                                     \
                 .of = a,                                                                                              \
                 .and_of = (b) >= SLOT_PRE ? (b) : NOTHING,                                                            \
                 .name = "",                                                                                           \
                 .role = MECH_ROLE_INACTIVE}},                                                                         \
        .n_steps = 1, .steps = {TO(a, b, SLOT_OWN, NOTHING)}, .n_conditions = 1, .conditions = {LIVING_AT(most)},      \
    }

#define LOSS_BY_INHIBITOR(id, words, form)                                                                             \
    {                                                                                                                  \
        .name = id, .phrase = words, .row = ROW_LOSS, .mechanism_class = MECH_CLASS_DEACTIVATION,                      \
        .own = {{.kind = OWN_ADDITIVE,                                                                                 \
                 .name = "I",                                                                                          \
                 .role = MECH_ROLE_ADDITIVE,                                                                           \
                 .drawn = true,                                                                                        \
                 .drawn_low = 0.001,                                                                                   \
                 .drawn_high = 0.01},                                                                                  \
                {.kind = OWN_LOST, .of = form, .and_of = NOTHING, .name = "", .role = MECH_ROLE_INACTIVE}},            \
        .n_steps = 1, .steps = {TO(form, SLOT_OWN, SLOT_OWN + 1, NOTHING)}, .n_conditions = 1,                         \
        .conditions = {OWN_AT(0.5, 1, 0.1)},                                                                           \
    }

/* A form that binds something and rests. */
#define RESTING(id, words, form, bound, least_at)                                                                      \
    {                                                                                                                  \
        .name = id, .phrase = words, .row = ROW_RESTING, .mechanism_class = MECH_CLASS_COMPOSED,                       \
        .own = {{.kind = OWN_BOUND, .of = form, .and_of = NOTHING, .name = bound, .role = MECH_ROLE_OFF_CYCLE}},       \
        .n_steps = 1, .steps = {BOTH_WAYS(form, bound[0] == 'P' ? SLOT_P : SLOT_S, SLOT_OWN, NOTHING)},                \
        .n_conditions = 1, .conditions = {OWN_AT(least_at, 0, 0.1)},                                                   \
    }

const part mech_parts_table[] = {
    {.name = "M1",
     .phrase = "core cycle",
     .row = ROW_CYCLE,
     .mechanism_class = MECH_CLASS_CORE,
     .n_steps = 2,
     .steps = {TAKES_UP_S, GIVES_P}},
    {.name = "M3",
     .phrase = "a catalyst dimer runs the cycle",
     .row = ROW_CYCLE,
     .mechanism_class = MECH_CLASS_BICATALYTIC,
     .n_steps = 3,
     .steps = {TAKES_UP_S, GIVES_P, BOTH_WAYS(SLOT_ACTIVE, SLOT_ACTIVE, SLOT_FREE, NOTHING)},
     .dimer = true,
     .once = true,
     .n_conditions = 1,
     .conditions = {{SHOWN_SMALLEST, SUM_ACTIVE, 0, 1, 0, 0.1, 0.05, HUGE_VAL}}},
    {.name = "M4",
     .phrase = "an additive leaves with the substrate and returns with the product",
     .row = ROW_CYCLE,
     .mechanism_class = MECH_CLASS_BICATALYTIC,
     .own = {{.kind = OWN_ADDITIVE, .name = "X", .role = MECH_ROLE_ADDITIVE, .drawn = true}},
     .n_steps = 2,
     .steps = {BOTH_WAYS(SLOT_FREE, SLOT_S, SLOT_BOUND, SLOT_OWN), BOTH_WAYS(SLOT_BOUND, SLOT_OWN, SLOT_FREE, SLOT_P)}},
    {.name = "M5",
     .phrase = "turnover needs a second catalyst molecule",
     .row = ROW_CYCLE,
     .mechanism_class = MECH_CLASS_BICATALYTIC,
     .own = {{.kind = OWN_BOUND, .of = SLOT_FREE, .and_of = NOTHING, .name = "P", .role = MECH_ROLE_CATALYST}},
     .n_steps = 3,
     .steps = {TAKES_UP_S, BOTH_WAYS(SLOT_BOUND, SLOT_FREE, SLOT_OWN, SLOT_FREE),
               BOTH_WAYS(SLOT_OWN, NOTHING, SLOT_FREE, SLOT_P)}},
    {.name = "B1",
     .phrase = "cycle that takes up the second reactant B first",
     .row = ROW_CYCLE,
     .mechanism_class = MECH_CLASS_CORE,
     .n_steps = 2,
     .steps = {BOTH_WAYS(SLOT_FREE, SLOT_B, SLOT_BOUND, NOTHING), BOTH_WAYS(SLOT_BOUND, SLOT_S, SLOT_FREE, SLOT_P)}},
    {.name = "B2",
     .phrase = "cycle with the second reactant B in the turnover",
     .row = ROW_CYCLE,
     .mechanism_class = MECH_CLASS_CORE,
     .n_steps = 2,
     .steps = {TAKES_UP_S, BOTH_WAYS(SLOT_BOUND, SLOT_B, SLOT_FREE, SLOT_P)}},

    {.name = "M6",
     .phrase = "the precatalyst activates by itself",
     .row = ROW_ACTIVATION,
     .mechanism_class = MECH_CLASS_ACTIVATION,
     .n_steps = 1,
     .steps = {TO(SLOT_PRE, NOTHING, SLOT_ACTIVE, NOTHING)},
     .n_conditions = 1,
     .conditions = {ACTIVATED_AT(0.2, 0.9)}},
    {.name = "M7",
     .phrase = "the substrate activates the precatalyst",
     .row = ROW_ACTIVATION,
     .mechanism_class = MECH_CLASS_ACTIVATION,
     .n_steps = 1,
     .steps = {BOTH_WAYS(SLOT_PRE, SLOT_S, SLOT_ACTIVE, NOTHING)},
     .n_conditions = 1,
     .conditions = {ACTIVATED_AT(0.2, 0.8)}},
    {.name = "M8",
     .phrase = "the precatalyst loses a ligand reversibly",
     .row = ROW_ACTIVATION,
     .mechanism_class = MECH_CLASS_ACTIVATION,
     .own = {{.kind = OWN_ADDITIVE, .name = "L", .role = MECH_ROLE_ADDITIVE, .drawn = true}},
     .n_steps = 1,
     .steps = {BOTH_WAYS(SLOT_PRE, NOTHING, SLOT_ACTIVE, SLOT_OWN)},
     .n_conditions = 1,
     .conditions = {ACTIVATED_AT(0.5, 0.9)}},

    {.name = "PD",
     .phrase = "the precatalyst rests as a dimer",
     .row = ROW_PRECATALYST,
     .mechanism_class = MECH_CLASS_COMPOSED,
     .own = {{.kind = OWN_DIMER, .of = SLOT_PRE, .and_of = NOTHING, .role = MECH_ROLE_OFF_CYCLE}},
     .n_steps = 1,
     .steps = {BOTH_WAYS(SLOT_PRE, SLOT_PRE, SLOT_OWN, NOTHING)},
     .n_conditions = 1,
     .conditions = {OWN_AT(0.1, 0, 0.1)}},

    {.name = "M2",
     .phrase = "the catalyst rests as a dimer",
     .row = ROW_RESTING,
     .mechanism_class = MECH_CLASS_BICATALYTIC,
     .own = {{.kind = OWN_DIMER, .of = SLOT_FREE, .and_of = NOTHING, .role = MECH_ROLE_OFF_CYCLE}},
     .n_steps = 1,
     .steps = {BOTH_WAYS(SLOT_FREE, SLOT_FREE, SLOT_OWN, NOTHING)},
     .once = true,
     .n_conditions = 1,
     .conditions = {{SHOWN_LARGEST, SUM_OWN, 0, 1, 0.2, 0.5, 0.10, HUGE_VAL}}},
    RESTING("PI", "the product binds the free catalyst", SLOT_FREE, "P", 0.5),
    RESTING("SI", "a second substrate binds the catalyst off the cycle", SLOT_BOUND, "S", 0.1),
    {.name = "LI",
     .phrase = "an additive L binds the free catalyst",
     .row = ROW_RESTING,
     .mechanism_class = MECH_CLASS_COMPOSED,
     .own = {{.kind = OWN_ADDITIVE,
              .name = "L",
              .role = MECH_ROLE_ADDITIVE,
              .drawn = true,
              .drawn_low = 0.001,
              .drawn_high = 0.1},
             {.kind = OWN_BOUND, .of = SLOT_FREE, .and_of = NOTHING, .name = "L", .role = MECH_ROLE_OFF_CYCLE}},
     .n_steps = 1,
     .steps = {BOTH_WAYS(SLOT_FREE, SLOT_OWN, SLOT_OWN + 1, NOTHING)},
     .n_conditions = 1,
     .conditions = {OWN_AT(0.2, 1, 0.1)}},

    LOSS("M9", "the free catalyst dies by itself", SLOT_FREE, NOTHING, 0.9),
    LOSS_BY_INHIBITOR("M10", "an inhibitor kills the free catalyst", SLOT_FREE),
    LOSS("M11", "the substrate kills the free catalyst", SLOT_FREE, SLOT_S, 0.9),
    LOSS("M12", "the product kills the free catalyst", SLOT_FREE, SLOT_P, 0.9),
    LOSS("M13", "two free catalysts kill each other", SLOT_FREE, SLOT_FREE, 0.8),
    LOSS("M14", "the substrate-bound catalyst dies by itself", SLOT_BOUND, NOTHING, 0.9),
    LOSS_BY_INHIBITOR("M15", "an inhibitor kills the substrate-bound catalyst", SLOT_BOUND),
    LOSS("M16", "the substrate kills the substrate-bound catalyst", SLOT_BOUND, SLOT_S, 0.9),
    LOSS("M17", "the product kills the substrate-bound catalyst", SLOT_BOUND, SLOT_P, 0.9),
    LOSS("M18", "two substrate-bound catalysts kill each other", SLOT_BOUND, SLOT_BOUND, 0.8),
    LOSS("M19", "free and substrate-bound catalyst kill each other", SLOT_FREE, SLOT_BOUND, 0.8),
    {.name = "M20",
     .phrase = "free and substrate-bound catalyst both die by themselves",
     .row = ROW_LOSS,
     .mechanism_class = MECH_CLASS_DEACTIVATION,
     .own = {{.kind = OWN_LOST, .of = SLOT_FREE, .and_of = NOTHING, .name = "", .role = MECH_ROLE_INACTIVE},
             {.kind = OWN_LOST, .of = SLOT_BOUND, .and_of = NOTHING, .name = "'", .role = MECH_ROLE_INACTIVE}},
     .n_steps = 2,
     .steps = {TO(SLOT_FREE, NOTHING, SLOT_OWN, NOTHING), TO(SLOT_BOUND, NOTHING, SLOT_OWN + 1, NOTHING)},
     .n_conditions = 3,
     .conditions = {LIVING_AT(0.9), OWN_AT(0.5, 0, 0.05), OWN_AT(0.5, 1, 0.05)}},

    {.name = "BG",
     .phrase = "substrate turns into product without the catalyst",
     .row = ROW_BESIDE,
     .mechanism_class = MECH_CLASS_COMPOSED,
     .n_steps = 1,
     .steps = {TO(SLOT_S, SLOT_B, SLOT_P, NOTHING)}, /* B only where the cycle has it */
     .n_conditions = 1,
     .conditions = {{SHOWN_THROUGH, SUM_STEP, 0, 0, 0, 0.5, 1, 5}}},
    {.name = "AC",
     .phrase = "the product makes catalyst out of precatalyst",
     .row = ROW_BESIDE,
     .mechanism_class = MECH_CLASS_COMPOSED,
     .n_steps = 1,
     .steps = {TO(SLOT_PRE, SLOT_P, SLOT_ACTIVE, SLOT_P)}, /* and L where activation releases it */
     .n_conditions = 1,
     .conditions = {{SHOWN_THROUGH, SUM_STEP, 0, 0, 0, 0.5, 0.1, HUGE_VAL}}},
};

size_t mech_parts_table_size(void) { return sizeof mech_parts_table / sizeof mech_parts_table[0]; }

size_t mech_part_constants(const part *p) {
    size_t n = 0;
    for (int i = 0; i < p->n_steps; i++) n += p->steps[i].reversible ? 2 : 1;
    return n;
}

const char *mech_row_name(part_row row) {
    static const char *const names[N_ROWS] = {"cycle", "activation", "precatalyst", "resting", "loss", "beside"};
    return names[row];
}

static bool has(const part *const *chosen, part_row row, const char *name) {
    return chosen[row] && strcmp(chosen[row]->name, name) == 0;
}

const char *mech_parts_conflict(const part *const *chosen) {
    if (has(chosen, ROW_CYCLE, "M3") && has(chosen, ROW_RESTING, "M2"))
        return "the dimer is the catalyst already; expected one of both";
    if (has(chosen, ROW_CYCLE, "M5") && has(chosen, ROW_RESTING, "PI"))
        return "the catalyst with product belongs to the cycle of M5 already; expected one of both";
    if (has(chosen, ROW_ACTIVATION, "M8") && has(chosen, ROW_RESTING, "LI"))
        return "the ligand that leaves is the one that binds, and the precatalyst what it makes; expected one of both";
    if (chosen[ROW_PRECATALYST] && !chosen[ROW_ACTIVATION])
        return "there is no precatalyst that could rest; expected M6, M7 or M8 besides";
    if (has(chosen, ROW_BESIDE, "AC") && !has(chosen, ROW_ACTIVATION, "M6") && !has(chosen, ROW_ACTIVATION, "M8"))
        return "there is no precatalyst of which product could make catalyst; expected M6 or M8 besides";
    return NULL;
}
