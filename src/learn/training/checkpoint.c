#include "learn/training/checkpoint.h"

#include "base/files/digest.h"
#include "base/files/file.h"
#include "base/files/resumption.h"
#include "base/files/text.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { ARRAYS = 5, FORMAT_VERSION = 1, BYTE_ORDER_MARK = 0x01020304 };
static const size_t MOST_CHECKPOINT_BYTES = (size_t)1 << 31;
static const char magic[8] = {'M', 'E', 'C', 'H', 'C', 'K', 'P', 'T'};

mech_status mech_training_state_new(size_t n_parameters, training_state *s, mech_error *error) {
    *s = (training_state){.n_parameters = n_parameters, .best_accuracy = -1};
    s->arrays = mech_allocate_array(n_parameters, ARRAYS * sizeof *s->arrays);
    if (!s->arrays) return mech_fail_memory(error);
    float **parts[ARRAYS] = {&s->parameters, &s->first, &s->second, &s->average, &s->best};
    for (size_t i = 0; i < ARRAYS; i++) *parts[i] = s->arrays + i * n_parameters;
    return MECH_OK;
}

void mech_training_state_free(training_state *s) {
    mech_release_array(s->arrays);
    mech_history_free(&s->curve);
    *s = (training_state){0};
}

/* The numbers of a state between its options and its arrays. */
typedef struct figures {
    uint64_t data, n_parameters, step, correct, seen, best_step, waited, n_rows;
    double loss_sum, best_accuracy, best_loss;
} figures;

/* The file: magic, version, byte order, length of the options, options, figures, rows of the history, arrays; then the
 * mech_digest of all this. In the byte order of the machine, since a checkpoint is not meant to travel. */
typedef struct preamble {
    char magic[sizeof magic];
    uint32_t version, byte_order;
    uint64_t options_length;
} preamble;

mech_status mech_checkpoint_write(const training_state *s, const training_identity *identity, const char *path,
                                  mech_error *error) {
    preamble begin = {
        .version = FORMAT_VERSION, .byte_order = BYTE_ORDER_MARK, .options_length = strlen(identity->options)};
    memcpy(begin.magic, magic, sizeof magic);
    const figures numbers = {.data = identity->data,
                             .n_parameters = s->n_parameters,
                             .step = s->step,
                             .correct = s->correct,
                             .seen = s->seen,
                             .best_step = s->best_step,
                             .waited = s->waited,
                             .n_rows = s->curve.n,
                             .loss_sum = s->loss_sum,
                             .best_accuracy = s->best_accuracy,
                             .best_loss = s->best_loss};
    text t = {0};
    mech_text_append(&t, (const char *)&begin, sizeof begin);
    mech_text_add(&t, identity->options);
    mech_text_append(&t, (const char *)&numbers, sizeof numbers);
    if (s->curve.n) mech_text_append(&t, (const char *)s->curve.rows, s->curve.n * sizeof *s->curve.rows);
    mech_text_append(&t, (const char *)s->arrays, ARRAYS * s->n_parameters * sizeof *s->arrays);
    const uint64_t sum = t.failed ? 0 : mech_digest(DIGEST_START, t.characters, t.length);
    mech_text_append(&t, (const char *)&sum, sizeof sum);
    mech_status status = t.failed ? mech_fail_memory(error) : mech_file_write(path, t.characters, t.length, error);
    mech_text_free(&t);
    return status;
}

/* The bytes of a checkpoint that are still to be read. */
typedef struct cursor {
    const char *at;
    size_t left;
} cursor;

static bool take(cursor *c, void *to, size_t length) {
    if (c->left < length) return false;
    if (length) memcpy(to, c->at, length);
    c->at += length;
    c->left -= length;
    return true;
}

static mech_status refuse_damage(const char *path, mech_error *error) {
    return mech_fail(error, MECH_INVALID_INPUT, "%s: is damaged or no checkpoint; expected one that a training left",
                     path);
}

static mech_status restore(cursor c, const char *path, const training_identity *identity, training_state *s,
                           mech_error *error) {
    preamble begin;
    figures numbers;
    char *options = NULL;
    mech_status status = MECH_OK;
    if (!take(&c, &begin, sizeof begin) || begin.options_length > c.left) return refuse_damage(path, error);
    options = calloc((size_t)begin.options_length + 1, 1);
    if (!options) return mech_fail_memory(error);
    if (!take(&c, options, (size_t)begin.options_length) || !take(&c, &numbers, sizeof numbers)) {
        status = refuse_damage(path, error);
        goto cleanup;
    }
    status = mech_refuse_other_options(path, options, identity->options, "training", error);
    if (status != MECH_OK) goto cleanup;
    if (numbers.data != identity->data) {
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: was made with other data; resuming takes the same data set",
                           path);
        goto cleanup;
    }
    const size_t arrays = ARRAYS * s->n_parameters * sizeof *s->arrays;
    if (numbers.n_parameters != s->n_parameters || c.left < arrays ||
        numbers.n_rows != (c.left - arrays) / sizeof(history_row)) {
        status = refuse_damage(path, error);
        goto cleanup;
    }
    for (uint64_t i = 0; i < numbers.n_rows && status == MECH_OK; i++) {
        history_row row;
        status = take(&c, &row, sizeof row) ? mech_history_add(&s->curve, &row, error) : refuse_damage(path, error);
    }
    if (status == MECH_OK && !take(&c, s->arrays, arrays)) status = refuse_damage(path, error);
    s->step = numbers.step;
    s->correct = numbers.correct;
    s->seen = numbers.seen;
    s->best_step = numbers.best_step;
    s->waited = numbers.waited;
    s->loss_sum = numbers.loss_sum;
    s->best_accuracy = numbers.best_accuracy;
    s->best_loss = numbers.best_loss;
cleanup:
    free(options);
    return status;
}

mech_status mech_checkpoint_read(const char *path, const training_identity *identity, training_state *s,
                                 mech_error *error) {
    char *bytes = NULL;
    size_t length = 0;
    uint64_t sum;
    preamble begin;
    mech_status status = mech_file_read(path, MOST_CHECKPOINT_BYTES, &bytes, &length, error);
    if (status != MECH_OK) return status;
    if (length < sizeof begin + sizeof sum) {
        status = refuse_damage(path, error);
        goto cleanup;
    }
    memcpy(&begin, bytes, sizeof begin);
    length -= sizeof sum;
    memcpy(&sum, bytes + length, sizeof sum);
    if (memcmp(begin.magic, magic, sizeof magic) != 0 || mech_digest(DIGEST_START, bytes, length) != sum) {
        status = refuse_damage(path, error);
        goto cleanup;
    }
    if (begin.version != FORMAT_VERSION || begin.byte_order != BYTE_ORDER_MARK) {
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: is a checkpoint of another version of the program or another kind of machine", path);
        goto cleanup;
    }
    status = restore((cursor){bytes, length}, path, identity, s, error);
cleanup:
    mech_free(bytes);
    return status;
}
