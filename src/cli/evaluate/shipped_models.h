/* Models on the command line. */
#ifndef MECH_CLI_EVALUATE_SHIPPED_MODELS_H
#define MECH_CLI_EVALUATE_SHIPPED_MODELS_H

#include "mechanist.h"

/* Of the option --model, for the help of the commands that take it. */
#define MODEL_HELP "a file or a shipped model (default: the one that 'mechanist models' marks)"

/* mech_shipped_models_read(), with a line on standard error for each file that was left out. */
mech_status read_shipped_models(mech_shipped_models **shipped, mech_error *error);

/* mech_model_find(), with such lines where the default is chosen by looking at all models. */
mech_status find_model(const char *name_or_path, char **path, mech_error *error);

/* The networks that can be trained, "average, attention, ... or separate", in words[room], for help and messages. */
const char *list_networks(char *words, size_t room);

/* What a user would call a model: what the command line says, else (NULL) the file's name without its ending. The
 * caller frees *name with mech_free(). */
mech_status name_model(const char *said, const char *path, char **name, mech_error *error);

/* The name that a design's text gives itself: its length, and where it begins. */
size_t design_name(const char *design, const char **name);

#endif
