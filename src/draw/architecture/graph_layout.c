#include "draw/architecture/graph_layout.h"

#include "draw/mechanism/labels.h"

#include <math.h>
#include <string.h>

enum { N_INPUTS = sizeof((graph_node){0}.inputs) / sizeof(int), ORDER_SWEEPS = 16, PLACE_SWEEPS = 1000 };

static const double WAY_WIDTH = 14;            /* that a line takes past boxes */
static const double BESIDE = 22;               /* between what stands side by side */
static const double BETWEEN = 36;              /* from layer to layer */
static const double PORTS = 30;                /* between lines that arrive at one box */
static const double STRAIGHT = 8, ALIGNED = 2; /* how strongly ways are kept upright, beside boxes' 1 */

/* The slots of a layer from left to right. */
typedef struct row {
    int n;
    int slots[MAX_SLOTS];
} row;

typedef struct drafting {
    graph_layout *layout;
    row rows[MAX_NODES];
    int place[MAX_SLOTS]; /* of a slot within its row */
} drafting;

/* Layers by the longest way from an input, then each node but the inputs down to just above its first reader. */
static void find_layers(const graph *g, int layers[MAX_NODES]) {
    const int n = g->n_nodes < MAX_NODES ? g->n_nodes : MAX_NODES;
    memset(layers, 0, MAX_NODES * sizeof *layers);
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < N_INPUTS; k++) {
            const int input = g->nodes[i].inputs[k];
            if (input >= 0 && layers[i] <= layers[input]) layers[i] = layers[input] + 1;
        }
    }
    for (int i = n - 1; i >= 0; i--) {
        int lowest = MAX_NODES;
        for (int reader = i + 1; reader < n; reader++)
            for (int k = 0; k < N_INPUTS; k++)
                if (g->nodes[reader].inputs[k] == i && layers[reader] - 1 < lowest) lowest = layers[reader] - 1;
        if (layers[i] > 0 && lowest < MAX_NODES) layers[i] = lowest;
    }
}

static void add_link(graph_layout *l, int from, int to, bool arrives) {
    if (l->n_links == MAX_LINKS) return;
    l->links[l->n_links++] = (graph_link){.from = from, .to = to, .arrives = arrives};
}

/* The slot in which node's output passes layer `layer`; all lines of one output share it. */
static int way_of(graph_layout *l, int node, int layer) {
    if (layer == l->slots[node].layer) return node;
    for (int s = 0; s < l->n_slots; s++)
        if (!l->slots[s].is_box && l->slots[s].node == node && l->slots[s].layer == layer) return s;
    const int before = way_of(l, node, layer - 1);
    if (l->n_slots == MAX_SLOTS) return before;
    const int slot = l->n_slots++;
    l->slots[slot] = (graph_slot){.node = node, .layer = layer};
    add_link(l, before, slot, false);
    return slot;
}

static void find_slots(const graph *g, const double *heights, graph_layout *l) {
    int layers[MAX_NODES];
    find_layers(g, layers);
    for (int i = 0; i < g->n_nodes; i++) {
        l->slots[i] = (graph_slot){.node = i, .is_box = true, .layer = layers[i], .height = heights[i]};
        if (layers[i] >= l->n_layers) l->n_layers = layers[i] + 1;
    }
    l->n_slots = g->n_nodes;
    for (int i = 0; i < g->n_nodes; i++)
        for (int k = 0; k < N_INPUTS; k++)
            if (g->nodes[i].inputs[k] >= 0) add_link(l, way_of(l, g->nodes[i].inputs[k], layers[i] - 1), i, true);
}

static void number_row(drafting *d, int layer) {
    for (int i = 0; i < d->rows[layer].n; i++) d->place[d->rows[layer].slots[i]] = i;
}

static int count_crossings(const drafting *d) {
    const graph_layout *l = d->layout;
    int crossings = 0;
    for (int i = 0; i < l->n_links; i++)
        for (int j = i + 1; j < l->n_links; j++) {
            const graph_link *a = &l->links[i], *b = &l->links[j];
            if (l->slots[a->from].layer != l->slots[b->from].layer) continue;
            const int above = d->place[a->from] - d->place[b->from], below = d->place[a->to] - d->place[b->to];
            crossings += (above < 0 && below > 0) || (above > 0 && below < 0);
        }
    return crossings;
}

/* Where the neighbours of a slot in the layer above (below = false) or below stand on average; its own place where it
 * has none. */
static double mean_place(const drafting *d, int slot, bool below) {
    const graph_layout *l = d->layout;
    double sum = 0;
    int n = 0;
    for (int i = 0; i < l->n_links; i++) {
        if ((below ? l->links[i].from : l->links[i].to) != slot) continue;
        sum += d->place[below ? l->links[i].to : l->links[i].from];
        n++;
    }
    return n ? sum / n : d->place[slot];
}

static void sort_row(drafting *d, int layer, bool below) {
    row *r = &d->rows[layer];
    double means[MAX_SLOTS];
    for (int i = 0; i < r->n; i++) {
        const int slot = r->slots[i];
        const double mean = mean_place(d, slot, below);
        int at = i;
        for (; at > 0 && means[at - 1] > mean; at--) {
            means[at] = means[at - 1];
            r->slots[at] = r->slots[at - 1];
        }
        means[at] = mean;
        r->slots[at] = slot;
    }
    number_row(d, layer);
}

/* Exchanges neighbours as long as that takes crossings away. */
static void exchange_neighbours(drafting *d) {
    int crossings = count_crossings(d);
    for (bool better = crossings > 0; better;) {
        better = false;
        for (int layer = 0; layer < d->layout->n_layers; layer++)
            for (int i = 0; i + 1 < d->rows[layer].n; i++) {
                row *r = &d->rows[layer];
                const int left = r->slots[i];
                r->slots[i] = r->slots[i + 1];
                r->slots[i + 1] = left;
                number_row(d, layer);
                const int now = count_crossings(d);
                if (now < crossings) {
                    crossings = now;
                    better = true;
                } else {
                    r->slots[i + 1] = r->slots[i];
                    r->slots[i] = left;
                    number_row(d, layer);
                }
            }
    }
}

/* Orders every row by the mean place of its neighbours, downwards and upwards in turn. */
static void order_rows(drafting *d) {
    const graph_layout *l = d->layout;
    for (int s = 0; s < l->n_slots; s++) {
        row *r = &d->rows[l->slots[s].layer];
        d->place[s] = r->n;
        r->slots[r->n++] = s;
    }
    for (int sweep = 0; sweep < ORDER_SWEEPS; sweep++)
        for (int i = 1; i < l->n_layers; i++) sort_row(d, sweep % 2 ? l->n_layers - 1 - i : i, sweep % 2);
    exchange_neighbours(d);
}

static double width_of(const graph_layout *l, int slot) { return l->slots[slot].is_box ? l->box_width : WAY_WIDTH; }

/* Where a slot's neighbours draw it, and how strongly. */
static double wanted_x(const graph_layout *l, int slot, double *weight) {
    double sum = 0;
    *weight = 0;
    for (int i = 0; i < l->n_links; i++) {
        const graph_link *k = &l->links[i];
        if (k->from != slot && k->to != slot) continue;
        const int n_boxes = l->slots[k->from].is_box + l->slots[k->to].is_box;
        const double pull = n_boxes == 0 ? STRAIGHT : n_boxes == 1 ? ALIGNED : 1;
        sum += pull * l->slots[k->from == slot ? k->to : k->from].x;
        *weight += pull;
    }
    return *weight > 0 ? sum / *weight : l->slots[slot].x;
}

/* Brings a row as close to where its slots are wanted as their widths allow (least squares under an order: pool
 * adjacent violators, Ayer et al., Ann. Math. Stat. 26 (1955) 641). */
static void place_row(const row *r, graph_layout *l) {
    double means[MAX_SLOTS], weights[MAX_SLOTS], offset = 0;
    int members[MAX_SLOTS], n = 0;
    for (int i = 0; i < r->n; i++) {
        double weight = 0;
        if (i) offset += (width_of(l, r->slots[i - 1]) + width_of(l, r->slots[i])) / 2 + BESIDE;
        means[n] = wanted_x(l, r->slots[i], &weight) - offset;
        weights[n] = weight > 0 ? weight : 1;
        members[n++] = 1;
        for (; n > 1 && means[n - 2] > means[n - 1]; n--) {
            const double both = weights[n - 2] + weights[n - 1];
            means[n - 2] = (weights[n - 2] * means[n - 2] + weights[n - 1] * means[n - 1]) / both;
            weights[n - 2] = both;
            members[n - 2] += members[n - 1];
        }
    }
    offset = 0;
    for (int block = 0, i = 0; block < n; block++)
        for (int k = 0; k < members[block]; k++, i++) {
            if (i) offset += (width_of(l, r->slots[i - 1]) + width_of(l, r->slots[i])) / 2 + BESIDE;
            l->slots[r->slots[i]].x = means[block] + offset;
        }
}

static void place_rows(const drafting *d) {
    graph_layout *l = d->layout;
    for (int layer = 0; layer < l->n_layers; layer++) {
        const row *r = &d->rows[layer];
        for (int i = 0; i < r->n; i++) l->slots[r->slots[i]].x = (i - (r->n - 1) / 2.0) * (l->box_width + BESIDE);
    }
    for (int sweep = 0; sweep < PLACE_SWEEPS; sweep++)
        for (int i = 0; i < l->n_layers; i++) place_row(&d->rows[sweep % 2 ? l->n_layers - 1 - i : i], l);
    double top = 0;
    for (int layer = 0; layer < l->n_layers; layer++) {
        double height = 0;
        for (int i = 0; i < d->rows[layer].n; i++) height = fmax(height, l->slots[d->rows[layer].slots[i]].height);
        l->tops[layer] = top;
        l->heights[layer] = height;
        top += height + BETWEEN;
    }
}

box mech_graph_box(const graph_layout *l, int node) {
    const graph_slot *s = &l->slots[node];
    const double middle = l->tops[s->layer] + l->heights[s->layer] / 2;
    return mech_box_around((point){s->x, middle}, l->box_width, s->height);
}

/* How far from the middle of its box the line arrives: those of a box side by side, in the order of where they come
 * from. */
static double port_of(const graph_layout *l, int link) {
    const graph_link *k = &l->links[link];
    int before = 0, n = 0;
    if (!k->arrives) return 0;
    for (int i = 0; i < l->n_links; i++) {
        if (l->links[i].to != k->to) continue;
        const double from = l->slots[l->links[i].from].x, own = l->slots[k->from].x;
        before += from < own || (from == own && i < link);
        n++;
    }
    return (before - (n - 1) / 2.0) * PORTS;
}

/* Upright past the boxes of both layers, in a bend through the gap between them. */
static void draw_path(graph_layout *l, int link) {
    enum { BEND = LINK_POINTS - 2 };
    graph_link *k = &l->links[link];
    const graph_slot *from = &l->slots[k->from], *to = &l->slots[k->to];
    const double low = l->tops[from->layer] + l->heights[from->layer], high = l->tops[to->layer];
    const double start = from->is_box ? mech_graph_box(l, k->from).bottom : l->tops[from->layer];
    const double end = to->is_box ? mech_graph_box(l, k->to).top : high;
    const double x = from->x, x_end = to->x + port_of(l, link);
    /* A line that ends in a head meets its box upright. */
    const double bend_end = high - (k->arrives ? 7 : 0);
    k->path[0] = (point){x, start};
    for (int i = 0; i < BEND; i++) {
        const double t = (double)i / (BEND - 1), s = t * t * (3 - 2 * t);
        k->path[i + 1] = (point){x + s * (x_end - x), low + t * (bend_end - low)};
    }
    k->path[LINK_POINTS - 1] = (point){x_end, end};
}

static void find_bounds(graph_layout *l, int n_nodes) {
    l->bounds = (box){INFINITY, 0, -INFINITY, l->tops[l->n_layers - 1] + l->heights[l->n_layers - 1]};
    for (int i = 0; i < n_nodes; i++) {
        l->bounds.left = fmin(l->bounds.left, mech_graph_box(l, i).left);
        l->bounds.right = fmax(l->bounds.right, mech_graph_box(l, i).right);
    }
    for (int i = n_nodes; i < l->n_slots; i++) {
        l->bounds.left = fmin(l->bounds.left, l->slots[i].x);
        l->bounds.right = fmax(l->bounds.right, l->slots[i].x);
    }
}

void mech_lay_out_graph(const graph *g, double box_width, const double *heights, graph_layout *layout) {
    memset(layout, 0, sizeof *layout);
    layout->box_width = box_width;
    drafting d = {.layout = layout};
    find_slots(g, heights, layout);
    order_rows(&d);
    place_rows(&d);
    for (int i = 0; i < layout->n_links; i++) draw_path(layout, i);
    find_bounds(layout, g->n_nodes);
}

int mech_graph_layout_overlaps(const graph_layout *l) {
    int overlaps = 0;
    for (int i = 0; i < l->n_slots; i++) {
        if (!l->slots[i].is_box) continue;
        const box own = mech_graph_box(l, i);
        for (int j = i + 1; j < l->n_slots; j++)
            overlaps += l->slots[j].is_box && mech_boxes_meet(own, mech_graph_box(l, j), 0);
        for (int k = 0; k < l->n_links; k++)
            for (int p = 0; p < LINK_POINTS; p++) overlaps += mech_box_holds(own, l->links[k].path[p], -0.01);
    }
    return overlaps;
}
