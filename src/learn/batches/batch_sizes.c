#include "learn/batches/batch_sizes.h"

bool mech_batch_sizes_between(size_t first, size_t largest, batch_sizes *b) {
    *b = (batch_sizes){.first = first};
    while (first && mech_largest_batch(b) < largest && mech_largest_batch(b) <= SIZE_MAX / 2) b->doublings++;
    return mech_largest_batch(b) == largest;
}

size_t mech_largest_batch(const batch_sizes *b) { return b->first << b->doublings; }

/* A stage of the largest size that takes one step takes two of the size before, four of the one before that, ... */
uint64_t mech_fewest_steps(const batch_sizes *b) { return ((uint64_t)2 << b->doublings) - 1; }

void mech_share_out_steps(uint64_t steps, batch_sizes *b) { b->stage = steps / mech_fewest_steps(b) << b->doublings; }

void mech_share_out_units(uint64_t units, batch_sizes *b) {
    b->stage = (units >> b->doublings) / (b->doublings + 1) << b->doublings;
}

/* Where a step stands: the number of doublings so far, and the units before it. */
typedef struct place {
    unsigned doubled;
    uint64_t before;
} place;

static place find_step(const batch_sizes *b, uint64_t step) {
    place p = {0};
    for (; p.doubled < b->doublings; p.doubled++) {
        const uint64_t steps = b->stage >> p.doubled;
        if (step < steps) break;
        step -= steps;
        p.before += b->stage;
    }
    p.before += step << p.doubled;
    return p;
}

uint64_t mech_units_before(const batch_sizes *b, uint64_t step) { return find_step(b, step).before; }

uint64_t mech_units_of(const batch_sizes *b, uint64_t step) { return (uint64_t)1 << find_step(b, step).doubled; }

uint64_t mech_steps_of(const batch_sizes *b, uint64_t units) {
    uint64_t steps = 0;
    for (unsigned doubled = 0; doubled <= b->doublings; doubled++) {
        const uint64_t here = doubled < b->doublings && units > b->stage ? b->stage : units;
        steps += here >> doubled;
        units -= here;
    }
    return steps;
}
