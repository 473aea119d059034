#include "cli/fit/fits.h"

#include <math.h>
#include <string.h>

/* Mechanisms less probable than this are left out. */
static const double WORTH_WRITING = 0.05;

/* A field of RFC 4180. */
static void add_field(text *t, const char *field) {
    if (!strpbrk(field, ",\"\n")) {
        mech_text_add(t, field);
        return;
    }
    mech_text_add(t, "\"");
    for (; *field; field++) mech_text_format(t, *field == '"' ? "\"\"" : "%c", *field);
    mech_text_add(t, "\"");
}

static mech_status add_run(text *t, const mech_fits *fits, size_t rank, size_t run, mech_error *error) {
    enum { MOST = 64 };
    const mech_active_catalyst *a = &fits->active[run];
    double substrate[MOST], product[MOST];
    const mech_status status =
        mech_fits_curves(fits, rank, run, a->n_times < MOST ? a->n_times : MOST, a->time, substrate, product, error);
    for (size_t i = 0; i < a->n_times && i < MOST && status == MECH_OK; i++) {
        add_field(t, a->run);
        mech_text_add(t, ",");
        add_field(t, mech_mechanism_id(fits->mechanisms[rank].mechanism));
        const double numbers[] = {a->time[i],        substrate[i],    product[i],
                                  a->share[i].value, a->share[i].low, a->share[i].high};
        for (size_t j = 0; j < sizeof numbers / sizeof numbers[0]; j++) {
            mech_text_add(t, ",");
            if (!isnan(numbers[j])) mech_text_number(t, numbers[j]);
        }
        mech_text_add(t, "\n");
    }
    return status;
}

mech_status write_fit_curves(text *t, const fitted_file *f, mech_error *error) {
    mech_status status = MECH_OK;
    mech_text_add(t, "run,mechanism,time,S,P,active,active_low,active_high\n");
    for (size_t rank = 0; rank < f->fits->n_mechanisms && status == MECH_OK; rank++)
        for (size_t run = 0; run < f->fits->n_runs && status == MECH_OK; run++)
            if (rank == 0 || f->fits->mechanisms[rank].probability > WORTH_WRITING)
                status = add_run(t, f->fits, rank, run, error);
    return status;
}
