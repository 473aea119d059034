#include "learn/training/provenance.h"

#include <math.h>
#include <stdio.h>

/* A metadata entry made of numbers, "0.01,0.1". */
static mech_status describe_numbers(mech_model *model, const char *key, size_t n, const double *numbers,
                                    mech_error *error) {
    text list = {0};
    for (size_t i = 0; i < n; i++) {
        if (i) mech_text_add(&list, ",");
        mech_text_number(&list, numbers[i]);
    }
    mech_status status =
        list.failed || !list.length ? mech_fail_memory(error) : mech_model_describe(model, key, list.characters, error);
    mech_text_free(&list);
    return status;
}

/* Least and largest loading, to two digits: the ends of the range that was drawn from, not what happened to be drawn
 * next to them. */
static void range_of_loadings(const mech_samples *s, double range[2]) {
    /* In float, for GCC 12 fails on ARM where extrema of floats are kept as doubles. */
    float least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < s->n * SAMPLE_LOADINGS; i++) {
        least = fminf(least, s->x1[i]);
        most = fmaxf(most, s->x1[i]);
    }
    range[0] = (double)least;
    range[1] = (double)most;
    for (size_t i = 0; i < 2; i++) {
        const double digits = 1 - floor(log10(range[i]));
        range[i] = rint(range[i] * pow(10, digits)) / pow(10, digits);
    }
}

static mech_status describe_ranges(const provenance *p, mech_model *model, mech_error *error) {
    double loadings[2], points[MOST_CHOICES], noise[MOST_CHOICES];
    size_t n_noise = 0;
    if (p->data->stream)
        mech_stream_loadings(p->data->stream, loadings);
    else
        range_of_loadings(p->data->train, loadings);
    for (size_t i = 0; i < p->choices->n_points; i++) points[i] = (double)p->choices->points[i];
    for (size_t i = 0; i < p->choices->n_noise; i++) {
        bool listed = false; /* what stands twice is drawn more often, but is one level */
        for (size_t j = 0; j < n_noise; j++) listed |= noise[j] == p->choices->noise[i];
        if (!listed) noise[n_noise++] = p->choices->noise[i];
    }
    mech_status status = describe_numbers(model, "loadings", 2, loadings, error);
    if (status == MECH_OK) status = describe_numbers(model, "points", p->choices->n_points, points, error);
    if (status == MECH_OK) status = describe_numbers(model, "noise", n_noise, noise, error);
    if (status == MECH_OK && p->choices->missing > 0)
        status = describe_numbers(model, "missing", 1, &p->choices->missing, error);
    return status;
}

mech_status mech_describe_provenance(const provenance *p, mech_model *model, mech_error *error) {
    char data_digest[24], seed[24];
    snprintf(data_digest, sizeof data_digest, "%016llx", (unsigned long long)p->data_digest);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)p->seed);
    const run_set_source *sets = p->data->sets;
    const metadata_entry entries[] = {
        {"version", mech_version()},
        {"protocol", sets ? NULL : mech_protocol_name(p->data->validation->protocol)},
        {"design", sets ? sets->design : NULL},
        {"library", sets ? sets->library : p->data->library},
        {"prior", p->data->prior},
        {"mechanisms", p->data->mechanisms},
        {"data", p->data->origin},
        {"data_digest", data_digest},
        {"options", p->options},
        {"seed", seed},
    };
    const struct {
        const char *key;
        double number;
    } numbers[] = {
        {"epoch", p->epoch},
        {"step", (double)p->step},
        {"validation_accuracy", p->validation_accuracy},
        {"validation_loss", p->validation_loss},
    };
    mech_status status = MECH_OK;
    for (size_t i = 0; i < sizeof entries / sizeof entries[0] && status == MECH_OK; i++)
        if (entries[i].value) status = mech_model_describe(model, entries[i].key, entries[i].value, error);
    if (status == MECH_OK && !sets) status = describe_ranges(p, model, error);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && status == MECH_OK; i++)
        status = describe_numbers(model, numbers[i].key, 1, &numbers[i].number, error);
    return status;
}
