/* Journals: what a long piece of work has done, record by record, so that it can go on after it was interrupted.
 *
 * A record is its kind and length, its content, and the mech_digest of all of the file before the mech_digest. Reading
 * ends at the first record that is cut short or whose mech_digest is wrong: what stands there and behind it was not
 * kept, and is cut off. In the byte order of the machine, since a journal is not meant to travel. */
#ifndef MECH_DATA_GENERATION_JOURNAL_H
#define MECH_DATA_GENERATION_JOURNAL_H

#include "base/error.h"

typedef struct journal journal;

/* A stretch of a record's content. */
typedef struct journal_part {
    const void *bytes;
    size_t length;
} journal_part;

/* What is done with each record when a journal is read; a failure ends the reading. */
typedef mech_status journal_reader(void *context, uint32_t kind, const char *content, size_t length, mech_error *error);

/* Whether there is a journal that got as far as its head: before that, nothing was kept. */
bool mech_journal_is_begun(const char *path);

/* Makes a journal, which no other process may have; fails where the file is there already. */
mech_status mech_journal_create(const char *path, journal **j, mech_error *error);

/* Opens a journal, hands its records to read() in their order and goes on behind the last. Fails where another process
 * has it open, where it is not a journal of this version and machine, and with what read() says; leaves the file as
 * it was then. */
mech_status mech_journal_continue(const char *path, journal_reader *read, void *context, journal **j,
                                  mech_error *error);

/* Appends a record. It survives the end of the process from here on, and that of the machine from mech_journal_sync()
 * on. */
mech_status mech_journal_append(journal *j, uint32_t kind, const journal_part *parts, size_t n_parts,
                                mech_error *error);
mech_status mech_journal_sync(journal *j, mech_error *error);

/* Closes a journal and keeps or removes its file; accept NULL. */
void mech_journal_close(journal *j);
void mech_journal_discard(journal *j);

#endif
