/* A small problem to train on, and a folder of its own for what training writes. */
#ifndef MECH_TESTS_TRAINING_CASE_H
#define MECH_TESTS_TRAINING_CASE_H

#include "base/files/file.h"
#include "base/random.h"
#include "data/samples/samples.h"
#include "learn/training/training.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { CASE_TIMES = 9, CASE_CLASSES = 3 };

/* Curves of three shapes (first order, zeroth order, S-shaped) with random rates: a network has to look at them. */
static inline mech_samples *case_samples(size_t n, uint64_t seed) {
    mech_samples *s = mech_samples_new(MECH_DESIGN_NATURE, n, CASE_TIMES, 1, CASE_CLASSES);
    assert_non_null(s);
    for (size_t i = 0; i < n; i++) {
        random_stream r = mech_random_open(seed, RANDOM_TEST, 0, i);
        s->y[i] = (uint8_t)mech_random_below(&r, CASE_CLASSES);
        for (size_t run = 0; run < N_RUNS; run++) {
            const double loading = 0.01 + 0.09 * mech_random_uniform(&r), end = 0.85 + 0.1 * mech_random_uniform(&r);
            s->x1[i * N_RUNS + run] = (float)loading;
            for (size_t j = 0; j < CASE_TIMES; j++) {
                const double t = (double)j / (CASE_TIMES - 1);
                const double curves[CASE_CLASSES] = {(1 - exp(-3 * t)) / (1 - exp(-3)), t, t * t * (3 - 2 * t)};
                float *columns = s->x2 + (i * CASE_TIMES + j) * SAMPLE_COLUMNS + run * RUN_COLUMNS;
                columns[0] = (float)(t * (0.5 + 0.5 * (double)run / N_RUNS));
                columns[2] = (float)(end * curves[s->y[i]]);
                columns[1] = 1 - columns[2];
            }
        }
    }
    return s;
}

typedef struct training_case {
    training_data data;
    mech_samples *train, *validation;
    char folder[64];
} training_case;

static inline training_case case_open(size_t n_train, size_t n_validation) {
    training_case c = {.train = case_samples(n_train, 1), .validation = case_samples(n_validation, 2)};
    c.data = (training_data){.train = c.train,
                             .validation = c.validation,
                             .mechanisms = "first,zeroth,sigmoid",
                             .prior = "none",
                             .origin = "made for a test"};
    strcpy(c.folder, "/tmp/mechanist-training-XXXXXX");
    assert_non_null(mkdtemp(c.folder));
    return c;
}

/* The path of a file in the case's folder. */
static inline const char *case_path(const training_case *c, const char *name, char path[128]) {
    snprintf(path, 128, "%s/%s", c->folder, name);
    return path;
}

static inline bool case_has(const training_case *c, const char *name) {
    char path[128];
    return access(case_path(c, name, path), F_OK) == 0;
}

static inline void case_remove(const training_case *c, const char *name) {
    char path[128];
    (void)unlink(case_path(c, name, path));
}

static inline void case_close(training_case *c) {
    static const char *const names[] = {"model", "other", "third"};
    static const char *const endings[] = {".safetensors", ".history.csv", ".checkpoint"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (size_t j = 0; j < sizeof endings / sizeof endings[0]; j++) {
            char name[64];
            snprintf(name, sizeof name, "%s%s", names[i], endings[j]);
            case_remove(c, name);
        }
    assert_int_equal(rmdir(c->folder), 0); /* nothing else was left behind */
    mech_samples_free(c->train);
    mech_samples_free(c->validation);
}

/* Options for a training of a second or less. */
static inline mech_train_options case_options(void) {
    mech_train_options o = mech_train_options_default();
    static const size_t points[] = {3, 5, 8};
    static const double noise[] = {0, 0.01};
    o.hidden = 8;
    o.batch = 64;
    o.epochs = 4;
    o.learning_rate = 0.01;
    o.average = 0.9;
    o.threads = 1;
    o.n_points = 3;
    o.points = points;
    o.n_noise = 2;
    o.noise = noise;
    return o;
}

static inline void case_train(const training_case *c, const mech_train_options *o, const char *model) {
    char path[128];
    mech_error error;
    if (mech_train_source(o, &c->data, case_path(c, model, path), NULL, &error) != MECH_OK)
        fail_msg("%s", error.message);
}

/* Whether two files of the case hold the same bytes. */
static inline bool case_same(const training_case *c, const char *first, const char *second) {
    char path[128], *a = NULL, *b = NULL;
    size_t a_length = 0, b_length = 0;
    assert_int_equal(mech_file_read(case_path(c, first, path), 1 << 24, &a, &a_length, NULL), MECH_OK);
    assert_int_equal(mech_file_read(case_path(c, second, path), 1 << 24, &b, &b_length, NULL), MECH_OK);
    const bool same = a_length > 0 && a_length == b_length && memcmp(a, b, a_length) == 0;
    mech_free(a);
    mech_free(b);
    return same;
}

/* The last column but `back` of a row (from 0 behind the names) of a learning curve. */
static inline double case_history(const training_case *c, const char *name, size_t row, size_t column, size_t *n_rows) {
    char path[128], *content = NULL;
    size_t length = 0, n = 0;
    double value = NAN;
    assert_int_equal(mech_file_read(case_path(c, name, path), 1 << 20, &content, &length, NULL), MECH_OK);
    for (char *line = strchr(content, '\n'); line && line[1]; line = strchr(line + 1, '\n'), n++) {
        if (n != row) continue;
        const char *at = line + 1;
        for (size_t i = 0; i < column; i++) at = strchr(at, ',') + 1;
        value = strtod(at, NULL);
    }
    if (n_rows) *n_rows = n;
    mech_free(content);
    return value;
}

#endif
