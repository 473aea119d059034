#include "data/stream/stream_options.h"

#include "base/error.h"
#include "base/files/text.h"
#include "chemistry/library/library.h"
#include "data/conditions/layout.h"

#include <string.h>

mech_status mech_check_stream_options(const mech_stream_options *o, const char *one, mech_error *error) {
    const char *each = strchr(one, ' ') + 1;
    const struct {
        const char *use, *what, *plural;
        size_t n;
    } sizes[] = {{"training ", each, "s", o->n_train},
                 {"validation ", each, "s", o->n_validation},
                 {"", "thetas", "", o->n_thetas}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (sizes[i].n < 1 || sizes[i].n > UINT32_MAX)
            return mech_fail(error, MECH_INVALID_ARGUMENT, "%s%s%s: %zu; expected 1 to %lu", sizes[i].use,
                             sizes[i].what, sizes[i].plural, sizes[i].n, (unsigned long)UINT32_MAX);
    if (!(o->renew >= 0 && o->renew <= 1))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "renewed thetas: %g; expected 0 to 1 for each %s", o->renew,
                         each);
    if (o->reuse < 1 || o->reuse > MOST_REUSE)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "uses of %s: %zu; expected 1 to %d", one, o->reuse, MOST_REUSE);
    return MECH_OK;
}

mech_status mech_take_stream_mechanisms(const mech_stream_options *o, stream_mechanisms *mechanisms,
                                        mech_error *error) {
    *mechanisms =
        (stream_mechanisms){.n = o->mechanisms ? o->n_mechanisms : mech_builtin_count(), .n_theta = LEAST_THETA};
    if (mechanisms->n < 1 || mechanisms->n > MECH_MOST_LABELS)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "the set has %zu mechanisms; expected 1 to %d", mechanisms->n,
                         MECH_MOST_LABELS);
    for (size_t m = 0; m < mechanisms->n; m++) {
        mechanisms->of[m] = o->mechanisms ? o->mechanisms[m] : mech_builtin(m);
        const size_t n_k = mech_mechanism_n_rate_constants(mechanisms->of[m]);
        if (n_k > mechanisms->n_theta) mechanisms->n_theta = n_k;
    }
    return mech_check_distinct(mechanisms->of, mechanisms->n, error);
}

mech_status mech_describe_stream(const mech_stream_options *o, const char *design, const stream_mechanisms *mechanisms,
                                 stream_words *words, mech_error *error) {
    text names = {0}, origin = {0};
    *words = (stream_words){0};
    for (size_t m = 0; m < mechanisms->n; m++)
        mech_text_format(&names, "%s%s", m ? "," : "", mech_mechanism_id(mechanisms->of[m]));
    mech_text_format(&origin, "--stream %s --train %zu --validation %zu --thetas %zu --renew ", design, o->n_train,
                     o->n_validation, o->n_thetas);
    mech_text_number(&origin, o->renew);
    mech_text_format(&origin, " --reuse %zu", o->reuse);
    if (o->mechanisms) mech_text_format(&origin, " --mechanisms %s", names.failed ? "" : names.characters);
    mech_status status = mech_text_take(&names, &words->names, error);
    if (status == MECH_OK) status = mech_text_take(&origin, &words->origin, error);
    if (status == MECH_OK) status = mech_library_text_of(mechanisms->of, mechanisms->n, &words->library, error);
    mech_text_free(&names);
    mech_text_free(&origin);
    return status;
}

void mech_stream_words_free(stream_words *words) {
    mech_free(words->names);
    mech_free(words->library);
    mech_free(words->origin);
}
