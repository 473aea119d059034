#include "data/prior/draw_report.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

struct mech_draw_report {
    arena *memory;
    size_t n;
    mech_draw_counts *counts; /* [n] */
};

mech_status mech_draw_report_new(const mech_draw_counts *counts, size_t n, mech_draw_report **report,
                                 mech_error *error) {
    if (!report) return MECH_OK;
    arena *memory = mech_arena_new();
    mech_draw_report *made = memory ? mech_arena_allocate(memory, 1, sizeof *made) : NULL;
    if (made) *made = (mech_draw_report){memory, n, mech_arena_allocate(memory, n, sizeof *made->counts)};
    bool complete = made && made->counts;
    for (size_t m = 0; m < n && complete; m++) {
        const size_t bytes = strlen(counts[m].mechanism) + 1;
        char *id = mech_arena_allocate(memory, bytes, 1);
        complete = id != NULL;
        if (!complete) break;
        made->counts[m] = counts[m];
        made->counts[m].mechanism = memcpy(id, counts[m].mechanism, bytes);
    }
    *report = complete ? made : NULL;
    if (complete) return MECH_OK;
    mech_arena_free(memory);
    return mech_fail_memory(error);
}

void mech_draw_report_free(mech_draw_report *report) {
    if (report) mech_arena_free(report->memory);
}

size_t mech_draw_report_n(const mech_draw_report *report) { return report->n; }

const mech_draw_counts *mech_draw_report_counts(const mech_draw_report *report, size_t mechanism) {
    return mechanism < report->n ? &report->counts[mechanism] : NULL;
}
