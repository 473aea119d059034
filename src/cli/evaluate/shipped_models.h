/* Models on the command line. */
#ifndef MECH_CLI_EVALUATE_SHIPPED_MODELS_H
#define MECH_CLI_EVALUATE_SHIPPED_MODELS_H

#include "mechanist.h"

/* Of the option --model, for the help of the commands that take it. */
#define MODEL_HELP "a file or a shipped model (default: the one that 'mechanist models' marks)"

/* mech_shipped_models_read(), with a line on standard error for each file that was left out. */
mech_status read_shipped_models(mech_shipped_models **shipped, mech_error *error);

/* Where the default model is asked for (NULL) and chosen by looking at all of them: such lines. */
mech_status tell_left_out(const char *name_or_path, mech_error *error);

/* What to mind, a sentence a line, on standard error; NULL: nothing. */
void tell_notes(const char *notes);

/* mech_model_find(), with such lines where the default is chosen by looking at all models. */
mech_status find_model(const char *name_or_path, char **path, mech_error *error);

/* The networks that can be trained, "average, attention, ... or separate", in words[room], for help and messages. */
const char *list_networks(char *words, size_t room);

/* What a user would call a model: what the command line says, else (NULL) the file's name without its ending. The
 * caller frees *name with mech_free(). */
mech_status name_model(const char *said, const char *path, char **name, mech_error *error);

#endif
