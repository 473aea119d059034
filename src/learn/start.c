#include "learn/start.h"

#include "base/digest.h"
#include "learn/model.h"

#include <string.h>

static bool can_start(const graph *given, const graph *wanted) {
    return strcmp(given->network, wanted->network) == 0 ||
           (strcmp(given->network, "kinetic") == 0 && strcmp(wanted->network, "comparative") == 0);
}

/* Copies a kernel or bias, of which `from` may have fewer rows: inputs that come after those it knows. */
static bool copy_tensor(const graph_tensor *from, const float *given, const graph_tensor *to, float *parameters) {
    if (strcmp(from->name, to->name) != 0 || from->columns != to->columns || from->rows > to->rows) return false;
    const size_t known = (from->rows ? from->rows : 1) * from->columns, all = (to->rows ? to->rows : 1) * to->columns;
    memcpy(parameters + to->offset, given + from->offset, known * sizeof *parameters);
    memset(parameters + to->offset + known, 0, (all - known) * sizeof *parameters);
    return true;
}

static bool copy_all(const mech_model *model, const graph *g, float *parameters) {
    if (!can_start(&model->g, g) || model->g.n_tensors != g->n_tensors || model->g.n_classes != g->n_classes)
        return false;
    for (int i = 0; i < g->n_tensors; i++)
        if (!copy_tensor(&model->g.tensors[i], model->parameters, &g->tensors[i], parameters)) return false;
    return true;
}

mech_status start_read(const char *path, const graph *g, float *parameters, uint64_t *sum, mech_error *error) {
    mech_model *model = NULL;
    mech_status status = mech_model_read(path, &model, error);
    if (status != MECH_OK) return status;
    const graph *given = &model->g;
    if (!copy_all(model, g, parameters))
        status =
            fail(error, MECH_INVALID_INPUT,
                 "%s: network %s with %zu parameters for %zu classes; expected %s with %zu for %zu to start from", path,
                 given->network, given->n_parameters, given->n_classes, g->network, g->n_parameters, g->n_classes);
    if (status == MECH_OK) *sum = digest(DIGEST_START, parameters, g->n_parameters * sizeof *parameters);
    mech_model_free(model);
    return status;
}
