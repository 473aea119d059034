/* One rank: a build without MPI. */
#include "base/machine/ranks.h"

#include "base/error.h"

mech_status mech_ranks_join(mech_error *error) {
    (void)error;
    return MECH_OK;
}

int mech_rank(void) { return 0; }

int mech_n_ranks(void) { return 1; }

bool mech_ranks_any(bool yes) { return yes; }

int mech_ranks_leave(int exit_status) { return exit_status; }

ranks *mech_ranks_new(void) { return NULL; }

void mech_ranks_free(ranks *r) { (void)r; }

rank_share mech_rank_share(const ranks *r, size_t n) {
    (void)r;
    return (rank_share){0, n};
}

void mech_ranks_gather(ranks *r, size_t n, size_t bytes, void *pieces) {
    (void)r;
    (void)n;
    (void)bytes;
    (void)pieces;
}

void mech_ranks_sum(ranks *r, size_t n_terms, size_t n, size_t bytes, void *terms,
                    void (*add)(size_t n, const void *addends, void *sums)) {
    (void)r;
    (void)n_terms;
    (void)n;
    (void)bytes;
    (void)terms;
    (void)add;
}

void mech_ranks_tell(ranks *r, void *bytes, size_t n) {
    (void)r;
    (void)bytes;
    (void)n;
}

void mech_ranks_send(ranks *r, int to, const void *bytes, size_t n) {
    (void)r;
    (void)to;
    (void)bytes;
    (void)n;
}

void mech_ranks_receive(ranks *r, int from, void *bytes, size_t n) {
    (void)r;
    (void)from;
    (void)bytes;
    (void)n;
}

bool mech_ranks_one_says(ranks *r, bool yes) {
    (void)r;
    return yes;
}

void mech_ranks_settle(mech_status status, const mech_error *error) {
    (void)status;
    (void)error;
}
