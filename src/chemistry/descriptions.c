#include "chemistry/descriptions.h"

mech_status mech_network_describe(const mech_network *network, mech_format format, char **description,
                                  mech_error *error) {
    text t = {0};
    *description = NULL;
    switch (format) {
    case MECH_FORMAT_TEXT:
        write_text(&t, network);
        break;
    case MECH_FORMAT_LATEX:
        write_latex(&t, network);
        break;
    case MECH_FORMAT_JSON:
        return write_json(network, description, error);
    default:
        return fail(error, MECH_INVALID_ARGUMENT, "there is no format %d; expected text, JSON or LaTeX", (int)format);
    }
    return text_take(&t, description, error);
}
