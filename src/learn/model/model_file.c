/* Model files: safetensors, that is the length of a header (8 bytes, little-endian), the header (JSON: names, types,
 * shapes and offsets of the tensors, and a map of texts, `__metadata__`), then the tensors' bytes without gaps.
 * docs/model-files.md describes what this program writes and accepts. */
#include "base/files/digest.h"
#include "base/files/file.h"
#include "data/samples/augment.h"
#include "learn/model/model.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LENGTH_BYTES = 8,
    NUMBER_BYTES = 4,
    MOST_HEADER_BYTES = 1 << 20,
    MOST_FILE_BYTES = 1 << 28,
    HEADER_ALIGNMENT = 8,
    MOST_BYTE_LABELS = 256, /* labels are bytes */
    MOST_UNITS = 4096,
    SHAPE_ROOM = 64
};

/* A tensor as the header declares it. */
typedef struct declared_tensor {
    const char *name; /* belongs to the JSON header */
    int dimensions;   /* 1 or 2 */
    size_t shape[2];
    size_t begin, end; /* bytes, from the first behind the header */
} declared_tensor;

/* A file in the reading. */
typedef struct reading {
    const char *source;
    json_t *header;
    const unsigned char *data; /* behind the header */
    size_t data_length;
    size_t n_tensors;
    declared_tensor *tensors; /* [n_tensors] */
    mech_error *error;
} reading;

static uint64_t read_little_endian(const unsigned char *bytes, int n) {
    uint64_t number = 0;
    for (int i = n - 1; i >= 0; i--) number = number << 8 | bytes[i];
    return number;
}

static float read_float(const unsigned char *bytes) {
    const uint32_t bits = (uint32_t)read_little_endian(bytes, NUMBER_BYTES);
    float number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static mech_status mech_read_header(reading *r, const char *bytes, size_t length) {
    if (length < LENGTH_BYTES)
        return mech_fail(r->error, MECH_INVALID_INPUT, "%s: the file ends after %zu bytes; expected a safetensors file",
                         r->source, length);
    const uint64_t header = read_little_endian((const unsigned char *)bytes, LENGTH_BYTES);
    if (header > length - LENGTH_BYTES || header > MOST_HEADER_BYTES)
        return mech_fail(
            r->error, MECH_INVALID_INPUT,
            "%s: the header is said to have %llu bytes, but the file has %zu (and %d are the most read here); "
            "expected a safetensors file",
            r->source, (unsigned long long)header, length - LENGTH_BYTES, MOST_HEADER_BYTES);
    r->data = (const unsigned char *)bytes + LENGTH_BYTES + header;
    r->data_length = length - LENGTH_BYTES - (size_t)header;
    json_error_t wrong;
    r->header = json_loadb(bytes + LENGTH_BYTES, (size_t)header, JSON_REJECT_DUPLICATES, &wrong);
    if (!r->header)
        return mech_fail(r->error, MECH_INVALID_INPUT, "%s: header, line %d, column %d: %s; expected JSON", r->source,
                         wrong.line, wrong.column, wrong.text);
    if (!json_is_object(r->header))
        return mech_fail(r->error, MECH_INVALID_INPUT, "%s: the header is not a JSON object; expected one", r->source);
    return MECH_OK;
}

static mech_status refuse(const reading *r, const char *tensor, const char *what) {
    return mech_fail(r->error, MECH_INVALID_INPUT, "%s: tensor '%.64s': %s", r->source, tensor, what);
}

/* A whole number from 0 on of at most the size of a file. */
static bool read_size(const json_t *number, size_t *size) {
    const json_int_t value = json_integer_value(number);
    if (!json_is_integer(number) || value < 0 || value > MOST_FILE_BYTES) return false;
    *size = (size_t)value;
    return true;
}

static mech_status read_declaration(const reading *r, const char *name, const json_t *entry, declared_tensor *tensor) {
    tensor->name = name;
    if (!json_is_object(entry)) return refuse(r, name, "is not an object; expected dtype, shape and data_offsets");
    const char *type = json_string_value(json_object_get(entry, "dtype"));
    if (!type) return refuse(r, name, "has no dtype; expected \"F32\"");
    if (strcmp(type, "F32") != 0)
        return mech_fail(r->error, MECH_INVALID_INPUT, "%s: tensor '%.64s': dtype is '%.16s'; expected F32", r->source,
                         name, type);
    const json_t *shape = json_object_get(entry, "shape"), *offsets = json_object_get(entry, "data_offsets");
    const size_t dimensions = json_array_size(shape);
    if (dimensions < 1 || dimensions > 2) return refuse(r, name, "shape is not a list of one or two numbers");
    tensor->dimensions = (int)dimensions;
    size_t numbers = 1;
    for (size_t i = 0; i < dimensions; i++) {
        if (!read_size(json_array_get(shape, i), &tensor->shape[i]) || !tensor->shape[i])
            return refuse(r, name, "shape holds what is not a whole number from 1 on");
        numbers *= tensor->shape[i]; /* both factors are at most 2^28 */
    }
    if (json_array_size(offsets) != 2 || !read_size(json_array_get(offsets, 0), &tensor->begin) ||
        !read_size(json_array_get(offsets, 1), &tensor->end) || tensor->begin > tensor->end)
        return refuse(r, name, "data_offsets are not two whole numbers in ascending order");
    if (tensor->end > r->data_length)
        return mech_fail(r->error, MECH_INVALID_INPUT,
                         "%s: tensor '%.64s': ends at byte %zu of the data, but the file has only %zu; it is truncated",
                         r->source, name, tensor->end, r->data_length);
    if (tensor->end - tensor->begin != numbers * NUMBER_BYTES)
        return mech_fail(r->error, MECH_INVALID_INPUT,
                         "%s: tensor '%.64s': data_offsets span %zu bytes; its shape needs %zu", r->source, name,
                         tensor->end - tensor->begin, numbers * NUMBER_BYTES);
    return MECH_OK;
}

static int compare_begins(const void *first, const void *second) {
    const size_t a = ((const declared_tensor *)first)->begin, b = ((const declared_tensor *)second)->begin;
    return a < b ? -1 : a > b;
}

/* Tensors follow each other without a gap, as the format demands: no byte has two meanings or none. */
static mech_status check_offsets(reading *r) {
    qsort(r->tensors, r->n_tensors, sizeof *r->tensors, compare_begins);
    size_t at = 0;
    for (size_t i = 0; i < r->n_tensors; i++) {
        const declared_tensor *tensor = &r->tensors[i];
        if (tensor->begin < at) return refuse(r, tensor->name, "overlaps the tensor before it");
        if (tensor->begin > at) return refuse(r, tensor->name, "leaves a gap behind the tensor before it");
        at = tensor->end;
    }
    if (at != r->data_length)
        return mech_fail(r->error, MECH_INVALID_INPUT, "%s: %zu bytes follow the last tensor; expected none", r->source,
                         r->data_length - at);
    return MECH_OK;
}

static mech_status read_declarations(reading *r) {
    const char *name;
    json_t *entry;
    r->tensors = calloc(json_object_size(r->header) + 1, sizeof *r->tensors);
    if (!r->tensors) return mech_fail_memory(r->error);
    json_object_foreach(r->header, name, entry) {
        if (strcmp(name, "__metadata__") == 0) continue;
        mech_status status = read_declaration(r, name, entry, &r->tensors[r->n_tensors++]);
        if (status != MECH_OK) return status;
    }
    return check_offsets(r);
}

static const declared_tensor *find_declared(const reading *r, const char *name) {
    for (size_t i = 0; i < r->n_tensors; i++)
        if (strcmp(r->tensors[i].name, name) == 0) return &r->tensors[i];
    return NULL;
}

/* The last size of a tensor of the file, which says how wide the layer is. */
static mech_status find_width(const reading *r, const char *name, size_t most, size_t *width) {
    const declared_tensor *tensor = find_declared(r, name);
    if (!tensor) return refuse(r, name, "is missing");
    *width = tensor->shape[tensor->dimensions - 1];
    if (*width > most)
        return mech_fail(r->error, MECH_INVALID_INPUT, "%s: tensor '%.64s': has %zu columns; expected at most %zu",
                         r->source, name, *width, most);
    return MECH_OK;
}

/* The graph that the metadata name, as wide as the tensors are: the bias of the first LSTM has four numbers a unit,
 * that of the first layer over readings one, the bias of the output one a label. */
static mech_status find_graph(const reading *r, const char *network, graph *g) {
    graph_shape shape = {.static_width = SAMPLE_LOADINGS, .series_width = SAMPLE_ROW, .n_labels = 20};
    size_t width = 0;
    mech_status status = mech_graph_build(network, &shape, g, r->error);
    if (status != MECH_OK) return status;
    const graph_node *first = NULL, *last = &g->nodes[g->n_nodes - 1];
    for (int i = 0; i < g->n_nodes && !first; i++)
        if (g->nodes[i].kind == NODE_LSTM || (g->nodes[i].rows == ROWS_OF_READINGS && g->nodes[i].kernel >= 0))
            first = &g->nodes[i];
    const size_t gates = first && first->kind == NODE_LSTM ? 4 : 1;
    while (last->kind != NODE_DENSE) last = &g->nodes[last->inputs[0]];
    if (first) status = find_width(r, g->tensors[first->bias].name, gates * MOST_UNITS, &width);
    if (status != MECH_OK) return status;
    if (width % gates) return refuse(r, g->tensors[first->bias].name, "its size is not a multiple of four");
    status = find_width(r, g->tensors[last->bias].name, MOST_BYTE_LABELS, &shape.n_labels);
    if (status != MECH_OK) return status;
    shape.hidden = width / gates;
    return mech_graph_build(network, &shape, g, r->error);
}

static void print_shape(int dimensions, const size_t *shape, char *printed) {
    if (dimensions == 1)
        snprintf(printed, SHAPE_ROOM, "(%zu)", shape[0]);
    else
        snprintf(printed, SHAPE_ROOM, "(%zu, %zu)", shape[0], shape[1]);
}

static mech_status read_tensor(const reading *r, const graph_tensor *expected, float *parameters) {
    const declared_tensor *tensor = find_declared(r, expected->name);
    if (!tensor) return refuse(r, expected->name, "is missing");
    const bool bias = expected->rows == 0;
    const size_t shape[2] = {bias ? expected->columns : expected->rows, expected->columns};
    const int dimensions = bias ? 1 : 2;
    if (tensor->dimensions != dimensions || memcmp(tensor->shape, shape, (size_t)dimensions * sizeof *shape) != 0) {
        char is[SHAPE_ROOM], wanted[SHAPE_ROOM];
        print_shape(tensor->dimensions, tensor->shape, is);
        print_shape(dimensions, shape, wanted);
        return mech_fail(r->error, MECH_INVALID_INPUT, "%s: tensor '%.64s': shape is %s; expected %s", r->source,
                         expected->name, is, wanted);
    }
    const size_t numbers = (tensor->end - tensor->begin) / NUMBER_BYTES;
    for (size_t i = 0; i < numbers; i++) {
        const float number = read_float(r->data + tensor->begin + i * NUMBER_BYTES);
        if (!isfinite(number))
            return mech_fail(r->error, MECH_INVALID_INPUT, "%s: tensor '%.64s': number %zu is not finite", r->source,
                             expected->name, i + 1);
        parameters[expected->offset + i] = number;
    }
    return MECH_OK;
}

static mech_status read_tensors(const reading *r, mech_model *model) {
    const graph *g = &model->g;
    for (int i = 0; i < g->n_tensors; i++) {
        mech_status status = read_tensor(r, &g->tensors[i], model->parameters);
        if (status != MECH_OK) return status;
    }
    for (size_t i = 0; i < r->n_tensors; i++) {
        int j = 0;
        while (j < g->n_tensors && strcmp(g->tensors[j].name, r->tensors[i].name) != 0) j++;
        if (j == g->n_tensors)
            return mech_fail(r->error, MECH_INVALID_INPUT, "%s: tensor '%.64s': is unknown to the network %s",
                             r->source, r->tensors[i].name, g->network);
    }
    return MECH_OK;
}

/* How many ids a comma-separated list names. */
static size_t count_ids(const char *list) {
    size_t n = 1;
    for (; *list; list++) n += *list == ',';
    return n;
}

/* Whether a text can be given to a terminal: no escape sequences. */
static bool is_text(const char *line) {
    for (; *line; line++)
        if (((unsigned char)*line < ' ' && *line != '\n' && *line != '\t') || *line == 0x7F) return false;
    return true;
}

/* The metadata entry that holds the digest of the tensors' bytes, in so many hexadecimal digits. It belongs to the
 * file, not to what the model says of itself. */
static const char digest_key[] = "weights_digest";
enum { DIGEST_DIGITS = 16, DIGEST_ROOM = DIGEST_DIGITS + 1 };

/* The network's name, after a look at everything in the metadata that has a meaning here. */
static mech_status check_metadata(const reading *r, const char **network) {
    const json_t *metadata = json_object_get(r->header, "__metadata__");
    const char *key;
    json_t *value;
    if (!json_is_object(metadata))
        return mech_fail(r->error, MECH_INVALID_INPUT,
                         "%s: the header has no map '__metadata__'; expected format and model", r->source);
    json_object_foreach((json_t *)metadata, key, value) {
        if (!json_is_string(value))
            return mech_fail(r->error, MECH_INVALID_INPUT, "%s: metadata '%.64s': is not a text; expected one",
                             r->source, key);
        if (!is_text(key) || !is_text(json_string_value(value)))
            return mech_fail(r->error, MECH_INVALID_INPUT,
                             "%s: metadata '%.64s': has control characters; expected text", r->source, key);
    }
    const size_t n_entries = json_object_size(metadata) - (json_object_get(metadata, digest_key) != NULL);
    if (n_entries > MAX_METADATA)
        return mech_fail(r->error, MECH_INVALID_INPUT, "%s: metadata has %zu entries; expected at most %d", r->source,
                         n_entries, MAX_METADATA);
    const char *format = json_string_value(json_object_get(metadata, "format"));
    if (!format || strcmp(format, "mechanist") != 0)
        return mech_fail(r->error, MECH_INVALID_INPUT, "%s: metadata 'format': is '%.32s'; expected mechanist",
                         r->source, format ? format : "");
    *network = json_string_value(json_object_get(metadata, "model"));
    size_t i = 0;
    while (mech_graph_network_name(i) && (!*network || strcmp(mech_graph_network_name(i), *network) != 0)) i++;
    if (!mech_graph_network_name(i) && !(*network && strcmp(*network, SET_NETWORK) == 0))
        return mech_fail(r->error, MECH_INVALID_INPUT, "%s: metadata 'model': is '%.32s'; expected " NETWORK_NAMES,
                         r->source, *network ? *network : "");
    const char *protocol = json_string_value(json_object_get(metadata, "protocol"));
    mech_protocol known;
    if (protocol && !mech_find_protocol(protocol, &known))
        return mech_fail(r->error, MECH_INVALID_INPUT, "%s: metadata 'protocol': is '%.32s'; expected seed or nature",
                         r->source, protocol);
    return MECH_OK;
}

/* Weights are worth nothing behind another transform than the one that they were trained behind. */
static mech_status check_transform(const reading *r, const graph *g) {
    const json_t *metadata = json_object_get(r->header, "__metadata__");
    const char *given = json_string_value(json_object_get(metadata, "transform"));
    const char *expected = mech_graph_transform(g);
    if (!given && !expected) return MECH_OK;
    if (given && expected && strcmp(given, expected) == 0) return MECH_OK;
    return mech_fail(r->error, MECH_INVALID_INPUT, "%s: metadata 'transform': is '%.32s'; the network %s expects %s",
                     r->source, given ? given : "", g->network, expected ? expected : "none");
}

static void append_little_endian(text *t, uint64_t number, int n) {
    unsigned char bytes[LENGTH_BYTES];
    for (int i = 0; i < n; i++) bytes[i] = (unsigned char)(number >> (8 * i));
    mech_text_append(t, (const char *)bytes, (size_t)n);
}

/* The tensors' bytes in the order of the graph, whatever their order in a file. */
static void append_weights(const mech_model *model, text *bytes) {
    for (size_t i = 0; i < model->g.n_parameters; i++) {
        uint32_t bits;
        memcpy(&bits, &model->parameters[i], sizeof bits);
        append_little_endian(bytes, bits, NUMBER_BYTES);
    }
}

static void print_digest(const text *weights, char printed[DIGEST_ROOM]) {
    snprintf(printed, DIGEST_ROOM, "%0*llx", DIGEST_DIGITS,
             (unsigned long long)mech_digest(DIGEST_START, weights->characters, weights->length));
}

/* A network with a few bytes changed answers with as much confidence as before, and otherwise. */
static mech_status check_digest(const reading *r, mech_model *model) {
    const char *written = json_string_value(json_object_get(json_object_get(r->header, "__metadata__"), digest_key));
    char found[DIGEST_ROOM];
    text weights = {0};
    model->undigested = !written;
    if (!written) return MECH_OK;
    append_weights(model, &weights);
    if (weights.failed) {
        mech_text_free(&weights);
        return mech_fail_memory(r->error);
    }
    print_digest(&weights, found);
    mech_text_free(&weights);
    if (strcmp(written, found) == 0) return MECH_OK;
    return mech_fail(r->error, MECH_INVALID_INPUT,
                     "%s: the weights are not those that were written: their digest is %s; expected %.32s (metadata "
                     "'%s'); the file is damaged",
                     r->source, found, written, digest_key);
}

static mech_status take_metadata(const reading *r, mech_model *model) {
    const char *key;
    json_t *value;
    const char *mechanisms =
        json_string_value(json_object_get(json_object_get(r->header, "__metadata__"), "mechanisms"));
    if (mechanisms && count_ids(mechanisms) != model->g.n_labels)
        return mech_fail(r->error, MECH_INVALID_INPUT,
                         "%s: metadata 'mechanisms': names %zu; expected one for each of the %zu labels", r->source,
                         count_ids(mechanisms), model->g.n_labels);
    json_object_foreach(json_object_get(r->header, "__metadata__"), key, value) {
        if (strcmp(key, digest_key) == 0) continue;
        mech_status status = mech_model_describe(model, key, json_string_value(value), r->error);
        if (status != MECH_OK) return status;
    }
    for (size_t i = 0; mechanisms && model->library && i < model->g.n_labels; i++) {
        mechanisms += strspn(mechanisms, ", \t");
        const size_t length = strcspn(mechanisms, ", \t");
        if (strlen(model->labels[i]) != length || strncmp(model->labels[i], mechanisms, length) != 0)
            return mech_fail(r->error, MECH_INVALID_INPUT,
                             "%s: metadata 'mechanisms': names '%.*s' where the library has '%s'", r->source,
                             (int)length, mechanisms, model->labels[i]);
        mechanisms += length;
    }
    return MECH_OK;
}

mech_status mech_model_parse(const char *bytes, size_t length, const char *source, mech_model **model,
                             mech_error *error) {
    reading r = {.source = source, .error = error};
    const char *network = NULL;
    mech_model *m = NULL;
    graph g;
    *model = NULL;
    mech_status status = mech_read_header(&r, bytes, length);
    if (status == MECH_OK) status = check_metadata(&r, &network);
    if (status == MECH_OK) status = read_declarations(&r);
    if (status == MECH_OK) status = find_graph(&r, network, &g);
    if (status == MECH_OK) status = check_transform(&r, &g);
    /* Widths are declared, and a few bytes of them must not make this program ask for gigabytes. */
    if (status == MECH_OK && g.n_parameters > r.data_length / NUMBER_BYTES)
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: the data hold %zu numbers; the network %s of these widths has %zu", source,
                           r.data_length / NUMBER_BYTES, g.network, g.n_parameters);
    if (status == MECH_OK) status = mech_model_new(&g, &m, error);
    if (status == MECH_OK) status = read_tensors(&r, m);
    if (status == MECH_OK) status = check_digest(&r, m);
    if (status == MECH_OK && !(m->source = mech_arena_text(m->memory, source, strlen(source))))
        status = mech_fail_memory(error);
    if (status == MECH_OK) status = take_metadata(&r, m);
    if (status == MECH_OK) status = mech_model_check_metadata(m, error);
    if (status == MECH_OK)
        *model = m;
    else
        mech_model_free(m);
    json_decref(r.header);
    free(r.tensors);
    return status;
}

mech_status mech_model_read(const char *path, mech_model **model, mech_error *error) {
    char *bytes = NULL;
    size_t length = 0;
    *model = NULL;
    mech_status status = mech_file_read(path, MOST_FILE_BYTES, &bytes, &length, error);
    if (status == MECH_OK) status = mech_model_parse(bytes, length, path, model, error);
    mech_free(bytes);
    return status;
}

static json_t *describe_tensor(const graph_tensor *tensor, size_t begin, size_t *end) {
    const size_t numbers = (tensor->rows ? tensor->rows : 1) * tensor->columns;
    *end = begin + numbers * NUMBER_BYTES;
    json_t *shape = json_array();
    if (tensor->rows) json_array_append_new(shape, json_integer((json_int_t)tensor->rows));
    json_array_append_new(shape, json_integer((json_int_t)tensor->columns));
    return json_pack("{s:s, s:o, s:[I, I]}", "dtype", "F32", "shape", shape, "data_offsets", (json_int_t)begin,
                     (json_int_t)*end);
}

static mech_status serialise_header(const mech_model *model, const char *written_digest, char **header,
                                    mech_error *error) {
    json_t *object = json_object(), *metadata = json_object();
    bool built = object && metadata;
    for (size_t i = 0; i < model->n_metadata; i++)
        built &= json_object_set_new(metadata, model->metadata[i].key, json_string(model->metadata[i].value)) == 0;
    built &= json_object_set_new(metadata, digest_key, json_string(written_digest)) == 0;
    built &= json_object_set_new(object, "__metadata__", metadata) == 0;
    size_t at = 0;
    for (int i = 0; i < model->g.n_tensors; i++) {
        const graph_tensor *tensor = &model->g.tensors[i];
        built &= json_object_set_new(object, tensor->name, describe_tensor(tensor, at, &at)) == 0;
    }
    *header = built ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    return *header ? MECH_OK : mech_fail_memory(error);
}

mech_status mech_model_serialise(const mech_model *model, text *bytes, mech_error *error) {
    char *header = NULL, printed[DIGEST_ROOM];
    text weights = {0};
    append_weights(model, &weights);
    mech_status status = weights.failed ? mech_fail_memory(error) : MECH_OK;
    if (status == MECH_OK) {
        print_digest(&weights, printed);
        status = serialise_header(model, printed, &header, error);
    }
    if (status == MECH_OK) {
        const size_t length = strlen(header),
                     padding = (HEADER_ALIGNMENT - length % HEADER_ALIGNMENT) % HEADER_ALIGNMENT;
        append_little_endian(bytes, length + padding, LENGTH_BYTES);
        mech_text_append(bytes, header, length);
        for (size_t i = 0; i < padding; i++) mech_text_add(bytes, " ");
        mech_text_append(bytes, weights.characters, weights.length);
        if (bytes->failed) status = mech_fail_memory(error);
    }
    mech_free(header);
    mech_text_free(&weights);
    return status;
}

mech_status mech_model_write(const mech_model *model, const char *path, mech_error *error) {
    text bytes = {0};
    mech_status status = mech_model_serialise(model, &bytes, error);
    if (status == MECH_OK) status = mech_file_write(path, bytes.characters, bytes.length, error);
    mech_text_free(&bytes);
    return status;
}

mech_status mech_model_bytes(const mech_model *model, char **bytes, size_t *length, mech_error *error) {
    text t = {0};
    *bytes = NULL;
    mech_status status = mech_model_serialise(model, &t, error);
    const size_t n = t.length;
    if (status == MECH_OK)
        status = mech_text_take(&t, bytes, error);
    else
        mech_text_free(&t);
    if (status == MECH_OK) *length = n;
    return status;
}
