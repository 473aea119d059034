/* Ranks by MPI. The state of the process is here and in MPI, which has one of each itself. */
#include "base/machine/ranks.h"

#include "base/error.h"
#include "base/machine/clock.h"
#include "base/memory.h"

#include <fcntl.h>
#include <mpi.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A rank that fails waits so long for the others to fail in the same way before it ends them. */
static const double SETTLE_S = 2;

struct ranks {
    MPI_Comm line;
    int number, n;
};

/* What mech_ranks_join() made. On `ending` nothing is said but that a rank has come to the end. `said` is where ranks
 * other than 0 write instead of standard error, which `error_stream` still leads to. */
static struct {
    ranks *all;
    MPI_Comm ending;
    int said, error_stream;
} joined = {.said = -1, .error_stream = -1};

/* Whether this process was started by mpirun, srun or the like: to begin MPI takes half a second without one. */
static bool is_started_by_mpi(void) {
    static const char *const signs[] = {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (getenv(signs[i])) return true;
    return false;
}

/* Writes a line to the standard error that the process began with. */
__attribute__((__format__(__printf__, 1, 2))) static void say(const char *format, ...) {
    char line[640];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    const size_t n = length < 0 ? 0 : (size_t)length < sizeof line ? (size_t)length : sizeof line - 1;
    if (write(joined.error_stream >= 0 ? joined.error_stream : STDERR_FILENO, line, n) < 0) return;
}

/* Ends the processes of all ranks; does not return. */
static void end_all(void) {
    MPI_Abort(MPI_COMM_WORLD, 1);
    abort();
}

/* What MPI cannot do ends all: nobody can go on without the others. */
static void check(int result, const char *what) {
    char reason[MPI_MAX_ERROR_STRING] = "";
    int length = 0;
    if (result == MPI_SUCCESS) return;
    MPI_Error_string(result, reason, &length);
    say("mechanist: rank %d of %d: %s failed: %s; a process of this work or the connection to it was lost\n",
        mech_rank(), mech_n_ranks(), what, reason);
    end_all();
}

static void check_memory(const void *memory) {
    if (memory) return;
    say("mechanist: rank %d of %d: out of memory\n", mech_rank(), mech_n_ranks());
    end_all();
}

/* Waits without keeping a core busy, which the threads of other ranks may need; false where it took longer than
 * limit_s. */
static bool wait_until(MPI_Request *request, double limit_s) {
    enum { SPINS = 200, MOST_NAP_NS = 200000 };
    const double begin = mech_clock_s();
    int done = 0;
    for (long spins = 0, nap = 10000;; spins++) {
        check(MPI_Test(request, &done, MPI_STATUS_IGNORE), "waiting");
        if (done) return true;
        if (spins < SPINS) continue;
        const struct timespec pause = {.tv_nsec = nap};
        nanosleep(&pause, NULL);
        if (nap < MOST_NAP_NS) nap += nap / 4;
        if (mech_clock_s() - begin > limit_s) return false;
    }
}

static const double FOR_EVER = 1e300;

static void wait_for(MPI_Request *request) { (void)wait_until(request, FOR_EVER); }

int mech_rank(void) { return joined.all ? joined.all->number : 0; }

int mech_n_ranks(void) { return joined.all ? joined.all->n : 1; }

static ranks *line_of(MPI_Comm line) {
    ranks *r = calloc(1, sizeof *r);
    check_memory(r);
    r->line = line;
    check(MPI_Comm_set_errhandler(line, MPI_ERRORS_RETURN), "setting up");
    check(MPI_Comm_rank(line, &r->number), "setting up");
    check(MPI_Comm_size(line, &r->n), "setting up");
    return r;
}

/* Rank 0 speaks for all: what the others print goes nowhere, and what they say of errors is kept for
 * mech_ranks_leave().
 */
static void keep_quiet(void) {
    char name[] = "/tmp/mechanist-XXXXXX";
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    joined.error_stream = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    joined.said = mkstemp(name);
    if (joined.said >= 0) (void)unlink(name);
    (void)fflush(stdout);
    if (nowhere >= 0) (void)dup2(nowhere, STDOUT_FILENO);
    if (joined.said >= 0)
        (void)dup2(joined.said, STDERR_FILENO);
    else if (nowhere >= 0)
        (void)dup2(nowhere, STDERR_FILENO);
    if (nowhere >= 0) close(nowhere);
}

mech_status mech_ranks_join(mech_error *error) {
    int begun = 0, level = 0;
    MPI_Comm line;
    if (joined.all || !is_started_by_mpi()) return MECH_OK;
    MPI_Initialized(&begun);
    if (begun)
        MPI_Query_thread(&level);
    else if (MPI_Init_thread(NULL, NULL, MPI_THREAD_MULTIPLE, &level) != MPI_SUCCESS)
        return mech_fail(error, MECH_FILE_ERROR, "MPI cannot be started");
    if (level < MPI_THREAD_MULTIPLE)
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "this MPI cannot be called by several threads; expected one with MPI_THREAD_MULTIPLE");
    check(MPI_Comm_dup(MPI_COMM_WORLD, &line), "setting up");
    ranks *all = line_of(line);
    if (all->n == 1) {
        MPI_Comm_free(&all->line);
        free(all);
        return MECH_OK;
    }
    check(MPI_Comm_dup(MPI_COMM_WORLD, &joined.ending), "setting up");
    joined.all = all;
    if (all->number) keep_quiet();
    return MECH_OK;
}

bool mech_ranks_any(bool yes) { return mech_ranks_one_says(joined.all, yes); }

/* Waits for all ranks to come here; where this one failed and some do not come, ends all. */
static void settle(bool failed, const char *message) {
    int mine = failed, most = 0;
    MPI_Request request;
    check(MPI_Iallreduce(&mine, &most, 1, MPI_INT, MPI_MAX, joined.ending, &request), "ending");
    if (wait_until(&request, failed ? SETTLE_S : FOR_EVER)) return;
    if (joined.all->number)
        say("mechanist: rank %d of %d failed and ends the others: %s\n", mech_rank(), mech_n_ranks(), message);
    else
        say("mechanist: %s; ends the other ranks, too\n", message);
    end_all();
}

void mech_ranks_settle(mech_status status, const mech_error *error) {
    if (joined.all) settle(status != MECH_OK, error ? error->message : mech_status_name(status));
}

/* What a rank said of errors, without the end of the line. */
static const char *what_was_said(char *words, size_t size) {
    const ssize_t n = joined.said >= 0 ? pread(joined.said, words, size - 1, 0) : 0;
    words[n > 0 ? n : 0] = '\0';
    words[strcspn(words, "\n")] = '\0';
    return *words ? words : "it ended before them";
}

int mech_ranks_leave(int exit_status) {
    char words[512];
    int begun = 0, ended = 0;
    if (joined.all) {
        (void)fflush(stderr);
        settle(exit_status != 0, what_was_said(words, sizeof words));
        MPI_Comm_free(&joined.all->line);
        MPI_Comm_free(&joined.ending);
        free(joined.all);
        joined.all = NULL;
        if (joined.said >= 0) close(joined.said);
        joined.said = -1;
    }
    MPI_Initialized(&begun);
    MPI_Finalized(&ended);
    if (begun && !ended) MPI_Finalize();
    return exit_status;
}

ranks *mech_ranks_new(void) {
    MPI_Comm line;
    if (!joined.all) return NULL;
    check(MPI_Comm_dup(joined.all->line, &line), "setting up");
    return line_of(line);
}

void mech_ranks_free(ranks *r) {
    if (!r) return;
    MPI_Comm_free(&r->line);
    free(r);
}

static rank_share share_of(size_t n, int number, int n_ranks) {
    const size_t all = (size_t)n_ranks, i = (size_t)number;
    const size_t each = n / all, rest = n % all;
    const size_t begin = i * each + (i < rest ? i : rest);
    return (rank_share){begin, begin + each + (i < rest)};
}

rank_share mech_rank_share(const ranks *r, size_t n) { return r ? share_of(n, r->number, r->n) : (rank_share){0, n}; }

/* How many things of each rank there are, and where they begin, as MPI wants them. */
typedef struct layout {
    int *counts, *places; /* [ranks] each, in one block */
} layout;

static layout layout_new(int n_ranks) {
    layout l = {.counts = calloc((size_t)n_ranks, 2 * sizeof *l.counts)};
    check_memory(l.counts);
    l.places = l.counts + n_ranks;
    return l;
}

void mech_ranks_gather(ranks *r, size_t n, size_t bytes, void *pieces) {
    MPI_Datatype piece;
    MPI_Request request;
    if (!r || !n || !bytes) return;
    const layout l = layout_new(r->n);
    for (int i = 0; i < r->n; i++) {
        const rank_share share = share_of(n, i, r->n);
        l.counts[i] = (int)(share.end - share.begin);
        l.places[i] = (int)share.begin;
    }
    check(MPI_Type_contiguous((int)bytes, MPI_BYTE, &piece), "exchanging");
    check(MPI_Type_commit(&piece), "exchanging");
    check(MPI_Iallgatherv(MPI_IN_PLACE, 0, piece, pieces, l.counts, l.places, piece, r->line, &request), "exchanging");
    wait_for(&request);
    MPI_Type_free(&piece);
    free(l.counts);
}

/* Columns are shared out in stretches of so many numbers, so that each begins at a multiple of 64 bytes. */
enum { STRETCH = 64 };

static rank_share columns_of(size_t n, int number, int n_ranks) {
    rank_share s = share_of((n + STRETCH - 1) / STRETCH, number, n_ranks);
    s.begin *= STRETCH;
    s.end *= STRETCH;
    return (rank_share){s.begin < n ? s.begin : n, s.end < n ? s.end : n};
}

static size_t length_of(rank_share s) { return s.end - s.begin; }

/* Room for `rows` terms of so many columns, each aligned. */
static size_t stride_of(size_t columns) { return (columns + STRETCH - 1) / STRETCH * STRETCH; }

/* Each rank gets its columns of all terms, adds these up and hands the sums to all: of n_terms * n numbers a rank sends
 * and receives about one share, and n sums. */
void mech_ranks_sum(ranks *r, size_t n_terms, size_t n, size_t bytes, void *terms,
                    void (*add)(size_t n, const void *addends, void *sums)) {
    MPI_Request request;
    MPI_Datatype number;
    if (!r || !n || !n_terms) return;
    const rank_share mine = mech_rank_share(r, n_terms), columns = columns_of(n, r->number, r->n);
    const size_t n_mine = length_of(mine), width = stride_of(length_of(columns));
    size_t padded = 0;
    for (int i = 0; i < r->n; i++) padded += stride_of(length_of(columns_of(n, i, r->n)));
    unsigned char *sent = mech_allocate_array(n_mine * padded + 1, bytes), *own = terms;
    unsigned char *got = mech_allocate_array(n_terms * width + 1, bytes);
    const layout out = layout_new(r->n), in = layout_new(r->n), sums = layout_new(r->n);
    check_memory(sent);
    check_memory(got);
    size_t at = 0;
    for (int i = 0; i < r->n; i++) {
        const rank_share theirs = columns_of(n, i, r->n), rows = share_of(n_terms, i, r->n);
        const size_t stride = stride_of(length_of(theirs));
        out.places[i] = (int)at;
        out.counts[i] = (int)(n_mine * stride);
        in.places[i] = (int)(rows.begin * width);
        in.counts[i] = (int)(length_of(rows) * width);
        sums.places[i] = (int)theirs.begin;
        sums.counts[i] = (int)length_of(theirs);
        for (size_t t = mine.begin; t < mine.end; t++, at += stride)
            memcpy(sent + at * bytes, own + (t * n + theirs.begin) * bytes, length_of(theirs) * bytes);
    }
    check(MPI_Type_contiguous((int)bytes, MPI_BYTE, &number), "exchanging");
    check(MPI_Type_commit(&number), "exchanging");
    check(MPI_Ialltoallv(sent, out.counts, out.places, number, got, in.counts, in.places, number, r->line, &request),
          "exchanging");
    wait_for(&request);
    for (size_t t = 1; t < n_terms && width; t++) add(width, got + t * width * bytes, got);
    memcpy(own + columns.begin * bytes, got, length_of(columns) * bytes);
    check(MPI_Iallgatherv(MPI_IN_PLACE, 0, number, terms, sums.counts, sums.places, number, r->line, &request),
          "exchanging");
    wait_for(&request);
    MPI_Type_free(&number);
    mech_release_array(sent);
    mech_release_array(got);
    free(out.counts);
    free(in.counts);
    free(sums.counts);
}

/* A message of more bytes than MPI counts goes in parts. */
static const size_t MOST_BYTES = (size_t)1 << 30;

void mech_ranks_tell(ranks *r, void *bytes, size_t n) {
    MPI_Request request;
    unsigned char *at = bytes;
    for (size_t part = 0; r && n; at += part, n -= part) {
        part = n < MOST_BYTES ? n : MOST_BYTES;
        check(MPI_Ibcast(at, (int)part, MPI_BYTE, 0, r->line, &request), "telling");
        wait_for(&request);
    }
}

void mech_ranks_send(ranks *r, int to, const void *bytes, size_t n) {
    MPI_Request request;
    const unsigned char *at = bytes;
    for (size_t part = 0; r && n; at += part, n -= part) {
        part = n < MOST_BYTES ? n : MOST_BYTES;
        check(MPI_Isend(at, (int)part, MPI_BYTE, to, 0, r->line, &request), "sending");
        wait_for(&request);
    }
}

void mech_ranks_receive(ranks *r, int from, void *bytes, size_t n) {
    MPI_Request request;
    unsigned char *at = bytes;
    for (size_t part = 0; r && n; at += part, n -= part) {
        part = n < MOST_BYTES ? n : MOST_BYTES;
        check(MPI_Irecv(at, (int)part, MPI_BYTE, from, 0, r->line, &request), "receiving");
        wait_for(&request);
    }
}

bool mech_ranks_one_says(ranks *r, bool yes) {
    MPI_Request request;
    int mine = yes, any = yes;
    if (!r) return yes;
    check(MPI_Iallreduce(&mine, &any, 1, MPI_INT, MPI_MAX, r->line, &request), "agreeing");
    wait_for(&request);
    return any != 0;
}
