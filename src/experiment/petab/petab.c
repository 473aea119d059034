/* Fits as problems of PEtab. */
#include "experiment/petab/tables.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

static void write_model(const petab_problem *p, int version, text *t) {
    (void)version;
    mech_petab_write_model(p, t);
}

/* The files: those of version 1 at the top, which share the model. */
static const struct {
    const char *path;
    int version;
    void (*write)(const petab_problem *p, int version, text *t);
} files[] = {
    {"problem.yaml", 1, mech_petab_write_problem},           {"model.xml", 1, write_model},
    {"parameters.tsv", 1, mech_petab_write_parameters},      {"conditions.tsv", 1, mech_petab_write_conditions},
    {"observables.tsv", 1, mech_petab_write_observables},    {"measurements.tsv", 1, mech_petab_write_measurements},
    {"v2/problem.yaml", 2, mech_petab_write_problem},        {"v2/parameters.tsv", 2, mech_petab_write_parameters},
    {"v2/conditions.tsv", 2, mech_petab_write_conditions},   {"v2/experiments.tsv", 2, mech_petab_write_experiments},
    {"v2/observables.tsv", 2, mech_petab_write_observables}, {"v2/measurements.tsv", 2, mech_petab_write_measurements}};

enum { N_FILES = sizeof files / sizeof files[0] };

typedef struct petab_result {
    mech_petab petab; /* first */
    mech_petab_file list[N_FILES];
    char *contents[N_FILES];
} petab_result;

void mech_petab_free(mech_petab *petab) {
    petab_result *r = (petab_result *)petab;
    for (size_t i = 0; r && i < N_FILES; i++) mech_free(r->contents[i]);
    free(r);
}

mech_status mech_fits_petab(const mech_fits *fits, size_t rank, mech_petab **petab, mech_error *error) {
    const fit_result *fitted = (const fit_result *)fits;
    *petab = NULL;
    if (rank >= fits->n_mechanisms || !fits->mechanisms[rank].fitted)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "mechanism %zu was not fitted", rank);
    petab_problem *p = calloc(1, sizeof *p);
    petab_result *r = calloc(1, sizeof *r);
    mech_status status = p && r ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK) mech_petab_fill(&fitted->cases[fitted->order[rank]], fitted->set, p);
    for (size_t i = 0; i < N_FILES && status == MECH_OK; i++) {
        text t = {0};
        files[i].write(p, files[i].version, &t);
        status = mech_text_take(&t, &r->contents[i], error);
        r->list[i] = (mech_petab_file){files[i].path, r->contents[i]};
    }
    free(p);
    if (status != MECH_OK) {
        mech_petab_free((mech_petab *)r);
        return status;
    }
    r->petab = (mech_petab){N_FILES, r->list};
    *petab = &r->petab;
    return MECH_OK;
}
