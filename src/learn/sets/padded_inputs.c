/* Inputs of run sets padded to one shape, for programs that have no ragged arrays. */
#include "base/error.h"
#include "base/machine/team.h"
#include "base/memory.h"
#include "learn/inputs/run_inputs.h"
#include "learn/sets/set_batch.h"

#include <stdlib.h>
#include <string.h>

/* What is handed out, and the arrays that it shows. */
typedef struct padded_inputs {
    mech_run_set_inputs shown; /* first, so that a pointer to it is one to the whole */
    float *sets, *runs, *readings, *mask;
} padded_inputs;

void mech_run_set_inputs_free(mech_run_set_inputs *inputs) {
    padded_inputs *p = (padded_inputs *)inputs;
    if (!p) return;
    mech_release_array(p->sets);
    mech_release_array(p->runs);
    mech_release_array(p->readings);
    mech_release_array(p->mask);
    free(p);
}

/* Zeros. */
static float *room(size_t places, size_t width) {
    float *array = mech_allocate_array(places, width * sizeof *array);
    if (array) memset(array, 0, places * width * sizeof *array);
    return array;
}

static void fill(padded_inputs *p, const engine_sets *from) {
    const size_t n_runs = p->shown.n_runs, n_rows = p->shown.n_rows;
    memcpy(p->sets, from->of_sets, from->n * SET_INPUTS * sizeof *p->sets);
    for (size_t i = 0; i < from->n; i++) {
        for (size_t run = from->run_offset[i]; run < from->run_offset[i + 1]; run++) {
            const size_t place = i * n_runs + run - from->run_offset[i], first = from->reading_offset[run];
            const size_t n = from->reading_offset[run + 1] - first;
            memcpy(p->runs + place * RUN_INPUTS, from->of_runs + run * RUN_INPUTS, RUN_INPUTS * sizeof *p->runs);
            memcpy(p->readings + place * n_rows * READING_INPUTS, from->of_readings + first * READING_INPUTS,
                   n * READING_INPUTS * sizeof *p->readings);
            for (size_t j = 0; j < n; j++) p->mask[place * n_rows + j] = 1;
        }
    }
}

static mech_status pad(const engine_sets *from, padded_inputs *p, mech_error *error) {
    mech_run_set_inputs *s = &p->shown;
    for (size_t i = 0; i < from->n; i++) {
        const size_t n = from->run_offset[i + 1] - from->run_offset[i];
        if (n > s->n_runs) s->n_runs = n;
    }
    for (size_t run = 0; run < from->run_offset[from->n]; run++) {
        const size_t n = from->reading_offset[run + 1] - from->reading_offset[run];
        if (n > s->n_rows) s->n_rows = n;
    }
    s->n = from->n;
    s->set_width = SET_INPUTS;
    s->run_width = RUN_INPUTS;
    s->reading_width = READING_INPUTS;
    s->sets = p->sets = room(s->n, SET_INPUTS);
    s->runs = p->runs = room(s->n * s->n_runs, RUN_INPUTS);
    s->readings = p->readings = room(s->n * s->n_runs * s->n_rows, READING_INPUTS);
    s->mask = p->mask = room(s->n * s->n_runs * s->n_rows, 1);
    if (!p->sets || !p->runs || !p->readings || !p->mask) return mech_fail_memory(error);
    fill(p, from);
    return MECH_OK;
}

mech_status mech_run_set_inputs_new(size_t n, const mech_run_set *const *sets, const mech_told_errors *told,
                                    int threads, mech_run_set_inputs **inputs, mech_error *error) {
    *inputs = NULL;
    if (!n) return mech_fail(error, MECH_INVALID_ARGUMENT, "inputs of 0 run sets were asked for; expected some");
    set_batch b = {0};
    team *t = mech_team_new(threads);
    padded_inputs *p = calloc(1, sizeof *p);
    mech_status status = t && p ? mech_check_told(n, told, error) : mech_fail_memory(error);
    if (status == MECH_OK) status = mech_set_batch_measured(&b, n, sets, told, 0, t, error);
    if (status == MECH_OK) status = pad(&b.sets, p, error);
    mech_set_batch_free(&b);
    mech_team_free(t);
    if (status == MECH_OK)
        *inputs = &p->shown;
    else if (p)
        mech_run_set_inputs_free(&p->shown);
    return status;
}
