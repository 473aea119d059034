/* Part by part, how probable it is that it is there. */
#include "base/error.h"
#include "fit/fits.h"

/* The parts of one row behind the row itself, most probable first. */
static void sort_parts(mech_part_presence *parts, size_t n) {
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && parts[j].probability > parts[j - 1].probability; j--) {
            const mech_part_presence other = parts[j];
            parts[j] = parts[j - 1];
            parts[j - 1] = other;
        }
}

mech_status mech_fit_presence(fit_result *r, mech_error *error) {
    static const double FAMILY = 20;
    const part_rows *rows = &r->found.rows;
    if (!r->found.n) return MECH_OK;
    mech_part_presence *all = mech_arena_allocate(r->memory, rows->n_parts + rows->n, sizeof *all);
    if (!all) return mech_fail_memory(error);
    size_t n = 0;
    for (size_t row = 0; row < rows->n; row++) {
        mech_part_presence *of_row = &all[n++];
        *of_row = (mech_part_presence){.row = rows->name[row]};
        const size_t first = n;
        for (size_t i = 0; i < rows->n_parts; i++) {
            if (mech_part_row(rows, i) != row) continue;
            all[n] = (mech_part_presence){rows->name[row], mech_parts_name(rows->parts, i),
                                          mech_parts_title(rows->parts, i), 0};
            for (size_t c = 0; c < r->n_cases; c++)
                if (r->cases[c].choice[row] == (int)i) all[n].probability += r->cases[c].fit.probability;
            of_row->probability += all[n++].probability;
        }
        sort_parts(all + first, n - first);
    }
    r->fits.parts = all;
    r->fits.n_parts = n;
    r->fits.n_searched = r->found.n_searched;
    const double best = r->cases[r->order[0]].fit.probability;
    while (r->fits.n_family < r->n_cases && r->cases[r->order[r->fits.n_family]].fit.probability * FAMILY >= best)
        r->fits.n_family++;
    return MECH_OK;
}
