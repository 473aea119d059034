/* Speed of the exact nearest-neighbour search of `plot distances` beside comparing with everything: curves of a data
 * set, in processor seconds of one core. The rival compares a block of 16 test curves with one training curve after the
 * other in float, 8 partial sums at a time, in the same build.
 *
 * Usage: distances [DATA.h5 [TEST [TRAIN]]]   (default: 1000 test samples among 200000 training samples, of a data set
 * that is made for the purpose) */
#include "base/machine/clock.h"
#include "base/memory.h"
#include "judge/distances/nearest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { A_BLOCK = 16, LANES = 8, TEST = 1000, TRAIN = 200000, THETAS = 20000 };

static const char OWN_DATA[] = "bench_distances.h5";

static _Noreturn void stop(const char *what) {
    fprintf(stderr, "distances: %s\n", what);
    exit(1);
}

static curve_set read_curves(const char *path, const char *split, size_t n, team *t) {
    mech_samples *samples = NULL;
    mech_error error;
    curve_set set;
    if (mech_samples_read_subset(path, split, n, 1, &samples, &error) != MECH_OK ||
        mech_curve_set_new(samples, t, &set, &error) != MECH_OK)
        stop(error.message);
    mech_samples_free(samples);
    return set;
}

static void make_data(void) {
    mech_generate_options options = mech_generate_options_default();
    mech_error error;
    options.n_train = TRAIN;
    options.n_validation = 0;
    options.n_test = TEST;
    options.n_thetas = THETAS;
    if (mech_generate(&options, OWN_DATA, NULL, NULL, &error) != MECH_OK) stop(error.message);
}

static float float_distance(const float *a, const float *b) {
    float sums[LANES] = {0}, sum = 0;
    for (size_t i = 0; i < CURVE_LENGTH; i += LANES)
        for (size_t l = 0; l < LANES; l++) sums[l] += (a[i + l] - b[i + l]) * (a[i + l] - b[i + l]);
    for (size_t l = 0; l < LANES; l++) sum += sums[l];
    return sum;
}

/* The number of the nearest training curve of each test curve. */
static void compare_all(const curve_set *test, const curve_set *train, size_t *nearest) {
    for (size_t first = 0; first < test->n; first += A_BLOCK) {
        const size_t n = test->n - first < A_BLOCK ? test->n - first : A_BLOCK;
        float best[A_BLOCK];
        for (size_t i = 0; i < n; i++) best[i] = INFINITY;
        for (size_t j = 0; j < train->n; j++)
            for (size_t i = 0; i < n; i++) {
                const float square =
                    float_distance(test->curves + (first + i) * CURVE_LENGTH, train->curves + j * CURVE_LENGTH);
                if (square >= best[i]) continue;
                best[i] = square;
                nearest[first + i] = j;
            }
    }
}

int main(int argc, char **argv) {
    const char *path = argc > 1 ? argv[1] : OWN_DATA;
    team *t = mech_team_new(1);
    if (!t) stop("out of memory");
    if (argc < 2) make_data();
    curve_set test = read_curves(path, "test", argc > 2 ? strtoull(argv[2], NULL, 10) : TEST, t);
    curve_set train = read_curves(path, "train", argc > 3 ? strtoull(argv[3], NULL, 10) : TRAIN, t);
    if (argc < 2) unlink(OWN_DATA);
    size_t *by_tree = mech_allocate_array(test.n, sizeof *by_tree),
           *by_all = mech_allocate_array(test.n, sizeof *by_all);
    nearest_tree *tree = NULL;
    if (!by_tree || !by_all) stop("out of memory");
    const double start = mech_thread_time_s();
    if (mech_nearest_tree_new(&train, ALL_COLUMNS, t, &tree, NULL) != MECH_OK) stop("no tree");
    const double grown = mech_thread_time_s();
    for (size_t i = 0; i < test.n; i++) (void)mech_nearest_tree_find(tree, test.curves + i * CURVE_LENGTH, &by_tree[i]);
    const double found = mech_thread_time_s();
    compare_all(&test, &train, by_all);
    const double compared = mech_thread_time_s();
    size_t same = 0;
    for (size_t i = 0; i < test.n; i++) same += by_tree[i] == by_all[i];
    printf("%zu test curves among %zu training curves\n", test.n, train.n);
    printf("tree: grown in %.3f s, then %.0f us a curve\n", grown - start, 1e6 * (found - grown) / (double)test.n);
    printf("all:  %.0f us a curve; the tree is %.1f times as fast; same nearest for %zu\n",
           1e6 * (compared - found) / (double)test.n, (compared - found) / (found - grown), same);
    mech_nearest_tree_free(tree);
    mech_release_array(by_tree);
    mech_release_array(by_all);
    mech_curve_set_free(&test);
    mech_curve_set_free(&train);
    mech_team_free(t);
    return 0;
}
