#include "chemistry/composition/assembly.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* [B]0 where nothing else is said: a fifth more than the standard [S]0 needs. */
static const double STANDARD_B = 1.2;

/* What a catalyst form is made of, which its name says: cat, cat2, cat*S, catS2, cat2P. */
typedef struct formula {
    bool activated; /* cat* */
    int n_core, s, p, b, l;
} formula;

typedef struct assembly {
    mech_mechanism *m;
    const part *const *chosen;
    slot_species slots;
    formula formulas[MAX_SPECIES]; /* of catalyst forms */
    int own[N_ROWS][MOST_OWN];     /* species */
    int constant[N_ROWS];          /* of the part's first step */
    int n_numbers;                 /* k1, k2, ...: how many are given out */
} assembly;

static int append_letter(char *name, int at, const char *letter, int n) {
    if (n < 1) return at;
    if (n == 1) return at + snprintf(name + at, (size_t)(MAX_NAME - at), "%s", letter);
    return at + snprintf(name + at, (size_t)(MAX_NAME - at), "%s%d", letter, n);
}

static void name_form(const formula *f, char *name) {
    int at = append_letter(name, 0, f->activated ? "cat*" : "cat", f->n_core);
    at = append_letter(name, at, "S", f->s);
    at = append_letter(name, at, "P", f->p);
    at = append_letter(name, at, "B", f->b);
    (void)append_letter(name, at, "L", f->l);
}

static int add_species(assembly *a, const char *name, mech_role role, int units) {
    mechanism_species *species = &a->m->species[a->m->n_species];
    *species = (mechanism_species){.role = role, .catalyst_units = units};
    snprintf(species->name, sizeof species->name, "%s", name);
    return a->m->n_species++;
}

static int add_form(assembly *a, formula f, mech_role role) {
    char name[MAX_NAME];
    name_form(&f, name);
    a->formulas[a->m->n_species] = f;
    return add_species(a, name, role, f.n_core);
}

static formula bind(formula f, const char *what) {
    f.s += what[0] == 'S';
    f.p += what[0] == 'P';
    f.b += what[0] == 'B';
    f.l += what[0] == 'L';
    return f;
}

static formula twice(formula f) { return (formula){f.activated, 2 * f.n_core, 2 * f.s, 2 * f.p, 2 * f.b, 2 * f.l}; }

static bool uses(const part *p, slot what) {
    for (int i = 0; p && i < p->n_steps; i++)
        for (int j = 0; j < MAX_MOLECULES; j++)
            if (p->steps[i].reactants[j] == what || p->steps[i].products[j] == what) return true;
    return false;
}

/* Substrate, product and the catalyst forms that the slots stand for. */
static void add_slots(assembly *a) {
    const part *cycle = a->chosen[ROW_CYCLE], *activation = a->chosen[ROW_ACTIVATION];
    const formula precatalyst = {.n_core = 1};
    int *of = a->slots.of;
    for (int s = 0; s < SLOT_OWN; s++) of[s] = -1;
    of[SLOT_S] = add_species(a, "S", MECH_ROLE_SUBSTRATE, 0);
    of[SLOT_P] = add_species(a, "P", MECH_ROLE_PRODUCT, 0);
    of[SLOT_PRE] = add_form(a, precatalyst, activation || cycle->dimer ? MECH_ROLE_PRECATALYST : MECH_ROLE_CATALYST);
    formula active = precatalyst;
    if (activation) {
        active = uses(activation, SLOT_S) ? bind(precatalyst, "S") : (formula){.activated = true, .n_core = 1};
        of[SLOT_ACTIVE] = add_form(a, active, cycle->dimer ? MECH_ROLE_PRECATALYST : MECH_ROLE_CATALYST);
    } else {
        of[SLOT_ACTIVE] = of[SLOT_PRE];
    }
    of[SLOT_FREE] = cycle->dimer ? add_form(a, twice(active), MECH_ROLE_CATALYST) : of[SLOT_ACTIVE];
    const bool b_first = cycle->steps[0].reactants[1] == SLOT_B;
    of[SLOT_BOUND] = add_form(a, bind(a->formulas[of[SLOT_FREE]], b_first ? "B" : "S"), MECH_ROLE_CATALYST);
}

static int units_of(const assembly *a, slot s) { return s >= 0 ? a->m->species[a->slots.of[s]].catalyst_units : 0; }

static int add_own(assembly *a, const own_species *own) {
    char name[MAX_NAME];
    int s = 0;
    if (own->kind == OWN_BOUND) return add_form(a, bind(a->formulas[a->slots.of[own->of]], own->name), own->role);
    if (own->kind == OWN_DIMER) return add_form(a, twice(a->formulas[a->slots.of[own->of]]), own->role);
    if (own->kind == OWN_LOST) {
        const int units = (units_of(a, own->of) + units_of(a, own->and_of)) % 10; /* four at most */
        if (units > 1)
            snprintf(name, sizeof name, "inactive%d%s", units, own->name);
        else
            snprintf(name, sizeof name, "inactive%s", own->name);
        return add_species(a, name, own->role, units);
    }
    s = add_species(a, own->name, own->role, 0);
    a->m->species[s].start = 1;
    a->m->species[s].drawn = own->drawn;
    a->m->species[s].drawn_low = own->drawn_low;
    a->m->species[s].drawn_high = own->drawn_high;
    return s;
}

static int species_of(const assembly *a, part_row row, slot s) {
    return s >= SLOT_OWN ? a->own[row][s - SLOT_OWN] : a->slots.of[s];
}

static void fill_side(const assembly *a, part_row row, const slot *side, int *molecules) {
    int n = 0;
    for (int i = 0; i < MAX_MOLECULES; i++) molecules[i] = -1;
    for (int i = 0; i < MAX_MOLECULES; i++)
        if (side[i] != NOTHING && species_of(a, row, side[i]) >= 0) molecules[n++] = species_of(a, row, side[i]);
    /* Where activation releases a ligand, whatever activates releases it. */
    const bool activates = row == ROW_BESIDE && n == 2 && side[0] == SLOT_ACTIVE;
    if (activates && a->chosen[ROW_ACTIVATION]->own[0].kind == OWN_ADDITIVE) molecules[n] = a->own[ROW_ACTIVATION][0];
}

static int name_constant(assembly *a, const char *format) {
    const int k = a->m->n_rate_constants++;
    snprintf(a->m->rate_constants[k], MAX_NAME, format, a->n_numbers);
    return k;
}

/* Adds the reactions of a part to list[*n]. */
static void add_steps(assembly *a, part_row row, mechanism_reaction *list, int *n) {
    const part *p = a->chosen[row];
    for (int i = 0; p && i < p->n_steps; i++) {
        mechanism_reaction *forward = &list[(*n)++];
        a->n_numbers++;
        *forward = (mechanism_reaction){.rate_constant = name_constant(a, "k%d")};
        fill_side(a, row, p->steps[i].reactants, forward->reactants);
        fill_side(a, row, p->steps[i].products, forward->products);
        if (i == 0) a->constant[row] = forward->rate_constant;
        if (!p->steps[i].reversible) continue;
        mechanism_reaction *backward = &list[(*n)++];
        *backward = (mechanism_reaction){.rate_constant = name_constant(a, "k-%d"), .reverse = 1};
        memcpy(backward->reactants, forward->products, sizeof backward->reactants);
        memcpy(backward->products, forward->reactants, sizeof backward->products);
    }
}

/* Activation stands before the cycle, whose rate constants come first all the same. */
static void add_reactions(assembly *a) {
    mechanism_reaction cycle[MAX_REACTIONS];
    int n_cycle = 0, *n = &a->m->n_reactions;
    add_steps(a, ROW_CYCLE, cycle, &n_cycle);
    add_steps(a, ROW_ACTIVATION, a->m->reactions, n);
    memcpy(a->m->reactions + *n, cycle, (size_t)n_cycle * sizeof cycle[0]);
    *n += n_cycle;
    for (part_row row = ROW_PRECATALYST; row < N_ROWS; row++) add_steps(a, row, a->m->reactions, n);
}

static bool belongs_to(const assembly *a, shown_sum sum, int s) {
    const mechanism_species *species = &a->m->species[s];
    if (!species->catalyst_units) return false;
    if (sum == SUM_LIVING) return species->role != MECH_ROLE_INACTIVE;
    return s != a->slots.of[SLOT_PRE] && !(a->chosen[ROW_PRECATALYST] && s == a->own[ROW_PRECATALYST][0]);
}

static void fill_condition(const assembly *a, part_row row, const part_condition *from, shown_condition *c) {
    *c = (shown_condition){
        .measure = from->measure, .x_from = from->x_from, .x_to = from->x_to, .low = from->low, .high = from->high};
    switch (from->sum) {
    case SUM_OWN:
        c->forms[0].species = a->own[row][from->own];
        c->forms[0].weight = from->weight ? from->weight : a->m->species[c->forms[0].species].catalyst_units;
        c->n_forms = 1;
        break;
    case SUM_ACTIVE:
        c->forms[0] = (shown_form){a->slots.of[SLOT_ACTIVE], from->weight};
        c->n_forms = 1;
        /* What activation has to make first is not there from the start. */
        if (a->chosen[ROW_ACTIVATION] && c->measure == SHOWN_SMALLEST) {
            c->measure = SHOWN_LARGEST;
            c->x_from = c->x_to;
            c->x_to = 0.5;
        }
        break;
    case SUM_ACTIVATED:
    case SUM_LIVING:
        for (int s = 0; s < a->m->n_species && c->n_forms < MAX_FORMS; s++)
            if (belongs_to(a, from->sum, s)) c->forms[c->n_forms++] = (shown_form){s, a->m->species[s].catalyst_units};
        break;
    case SUM_STEP:
        c->rate_constant = a->constant[row];
        break;
    }
}

static void add_clauses(assembly *a) {
    static const double loadings[] = {0.03, 0.05, 0.07};
    for (part_row row = 0; row < N_ROWS; row++) {
        const part *p = a->chosen[row];
        if (!p || !p->n_conditions) continue;
        shown_clause *clause = &a->m->clauses[a->m->n_clauses++];
        clause->n_loadings = p->once ? 1 : 3;
        for (int i = 0; i < clause->n_loadings; i++) clause->loadings[i] = p->once ? 0.05 : loadings[i];
        clause->n_conditions = p->n_conditions;
        for (int i = 0; i < p->n_conditions; i++) fill_condition(a, row, &p->conditions[i], &clause->conditions[i]);
    }
}

/* A design draws one additive, the first that has a choice; of several the others start in the middle of their range:
 * X and L, which the reaction makes, at 0. */
static void settle_additives(assembly *a) {
    int n = 0, drawn = -1;
    for (int s = 0; s < a->m->n_species; s++) {
        const mechanism_species *species = &a->m->species[s];
        if (species->role != MECH_ROLE_ADDITIVE) continue;
        n++;
        if (drawn < 0 && species->drawn_high > species->drawn_low) drawn = s;
    }
    for (int s = 0; s < a->m->n_species && n > 1; s++) {
        mechanism_species *species = &a->m->species[s];
        if (species->role != MECH_ROLE_ADDITIVE || s == drawn) continue;
        species->start = (species->drawn_low + species->drawn_high) / 2;
        species->drawn = false;
        species->drawn_low = species->drawn_high = 0;
    }
}

static bool is_of_the_twenty(const part *p) { return p->name[0] == 'M'; }

void mech_name_composition(const part *const *chosen, char *id) {
    int at = 0;
    const part *first = NULL;
    id[0] = '\0';
    for (part_row row = ROW_CYCLE + 1; row < N_ROWS && !first; row++) first = chosen[row];
    const bool says_cycle = strcmp(chosen[ROW_CYCLE]->name, "M1") != 0 || !first || !is_of_the_twenty(first);
    for (part_row row = ROW_CYCLE; row < N_ROWS; row++)
        if (chosen[row] && (row != ROW_CYCLE || says_cycle))
            at += snprintf(id + at, (size_t)(MAX_ID - at), "%s%s", at ? "+" : "", chosen[row]->name);
}

/* Title and class. Those of a single choice are the built-in ones. */
static void describe(assembly *a) {
    mech_mechanism *m = a->m;
    size_t at = 0;
    int n_labels = 0;
    mech_name_composition(a->chosen, m->id);
    m->mechanism_class = MECH_CLASS_CORE;
    for (part_row row = ROW_CYCLE; row < N_ROWS; row++) {
        const part *p = a->chosen[row];
        if (!p || p->mechanism_class == MECH_CLASS_CORE || (n_labels && p->mechanism_class == m->mechanism_class))
            continue;
        m->mechanism_class = n_labels++ ? MECH_CLASS_COMPOSED : p->mechanism_class;
    }
    const mech_mechanism *builtin = mech_builtin_find(m->id);
    if (builtin) {
        snprintf(m->title, sizeof m->title, "%s", builtin->title);
        return;
    }
    for (part_row row = ROW_CYCLE; row < N_ROWS; row++)
        if (a->chosen[row] && at < sizeof m->title)
            at += (size_t)snprintf(m->title + at, sizeof m->title - at, "%s%s", at ? "; " : "", a->chosen[row]->phrase);
}

void mech_assemble(const part *const *chosen, double coefficient, mech_mechanism *mechanism, slot_species *slots) {
    assembly a = {.m = mechanism, .chosen = chosen};
    memset(mechanism, 0, sizeof *mechanism);
    add_slots(&a);
    mechanism->substrate = a.slots.of[SLOT_S];
    mechanism->product = a.slots.of[SLOT_P];
    mechanism->catalyst = a.slots.of[SLOT_PRE];
    for (part_row row = ROW_CYCLE; row < N_ROWS; row++) {
        for (int i = 0; chosen[row] && i < MOST_OWN && chosen[row]->own[i].kind != OWN_NONE; i++)
            a.own[row][i] = add_own(&a, &chosen[row]->own[i]);
        if (row == ROW_CYCLE && uses(chosen[ROW_CYCLE], SLOT_B)) {
            const int b = a.slots.of[SLOT_B] = add_species(&a, "B", MECH_ROLE_REACTANT, 0);
            mechanism->species[b].start = STANDARD_B;
            mechanism->species[b].coefficient = coefficient == 1 ? 0 : coefficient;
        }
    }
    add_reactions(&a);
    add_clauses(&a);
    settle_additives(&a);
    describe(&a);
    if (slots) *slots = a.slots;
}
