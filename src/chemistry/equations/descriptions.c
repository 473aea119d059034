#include "chemistry/equations/descriptions.h"

mech_status mech_mechanism_describe(const mech_mechanism *mechanism, mech_format format, char **description,
                                    mech_error *error) {
    text t = {0};
    *description = NULL;
    switch (format) {
    case MECH_FORMAT_TEXT:
        mech_write_text(&t, mechanism);
        break;
    case MECH_FORMAT_LATEX:
        mech_write_latex(&t, mechanism);
        break;
    case MECH_FORMAT_JSON:
        return mech_write_json(mechanism, description, error);
    default:
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no format %d; expected text, JSON or LaTeX",
                         (int)format);
    }
    return mech_text_take(&t, description, error);
}
