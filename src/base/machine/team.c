#define _GNU_SOURCE /* sched_getaffinity */
#include "base/machine/team.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct member {
    team *t;
    pthread_t thread;
    int number;
} member;

struct team {
    int size;
    member *members; /* [size]; members[0] is the caller's thread and has no thread of its own */
    pthread_mutex_t mutex;
    pthread_cond_t work_came, work_done;
    size_t n_pieces, next_piece;
    unsigned long round; /* counts calls of mech_team_share, so that a member does no round twice */
    int busy;            /* members other than the caller that are still in this round */
    bool closing;
    void (*work)(void *context, size_t piece, int member);
    void *context;
    ranks *others;
};

int mech_available_cores(void) {
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores > 0 ? (int)cores : 1;
}

/* Works until no piece is left. Called and left with the mutex held. */
static void work_off(team *t, int number) {
    while (t->next_piece < t->n_pieces) {
        size_t piece = t->next_piece++;
        void (*work)(void *, size_t, int) = t->work;
        void *context = t->context;
        pthread_mutex_unlock(&t->mutex);
        work(context, piece, number);
        pthread_mutex_lock(&t->mutex);
    }
}

static void *member_main(void *argument) {
    member *m = argument;
    team *t = m->t;
    unsigned long round = 0;
    pthread_mutex_lock(&t->mutex);
    for (;;) {
        while (!t->closing && t->round == round) pthread_cond_wait(&t->work_came, &t->mutex);
        if (t->closing) break;
        round = t->round;
        work_off(t, m->number);
        if (--t->busy == 0) pthread_cond_signal(&t->work_done);
    }
    pthread_mutex_unlock(&t->mutex);
    return NULL;
}

team *mech_team_new(int threads) {
    if (threads <= 0) threads = mech_available_cores();
    team *t = calloc(1, sizeof *t);
    if (!t) return NULL;
    t->members = calloc((size_t)threads, sizeof *t->members);
    if (!t->members) {
        free(t);
        return NULL;
    }
    pthread_mutex_init(&t->mutex, NULL);
    pthread_cond_init(&t->work_came, NULL);
    pthread_cond_init(&t->work_done, NULL);
    t->size = 1;
    for (int i = 1; i < threads; i++) {
        t->members[i] = (member){.t = t, .number = i};
        if (pthread_create(&t->members[i].thread, NULL, member_main, &t->members[i]) != 0) {
            mech_team_free(t);
            return NULL;
        }
        t->size++;
    }
    return t;
}

void mech_team_free(team *t) {
    if (!t) return;
    pthread_mutex_lock(&t->mutex);
    t->closing = true;
    pthread_cond_broadcast(&t->work_came);
    pthread_mutex_unlock(&t->mutex);
    for (int i = 1; i < t->size; i++) pthread_join(t->members[i].thread, NULL);
    pthread_cond_destroy(&t->work_done);
    pthread_cond_destroy(&t->work_came);
    pthread_mutex_destroy(&t->mutex);
    mech_ranks_free(t->others);
    free(t->members);
    free(t);
}

void mech_team_join_ranks(team *t) {
    if (!t->others) t->others = mech_ranks_new();
}

ranks *mech_team_ranks(const team *t) { return t->others; }

int mech_team_size(const team *t) { return t->size; }

void mech_team_share(team *t, size_t n_pieces, void (*work)(void *context, size_t piece, int member), void *context) {
    pthread_mutex_lock(&t->mutex);
    t->work = work;
    t->context = context;
    t->n_pieces = n_pieces;
    t->next_piece = 0;
    t->busy = t->size - 1;
    t->round++;
    pthread_cond_broadcast(&t->work_came);
    work_off(t, 0);
    while (t->busy > 0) pthread_cond_wait(&t->work_done, &t->mutex);
    pthread_mutex_unlock(&t->mutex);
}
