#include "learn/course.h"

/* What batches are drawn from. Passes over a stream, and passes in batches that grow, are cut to whole batches of the
 * largest size: what is left out differs each time. */
static sample_source choose_source(const training_data *data, const batch_sizes *sizes) {
    sample_source source = data->stream ? stream_source(data->stream) : fixed_source(data->train);
    const size_t largest = largest_batch(sizes);
    if ((data->stream || sizes->doublings) && source.used > largest) source.used -= source.used % largest;
    return source;
}

mech_status course_plan(const mech_train_options *o, const training_data *data, training_course *c, mech_error *error) {
    *c = (training_course){.interval = o->validation_interval};
    (void)choose_batch_sizes(o, &c->sizes);
    const size_t largest = largest_batch(&c->sizes);
    c->source = choose_source(data, &c->sizes);
    if (c->sizes.doublings && c->source.used < largest)
        return fail(error, MECH_INVALID_INPUT, "batch: %zu:%zu; there are only %zu samples for training", o->batch,
                    largest, c->source.used);
    c->an_epoch = batches_a_pass(data->stream ? data->an_epoch : c->source.used, largest) << c->sizes.doublings;
    if (o->steps)
        share_out_steps(o->steps, &c->sizes);
    else
        share_out_units(o->epochs * c->an_epoch, &c->sizes);
    c->steps = o->steps ? o->steps : steps_of(&c->sizes, o->epochs * c->an_epoch);
    if (c->steps < fewest_steps(&c->sizes))
        return fail(error, MECH_INVALID_INPUT,
                    "batch: %zu:%zu; the training has %llu steps, and batches of all sizes take at least %llu",
                    o->batch, largest, (unsigned long long)c->steps, (unsigned long long)fewest_steps(&c->sizes));
    c->rates = (schedule){.shape = o->schedule,
                          .peak = o->learning_rate,
                          .warm_up = o->warm_up,
                          .steps = units_before(&c->sizes, c->steps)};
    return MECH_OK;
}

/* That of the last unit in the step, so that the schedule ends with the last step. */
double course_rate(const training_course *c, uint64_t step) {
    return scheduled_rate(&c->rates, units_before(&c->sizes, step + 1) - 1);
}

uint64_t course_samples(const training_course *c, uint64_t steps) {
    return samples_before(c->source.used, c->sizes.first, units_before(&c->sizes, steps));
}

double course_epochs(const training_course *c, uint64_t steps) {
    return (double)units_before(&c->sizes, steps) / (double)c->an_epoch;
}

uint64_t course_passes(const training_course *c, uint64_t steps) {
    return units_before(&c->sizes, steps) / batches_a_pass(c->source.used, c->sizes.first);
}

bool course_validates(const training_course *c, uint64_t steps) {
    return steps == c->steps || (c->interval ? steps % c->interval : units_before(&c->sizes, steps) % c->an_epoch) == 0;
}
