#include "cli/analysis/analyses.h"

#include <string.h>

/* A name as a cell: in quotes, quotes doubled, where it holds what would end a cell. */
static void add_name(text *t, const char *name) {
    if (!strpbrk(name, ",\"\r\n")) {
        mech_text_add(t, name);
        return;
    }
    mech_text_add(t, "\"");
    for (; *name; name++) {
        if (*name == '"') mech_text_add(t, "\"");
        mech_text_append(t, name, 1);
    }
    mech_text_add(t, "\"");
}

void write_kinetics_csv(text *t, const mech_kinetics *k) {
    mech_text_add(t, "run,time,extent,normalised_time\n");
    for (size_t i = 0; i < k->n_runs; i++)
        for (size_t j = 0; j < k->runs[i].n_readings; j++) {
            const mech_kinetic_run *r = &k->runs[i];
            add_name(t, r->name);
            mech_text_add(t, ",");
            mech_text_number(t, r->time[j]);
            mech_text_add(t, ",");
            mech_text_number(t, r->extent[j]);
            mech_text_add(t, ",");
            if (r->normalised) mech_text_number(t, r->normalised[j]);
            mech_text_add(t, "\n");
        }
}
