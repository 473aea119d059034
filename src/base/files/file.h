/* Files: read whole, written atomically. */
#ifndef MECH_BASE_FILES_FILE_H
#define MECH_BASE_FILES_FILE_H

#include "base/error.h"

#include <stdio.h>

/* Whether something stands under that path. */
bool mech_file_exists(const char *path);

/* Whether two paths lead to one file that is there. */
bool mech_same_file(const char *a, const char *b);

/* Whether two paths of outputs, which need not be there yet, are one file: the same name in the same folder. */
bool mech_same_output(const char *a, const char *b);

/* Reads a whole file ("-": standard input) of at most `limit` bytes into *content (freed with mech_free; a NUL stands
 * behind the last byte, which *length does not count). */
mech_status mech_file_read(const char *path, size_t limit, char **content, size_t *length, mech_error *error);

/* A file in the making. Everything goes into a temporary file in the same folder; mech_output_commit() brings it to the
 * disk (fsync) and renames it to its final name, so that a reader sees the old file or the new one, never a part. A
 * library that writes through a path of its own (HDF5) uses mech_output_path(). What cannot be replaced is written at
 * commit, from a temporary file in TMPDIR, else /tmp: "-" (standard output), devices and pipes. */
typedef struct output output;

/* Whether an output of that path is a file (or will be): neither standard output nor a device or a pipe. */
bool mech_output_is_file(const char *path);

/* Opens an output for `path`. *stream, if asked for, is where to write; it belongs to the output. */
mech_status mech_output_open(const char *path, output **out, FILE **stream, mech_error *error);

/* The same with a temporary file of a given name in the same folder, which is made where it is not there and keeps its
 * content where it is: for work that is interrupted and goes on, of which a file must come. */
mech_status mech_output_continue(const char *path, const char *temporary, output **out, FILE **stream,
                                 mech_error *error);

/* The temporary file's path; belongs to the output. */
const char *mech_output_path(const output *out);

/* Finishes the file and frees the output; on failure nothing is left behind under either name that was not there. */
mech_status mech_output_commit(output *out, mech_error *error);

/* Frees the output and removes the temporary file; accepts NULL. For clean-up paths: reports nothing. */
void mech_output_discard(output *out);

/* Frees the output and leaves the temporary file; accepts NULL. */
void mech_output_keep(output *out);

/* Removes what processes that were killed left of outputs of that path. Only for who knows that no process is writing
 * one. */
void mech_output_remove_remains(const char *path);

/* Makes a folder where it is not there; those that it lies in have to be. */
mech_status mech_folder_make(const char *path, mech_error *error);

/* Writes a text as a whole file. */
mech_status mech_file_write(const char *path, const char *content, size_t length, mech_error *error);

#endif
