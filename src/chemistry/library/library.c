/* Ordered sets of mechanisms with ids of their own. */
#include "chemistry/library/library.h"

#include "base/files/file.h"
#include "chemistry/equations/mechanism_text.h"
#include "chemistry/parser/parser.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { MOST_LIBRARY_BYTES = 1 << 24 };

static const char FILE_ENDING[] = ".txt";

struct mech_library {
    size_t n, capacity;
    const mech_mechanism **mechanisms; /* [n]: built-in ones, or what `own` holds */
    mech_mechanism **own;              /* [n]: NULL for built-in ones */
};

mech_status mech_library_new(mech_library **library, mech_error *error) {
    *library = calloc(1, sizeof **library);
    return *library ? MECH_OK : mech_fail_memory(error);
}

void mech_library_free(mech_library *library) {
    if (!library) return;
    for (size_t i = 0; i < library->n; i++) mech_mechanism_free(library->own[i]);
    free(library->own);
    free(library->mechanisms);
    free(library);
}

size_t mech_library_size(const mech_library *library) { return library->n; }

const mech_mechanism *mech_library_mechanism(const mech_library *library, size_t label) {
    return label < library->n ? library->mechanisms[label] : NULL;
}

const mech_mechanism *const *mech_library_mechanisms(const mech_library *library) { return library->mechanisms; }

int mech_library_find(const mech_library *library, const char *id) {
    for (size_t i = 0; i < library->n; i++)
        if (strcmp(library->mechanisms[i]->id, id) == 0) return (int)i;
    return -1;
}

int mech_library_find_any_case(const mech_library *library, const char *id) {
    for (size_t i = 0; i < library->n; i++)
        if (strcasecmp(library->mechanisms[i]->id, id) == 0) return (int)i;
    return -1;
}

static bool make_room(mech_library *library) {
    if (library->n < library->capacity) return true;
    const size_t capacity = library->capacity ? 2 * library->capacity : 32;
    const mech_mechanism **mechanisms = realloc(library->mechanisms, capacity * sizeof(const mech_mechanism *));
    if (mechanisms) library->mechanisms = mechanisms;
    mech_mechanism **own = realloc(library->own, capacity * sizeof(mech_mechanism *));
    if (own) library->own = own;
    if (!mechanisms || !own) return false;
    library->capacity = capacity;
    return true;
}

/* The library's own table where the mechanism says just what that says: what is in files is then the very same. */
static const mech_mechanism *builtin_like(const mech_mechanism *mechanism) {
    const mech_mechanism *builtin = mech_builtin_find(mechanism->id);
    return builtin && mech_mechanism_equal(builtin, mechanism) ? builtin : NULL;
}

mech_status mech_library_add(mech_library *library, const mech_mechanism *mechanism, mech_error *error) {
    const int same = mech_library_find_any_case(library, mechanism->id);
    if (same >= 0 && strcmp(library->mechanisms[same]->id, mechanism->id) == 0)
        return mech_fail(error, MECH_INVALID_INPUT, "the library has two mechanisms '%s'; expected each id once",
                         mechanism->id);
    if (same >= 0)
        return mech_fail(
            error, MECH_INVALID_INPUT,
            "the library has mechanisms '%s' and '%s'; expected ids that differ in more than capital letters",
            library->mechanisms[same]->id, mechanism->id);
    if (!make_room(library)) return mech_fail_memory(error);
    const mech_mechanism *builtin = builtin_like(mechanism);
    mech_mechanism *copy = builtin ? NULL : malloc(sizeof *copy);
    if (!builtin && !copy) return mech_fail_memory(error);
    if (copy) *copy = *mechanism;
    library->own[library->n] = copy;
    library->mechanisms[library->n++] = builtin ? builtin : copy;
    return MECH_OK;
}

mech_status mech_library_add_builtin(mech_library *library, mech_error *error) {
    mech_status status = MECH_OK;
    for (size_t i = 0; i < mech_builtin_count() && status == MECH_OK; i++)
        status = mech_library_add(library, mech_builtin(i), error);
    return status;
}

/* Whether a line begins a mechanism: "mechanism: ID". */
static bool begins_mechanism(const char *line, size_t length) {
    static const char keyword[] = "mechanism";
    lexer words = mech_lexer_open(line, length);
    const token first = mech_lexer_next(&words);
    return first.kind == TOKEN_NAME && first.length == sizeof keyword - 1 &&
           strncasecmp(first.text, keyword, first.length) == 0 && mech_lexer_next(&words).kind == TOKEN_COLON;
}

static size_t line_length(const char *characters, size_t length) {
    size_t end = 0;
    while (end < length && characters[end] != '\n' && characters[end] != '\r') end++;
    return end;
}

/* Behind the end of a line: LF, CRLF or CR. */
static size_t next_line(const char *characters, size_t length, size_t end) {
    if (end < length && characters[end] == '\r' && end + 1 < length && characters[end + 1] == '\n') return end + 2;
    return end + 1;
}

static bool is_empty(const char *line, size_t length) {
    lexer words = mech_lexer_open(line, length);
    return mech_lexer_next(&words).kind == TOKEN_END;
}

static mech_status add_lines(mech_library *library, const char *characters, size_t length, const char *source, int line,
                             mech_error *error) {
    mech_mechanism *mechanism = NULL;
    mech_error why;
    mech_status status = mech_parse_lines(characters, length, source, line, &mechanism, error);
    if (status != MECH_OK) return status;
    status = mech_library_add(library, mechanism, &why);
    mech_mechanism_free(mechanism);
    return status == MECH_OK ? status : mech_fail(error, status, "%s:%d:1: %s", source, line, why.message);
}

mech_status mech_library_add_text(mech_library *library, const char *characters, size_t length, const char *source,
                                  mech_error *error) {
    mech_status status = MECH_OK;
    size_t begin = 0, at = 0;
    int line = 1, first = 1;
    bool any = false, started = false; /* a mechanism with its line, lines that say something */
    if (length > MOST_LIBRARY_BYTES)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: the mechanisms take %zu bytes; expected at most %d", source,
                         length, MOST_LIBRARY_BYTES);
    if (length >= 3 && memcmp(characters, "\xEF\xBB\xBF", 3) == 0) at = 3;
    for (; at < length && status == MECH_OK; line++) {
        const size_t n = line_length(characters + at, length - at);
        if (begins_mechanism(characters + at, n)) {
            if (!any && started)
                return mech_fail(
                    error, MECH_INVALID_INPUT,
                    "%s:%d:1: a mechanism begins behind lines of another; expected 'mechanism: ID' before them", source,
                    line);
            if (any) status = add_lines(library, characters + begin, at - begin, source, first, error);
            begin = at;
            first = line;
            any = true;
        } else {
            started |= !is_empty(characters + at, n);
        }
        at += next_line(characters + at, length - at, n);
    }
    return status == MECH_OK ? add_lines(library, characters + begin, length - begin, source, first, error) : status;
}

static mech_status add_file(mech_library *library, const char *path, mech_error *error) {
    char *characters = NULL;
    size_t length = 0;
    mech_status status = mech_file_read(path, MOST_LIBRARY_BYTES, &characters, &length, error);
    if (status == MECH_OK)
        status =
            mech_library_add_text(library, characters, length, strcmp(path, "-") == 0 ? "standard input" : path, error);
    mech_free(characters);
    return status;
}

static bool is_mechanism_file(const char *name) {
    const size_t length = strlen(name), ending = sizeof FILE_ENDING - 1;
    return name[0] != '.' && length > ending && strcmp(name + length - ending, FILE_ENDING) == 0;
}

static int compare_names(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* The paths of the mechanism files in a folder, in the order of their names' bytes. */
static mech_status list_folder(const char *path, char ***paths, size_t *n, mech_error *error) {
    DIR *folder = opendir(path);
    size_t capacity = 0;
    mech_status status = MECH_OK;
    if (!folder) return mech_fail(error, MECH_FILE_ERROR, "%s: cannot be opened: %s", path, strerror(errno));
    for (const struct dirent *entry; status == MECH_OK && (entry = readdir(folder));) {
        text joined = {0};
        if (!is_mechanism_file(entry->d_name)) continue;
        if (*n == capacity) {
            capacity = capacity ? 2 * capacity : 32;
            char **more = realloc(*paths, capacity * sizeof(char *));
            if (!more) {
                status = mech_fail_memory(error);
                break;
            }
            *paths = more;
        }
        mech_text_format(&joined, "%s/%s", path, entry->d_name);
        status = mech_text_take(&joined, &(*paths)[*n], error);
        if (status == MECH_OK) ++*n;
    }
    closedir(folder);
    if (*n) qsort(*paths, *n, sizeof(char *), compare_names);
    if (status == MECH_OK && !*n)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: the folder has no mechanism files; expected some '*%s'",
                           path, FILE_ENDING);
    return status;
}

mech_status mech_library_add_path(mech_library *library, const char *path, mech_error *error) {
    struct stat what;
    char **paths = NULL;
    size_t n = 0;
    if (strcmp(path, "-") == 0 || stat(path, &what) != 0 || !S_ISDIR(what.st_mode))
        return add_file(library, path, error);
    mech_status status = list_folder(path, &paths, &n, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) status = add_file(library, paths[i], error);
    for (size_t i = 0; i < n; i++) mech_free(paths[i]);
    free(paths);
    return status;
}

mech_status mech_library_text(const mech_library *library, char **characters, mech_error *error) {
    text t = {0};
    *characters = NULL;
    for (size_t i = 0; i < library->n; i++) {
        if (i) mech_text_add(&t, "\n");
        mech_write_mechanism(&t, library->mechanisms[i]);
    }
    if (!library->n) mech_text_add(&t, "");
    return mech_text_take(&t, characters, error);
}

mech_status mech_library_text_of(const mech_mechanism *const *mechanisms, size_t n, char **characters,
                                 mech_error *error) {
    mech_library *library = NULL;
    mech_status status = mech_library_new(&library, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) status = mech_library_add(library, mechanisms[i], error);
    if (status == MECH_OK) status = mech_library_text(library, characters, error);
    mech_library_free(library);
    return status;
}
