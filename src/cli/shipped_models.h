/* The models that come with the program, and where they lie. */
#ifndef MECH_CLI_SHIPPED_MODELS_H
#define MECH_CLI_SHIPPED_MODELS_H

#include "mechanist.h"

/* The model that answers where the user names none. */
#define DEFAULT_MODEL "hadamard-nature"

/* The folder of the shipped models: $MECHANIST_MODELS, else beside the program (../share/mechanist/models where it is
 * installed, ../models where it was built), else where `cmake --install` puts it. NULL where there is none. Freed with
 * mech_free(). */
char *shipped_models_folder(void);

/* Opens the model that a user names: a file, or the name of a shipped model. NULL after a message to standard error. */
mech_model *open_model(const char *name);

#endif
