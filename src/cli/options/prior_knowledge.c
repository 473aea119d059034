#include "cli/options/prior_knowledge.h"

#include "base/error.h"
#include "base/files/file.h"
#include "base/files/text.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_ODDS_BYTES = 1 << 16, MOST_MECHANISMS = 1024 };

static mech_status read_among(const char *list, prior_knowledge *known, mech_error *error) {
    text copy = {0};
    mech_text_add(&copy, list);
    mech_status status = mech_text_take(&copy, &known->memory[0], error);
    if (status != MECH_OK) return status;
    known->among = calloc(strlen(list) / 2 + 1, sizeof *known->among);
    if (!known->among) return mech_fail_memory(error);
    for (char *at = known->memory[0] + strspn(known->memory[0], ", "); *at;) {
        size_t length = strcspn(at, ", "), gap = strspn(at + length, ", ");
        known->among[known->n_among++] = at;
        bool last = !at[length];
        at[length] = '\0';
        at += last ? length : length + gap;
    }
    if (!known->n_among)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "--among names no mechanism; expected M1,M6,...");
    return MECH_OK;
}

/* One line: an id and its odds, parted by blanks, an equals sign or a comma; # begins a comment. */
static mech_status read_line(char *line, const char *path, size_t number, prior_knowledge *known, mech_error *error) {
    static const char parts[] = " \t=,:\r";
    line[strcspn(line, "#")] = '\0';
    char *id = line + strspn(line, parts);
    if (!*id) return MECH_OK;
    char *end = id + strcspn(id, parts), *odds = end + strspn(end, parts);
    size_t length = strcspn(odds, parts);
    double value = 0;
    if (!length || odds[length + strspn(odds + length, parts)] || !mech_parse_number(odds, length, '.', &value) ||
        value < 0)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s:%zu: '%.40s' is not followed by one number of 0 or more; expected a line like 'M6 2.5'",
                         path, number, id);
    if (known->n_odds == MOST_MECHANISMS)
        return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: there are more than %d mechanisms", path, number,
                         (int)MOST_MECHANISMS);
    *end = '\0';
    for (size_t i = 0; i < known->n_odds; i++) {
        const char *other = known->odds[i].id;
        if (other && strcmp(other, id) == 0)
            return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: %.40s stands here again; expected each mechanism once",
                             path, number, id);
    }
    known->lines[known->n_odds] = number;
    known->odds[known->n_odds++] = (mech_prior_odds){id, value};
    return MECH_OK;
}

static mech_status read_odds(const char *path, prior_knowledge *known, mech_error *error) {
    size_t length = 0, number = 1;
    mech_status status = mech_file_read(path, MOST_ODDS_BYTES, &known->memory[1], &length, error);
    if (status != MECH_OK) return status;
    known->odds = calloc(MOST_MECHANISMS, sizeof *known->odds);
    known->lines = calloc(MOST_MECHANISMS, sizeof *known->lines);
    if (!known->odds || !known->lines) return mech_fail_memory(error);
    for (char *line = known->memory[1], *next; status == MECH_OK && line; line = next, number++) {
        next = strchr(line, '\n');
        if (next) *next++ = '\0';
        status = read_line(line, path, number, known, error);
    }
    if (status == MECH_OK && !known->n_odds)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: holds no odds; expected lines like 'M6 2.5'", path);
    return status;
}

mech_status prior_knowledge_read(const char *among, const char *odds_path, prior_knowledge *known, mech_error *error) {
    *known = (prior_knowledge){0};
    mech_status status = among ? read_among(among, known, error) : MECH_OK;
    if (status == MECH_OK && odds_path) status = read_odds(odds_path, known, error);
    return status;
}

mech_status prior_knowledge_check(const prior_knowledge *known, const char *odds_path, const mech_model *model,
                                  const mech_library *library, mech_error *error) {
    for (size_t i = 0; i < known->n_odds; i++) {
        const char *id = known->odds[i].id;
        size_t label;
        if (model ? mech_model_find_label(model, id, &label, NULL) == MECH_OK : mech_library_find(library, id) >= 0)
            continue;
        return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: there is no mechanism '%.32s' to choose", odds_path,
                         known->lines[i], id);
    }
    return MECH_OK;
}

void prior_knowledge_free(prior_knowledge *known) {
    free(known->among);
    free(known->odds);
    free(known->lines);
    mech_free(known->memory[0]);
    mech_free(known->memory[1]);
}
