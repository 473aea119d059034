#include "draw/mechanism/layout.h"

#include "draw/mechanism/labels.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double NODE_HEIGHT = 19, NODE_PADDING = 6; /* beside its name */
static const double NODE_GAP = 4;                       /* between a node and an arrow */
static const double STEP_LENGTH = 42;                   /* of an arrow between two nodes outside the cycle */
static const double CYCLE_RADIUS = 44;                  /* at least */
static const double CYCLE_STEP = 62;                    /* of its circumference between two nodes, at least */

/* A layout while it is made. */
typedef struct drafting {
    const mech_mechanism *mechanism;
    const mechanism_steps *steps;
    canvas *c;
    mechanism_layout *layout;
    double spread;                 /* distances are so many times the usual ones */
    int node_of[MAX_SPECIES];      /* -1: not placed */
    double direction[MAX_SPECIES]; /* in which a node's branches leave, in radians */
    int arrow_of[MAX_REACTIONS];   /* of each step; -1: none yet */
    double outside[MAX_REACTIONS]; /* preferred side of its molecules */
    bool against[MAX_REACTIONS];
} drafting;

static double node_width(drafting *d, int species) {
    double width = mech_words_width(d->c, mech_set_species(d->mechanism->species[species].name).words, NODE_LETTERS);
    return fmax(width + 2 * NODE_PADDING, 1.3 * NODE_HEIGHT);
}

static void place_node(drafting *d, int species, point centre, double direction) {
    diagram_node *node = &d->layout->nodes[d->layout->n_nodes];
    *node = (diagram_node){species, centre, mech_box_around(centre, node_width(d, species), NODE_HEIGHT)};
    d->node_of[species] = d->layout->n_nodes++;
    d->direction[species] = direction;
}

static const diagram_node *node_of(const drafting *d, int species) { return &d->layout->nodes[d->node_of[species]]; }

static bool inside(box b, point p) {
    return p.x > b.left - NODE_GAP && p.x < b.right + NODE_GAP && p.y > b.top - NODE_GAP && p.y < b.bottom + NODE_GAP;
}

static point between(point a, point b, double share) {
    return (point){a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)};
}

/* Cuts off the ends of a path that lie within the nodes it joins, and spreads its points evenly over what is left. */
static void trim(point *path, const box *from, const box *to) {
    double first = 0, last = ARROW_POINTS - 1;
    while (first < ARROW_POINTS / 2.0 && inside(*from, path[(int)first])) first++;
    while (last > ARROW_POINTS / 2.0 && inside(*to, path[(int)last])) last--;
    point old[ARROW_POINTS];
    memcpy(old, path, sizeof old);
    for (int i = 0; i < ARROW_POINTS; i++) {
        double at = first + (last - first) * i / (ARROW_POINTS - 1);
        int below = at >= ARROW_POINTS - 1 ? ARROW_POINTS - 2 : (int)at;
        path[i] = between(old[below], old[below + 1], at - below);
    }
}

static int add_arrow(drafting *d, const point *path, int step_index, bool against, double outside) {
    const step *s = &d->steps->steps[step_index];
    arrow *a = &d->layout->arrows[d->layout->n_arrows];
    memcpy(a->path, path, sizeof a->path);
    a->kind = s->backward >= 0 ? ARROW_REVERSIBLE : ARROW_ONE_WAY;
    d->arrow_of[step_index] = d->layout->n_arrows;
    d->against[step_index] = against;
    d->outside[step_index] = outside;
    return d->layout->n_arrows++;
}

static double cycle_radius(drafting *d) {
    double around = 0;
    for (int i = 0; i < d->steps->n_cycle; i++) around += node_width(d, d->steps->cycle[i]) + CYCLE_STEP;
    return d->spread * fmax(CYCLE_RADIUS, around / (4 * acos(0)));
}

/* The cycle's forms clockwise from the left, so that the substrate enters at the upper left. */
static void place_cycle(drafting *d) {
    const double half = 2 * acos(0), radius = cycle_radius(d);
    int n = d->steps->n_cycle;
    for (int i = 0; i < n; i++) {
        double angle = half + 2 * half * i / n;
        place_node(d, d->steps->cycle[i], (point){radius * cos(angle), radius * sin(angle)}, angle);
    }
    for (int i = 0; i < n; i++) {
        point path[ARROW_POINTS];
        double from = half + 2 * half * i / n, to = half + 2 * half * (i + 1) / n;
        for (int j = 0; j < ARROW_POINTS; j++) {
            double angle = from + (to - from) * j / (ARROW_POINTS - 1);
            path[j] = (point){radius * cos(angle), radius * sin(angle)};
        }
        trim(path, &node_of(d, d->steps->cycle[i])->place, &node_of(d, d->steps->cycle[(i + 1) % n])->place);
        add_arrow(d, path, d->steps->cycle_steps[i], d->steps->against[i], 1);
    }
}

/* From a box's centre to its rim in a direction. */
static double to_rim(double width, double angle) {
    double x = fabs(cos(angle)), y = fabs(sin(angle));
    return fmin(x > 1e-9 ? width / 2 / x : INFINITY, y > 1e-9 ? NODE_HEIGHT / 2 / y : INFINITY);
}

/* Places a form beside one that is placed: straight outwards, or, where that is taken, turned to either side. */
static void place_branch(drafting *d, int step_index, int placed, int form) {
    static const double turns[] = {0, 0.45, -0.45, 0.9, -0.9, 1.35, -1.35};
    const diagram_node *root = node_of(d, placed);
    double width = node_width(d, form), root_width = root->place.right - root->place.left;
    double least = INFINITY, direction = 0;
    point best = {0, 0}, path[ARROW_POINTS];
    for (double longer = 1; longer < 3 && least > 0; longer += 0.5)
        for (size_t i = 0; i < sizeof turns / sizeof turns[0] && least > 0; i++) {
            double angle = d->direction[placed] + turns[i] * 2 * acos(0) / 2;
            double distance = to_rim(root_width, angle) + to_rim(width, angle) + longer * d->spread * STEP_LENGTH;
            point at = {root->centre.x + distance * cos(angle), root->centre.y + distance * sin(angle)};
            box place = mech_box_around(at, width, NODE_HEIGHT);
            box roomy = {place.left - 12, place.top - 22, place.right + 12, place.bottom + 22};
            mech_bend(root->centre, between(root->centre, at, 0.5), at, path);
            trim(path, &root->place, &place);
            double cost = mech_box_cost(d->layout, roomy) + mech_path_cost(d->layout, path, ARROW_POINTS);
            if (cost >= least) continue;
            least = cost;
            best = at;
            direction = angle;
        }
    bool against = d->steps->steps[step_index].from != placed;
    place_node(d, form, best, direction);
    root = node_of(d, placed);
    const diagram_node *node = node_of(d, form);
    if (against)
        mech_bend(node->centre, between(node->centre, root->centre, 0.5), root->centre, path);
    else
        mech_bend(root->centre, between(root->centre, node->centre, 0.5), node->centre, path);
    trim(path, against ? &node->place : &root->place, against ? &root->place : &node->place);
    add_arrow(d, path, step_index, false, path[0].x <= path[ARROW_POINTS - 1].x ? 1 : -1);
}

static bool is_placed(const drafting *d, int species) { return species >= 0 && d->node_of[species] >= 0; }

/* Places, one after the other, all forms that are joined to what is placed, nearest first. */
static void place_branches(drafting *d) {
    for (bool found = true; found;) {
        found = false;
        for (int i = 0; i < d->steps->n_steps; i++) {
            const step *s = &d->steps->steps[i];
            if (s->from < 0 || d->arrow_of[i] >= 0 || is_placed(d, s->from) == is_placed(d, s->to)) continue;
            if (is_placed(d, s->from))
                place_branch(d, i, s->from, s->to);
            else
                place_branch(d, i, s->to, s->from);
            found = true;
        }
    }
}

/* A form's turnover as it is: a loop that leaves and comes back on the outer side. */
static void loop_path(const drafting *d, const diagram_node *node, double angle, point *path) {
    const double radius = 20 * d->spread, half = 2 * acos(0);
    double away = to_rim(node->place.right - node->place.left, angle) + 0.8 * radius;
    point middle = {node->centre.x + away * cos(angle), node->centre.y + away * sin(angle)};
    for (int i = 0; i < ARROW_POINTS; i++) {
        double at = angle + half + 2 * half * i / (ARROW_POINTS - 1);
        path[i] = (point){middle.x + radius * cos(at), middle.y + radius * sin(at)};
    }
    trim(path, &node->place, &node->place);
}

/* Joins two forms that are both placed by an arc that passes through nothing else. */
static void place_chord(drafting *d, int step_index) {
    static const double bulges[] = {0, 0.35, -0.35, 0.7, -0.7, 1.1, -1.1, 1.6, -1.6, 2.2, -2.2};
    const step *s = &d->steps->steps[step_index];
    const diagram_node *from = node_of(d, s->from), *to = node_of(d, s->to);
    point path[ARROW_POINTS], best[ARROW_POINTS];
    double least = INFINITY, side = 1;
    memset(best, 0, sizeof best);
    for (size_t i = 0; i < sizeof bulges / sizeof bulges[0] && least > 0; i++) {
        double bulge = bulges[i];
        if (from == to) {
            bulge = 1;
            loop_path(d, from, d->direction[s->from] + (double)i * 0.57, path);
        } else {
            point middle = between(from->centre, to->centre, 0.5);
            double dx = to->centre.x - from->centre.x, dy = to->centre.y - from->centre.y;
            mech_bend(from->centre, (point){middle.x + bulge * dy, middle.y - bulge * dx}, to->centre, path);
            trim(path, &from->place, &to->place);
        }
        double cost = mech_path_cost(d->layout, path, ARROW_POINTS);
        for (int a = 0; a < d->layout->n_arrows && cost < least; a++) /* keep clear of other arrows, too */
            for (int j = 0; j < ARROW_POINTS; j += 2)
                for (int k = 0; k < ARROW_POINTS; k++) {
                    double dx = path[j].x - d->layout->arrows[a].path[k].x;
                    double dy = path[j].y - d->layout->arrows[a].path[k].y;
                    cost += dx * dx + dy * dy < 9 * 9;
                }
        if (cost >= least) continue;
        least = cost;
        side = bulge < 0 ? -1 : 1;
        memcpy(best, path, sizeof best);
    }
    add_arrow(d, best, step_index, false, side);
}

/* The box of node i, or, behind the nodes, of a label. */
static box place_of(const mechanism_layout *layout, int i) {
    return i < layout->n_nodes ? layout->nodes[i].place : layout->labels[i - layout->n_nodes].place;
}

static box bounds_of(const mechanism_layout *layout) {
    box b = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (int i = 0; i < layout->n_nodes + layout->n_labels; i++) {
        box place = place_of(layout, i);
        b = (box){fmin(b.left, place.left), fmin(b.top, place.top), fmax(b.right, place.right),
                  fmax(b.bottom, place.bottom)};
    }
    for (int i = 0; i < layout->n_arrows; i++)
        for (int j = 0; j < ARROW_POINTS; j++) {
            point p = layout->arrows[i].path[j];
            b = (box){fmin(b.left, p.x - 3), fmin(b.top, p.y - 3), fmax(b.right, p.x + 3), fmax(b.bottom, p.y + 3)};
        }
    return b;
}

/* Reactions without a catalyst, one a line, below all else. */
static void place_uncatalysed(drafting *d) {
    for (int i = 0; i < d->steps->n_steps; i++) {
        const step *s = &d->steps->steps[i];
        char words[MAX_WORDS], entering[MAX_SETTING], leaving[MAX_SETTING], rates[MAX_SETTING];
        if (s->from >= 0) continue;
        mech_join_molecules(d->mechanism, s->entering, s->n_entering, entering, sizeof entering);
        mech_join_molecules(d->mechanism, s->leaving, s->n_leaving, leaving, sizeof leaving);
        mech_join_rates(d->mechanism, s, false, rates, sizeof rates);
        snprintf(words, sizeof words, "%s %s %s   (%s)", entering, s->backward >= 0 ? "\xE2\x87\x8C" : "\xE2\x86\x92",
                 leaving, rates);
        box b = bounds_of(d->layout);
        point centre = {(b.left + b.right) / 2, b.bottom + 12};
        mech_add_label(d->layout, words, false, centre, mech_words_width(d->c, words, MOLECULE_LETTERS),
                       1.2 * MOLECULE_LETTERS.size);
    }
}

/* The forms that nothing yet placed leads to: the catalyst weighed in first, each with what is joined to it. */
static void place_others(drafting *d) {
    place_branches(d);
    for (int i = -1; i < d->mechanism->n_species; i++) {
        int species = i < 0 ? d->mechanism->catalyst : i;
        if (is_placed(d, species) || d->mechanism->species[species].catalyst_units == 0) continue;
        box b = d->layout->n_nodes ? bounds_of(d->layout) : (box){0, 0, 0, 0};
        place_node(d, species, (point){b.left + node_width(d, species) / 2, b.bottom + 60}, 0);
        place_branches(d);
    }
}

/* Lays everything out at d->spread. Returns 0 where all stands free, else the more the worse. */
static double draft(drafting *d) {
    double cost = 0;
    *d->layout = (mechanism_layout){.n_nodes = 0};
    for (int i = 0; i < MAX_SPECIES; i++) d->node_of[i] = -1;
    for (int i = 0; i < MAX_REACTIONS; i++) d->arrow_of[i] = -1;
    place_cycle(d);
    place_others(d);
    for (int i = 0; i < d->steps->n_steps; i++)
        if (d->steps->steps[i].from >= 0 && d->arrow_of[i] < 0) place_chord(d, i);
    for (int i = 0; i < d->steps->n_steps; i++)
        if (d->arrow_of[i] >= 0)
            cost += mech_place_step_labels(d->mechanism, &d->steps->steps[i], d->arrow_of[i], d->outside[i],
                                           d->against[i], d->c, d->layout);
    place_uncatalysed(d);
    d->layout->bounds = bounds_of(d->layout);
    return cost + mech_layout_overlap(d->layout);
}

void mech_lay_out_mechanism(const mech_mechanism *mechanism, canvas *c, mechanism_layout *layout) {
    static const double spreads[] = {1, 1.15, 1.3, 1.5, 1.75, 2, 2.5};
    mechanism_steps steps;
    mech_find_steps(mechanism, &steps);
    drafting d = {.mechanism = mechanism, .steps = &steps, .c = c, .layout = layout};
    double least = INFINITY, best = spreads[0];
    for (size_t i = 0; i < sizeof spreads / sizeof spreads[0] && least > 0; i++) {
        d.spread = spreads[i];
        double cost = draft(&d);
        if (cost >= least) continue;
        least = cost;
        best = d.spread;
    }
    if (d.spread == best) return;
    d.spread = best;
    draft(&d);
}

double mech_layout_overlap(const mechanism_layout *layout) {
    double overlap = 0;
    int n = layout->n_nodes + layout->n_labels;
    for (int i = 0; i < n; i++) {
        box a = place_of(layout, i);
        for (int j = i + 1; j < n; j++) {
            box b = place_of(layout, j);
            double width = fmin(a.right, b.right) - fmax(a.left, b.left);
            double height = fmin(a.bottom, b.bottom) - fmax(a.top, b.top);
            if (width > 0 && height > 0) overlap += width * height;
        }
        for (int k = 0; k < layout->n_arrows; k++)
            for (int j = 0; j < ARROW_POINTS; j++) overlap += mech_box_holds(a, layout->arrows[k].path[j], 0);
    }
    return overlap;
}
