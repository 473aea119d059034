/* What a model makes of data files, figures by name, and the study, through the public interface. */
#include "base/files/file.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "support.h"

#define MODELS SOURCE_DIR "/models/"
#define NETWORK MODELS "hadamard-nature.safetensors"
#define OTHER MODELS "gate-fixed-window.safetensors"

static const char data[] = "study_data.h5";
enum { N = 60, N_VALIDATION = 300 };

static int make_data(void **state) {
    (void)state;
    mech_generate_options options = mech_generate_options_default();
    mech_error error;
    options.n_train = 40;
    options.n_validation = N_VALIDATION;
    options.n_test = N;
    if (mech_generate(&options, data, NULL, NULL, &error) == MECH_OK) return 0;
    print_error("%s\n", error.message);
    return -1;
}

static mech_prediction_options thinned(void) {
    mech_prediction_options options = mech_prediction_options_default();
    options.model = NETWORK;
    options.points = 6;
    options.noise = 0.01;
    options.seed = 3;
    return options;
}

static mech_predictions *open_with(const mech_prediction_options *options) {
    mech_predictions *p = NULL;
    mech_error error;
    if (mech_predictions_open(data, options, &p, &error) != MECH_OK) fail_msg("%s", error.message);
    return p;
}

static void refused(mech_status status, mech_status expected, const mech_error *error, const char *words) {
    assert_int_equal(status, expected);
    if (!strstr(error->message, words)) fail_msg("'%s' lacks '%s'", error->message, words);
}

static void predictions_are_those_of_thinned_samples(void **state) {
    (void)state;
    const mech_prediction_options options = thinned();
    mech_samples *all = NULL, *kept = NULL;
    mech_model *model = NULL;
    mech_predictions *p = open_with(&options);
    assert_int_equal(mech_predictions_compute(p, &options, NULL, NULL), MECH_OK);
    assert_int_equal(mech_samples_read(data, "test", &all, NULL), MECH_OK);
    assert_int_equal(mech_samples_thin(all, 6, 0.01, 3, &kept, NULL), MECH_OK);
    assert_int_equal(mech_model_read(NETWORK, &model, NULL), MECH_OK);
    float *own = check(calloc(N * 20, sizeof *own));
    assert_int_equal(mech_model_predict(model, kept->n, kept->n_times, kept->x1, kept->x2, 1, own, NULL), MECH_OK);
    assert_int_equal(p->n, N);
    assert_int_equal(p->n_labels, 20);
    assert_memory_equal(p->probabilities, own, N * 20 * sizeof *own);
    assert_memory_equal(p->labels, all->y, N);
    assert_string_equal(p->words, "6 points after t = 0, 1 % noise");
    assert_int_equal(p->n_notes, 0);
    free(own);
    mech_model_free(model);
    mech_samples_free(all);
    mech_samples_free(kept);
    mech_predictions_free(p);
}

static void a_judgement_is_that_of_the_probabilities(void **state) {
    (void)state;
    const mech_prediction_options options = thinned();
    mech_evaluate_options judged = mech_evaluate_options_default();
    judged.resamples = 20;
    mech_predictions *p = open_with(&options);
    mech_judgement *j = NULL;
    mech_metrics *own = NULL;
    char *text = NULL;
    mech_error error;
    assert_int_equal(mech_predictions_judge(p, &options, &judged, NULL, &j, &error), MECH_OK);
    assert_int_equal(mech_evaluate(p->n, p->n_labels, p->probabilities, p->labels, &own, NULL), MECH_OK);
    assert_near(j->metrics->top1, own->top1, 0);
    assert_near(j->metrics->cross_entropy, own->cross_entropy, 0);
    assert_true(j->lower && j->lower->top1 <= own->top1 && own->top1 <= j->upper->top1);
    assert_null(j->rival);
    assert_int_equal(mech_judgement_compare(j, p, &options, NETWORK, &error), MECH_OK);
    assert_string_equal(j->rival, NETWORK);
    assert_int_equal(j->mcnemar->both + j->mcnemar->neither, N);
    assert_int_equal(mech_judgement_json(j, p, &options, &text, &error), MECH_OK);
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    assert_near(json_real_value(json_object_get(object, "top1")), own->top1, 0);
    assert_int_equal(json_integer_value(json_object_get(object, "points")), 6);
    assert_near(json_real_value(json_object_get(object, "noise")), 1, 1e-12);
    assert_string_equal(json_string_value(json_object_get(json_object_get(object, "against"), "model")), NETWORK);
    json_decref(object);
    mech_free(text);
    mech_metrics_free(own);
    mech_judgement_free(j);
    mech_predictions_free(p);
}

static bool always_stop(void *context) {
    (void)context;
    return true;
}

static void a_grid_is_a_table_of_judgements(void **state) {
    (void)state;
    static const double points[] = {2, 20}, noise[] = {0, 2};
    const mech_grid_lists lists = {.size = sizeof lists, .n_points = 2, .points = points, .n_noise = 2, .noise = noise};
    mech_prediction_options options = thinned();
    mech_evaluate_options judged = mech_evaluate_options_default();
    judged.resamples = 0;
    mech_predictions *p = open_with(&options);
    mech_judgement *j = NULL;
    mech_grid *grid = NULL;
    char *table = NULL;
    mech_error error;
    assert_int_equal(mech_predictions_grid(p, &options, &judged, &lists, MECH_TABLE_CSV, NULL, &table, &error),
                     MECH_OK);
    assert_int_equal(mech_file_write("study_grid.csv", table, strlen(table), &error), MECH_OK);
    assert_int_equal(mech_grid_read("study_grid.csv", "top1", &grid, &error), MECH_OK);
    options.points = 20;
    options.noise = 0.02;
    assert_int_equal(mech_predictions_judge(p, &options, &judged, NULL, &j, &error), MECH_OK);
    assert_near(mech_grid_value(grid, (size_t)mech_metrics_figure_find("top1"), 1, 1), j->metrics->top1, 1e-15);
    mech_free(table);
    const mech_progress stop = {.should_stop = always_stop};
    refused(mech_predictions_grid(p, &options, &judged, &lists, MECH_TABLE_TEXT, &stop, &table, &error), MECH_STOPPED,
            &error, "stopped at cell 1 of 4");
    assert_null(table);
    mech_judgement_free(j);
    mech_grid_free(grid);
    mech_predictions_free(p);
}

static void what_does_not_belong_together_is_refused_or_noted(void **state) {
    (void)state;
    static const mech_mechanism *two[2];
    mech_prediction_options options = thinned();
    mech_predictions *p = NULL;
    mech_error error;
    options.species = "X";
    refused(mech_predictions_open(data, &options, &p, &error), MECH_INVALID_ARGUMENT, &error, "expected S, P or none");
    assert_null(p);
    options = thinned();
    options.noise = 2;
    refused(mech_predictions_open(data, &options, &p, &error), MECH_INVALID_ARGUMENT, &error, "noise is 2");
    options = thinned();
    options.model = OTHER;
    p = open_with(&options);
    assert_int_equal(p->n_notes, 1);
    assert_non_null(strstr(p->notes[0], "was trained on design fixed-window"));
    mech_predictions_free(p);
    two[0] = mech_builtin(0);
    two[1] = mech_builtin(8);
    mech_generate_options made = mech_generate_options_default();
    made.n_train = made.n_validation = 0;
    made.n_test = 4;
    made.mechanisms = two;
    made.n_mechanisms = 2;
    assert_int_equal(mech_generate(&made, "study_two.h5", NULL, NULL, &error), MECH_OK);
    options = thinned();
    refused(mech_predictions_open("study_two.h5", &options, &p, &error), MECH_INVALID_INPUT, &error, "has 2 labels");
    unlink("study_two.h5");
}

static void a_calibration_takes_a_data_file(void **state) {
    (void)state;
    mech_calibrate_source source = {.size = sizeof source, .model = NETWORK, .data = data};
    mech_calibrate_options how = mech_calibrate_options_default();
    mech_calibration_report report = {.size = sizeof report};
    mech_model *calibrated = NULL;
    char *notes = NULL;
    mech_error error;
    how.method = MECH_CALIBRATION_TEMPERATURE;
    if (mech_calibrate_data(&source, &how, &calibrated, &report, &notes, &error) != MECH_OK)
        fail_msg("%s", error.message);
    assert_string_equal(mech_model_calibration(calibrated), "temperature");
    assert_int_equal(report.n_fitted + report.n_held_out, N_VALIDATION);
    assert_null(notes);
    mech_model_free(calibrated);
    source.split = "test";
    refused(mech_calibrate_data(&source, &how, &calibrated, NULL, NULL, &error), MECH_INVALID_ARGUMENT, &error, "200");
    assert_null(calibrated);
}

static void figures_are_drawn_by_name(void **state) {
    (void)state;
    char *svg = NULL, *notes = NULL;
    size_t n_kinds = 0;
    mech_error error;
    mech_figure_options options = mech_figure_options_default();
    const mech_picture_target target = mech_picture_memory(MECH_PICTURE_SVG, &svg, NULL);
    for (const mech_figure_kind *kind; (kind = mech_figure_kind_at(n_kinds)); n_kinds++)
        assert_true(*kind->name && *kind->summary);
    assert_true(n_kinds >= 15);
    options.model = OTHER;
    options.data = data;
    if (mech_draw_figure("confusion", &options, NULL, &target, &notes, &error) != MECH_OK)
        fail_msg("%s", error.message);
    assert_non_null(strstr(svg, "Confusion matrix of gate, 20 points after t = 0, 0 % noise"));
    assert_non_null(strstr(notes, "was trained on design fixed-window"));
    mech_free(svg);
    mech_free(notes);
    refused(mech_draw_figure("confuson", &options, NULL, &target, NULL, &error), MECH_INVALID_ARGUMENT, &error,
            "no figure of kind 'confuson'");
    refused(mech_draw_figure("counts", NULL, NULL, &target, NULL, &error), MECH_INVALID_ARGUMENT, &error,
            "needs a data file");
    refused(mech_draw_figure("network", NULL, NULL, &target, NULL, &error), MECH_INVALID_ARGUMENT, &error,
            "expected ID");
}

/* A folder with one shipped model alone, which MECHANIST_MODELS names. */
static void ship_one_model(void) {
    char *bytes = NULL;
    size_t length = 0;
    mkdir("study_models", 0777);
    assert_int_equal(mech_file_read(NETWORK, 1 << 28, &bytes, &length, NULL), MECH_OK);
    assert_int_equal(mech_file_write("study_models/hadamard-nature.safetensors", bytes, length, NULL), MECH_OK);
    mech_free(bytes);
    assert_int_equal(setenv("MECHANIST_MODELS", "study_models", 1), 0);
}

static void a_study_is_one_call(void **state) {
    (void)state;
    mech_study_options options = mech_study_options_default();
    char *page = NULL, *first = NULL, *second = NULL;
    size_t length = 0;
    mech_error error;
    ship_one_model();
    options.folder = "study_folder";
    options.n_samples = 20;
    options.resamples = 0;
    options.nature = data;
    const mech_progress stop = {.should_stop = always_stop};
    refused(mech_study(&options, &stop, &page, &error), MECH_STOPPED, &error, "stopped");
    assert_null(page);
    if (mech_study(&options, NULL, &page, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_string_equal(page, "study_folder/index.html");
    assert_int_equal(mech_file_read(page, 1 << 28, &first, &length, &error), MECH_OK);
    assert_non_null(strstr(first, "<h2>Results, design nature</h2>"));
    assert_true(mech_file_exists("study_folder/tables/hadamard-nature-6-0.json"));
    assert_true(mech_file_exists("study_folder/figures/grid-hadamard-nature-top1.svg"));
    assert_int_equal(mech_study(&options, NULL, NULL, &error), MECH_OK);
    assert_int_equal(mech_file_read(page, 1 << 28, &second, &length, &error), MECH_OK);
    assert_string_equal(first, second);
    options.n_samples = 0;
    refused(mech_study(&options, NULL, NULL, &error), MECH_INVALID_ARGUMENT, &error, "expected 1 to");
    options.n_samples = 20;
    options.folder = "";
    refused(mech_study(&options, NULL, NULL, &error), MECH_INVALID_ARGUMENT, &error, "names no folder");
    mech_free(page);
    mech_free(first);
    mech_free(second);
    unsetenv("MECHANIST_MODELS");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(predictions_are_those_of_thinned_samples),
        cmocka_unit_test(a_judgement_is_that_of_the_probabilities),
        cmocka_unit_test(a_grid_is_a_table_of_judgements),
        cmocka_unit_test(what_does_not_belong_together_is_refused_or_noted),
        cmocka_unit_test(a_calibration_takes_a_data_file),
        cmocka_unit_test(figures_are_drawn_by_name),
        cmocka_unit_test(a_study_is_one_call),
    };
    return cmocka_run_group_tests(tests, make_data, NULL);
}
