/* The models that come with the program, found by name. */
#ifndef MECH_CLI_OPTIONS_SHIPPED_MODELS_H
#define MECH_CLI_OPTIONS_SHIPPED_MODELS_H

#include "mechanist.h"

/* Of the option --model, for the help of the commands that take it. */
#define MODEL_HELP "a file or a shipped model (default: the one that 'mechanist models' marks)"

typedef struct shipped_model {
    char *name; /* of its file, without the ending */
    char *path;
    mech_model *model;
} shipped_model;

typedef struct shipped_models {
    size_t n;
    shipped_model *models; /* in the order of their names */
} shipped_models;

/* Reads all models in the folder of shipped models: that which the environment variable MECHANIST_MODELS names, else
 * the one installed with the program, else that of the source tree in which the program was built. A file that is no
 * model is left out with a line on standard error; no folder at all is an error. The caller frees what *shipped
 * holds, in any case. */
mech_status shipped_models_read(shipped_models *shipped, mech_error *error);
void shipped_models_free(shipped_models *shipped);

/* The path of a model: of the file of that name, or else of the shipped model of that name; for NULL that of the
 * shipped model that the file `default` beside them names or, without that file, of the one with the highest validation
 * accuracy among those of protocol nature. The caller frees *path with mech_free(). */
mech_status find_model(const char *name_or_path, char **path, mech_error *error);

/* What a user would call a model: what the command line says, else (NULL) the file's name without its ending. The
 * caller frees *name with mech_free(). */
mech_status name_model(const char *said, const char *path, char **name, mech_error *error);

#endif
