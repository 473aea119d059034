/* Processes ("ranks") that share the pieces of a piece of work, beside the threads of a team. Each rank goes through
 * the whole work in the same order and holds the same state; only pieces that are marked as shared are computed by one
 * rank and handed to the others. So results depend on ranks as little as on threads, and what is not shared is right
 * all the same.
 *
 * mechanist.h says how a program joins (mech_ranks_join()). Until then, and in a build without MPI, there is one rank.
 */
#ifndef MECH_BASE_MACHINE_RANKS_H
#define MECH_BASE_MACHINE_RANKS_H

#include "mechanist.h"

/* A line between the ranks, on which all of them make the same calls in the same order. Threads that work side by side
 * each have their own. NULL where there is one rank, which all functions accept: they then do nothing. */
typedef struct ranks ranks;

/* A new line. All ranks make theirs in the same order, by the thread that joined. */
ranks *mech_ranks_new(void);
void mech_ranks_free(ranks *r);

/* Which of n pieces this rank computes: begin, ..., end - 1. Shares are consecutive in the order of the ranks. */
typedef struct rank_share {
    size_t begin, end;
} rank_share;
rank_share mech_rank_share(const ranks *r, size_t n);

/* Hands to all ranks what each has computed of pieces[n] of so many bytes. */
void mech_ranks_gather(ranks *r, size_t n, size_t bytes, void *pieces);

/* Adds up terms[n_terms][n] of numbers of so many bytes into the first term of every rank, in the order of the terms,
 * whoever computed them (mech_rank_share(r, n_terms)). The other terms are then undefined. add(n, addends, sums) adds
 * numbers that are aligned to 64 bytes. */
void mech_ranks_sum(ranks *r, size_t n_terms, size_t n, size_t bytes, void *terms,
                    void (*add)(size_t n, const void *addends, void *sums));

/* Hands bytes[n] of rank 0 to all. */
void mech_ranks_tell(ranks *r, void *bytes, size_t n);

/* From one rank to another. */
void mech_ranks_send(ranks *r, int to, const void *bytes, size_t n);
void mech_ranks_receive(ranks *r, int from, void *bytes, size_t n);

/* Whether one of the ranks says yes. */
bool mech_ranks_one_says(ranks *r, bool yes);

/* Ends work that all ranks do: returns where all came here, and ends all processes with this one's message where it
 * failed and the others did not. To be called before threads are waited for that may wait for other ranks. */
void mech_ranks_settle(mech_status status, const mech_error *error);

#endif
