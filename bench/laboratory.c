/* Fits of simulated experiments with errors: how often the right mechanism comes first, and what its probability is
 * worth. Takes a folder of kinetic tables and a table `file,truth,...` (shared/laboratory; an archive is unpacked
 * first):
 *
 *   tar -xzf shared/laboratory/typical.tar.gz -C /tmp/typical
 *   build/check-gcc/bench/laboratory /tmp/typical shared/laboratory/typical-truth.csv [COUNT [FIRST [fast [THREADS]]]]
 */
#include "mechanist.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_MECHANISMS = 64, N_BINS = 5 };

typedef struct score {
    size_t n, judged, top1, top3, covered, set_size, sure, sure_wrong, flagged;
    double cross_entropy, confidence, seconds, error;
    size_t bin_n[N_BINS], bin_right[N_BINS];
    double bin_confidence[N_BINS];
} score;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void judge(const mech_fits *f, const char *truth, const char *file, double seconds, score *s) {
    double sum = 0, p_truth = 0;
    size_t rank = f->n_mechanisms, size = 0;
    bool covered = false;
    for (size_t i = 0; i < f->n_mechanisms; i++)
        if (strcmp(mech_mechanism_id(f->mechanisms[i].mechanism), truth) == 0) {
            rank = i;
            p_truth = f->mechanisms[i].probability;
        }
    while (size < f->n_mechanisms && sum < 0.95) {
        covered |= size == rank;
        sum += f->mechanisms[size++].probability;
    }
    const double first = f->mechanisms[0].probability;
    printf("%s %s first %s %.3f truth %.4f rank %zu set %zu z-error %.2f ess %.0f dev %.4f noise %.4f p %.3f %.2f s\n",
           file, truth, mech_mechanism_id(f->mechanisms[0].mechanism), first, p_truth, rank + 1, size,
           f->mechanisms[0].log_evidence_error, f->mechanisms[0].effective_samples, f->mechanisms[0].deviation,
           f->mechanisms[0].noise, f->none_of_these.p_value, seconds);
    s->n++;
    s->seconds += seconds;
    s->flagged += f->none_of_these.flagged;
    s->confidence += first;
    s->set_size += size;
    s->error += f->mechanisms[0].log_evidence_error;
    if (rank == f->n_mechanisms) return; /* a mechanism that is none of them */
    s->judged++;
    s->top1 += rank == 0;
    s->top3 += rank < 3;
    s->covered += covered;
    s->cross_entropy -= log(fmax(p_truth, 1e-6));
    s->sure += first > 0.99;
    s->sure_wrong += first > 0.99 && rank > 0;
    const size_t bin = first >= 1 ? N_BINS - 1 : (size_t)(first * N_BINS);
    s->bin_n[bin]++;
    s->bin_right[bin] += rank == 0;
    s->bin_confidence[bin] += first;
}

static void summarise(const score *s) {
    const double n = (double)s->n, judged = fmax((double)s->judged, 1);
    double ece = 0;
    for (size_t b = 0; b < N_BINS; b++) ece += fabs(s->bin_confidence[b] - (double)s->bin_right[b]) / judged;
    printf("n %zu top1 %.3f top3 %.3f cross-entropy %.3f covered %.3f set %.2f confidence %.3f ece %.3f sure %zu wrong "
           "%zu "
           "flagged %.3f evidence error %.2f %.2f s each\n",
           s->n, (double)s->top1 / judged, (double)s->top3 / judged, s->cross_entropy / judged,
           (double)s->covered / judged, (double)s->set_size / n, s->confidence / n, ece, s->sure, s->sure_wrong,
           (double)s->flagged / n, s->error / n, s->seconds / n);
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: laboratory FOLDER TRUTH.csv [COUNT [FIRST [fast [THREADS]]]]\n");
        return 2;
    }
    const size_t count = argc > 3 ? strtoul(argv[3], NULL, 10) : 40, first = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
    mech_fit_options options = mech_fit_options_default();
    options.fast = argc > 5 && strcmp(argv[5], "fast") == 0;
    options.threads = argc > 6 ? atoi(argv[6]) : 1;
    FILE *truth = fopen(argv[2], "r");
    if (!truth) {
        perror(argv[2]);
        return 1;
    }
    score s = {0};
    char line[256];
    size_t number = 0;
    if (!fgets(line, sizeof line, truth)) line[0] = 0;
    while (fgets(line, sizeof line, truth) && s.n < count) {
        if (number++ < first) continue;
        const char *file = strtok(line, ","), *mechanism = strtok(NULL, ",");
        if (!file || !mechanism) break;
        char path[512];
        snprintf(path, sizeof path, "%s/%s", argv[1], file);
        mech_experiment *experiment = NULL;
        mech_fits *fits = NULL;
        mech_error error;
        const double before = now();
        mech_status status = mech_experiment_read(path, NULL, &experiment, &error);
        if (status == MECH_OK)
            status = mech_fit_run_set(mech_experiment_runs(experiment), &options, NULL, &fits, &error);
        if (status == MECH_OK)
            judge(fits, mechanism, file, now() - before, &s);
        else
            printf("%s: %s\n", file, error.message);
        fflush(stdout);
        mech_fits_free(fits);
        mech_experiment_free(experiment);
    }
    fclose(truth);
    if (s.n) summarise(&s);
    return 0;
}
