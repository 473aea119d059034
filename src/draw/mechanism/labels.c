#include "draw/mechanism/labels.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double MARGIN = 2; /* that labels keep from each other */

box mech_box_around(point centre, double width, double height) {
    return (box){centre.x - width / 2, centre.y - height / 2, centre.x + width / 2, centre.y + height / 2};
}

bool mech_boxes_meet(box a, box b, double margin) {
    return a.left < b.right + margin && b.left < a.right + margin && a.top < b.bottom + margin &&
           b.top < a.bottom + margin;
}

bool mech_box_holds(box b, point p, double margin) {
    return p.x > b.left - margin && p.x < b.right + margin && p.y > b.top - margin && p.y < b.bottom + margin;
}

double mech_box_cost(const mechanism_layout *layout, box place) {
    double cost = 0;
    for (int i = 0; i < layout->n_nodes; i++) cost += 50 * mech_boxes_meet(layout->nodes[i].place, place, MARGIN);
    for (int i = 0; i < layout->n_labels; i++) cost += 50 * mech_boxes_meet(layout->labels[i].place, place, MARGIN);
    for (int i = 0; i < layout->n_arrows; i++)
        for (int j = 0; j < ARROW_POINTS; j++) cost += mech_box_holds(place, layout->arrows[i].path[j], MARGIN + 1);
    return cost;
}

double mech_path_cost(const mechanism_layout *layout, const point *path, int n) {
    double cost = 0;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < layout->n_nodes; j++) cost += mech_box_holds(layout->nodes[j].place, path[i], MARGIN);
        for (int j = 0; j < layout->n_labels; j++) cost += mech_box_holds(layout->labels[j].place, path[i], MARGIN + 1);
    }
    return cost;
}

void mech_bend(point from, point control, point to, point *path) {
    for (int i = 0; i < ARROW_POINTS; i++) {
        double t = (double)i / (ARROW_POINTS - 1), a = (1 - t) * (1 - t), b = 2 * t * (1 - t), d = t * t;
        path[i] = (point){a * from.x + b * control.x + d * to.x, a * from.y + b * control.y + d * to.y};
    }
}

void mech_add_label(mechanism_layout *layout, const char *words, bool rate_constants, point centre, double width,
                    double height) {
    diagram_label *label = &layout->labels[layout->n_labels++];
    snprintf(label->words, sizeof label->words, "%s", words);
    label->rate_constants = rate_constants;
    label->centre = centre;
    label->place = mech_box_around(centre, width, height);
}

/* A place on an arrow: the point, the direction of the arrow there, and the normal to its left (y points down). */
typedef struct stand {
    point at, along, left;
} stand;

static stand stand_at(const arrow *a, double share) {
    int i = (int)lround(share * (ARROW_POINTS - 1));
    int before = i > 0 ? i - 1 : 0, after = i + 1 < ARROW_POINTS ? i + 1 : i;
    double dx = a->path[after].x - a->path[before].x, dy = a->path[after].y - a->path[before].y;
    double length = hypot(dx, dy);
    point along = length > 0 ? (point){dx / length, dy / length} : (point){1, 0};
    return (stand){a->path[i], along, {along.y, -along.x}};
}

static point go(point p, point direction, double distance) {
    return (point){p.x + distance * direction.x, p.y + distance * direction.y};
}

void mech_join_molecules(const mech_mechanism *mechanism, const int *molecules, int n, char *words, size_t room) {
    words[0] = '\0';
    for (int i = 0; i < n; i++) {
        size_t length = strlen(words);
        snprintf(words + length, room - length, "%s%s", i ? " + " : "",
                 mech_set_species(mechanism->species[molecules[i]].name).words);
    }
}

void mech_join_rates(const mech_mechanism *mechanism, const step *s, bool against, char *words, size_t room) {
    if (s->backward < 0) {
        snprintf(words, room, "%s", mech_set_rate_constant(mechanism->rate_constants[s->forward]).words);
        return;
    }
    setting first = mech_set_rate_constant(mechanism->rate_constants[against ? s->backward : s->forward]);
    setting second = mech_set_rate_constant(mechanism->rate_constants[against ? s->forward : s->backward]);
    snprintf(words, room, "%.40s, %.40s", first.words, second.words);
}

/* Molecules on their curved arrow: entering it comes from behind, leaving it goes on ahead. */
typedef struct sidearm {
    char words[MAX_WORDS];
    double width, height;
    point centre;
    arrow curve;
} sidearm;

/* How many points of arrows other than `main_arrow` a path runs into. */
static double crossing_cost(const mechanism_layout *layout, const point *path, int main_arrow) {
    static const double near = 3;
    box reach = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    double cost = 0;
    for (int i = 0; i < ARROW_POINTS; i++)
        reach = (box){fmin(reach.left, path[i].x), fmin(reach.top, path[i].y), fmax(reach.right, path[i].x),
                      fmax(reach.bottom, path[i].y)};
    for (int a = 0; a < layout->n_arrows; a++)
        for (int j = 0; j < ARROW_POINTS && a != main_arrow; j++) {
            point p = layout->arrows[a].path[j];
            if (!mech_box_holds(reach, p, near)) continue;
            for (int i = 0; i < ARROW_POINTS; i++) {
                double dx = path[i].x - p.x, dy = path[i].y - p.y;
                if (dx * dx + dy * dy >= near * near) continue;
                cost++;
                break;
            }
        }
    return cost;
}

static double place_sidearm(const mechanism_layout *layout, int main_arrow, const stand *s, double side, double reach,
                            bool leaving, sidearm *arm) {
    point outward = {side * s->left.x, side * s->left.y};
    double ahead = leaving ? 1 : -1;
    point control = go(s->at, s->along, ahead * 0.55 * reach);
    point tip = go(go(s->at, s->along, ahead * 0.85 * reach), outward, 0.75 * reach);
    double away = arm->height / 2 * fabs(outward.y) + arm->width / 2 * fabs(outward.x) + 3;
    arm->centre = go(tip, outward, away);
    if (leaving)
        mech_bend(s->at, control, tip, arm->curve.path);
    else
        mech_bend(tip, control, s->at, arm->curve.path);
    arm->curve.kind = leaving ? ARROW_LEAVING : ARROW_ENTERING;
    box place = mech_box_around(arm->centre, arm->width, arm->height);
    return mech_box_cost(layout, place) + mech_path_cost(layout, arm->curve.path, ARROW_POINTS) +
           crossing_cost(layout, arm->curve.path, main_arrow);
}

static void add_sidearm(mechanism_layout *layout, const sidearm *arm) {
    layout->arrows[layout->n_arrows++] = arm->curve;
    mech_add_label(layout, arm->words, false, arm->centre, arm->width, arm->height);
}

/* Tries places along the arrow and on both sides of it, and takes the first that is free, or the freest. *side, at
 * first the preferred one, receives the side that was taken. Returns what the place costs. */
static double place_molecules(mechanism_layout *layout, int main_arrow, double *side, sidearm *entering,
                              sidearm *leaving) {
    static const double shares[] = {0.5, 0.42, 0.58, 0.34, 0.66}, reaches[] = {26, 32, 40, 50};
    double least = INFINITY, outside = *side;
    sidearm best_entering = *entering, best_leaving = *leaving;
    for (size_t r = 0; r < sizeof reaches / sizeof reaches[0]; r++)
        for (int other = 0; other < 2; other++)
            for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
                stand s = stand_at(&layout->arrows[main_arrow], shares[i]);
                double tried = other ? -outside : outside, cost = 0;
                if (*entering->words) cost += place_sidearm(layout, main_arrow, &s, tried, reaches[r], false, entering);
                if (*leaving->words) cost += place_sidearm(layout, main_arrow, &s, tried, reaches[r], true, leaving);
                if (*entering->words && *leaving->words)
                    cost +=
                        50 * mech_boxes_meet(mech_box_around(entering->centre, entering->width, entering->height),
                                             mech_box_around(leaving->centre, leaving->width, leaving->height), MARGIN);
                if (cost >= least) continue;
                least = cost;
                *side = tried;
                best_entering = *entering;
                best_leaving = *leaving;
            }
    if (*entering->words) add_sidearm(layout, &best_entering);
    if (*leaving->words) add_sidearm(layout, &best_leaving);
    return least;
}

static double place_rates(mechanism_layout *layout, int main_arrow, double side, const char *words, double width) {
    static const double shares[] = {0.5, 0.4, 0.6, 0.3, 0.7}, gaps[] = {5, 8, 12};
    double height = 1.25 * RATE_LETTERS.size, least = INFINITY;
    point best = {0, 0};
    for (int other = 0; other < 2; other++)
        for (size_t g = 0; g < sizeof gaps / sizeof gaps[0]; g++)
            for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
                stand s = stand_at(&layout->arrows[main_arrow], shares[i]);
                point outward = {(other ? -side : side) * s.left.x, (other ? -side : side) * s.left.y};
                double away = height / 2 * fabs(outward.y) + width / 2 * fabs(outward.x) + gaps[g];
                point centre = go(s.at, outward, away);
                double cost = mech_box_cost(layout, mech_box_around(centre, width, height));
                if (cost >= least) continue;
                least = cost;
                best = centre;
            }
    mech_add_label(layout, words, true, best, width, height);
    return least;
}

double mech_place_step_labels(const mech_mechanism *mechanism, const step *s, int main_arrow, double outside,
                              bool against, canvas *c, mechanism_layout *layout) {
    sidearm entering = {.height = 1.2 * MOLECULE_LETTERS.size}, leaving = entering;
    char rates[MAX_WORDS];
    mech_join_molecules(mechanism, against ? s->leaving : s->entering, against ? s->n_leaving : s->n_entering,
                        entering.words, sizeof entering.words);
    mech_join_molecules(mechanism, against ? s->entering : s->leaving, against ? s->n_entering : s->n_leaving,
                        leaving.words, sizeof leaving.words);
    entering.width = mech_words_width(c, entering.words, MOLECULE_LETTERS);
    leaving.width = mech_words_width(c, leaving.words, MOLECULE_LETTERS);
    double side = outside, cost = place_molecules(layout, main_arrow, &side, &entering, &leaving);
    mech_join_rates(mechanism, s, against, rates, sizeof rates);
    return cost + place_rates(layout, main_arrow, -side, rates, mech_words_width(c, rates, RATE_LETTERS));
}
