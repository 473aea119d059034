/* A team of threads that shares out the pieces of a piece of work. Plain POSIX threads, so that ThreadSanitizer sees
 * every hand-over. */
#ifndef MECH_BASE_MACHINE_TEAM_H
#define MECH_BASE_MACHINE_TEAM_H

#include "base/machine/ranks.h"

#include <stddef.h>

typedef struct team team;

/* A team of `threads` threads, the caller's counted (0: one for each core). NULL where memory or threads are short. */
team *mech_team_new(int threads);
void mech_team_free(team *t);

/* Has the team work with those of the other ranks, on a line of its own (mech_ranks_new()); who hands pieces to the
 * team then shares them out with mech_rank_share(). mech_team_ranks() is that line, NULL where the team works alone. */
void mech_team_join_ranks(team *t);
ranks *mech_team_ranks(const team *t);

int mech_team_size(const team *t);

/* Cores that this process may use. */
int mech_available_cores(void);

/* Calls work(context, piece, member) once for each piece in 0, ..., n_pieces - 1, member being the number of the thread
 * in the team (0 = the caller's), and returns when all are done. Pieces are handed out in order, one at a time; which
 * member gets which is not fixed, so results must not depend on it. */
void mech_team_share(team *t, size_t n_pieces, void (*work)(void *context, size_t piece, int member), void *context);

#endif
