/* Model files: what is written is read back; the published weights give the expected probabilities; whatever is not a
 * sound model is refused by name. */
#include "base/files/file.h"
#include "base/random.h"
#include "data/samples/augment.h"
#include "learn/model/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { CLASSES = 3, HIDDEN = 2 };

static mech_model *small_model(const char *network) {
    const graph_shape shape = {
        .static_width = N_RUNS, .series_width = SAMPLE_COLUMNS, .n_labels = CLASSES, .hidden = HIDDEN};
    graph g;
    mech_model *model = NULL;
    assert_int_equal(mech_graph_build(network, &shape, &g, NULL), MECH_OK);
    assert_int_equal(mech_model_new(&g, &model, NULL), MECH_OK);
    mech_graph_initialise(&g, 1, model->parameters);
    assert_int_equal(mech_model_describe(model, "protocol", "nature", NULL), MECH_OK);
    assert_int_equal(mech_model_describe(model, "mechanisms", "M1,M6,M9", NULL), MECH_OK);
    assert_int_equal(mech_model_describe(model, "remark", "\"quoted\", \xc3\xa4\n", NULL), MECH_OK);
    return model;
}

static void every_network_is_read_back_as_written(void **state) {
    (void)state;
    for (size_t i = 0; mech_graph_network_name(i); i++) {
        mech_model *model = small_model(mech_graph_network_name(i)), *read = NULL;
        text bytes = {0}, again = {0};
        mech_error error;
        assert_int_equal(mech_model_serialise(model, &bytes, &error), MECH_OK);
        if (mech_model_parse(bytes.characters, bytes.length, "model", &read, &error) != MECH_OK)
            fail_msg("%s", error.message);
        assert_string_equal(mech_model_network(read), mech_graph_network_name(i));
        assert_int_equal(mech_model_n_labels(read), CLASSES);
        assert_int_equal(mech_model_n_parameters(read), mech_model_n_parameters(model));
        assert_memory_equal(read->parameters, model->parameters, model->g.n_parameters * sizeof *model->parameters);
        assert_int_equal(read->n_metadata, model->n_metadata);
        for (size_t k = 0; k < model->n_metadata; k++)
            assert_string_equal(mech_model_metadata(read, model->metadata[k].key), model->metadata[k].value);
        assert_null(mech_model_metadata(read, "nonesuch"));
        assert_int_equal(mech_model_serialise(read, &again, &error), MECH_OK);
        assert_int_equal(bytes.length, again.length);
        assert_memory_equal(bytes.characters, again.characters, bytes.length);
        assert_int_equal((size_t)(unsigned char)bytes.characters[0] % 8, 0); /* the data are aligned */
        mech_text_free(&bytes);
        mech_text_free(&again);
        mech_model_free(model);
        mech_model_free(read);
    }
}

static void metadata_entries_are_replaced_and_bounded(void **state) {
    (void)state;
    mech_model *model = small_model("average");
    const size_t n = model->n_metadata;
    assert_int_equal(mech_model_describe(model, "protocol", "seed", NULL), MECH_OK);
    assert_string_equal(mech_model_metadata(model, "protocol"), "seed");
    assert_int_equal(model->n_metadata, n);
    for (size_t i = n; i < MAX_METADATA; i++) {
        char key[16];
        snprintf(key, sizeof key, "key %zu", i);
        assert_int_equal(mech_model_describe(model, key, "value", NULL), MECH_OK);
    }
    assert_int_equal(mech_model_describe(model, "one more", "value", NULL), MECH_INVALID_INPUT);
    assert_int_equal(mech_model_describe(model, "protocol", "nature", NULL), MECH_OK);
    mech_model_free(model);
}

/* Sixty entries of the metadata. */
#define FIVE(n) "\"" n "0\":\"\",\"" n "1\":\"\",\"" n "2\":\"\",\"" n "3\":\"\",\"" n "4\":\"\","
#define TWENTY(n) FIVE(n "a") FIVE(n "b") FIVE(n "c") FIVE(n "d")
#define SIXTY_MORE TWENTY("a") TWENTY("b") TWENTY("c")

/* A change of a sound file's header: the first `from` becomes `to`; and what the message must say. */
typedef struct malformation {
    const char *from, *to, *words;
} malformation;

/* The network average with two hidden units and three classes, so that its tensors lie as follows: static/kernel (4, 2)
 * at 0, static/bias (2) at 32, lstm_1/kernel (12, 8) at 40, ... */
static const malformation malformations[] = {
    {"{", "", "header, line 1"},
    {"}}", "}", "header, line 1"},
    {"\"F32\"", "F32", "header, line 1"},
    {"{", "[{", "header, line 1"},
    {"\"__metadata__\":", "\"metadata\":", "the header has no map '__metadata__'"},
    {"\"format\":\"mechanist\",", "", "metadata 'format': is ''"},
    {"\"format\":\"mechanist\"", "\"format\":\"keras\"", "metadata 'format': is 'keras'; expected mechanist"},
    {"\"format\":\"mechanist\"", "\"format\":1", "metadata 'format': is not a text"},
    {"\"model\":\"average\",", "", "metadata 'model': is ''; expected average, attention"},
    {"\"model\":\"average\"", "\"model\":\"median\"", "metadata 'model': is 'median'"},
    {"\"model\":\"average\"", "\"model\":\"gate\"", "tensor 'output/bias': is missing"},
    {"\"protocol\":\"nature\"", "\"protocol\":\"other\"", "metadata 'protocol': is 'other'; expected seed or nature"},
    {"\"protocol\"", SIXTY_MORE "\"protocol\"", "a model: metadata has 65 entries; expected at most 64"},
    {"\"protocol\":\"nature\"", "\"protocol\":null", "metadata 'protocol': is not a text"},
    {"\"protocol\":\"nature\"", "\"origin\":\"\\u001b[31m\"", "metadata 'origin': has control characters"},
    {"\"protocol\"", "\"transform\"", "metadata 'transform': is 'nature'; the network average expects none"},
    {"M1,M6,M9", "M1,M6", "metadata 'mechanisms': names 2; expected one for each of the 3 labels"},
    {"\"protocol\"", "\"format\"", "duplicate"},
    {"\"static/bias\"", "\"static/kernel\"", "duplicate"},
    {"\"static/bias\"", "\"static/slope\"", "tensor 'static/bias': is missing"},
    {"\"lstm_1/bias\"", "\"lstm_9/bias\"", "tensor 'lstm_1/bias': is missing"},
    {"\"dynamic_output/bias\"", "\"dynamic_output/b\"", "tensor 'dynamic_output/bias': is missing"},
    {"\"static/kernel\":{", "\"static/kernel\":7,\"x\":{", "tensor 'static/kernel': is not an object"},
    {"\"dtype\":\"F32\",", "", "tensor 'static/kernel': has no dtype"},
    {"\"F32\"", "\"F64\"", "tensor 'static/kernel': dtype is 'F64'; expected F32"},
    {"\"F32\"", "32", "tensor 'static/kernel': has no dtype"},
    {"\"shape\":[4,2],", "", "tensor 'static/kernel': shape is not a list"},
    {"\"shape\":[4,2]", "\"shape\":[]", "tensor 'static/kernel': shape is not a list of one or two"},
    {"\"shape\":[4,2]", "\"shape\":[2,2,2]", "tensor 'static/kernel': shape is not a list of one or two"},
    {"\"shape\":[4,2]", "\"shape\":8", "tensor 'static/kernel': shape is not a list"},
    {"\"shape\":[4,2]", "\"shape\":[4,-2]", "tensor 'static/kernel': shape holds what is not a whole number"},
    {"\"shape\":[4,2]", "\"shape\":[4,2.0]", "tensor 'static/kernel': shape holds what is not a whole number"},
    {"\"shape\":[4,2]", "\"shape\":[4,0]", "tensor 'static/kernel': shape holds what is not a whole number"},
    {"\"shape\":[4,2]", "\"shape\":[4,4611686018427387904]", "shape holds what is not a whole number"},
    {"\"shape\":[4,2]", "\"shape\":[4,99999999999999999999]", "header, line 1"},
    {"\"shape\":[4,2]", "\"shape\":[2,4]", "tensor 'static/kernel': shape is (2, 4); expected (4, 2)"},
    {"\"shape\":[4,2]", "\"shape\":[8]", "tensor 'static/kernel': shape is (8); expected (4, 2)"},
    {"\"shape\":[4,2]", "\"shape\":[4,3]", "tensor 'static/kernel': data_offsets span 32 bytes; its shape needs 48"},
    {"\"shape\":[12,8]", "\"shape\":[8,12]", "tensor 'lstm_1/kernel': shape is (8, 12); expected (12, 8)"},
    {"\"data_offsets\":[0,32]", "\"data_offsets\":[0]", "data_offsets are not two whole numbers"},
    {"\"data_offsets\":[0,32]", "\"data_offsets\":[32,0]", "data_offsets are not two whole numbers in ascending order"},
    {"\"data_offsets\":[0,32]", "\"data_offsets\":[-32,0]", "data_offsets are not two whole numbers"},
    {"\"data_offsets\":[0,32]", "\"data_offsets\":[\"0\",32]", "data_offsets are not two whole numbers"},
    {"\"data_offsets\":[0,32]", "\"data_offsets\":[0,36]", "data_offsets span 36 bytes; its shape needs 32"},
    {"\"data_offsets\":[0,32]", "\"data_offsets\":[4,36]", "tensor 'static/kernel': leaves a gap"},
    {"\"data_offsets\":[32,40]", "\"data_offsets\":[28,36]", "tensor 'static/bias': overlaps the tensor before it"},
    {"\"data_offsets\":[0,32]", "\"data_offsets\":[99968,100000]", "ends at byte 100000 of the data, but the file has"},
    {"\"static_output/kernel\"", "\"static_output/ker\\u0000nel\"", "header, line 1"},
    {"\"nature\"", "\"natur\xff\"", "header, line 1"},
    {"\"__metadata__\":{", "\"__metadata__\":[],\"x\":{", "the header has no map '__metadata__'"},
    {"M1,M6,M9", "M1,M6,M9,M10", "metadata 'mechanisms': names 4; expected one for each of the 3 labels"},
    {"\"shape\":[8]", "\"shape\":[4,2]", "tensor 'lstm_1/bias': its size is not a multiple of four"},
    {"\"shape\":[8]", "\"shape\":[1,8]", "tensor 'lstm_1/bias': shape is (1, 8); expected (8)"},
    {"\"shape\":[3]", "\"shape\":[3,1]", "tensor 'static_output/kernel': shape is (2, 3); expected (2, 1)"},
    {"\"data_offsets\":[0,32]", "\"offsets\":[0,32]", "tensor 'static/kernel': data_offsets are not two whole numbers"},
    {"\"data_offsets\":[0,32]", "\"data_offsets\":[0,16,32]", "data_offsets are not two whole numbers"},
    {"\"data_offsets\":[0,32]", "\"data_offsets\":[0,3.2e1]", "data_offsets are not two whole numbers"},
    {"\"data_offsets\":[0,32]", "\"data_offsets\":[0,9223372036854775807]", "data_offsets are not two whole numbers"},
};

/* The sound file with a changed header. */
static text malform(const text *sound, const malformation *m) {
    text t = {0};
    uint64_t length = 0;
    for (int i = 7; i >= 0; i--) length = length << 8 | (unsigned char)sound->characters[i];
    const char *header = sound->characters + 8, *at = strstr(header, m->from);
    if (!at) fail_msg("the header lacks '%s'", m->from);
    const size_t before = (size_t)(at - header), skipped = before + strlen(m->from);
    const uint64_t changed = length - strlen(m->from) + strlen(m->to);
    for (int i = 0; i < 8; i++) mech_text_append(&t, &(char){(char)(changed >> (8 * i))}, 1);
    mech_text_append(&t, header, before);
    mech_text_add(&t, m->to);
    mech_text_append(&t, header + skipped, sound->length - 8 - skipped);
    return t;
}

static void refuse_bytes(const char *bytes, size_t length, const char *words) {
    mech_model *model = NULL;
    mech_error error = {.message = ""};
    assert_int_equal(mech_model_parse(bytes, length, "a model", &model, &error), MECH_INVALID_INPUT);
    assert_null(model);
    if (strncmp(error.message, "a model: ", 9) != 0 || !strstr(error.message, words))
        fail_msg("'%s' lacks '%s'", error.message, words);
}

static void malformed_headers_are_refused_by_name(void **state) {
    (void)state;
    mech_model *model = small_model("average");
    text sound = {0};
    assert_int_equal(mech_model_serialise(model, &sound, NULL), MECH_OK);
    for (size_t i = 0; i < sizeof malformations / sizeof malformations[0]; i++) {
        text t = malform(&sound, &malformations[i]);
        refuse_bytes(t.characters, t.length, malformations[i].words);
        mech_text_free(&t);
    }
    /* What is not a defect is read: an unknown entry of the metadata, spaces, another order. */
    const malformation harmless[] = {{"\"protocol\":\"nature\"", "\"weather\":\"rain\"", ""},
                                     {"\"shape\":[4,2]", "\"shape\": [ 4 ,\n 2 ]", ""}};
    for (size_t i = 0; i < 2; i++) {
        mech_model *read = NULL;
        text t = malform(&sound, &harmless[i]);
        assert_int_equal(mech_model_parse(t.characters, t.length, "a model", &read, NULL), MECH_OK);
        mech_model_free(read);
        mech_text_free(&t);
    }
    mech_text_free(&sound);
    mech_model_free(model);
}

static void unknown_tensors_are_refused(void **state) {
    (void)state;
    mech_model *model = small_model("average");
    text sound = {0};
    assert_int_equal(mech_model_serialise(model, &sound, NULL), MECH_OK);
    /* Behind the metadata, before the first tensor; its number stands at the end of the file. */
    char added[160];
    const size_t end = model->g.n_parameters * 4;
    snprintf(added, sizeof added,
             "},\"extra/bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%zu,%zu]},\"static/kernel\"", end,
             end + 4);
    text t = malform(&sound, &(malformation){"},\"static/kernel\"", added, ""});
    mech_text_append(&t, "\0\0\0\0", 4);
    refuse_bytes(t.characters, t.length, "tensor 'extra/bias': is unknown to the network average");
    mech_text_free(&t);
    mech_text_free(&sound);
    mech_model_free(model);
}

static void truncated_and_prolonged_files_are_refused(void **state) {
    (void)state;
    mech_model *model = small_model("average");
    text sound = {0};
    assert_int_equal(mech_model_serialise(model, &sound, NULL), MECH_OK);
    /* Copies of just the length, so that AddressSanitizer sees any look beyond it. */
    for (size_t length = 0; length < sound.length; length += length < 64 ? 1 : 61) {
        char *copy = malloc(length ? length : 1);
        assert_non_null(copy);
        memcpy(copy, sound.characters, length);
        refuse_bytes(copy, length, length < 8 ? "the file ends after" : "");
        free(copy);
    }
    refuse_bytes(sound.characters, sound.length - 1, "it is truncated");
    mech_text_append(&sound, "\0\0\0", 3);
    refuse_bytes(sound.characters, sound.length, "3 bytes follow the last tensor");
    static const char large[] = "\xff\xff\xff\xff\xff\xff\xff\xff{}", empty[] = "\x02\0\0\0\0\0\0\0{}";
    static const char list[] = "\x02\0\0\0\0\0\0\0[]", deep[] = "\x04\0\0\0\0\0\0\0[[[[";
    refuse_bytes(large, sizeof large - 1, "the header is said to have 18446744073709551615 bytes");
    refuse_bytes(empty, sizeof empty - 1, "the header has no map '__metadata__'");
    refuse_bytes(list, sizeof list - 1, "the header is not a JSON object");
    refuse_bytes(deep, sizeof deep - 1, "header, line 1");
    mech_text_free(&sound);
    mech_model_free(model);
}

static void numbers_that_are_not_finite_are_refused(void **state) {
    (void)state;
    static const float bad[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < 3; i++) {
        mech_model *model = small_model("average");
        text t = {0};
        model->parameters[8 + 1] = bad[i];
        assert_int_equal(mech_model_serialise(model, &t, NULL), MECH_OK);
        refuse_bytes(t.characters, t.length, "tensor 'static/bias': number 2 is not finite");
        mech_text_free(&t);
        mech_model_free(model);
    }
}

static void files_are_written_whole_or_not_at_all(void **state) {
    (void)state;
    char path[] = "/tmp/mechanist-model-XXXXXX";
    mech_model *model = small_model("hadamard"), *read = NULL;
    mech_error error = {.message = ""};
    const int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
    assert_int_equal(mech_model_read(path, &read, &error), MECH_INVALID_INPUT); /* empty so far */
    assert_int_equal(mech_model_write(model, path, &error), MECH_OK);
    assert_int_equal(mech_model_read(path, &read, &error), MECH_OK);
    mech_model_free(read);
    unlink(path);
    assert_int_equal(mech_model_read(path, &read, &error), MECH_FILE_ERROR);
    assert_non_null(strstr(error.message, path));
    assert_int_equal(mech_model_write(model, "/nonexistent/model", &error), MECH_FILE_ERROR);
    mech_model_free(model);
}

static void prediction_gives_probabilities_for_any_number_of_threads(void **state) {
    (void)state;
    enum { N = 100, TIMES = 5 };
    mech_model *model = small_model("attention");
    static float x1[N * N_RUNS], x2[N * TIMES * SAMPLE_COLUMNS], first[N * CLASSES], other[N * CLASSES];
    random_stream r = mech_random_open(1, RANDOM_TEST, 0, 0);
    for (size_t i = 0; i < N * N_RUNS; i++) x1[i] = 0.1f + (float)mech_random_uniform(&r);
    for (size_t i = 0; i < N * TIMES * SAMPLE_COLUMNS; i++)
        x2[i] = (i % RUN_COLUMNS ? 0 : (float)(i / SAMPLE_COLUMNS % TIMES)) + (float)mech_random_uniform(&r);
    assert_int_equal(mech_model_predict(model, N, TIMES, x1, x2, 1, first, NULL), MECH_OK);
    for (size_t i = 0; i < N; i++) {
        double sum = 0;
        for (size_t k = 0; k < CLASSES; k++) {
            assert_true(first[i * CLASSES + k] > 0);
            sum += (double)first[i * CLASSES + k];
        }
        assert_true(fabs(sum - 1) < 1e-6);
    }
    assert_int_equal(mech_model_predict(model, N, TIMES, x1, x2, 3, other, NULL), MECH_OK);
    assert_memory_equal(first, other, sizeof first);
    assert_int_equal(mech_model_predict(model, N, 0, x1, x2, 1, other, NULL), MECH_INVALID_ARGUMENT);
    assert_int_equal(mech_model_predict(model, 0, TIMES, NULL, NULL, 1, NULL, NULL), MECH_OK);
    mech_model_free(model);
}

/* What one of S and P tells is enough at each reading, the first one, too; none is refused, whether the network fills
 * in by itself or not. */
static void a_reading_with_neither_species_is_refused(void **state) {
    (void)state;
    enum { N = 2, TIMES = 3 };
    static const char *const networks[] = {"gate", "kinetic"};
    for (size_t network = 0; network < sizeof networks / sizeof networks[0]; network++) {
        mech_model *model = small_model(networks[network]);
        if (network) assert_int_equal(mech_model_describe(model, "missing", "0.5", NULL), MECH_OK);
        for (size_t time = 0; time < TIMES; time++) {
            float x1[N * N_RUNS], x2[N * TIMES * SAMPLE_COLUMNS], p[N * CLASSES];
            for (size_t i = 0; i < N * N_RUNS; i++) x1[i] = 0.1F;
            for (size_t i = 0; i < N * TIMES * SAMPLE_COLUMNS; i++)
                x2[i] = (float)(i / SAMPLE_COLUMNS % TIMES) * (i % RUN_COLUMNS == 0 ? 0.3F : 0.2F);
            float *reading = x2 + (TIMES + time) * SAMPLE_COLUMNS + RUN_COLUMNS;
            mech_error error = {.message = ""};
            reading[SPECIES_PRODUCT] = NAN;
            assert_int_equal(mech_model_predict(model, N, TIMES, x1, x2, 1, p, &error), MECH_OK);
            for (size_t i = 0; i < N * CLASSES; i++) assert_true(p[i] > 0);
            reading[SPECIES_SUBSTRATE] = NAN;
            assert_int_equal(mech_model_predict(model, N, TIMES, x1, x2, 1, p, &error), MECH_INVALID_INPUT);
            assert_string_equal(error.message, "sample 1 has a reading with neither S nor P; expected one of them");
        }
        mech_model_free(model);
    }
}

/* The numbers of an array of float64 that NumPy wrote. */
static double *read_npy(const char *path, size_t n) {
    char *bytes = NULL;
    size_t length = 0;
    assert_int_equal(mech_file_read(path, 1 << 24, &bytes, &length, NULL), MECH_OK);
    const size_t header = 10 + (unsigned char)bytes[8] + 256 * (size_t)(unsigned char)bytes[9];
    assert_non_null(strstr(bytes + 10, "'<f8'"));
    assert_int_equal(length, header + n * sizeof(double));
    double *numbers = malloc(n * sizeof *numbers);
    assert_non_null(numbers);
    memcpy(numbers, bytes + header, n * sizeof *numbers);
    mech_free(bytes);
    return numbers;
}

static void published_weights_give_the_expected_probabilities(void **state) {
    (void)state;
    static const char *const networks[] = {"average", "hadamard"};
    static const char *const points[] = {"7", "21"};
    char path[512];
    if (access(SHARED_DIR "/reference/published-hadamard.safetensors", R_OK) != 0) {
        print_message("%s/reference is absent: the published weights are not compared\n", SHARED_DIR);
        skip();
    }
    for (size_t i = 0; i < 4; i++) {
        mech_model *model = NULL;
        mech_samples *s = NULL;
        mech_error error;
        snprintf(path, sizeof path, SHARED_DIR "/reference/published-%s.safetensors", networks[i / 2]);
        if (mech_model_read(path, &model, &error) != MECH_OK) fail_msg("%s", error.message);
        snprintf(path, sizeof path, SHARED_DIR "/reference/samples-%s-points.h5", points[i % 2]);
        if (mech_samples_read(path, "test", &s, &error) != MECH_OK) fail_msg("%s", error.message);
        const size_t n = s->n * mech_model_n_labels(model);
        float *p = malloc(n * sizeof *p);
        assert_non_null(p);
        assert_int_equal(mech_model_predict(model, s->n, s->n_times, s->x1, s->x2, 1, p, &error), MECH_OK);
        snprintf(path, sizeof path, SHARED_DIR "/reference/expected-%s-%s-points.npy", networks[i / 2], points[i % 2]);
        double *expected = read_npy(path, n), worst = 0;
        for (size_t j = 0; j < n; j++) {
            const double difference = fabs((double)p[j] - expected[j]);
            /* Written so that a NaN counts. */
            worst = difference <= worst ? worst : difference;
        }
        print_message("%s, %s points: largest difference %.2g\n", networks[i / 2], points[i % 2], worst);
        assert_true(worst <= 1e-5);
        free(p);
        free(expected);
        mech_samples_free(s);
        mech_model_free(model);
    }
}

/* One changed bit anywhere in the weights is noticed; a file without a digest is read, and says so. */
static void damaged_weights_are_refused(void **state) {
    (void)state;
    mech_model *model = small_model("hadamard"), *read = NULL;
    text bytes = {0};
    assert_int_equal(mech_model_serialise(model, &bytes, NULL), MECH_OK);
    const size_t weights = bytes.length - 4 * model->g.n_parameters;
    for (size_t i = weights; i < bytes.length; i += 97) {
        bytes.characters[i] = (char)(bytes.characters[i] ^ 1);
        refuse_bytes(bytes.characters, bytes.length, "the weights are not those that were written: their digest is");
        bytes.characters[i] = (char)(bytes.characters[i] ^ 1);
    }
    assert_int_equal(mech_model_parse(bytes.characters, bytes.length, "model", &read, NULL), MECH_OK);
    assert_true(mech_model_is_checked(read));
    mech_model_free(read);
    char *key = strstr(bytes.characters + 8, "weights_digest");
    assert_non_null(key);
    memcpy(key, "another_remark", 14);
    assert_int_equal(mech_model_parse(bytes.characters, bytes.length, "model", &read, NULL), MECH_OK);
    assert_false(mech_model_is_checked(read));
    mech_model_free(read);
    mech_text_free(&bytes);
    mech_model_free(model);
}

static void metadata_out_of_range_are_refused_by_key_and_range(void **state) {
    (void)state;
    static const struct {
        const char *key, *value, *words; /* NULL: read */
    } cases[] = {
        {"loadings", "nan,nan", "metadata 'loadings': is 'nan,nan'; expected two numbers above 0"},
        {"loadings", "0,0.1", "metadata 'loadings': is '0,0.1'"},
        {"loadings", "0.1", "metadata 'loadings': is '0.1'"},
        {"loadings", "0.2,0.1", "metadata 'loadings'"},
        {"loadings", "0.01,0.1", NULL},
        {"points", "-3", "metadata 'points': is '-3'; expected whole numbers from 1 to 2000"},
        {"points", "2,2.5", "metadata 'points'"},
        {"points", "2,,3", "metadata 'points'"},
        {"points", "2,3,20", NULL},
        {"noise", "1 percent", "metadata 'noise': is '1 percent'; expected numbers from 0 to 1"},
        {"noise", "0,5", "metadata 'noise'"},
        {"noise", "0,0.05", NULL},
        {"missing", "1.5", "metadata 'missing': is '1.5'; expected a number from 0 to 1"},
        {"missing", "", "metadata 'missing'"},
        {"version", "99", "metadata 'version': is '99'; expected major.minor.patch"},
        {"version", "99.0.0", "metadata 'version': is '99.0.0'"},
        {"version", "0.1.0", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mech_model *model = small_model("hadamard"), *read = NULL;
        text bytes = {0};
        assert_int_equal(mech_model_describe(model, cases[i].key, cases[i].value, NULL), MECH_OK);
        assert_int_equal(mech_model_serialise(model, &bytes, NULL), MECH_OK);
        if (cases[i].words)
            refuse_bytes(bytes.characters, bytes.length, cases[i].words);
        else
            assert_int_equal(mech_model_parse(bytes.characters, bytes.length, "model", &read, NULL), MECH_OK);
        mech_model_free(read);
        mech_text_free(&bytes);
        mech_model_free(model);
    }
}

static void samples_that_no_experiment_can_be_are_refused(void **state) {
    (void)state;
    static const struct {
        size_t place; /* of x1[4], then of x2[3][12] */
        float value;
        const char *message;
    } cases[] = {
        {1, 0, "sample 0, run 2: the loading is 0; expected a finite number above 0"},
        {3, NAN, "sample 0, run 4: the loading is nan; expected a finite number above 0"},
        {4 + 12 + 3, -1,
         "sample 0, run 2, reading 2: the time is -1; expected finite times from 0 on that do not descend"},
        {4 + 24 + 6, 0.2f,
         "sample 0, run 3, reading 3: the time is 0.2; expected finite times from 0 on that do not descend"},
        {4 + 9, INFINITY,
         "sample 0, run 4, reading 1: the time is inf; expected finite times from 0 on that do not descend"},
    };
    mech_model *model = small_model("hadamard");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        float values[4 + 36], probabilities[CLASSES];
        mech_error error = {0};
        for (size_t j = 0; j < 4; j++) values[j] = 0.05f;
        for (size_t j = 0; j < 36; j++) values[4 + j] = j % 3 ? 0.5f : 0.5f * (float)(j / 12);
        assert_int_equal(mech_model_predict(model, 1, 3, values, values + 4, 1, probabilities, &error), MECH_OK);
        values[cases[i].place] = cases[i].value;
        assert_int_equal(mech_model_predict(model, 1, 3, values, values + 4, 1, probabilities, &error),
                         MECH_INVALID_INPUT);
        assert_string_equal(error.message, cases[i].message);
    }
    mech_model_free(model);
}

/* The bytes of a small model with that entry in its metadata, read again. */
static mech_status read_with(const char *key, const char *value, mech_model **read, mech_error *error) {
    mech_model *model = small_model("hadamard");
    text bytes = {0};
    size_t i = 0;
    while (i < model->n_metadata && strcmp(model->metadata[i].key, key) != 0) i++;
    model->metadata[i] = (metadata_entry){key, value}; /* as another program may write it */
    if (i == model->n_metadata) model->n_metadata++;
    assert_int_equal(mech_model_serialise(model, &bytes, NULL), MECH_OK);
    const mech_status status = mech_model_parse(bytes.characters, bytes.length, "model", read, error);
    mech_text_free(&bytes);
    mech_model_free(model);
    return status;
}

#define CYCLE "cat + S <=> catS : k1, k-1\ncatS <=> cat + P : k2, k-2\n"

static void labels_that_are_alike_are_refused_by_name(void **state) {
    (void)state;
    static const struct {
        const char *key, *value, *message;
    } cases[] = {
        {"mechanisms", "M1,M6,M1",
         "model: metadata 'mechanisms': names 'M1' and 'M1'; expected ids that differ in more than capital letters"},
        {"mechanisms", "M1,M6,m6",
         "model: metadata 'mechanisms': names 'M6' and 'm6'; expected ids that differ in more than capital letters"},
        {"library", "mechanism: M1\n" CYCLE "mechanism: M6\n" CYCLE "mechanism: m1\n" CYCLE,
         "model: metadata 'library':7:1: the library has mechanisms 'M1' and 'm1'; expected ids that differ in more "
         "than "
         "capital letters"},
        {"library", "mechanism: M1\n" CYCLE,
         "model: metadata 'library': has 1 mechanisms; expected one for each of the 3 labels"},
        {"library", "mechanism: M1\n" CYCLE "mechanism: M6\n" CYCLE "mechanism: M10\n" CYCLE,
         "model: metadata 'mechanisms': names 'M9' where the library has 'M10'"},
        {"library", "mechanism: M1\ncat + S\n",
         "model: metadata 'library':2:8: the line ends; expected '+', '->' or '<=>'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mech_model *read = NULL;
        mech_error error = {.message = ""};
        assert_int_equal(read_with(cases[i].key, cases[i].value, &read, &error), MECH_INVALID_INPUT);
        assert_null(read);
        assert_string_equal(error.message, cases[i].message);
    }
}

static void labels_stand_for_what_the_model_carries(void **state) {
    (void)state;
    mech_model *read = NULL;
    mech_library *library = NULL;
    mech_error error;
    /* Without a library of its own the ids are built-in ones. */
    assert_int_equal(read_with("remark", "none", &read, &error), MECH_OK);
    assert_string_equal(mech_model_label(read, 2), "M9");
    assert_ptr_equal(mech_model_mechanism(read, 1), mech_builtin_find("M6"));
    assert_null(mech_model_label(read, 3));
    mech_model_free(read);
    /* With one they are what it says, whatever they are called. */
    static const char own[] = "mechanism: M1\ntitle: mine\n" CYCLE "mechanism: M6\n" CYCLE "mechanism: M9\n" CYCLE;
    if (read_with("library", own, &read, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_string_equal(mech_model_label(read, 0), "M1");
    assert_string_equal(mech_mechanism_title(mech_model_mechanism(read, 0)), "mine");
    assert_int_equal(mech_mechanism_class(mech_model_mechanism(read, 1)), MECH_CLASS_USER);
    /* Another library cannot take their place, the same one may. */
    assert_int_equal(mech_library_new(&library, NULL), MECH_OK);
    assert_int_equal(mech_library_add(library, mech_builtin_find("M6"), NULL), MECH_OK);
    assert_int_equal(mech_model_use_library(read, library, &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "model: was trained on another mechanism 'M6' than that of the library");
    assert_int_equal(mech_library_add(library, mech_builtin_find("M7"), NULL), MECH_OK);
    mech_library_free(library);
    assert_int_equal(mech_library_new(&library, NULL), MECH_OK);
    assert_int_equal(mech_library_add_text(library, own, strlen(own), "own", NULL), MECH_OK);
    assert_int_equal(mech_model_use_library(read, library, &error), MECH_OK);
    mech_model_free(read);
    /* What a model does not say of its labels, a library can. */
    assert_int_equal(read_with("mechanisms", "a,M6,b", &read, &error), MECH_OK);
    assert_null(mech_model_mechanism(read, 0));
    assert_int_equal(mech_model_use_library(read, library, &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "model: label 'a' is no mechanism of the library; expected one for each label");
    mech_library_free(library);
    static const char named[] = "mechanism: b\n" CYCLE "mechanism: a\n" CYCLE;
    assert_int_equal(mech_library_new(&library, NULL), MECH_OK);
    assert_int_equal(mech_library_add_text(library, named, strlen(named), "own", NULL), MECH_OK);
    assert_int_equal(mech_model_use_library(read, library, &error), MECH_OK);
    assert_string_equal(mech_mechanism_id(mech_model_mechanism(read, 0)), "a");
    assert_ptr_equal(mech_model_mechanism(read, 1), mech_builtin_find("M6"));
    mech_library_free(library);
    mech_model_free(read);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_that_are_alike_are_refused_by_name),
        cmocka_unit_test(labels_stand_for_what_the_model_carries),
        cmocka_unit_test(every_network_is_read_back_as_written),
        cmocka_unit_test(metadata_entries_are_replaced_and_bounded),
        cmocka_unit_test(malformed_headers_are_refused_by_name),
        cmocka_unit_test(unknown_tensors_are_refused),
        cmocka_unit_test(truncated_and_prolonged_files_are_refused),
        cmocka_unit_test(numbers_that_are_not_finite_are_refused),
        cmocka_unit_test(files_are_written_whole_or_not_at_all),
        cmocka_unit_test(prediction_gives_probabilities_for_any_number_of_threads),
        cmocka_unit_test(a_reading_with_neither_species_is_refused),
        cmocka_unit_test(damaged_weights_are_refused),
        cmocka_unit_test(metadata_out_of_range_are_refused_by_key_and_range),
        cmocka_unit_test(samples_that_no_experiment_can_be_are_refused),
        cmocka_unit_test(published_weights_give_the_expected_probabilities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
