#include "learn/training/course.h"

#include "learn/sets/set_lessons.h"

/* What batches are drawn from. Passes over a stream, and passes in batches that grow, are cut to whole batches of the
 * largest size: what is left out differs each time. */
static sample_source choose_source(const training_data *data, const batch_sizes *sizes) {
    if (data->sets) {
        const size_t used = mech_sets_of_pass(data->sets, sizes);
        return (sample_source){.n = used, .used = used};
    }
    sample_source source = data->stream ? mech_stream_source(data->stream) : fixed_source(data->train);
    const size_t largest = mech_largest_batch(sizes);
    if ((data->stream || sizes->doublings) && source.used > largest) source.used -= source.used % largest;
    return source;
}

mech_status mech_course_plan(const mech_train_options *o, const training_data *data, training_course *c,
                             mech_error *error) {
    *c = (training_course){.interval = o->validation_interval};
    (void)mech_choose_batch_sizes(o, &c->sizes);
    const size_t largest = mech_largest_batch(&c->sizes);
    c->source = choose_source(data, &c->sizes);
    if (c->sizes.doublings && c->source.used < largest)
        return mech_fail(error, MECH_INVALID_INPUT, "batch: %zu:%zu; there are only %zu samples for training", o->batch,
                         largest, c->source.used);
    c->an_epoch = mech_batches_a_pass(data->stream || data->sets ? data->an_epoch : c->source.used, largest)
                  << c->sizes.doublings;
    if (o->steps)
        mech_share_out_steps(o->steps, &c->sizes);
    else
        mech_share_out_units(o->epochs * c->an_epoch, &c->sizes);
    c->steps = o->steps ? o->steps : mech_steps_of(&c->sizes, o->epochs * c->an_epoch);
    if (c->steps < mech_fewest_steps(&c->sizes))
        return mech_fail(error, MECH_INVALID_INPUT,
                         "batch: %zu:%zu; the training has %llu steps, and batches of all sizes take at least %llu",
                         o->batch, largest, (unsigned long long)c->steps,
                         (unsigned long long)mech_fewest_steps(&c->sizes));
    c->rates = (schedule){.shape = o->schedule,
                          .peak = o->learning_rate,
                          .warm_up = o->warm_up,
                          .steps = mech_units_before(&c->sizes, c->steps)};
    return MECH_OK;
}

/* That of the last unit in the step, so that the schedule ends with the last step. */
double mech_course_rate(const training_course *c, uint64_t step) {
    return mech_scheduled_rate(&c->rates, mech_units_before(&c->sizes, step + 1) - 1);
}

uint64_t mech_course_samples(const training_course *c, uint64_t steps) {
    return mech_samples_before(c->source.used, c->sizes.first, mech_units_before(&c->sizes, steps));
}

double mech_course_epochs(const training_course *c, uint64_t steps) {
    return (double)mech_units_before(&c->sizes, steps) / (double)c->an_epoch;
}

uint64_t mech_course_passes(const training_course *c, uint64_t steps) {
    return mech_units_before(&c->sizes, steps) / mech_batches_a_pass(c->source.used, c->sizes.first);
}

bool mech_course_validates(const training_course *c, uint64_t steps) {
    return steps == c->steps ||
           (c->interval ? steps % c->interval : mech_units_before(&c->sizes, steps) % c->an_epoch) == 0;
}
