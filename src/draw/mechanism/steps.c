#include "draw/mechanism/steps.h"

#include <string.h>

/* Enough for any mechanism that a diagram can show; dense mechanisms have more cycles than anybody can look at. */
enum { MOST_VISITS = 20000 };

/* What makes a closed path the catalytic cycle, in order of weight: it takes up substrate, gives off product, goes
 * through catalyst forms, and follows the reactions as they are written. */
enum { TAKES_SUBSTRATE = 1000, GIVES_PRODUCT = 1000, OTHER_FORM = -100, AS_WRITTEN = 10 };

typedef struct side {
    int molecules[MAX_MOLECULES];
    int n;
} side;

static side side_of(const int *molecules) {
    side s = {.n = 0};
    for (int i = 0; i < MAX_MOLECULES && molecules[i] >= 0; i++) s.molecules[s.n++] = molecules[i];
    return s;
}

static void take_out(side *s, int index) {
    s->n--;
    memmove(&s->molecules[index], &s->molecules[index + 1], (size_t)(s->n - index) * sizeof *s->molecules);
}

static int index_of(const side *s, int species) {
    for (int i = 0; i < s->n; i++)
        if (s->molecules[i] == species) return i;
    return -1;
}

/* A catalyst form on `s` that the other side lacks; with `also_shared` any; the free forms of the cycle first. */
static int find_form(const mech_mechanism *mechanism, const side *s, const side *other, bool also_shared) {
    int found = -1;
    for (int i = 0; i < s->n; i++) {
        const mechanism_species *species = &mechanism->species[s->molecules[i]];
        if (species->catalyst_units == 0) continue;
        if (!also_shared && index_of(other, s->molecules[i]) >= 0) continue;
        if (found < 0 ||
            (species->role == MECH_ROLE_CATALYST && mechanism->species[s->molecules[found]].role != MECH_ROLE_CATALYST))
            found = i;
    }
    return found;
}

static step make_step(const mech_mechanism *mechanism, int reaction) {
    const mechanism_reaction *r = &mechanism->reactions[reaction];
    bool reversible = reaction + 1 < mechanism->n_reactions && mechanism->reactions[reaction + 1].reverse;
    step s = {.from = -1,
              .to = -1,
              .forward = r->rate_constant,
              .backward = reversible ? mechanism->reactions[reaction + 1].rate_constant : -1};
    side left = side_of(r->reactants), right = side_of(r->products);
    int from = find_form(mechanism, &left, &right, false), to = find_form(mechanism, &right, &left, false);
    if (from < 0 || to < 0) {
        from = find_form(mechanism, &left, &right, true);
        to = from < 0 ? -1 : index_of(&right, left.molecules[from]);
    }
    if (from >= 0 && to >= 0) {
        s.from = left.molecules[from];
        s.to = right.molecules[to];
        take_out(&left, from);
        take_out(&right, to);
    }
    memcpy(s.entering, left.molecules, sizeof s.entering);
    memcpy(s.leaving, right.molecules, sizeof s.leaving);
    s.n_entering = left.n;
    s.n_leaving = right.n;
    return s;
}

static bool takes(const int *molecules, int n, int species) {
    for (int i = 0; i < n; i++)
        if (molecules[i] == species) return true;
    return false;
}

/* A path through the forms while it is searched. */
typedef struct search {
    const mech_mechanism *mechanism;
    mechanism_steps *best;
    int best_score, visits, length;
    int forms[MAX_SPECIES], steps[MAX_SPECIES];
    bool against[MAX_SPECIES];
} search;

static int score_cycle(const search *f) {
    bool substrate = false, product = false;
    int score = 0;
    for (int i = 0; i < f->length; i++) {
        const step *s = &f->best->steps[f->steps[i]];
        const bool against = f->against[i];
        substrate |=
            takes(against ? s->leaving : s->entering, against ? s->n_leaving : s->n_entering, f->mechanism->substrate);
        product |=
            takes(against ? s->entering : s->leaving, against ? s->n_entering : s->n_leaving, f->mechanism->product);
        if (f->mechanism->species[f->forms[i]].role != MECH_ROLE_CATALYST) score += OTHER_FORM;
        if (!against) score += AS_WRITTEN;
    }
    return score + (substrate ? TAKES_SUBSTRATE : 0) + (product ? GIVES_PRODUCT : 0);
}

static void keep_if_best(search *f) {
    int score = score_cycle(f);
    if (score <= f->best_score) return;
    f->best_score = score;
    f->best->n_cycle = f->length;
    memcpy(f->best->cycle, f->forms, sizeof f->forms);
    memcpy(f->best->cycle_steps, f->steps, sizeof f->steps);
    memcpy(f->best->against, f->against, sizeof f->against);
}

static void extend(search *f, int form) { /* NOLINT(misc-no-recursion): as deep as there are forms */
    f->forms[f->length] = form;
    for (int i = 0; i < f->best->n_steps && f->visits < MOST_VISITS; i++) {
        const step *s = &f->best->steps[i];
        if (s->from < 0 || takes(f->steps, f->length, i)) continue;
        for (int against = 0; against <= (s->backward >= 0); against++) {
            if ((against ? s->to : s->from) != form || (against && s->to == s->from)) continue;
            int next = against ? s->from : s->to;
            f->visits++;
            f->steps[f->length] = i;
            f->against[f->length] = against;
            f->length++;
            if (next == f->forms[0])
                keep_if_best(f);
            else if (!takes(f->forms, f->length, next) && f->length < MAX_SPECIES)
                extend(f, next);
            f->length--;
        }
    }
}

/* Turns the cycle so that it begins with the form that takes up the substrate. */
static void turn_cycle(const mech_mechanism *mechanism, mechanism_steps *s) {
    int first = 0;
    const mechanism_steps found = *s;
    for (int i = s->n_cycle - 1; i >= 0; i--) {
        const step *taken = &s->steps[s->cycle_steps[i]];
        if (s->against[i] ? takes(taken->leaving, taken->n_leaving, mechanism->substrate)
                          : takes(taken->entering, taken->n_entering, mechanism->substrate))
            first = i;
    }
    for (int i = 0; i < s->n_cycle; i++) {
        int source = (first + i) % s->n_cycle;
        s->cycle[i] = found.cycle[source];
        s->cycle_steps[i] = found.cycle_steps[source];
        s->against[i] = found.against[source];
    }
}

void mech_find_steps(const mech_mechanism *mechanism, mechanism_steps *s) {
    *s = (mechanism_steps){.n_steps = 0};
    for (int i = 0; i < mechanism->n_reactions; i++)
        if (!mechanism->reactions[i].reverse) s->steps[s->n_steps++] = make_step(mechanism, i);
    search f = {.mechanism = mechanism, .best = s, .best_score = TAKES_SUBSTRATE - 1};
    for (int i = 0; i < mechanism->n_species; i++)
        if (mechanism->species[i].catalyst_units > 0) extend(&f, i);
    turn_cycle(mechanism, s);
}
