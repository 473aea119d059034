#include "simulate/reference.h"

#include "base/error.h"

#include <cvode/cvode.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <string.h>
#include <sundials/sundials_context.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

typedef struct problem {
    const mech_mechanism *mechanism;
    const double *k;
} problem;

static int derivative(realtype t, N_Vector y, N_Vector dydt, void *user) {
    (void)t;
    const problem *p = user;
    mech_mechanism_derivative(p->mechanism, p->k, N_VGetArrayPointer(y), N_VGetArrayPointer(dydt));
    return 0;
}

static int jacobian(realtype t, N_Vector y, N_Vector dydt, SUNMatrix matrix, void *user, N_Vector t1, N_Vector t2,
                    N_Vector t3) {
    (void)t, (void)dydt, (void)t1, (void)t2, (void)t3;
    const problem *p = user;
    const size_t n = mech_mechanism_n_species(p->mechanism);
    double rows[32 * 32];
    if (n > 32) return -1;
    mech_mechanism_jacobian(p->mechanism, p->k, N_VGetArrayPointer(y), rows);
    for (size_t j = 0; j < n; j++) {
        realtype *column = SUNDenseMatrix_Column(matrix, (sunindextype)j);
        for (size_t i = 0; i < n; i++) column[i] = rows[i * n + j];
    }
    return 0;
}

/* CVODE would print its messages; a failed problem is counted instead. The signature is CVODE's.
 * NOLINTNEXTLINE(readability-non-const-parameter) */
static void stay_quiet(int code, const char *module, const char *function, char *message, void *user) {
    (void)code, (void)module, (void)function, (void)message, (void)user;
}

typedef struct reference {
    SUNContext context;
    N_Vector y;
    SUNMatrix matrix;
    SUNLinearSolver linear;
    void *cvode;
} reference;

static void reference_close(reference *r) {
    if (r->cvode) CVodeFree(&r->cvode);
    if (r->linear) SUNLinSolFree(r->linear);
    if (r->matrix) SUNMatDestroy(r->matrix);
    if (r->y) N_VDestroy(r->y);
    if (r->context) SUNContext_Free(&r->context);
}

static bool reference_open(reference *r, const mech_mechanism *mechanism, const mech_solver_options *options,
                           problem *p) {
    const sunindextype n = (sunindextype)mech_mechanism_n_species(mechanism);
    *r = (reference){0};
    if (SUNContext_Create(NULL, &r->context) != 0) return false;
    r->y = N_VNew_Serial(n, r->context);
    r->matrix = SUNDenseMatrix(n, n, r->context);
    if (!r->y || !r->matrix) return false;
    r->linear = SUNLinSol_Dense(r->y, r->matrix, r->context);
    r->cvode = CVodeCreate(CV_BDF, r->context);
    if (!r->linear || !r->cvode) return false;
    N_VConst(0, r->y);
    return CVodeInit(r->cvode, derivative, 0, r->y) == CV_SUCCESS &&
           CVodeSetErrHandlerFn(r->cvode, stay_quiet, NULL) == CV_SUCCESS &&
           CVodeSetUserData(r->cvode, p) == CV_SUCCESS &&
           CVodeSStolerances(r->cvode, options->rtol, options->atol) == CV_SUCCESS &&
           CVodeSetLinearSolver(r->cvode, r->linear, r->matrix) == CV_SUCCESS &&
           CVodeSetJacFn(r->cvode, jacobian) == CV_SUCCESS &&
           CVodeSetMaxNumSteps(r->cvode, (long)options->max_steps) == CV_SUCCESS;
}

/* Integrates the problem that r->y starts from; false where CVODE fails, with NaN from there on. */
static bool reference_follow(reference *r, const double *times, size_t n_times, size_t n, double *y) {
    bool failed = CVodeReInit(r->cvode, 0, r->y) != CV_SUCCESS ||
                  (times[n_times - 1] > 0 && CVodeSetStopTime(r->cvode, times[n_times - 1]) != CV_SUCCESS);
    double reached = 0;
    for (size_t i = 0; i < n_times; i++) {
        if (!failed && times[i] > reached) failed = CVode(r->cvode, times[i], r->y, &reached, CV_NORMAL) < 0;
        const double *state = N_VGetArrayPointer(r->y);
        for (size_t s = 0; s < n; s++) {
            y[i * n + s] = failed ? NAN : state[s];
            failed = failed || !isfinite(state[s]);
        }
    }
    return !failed;
}

mech_status mech_reference_simulate(const mech_mechanism *mechanism, const mech_solver_options *options,
                                    const mech_problems *problems, size_t first, size_t count, double *y,
                                    mech_solver_statistics *statistics, mech_error *error) {
    mech_status status = MECH_OK;
    const size_t n = mech_mechanism_n_species(mechanism), n_k = mech_mechanism_n_rate_constants(mechanism);
    const size_t n_times = problems->n_times;
    problem p = {.mechanism = mechanism};
    reference r;
    if (!reference_open(&r, mechanism, options, &p)) {
        status = mech_fail(error, MECH_OUT_OF_MEMORY, "CVODE could not be set up");
        goto cleanup;
    }
    for (size_t i = first; i < first + count; i++) {
        p.k = problems->k + i * n_k;
        memcpy(N_VGetArrayPointer(r.y), problems->start + i * n, n * sizeof *y);
        const double *times = problems->times + (problems->times_shared ? 0 : i * n_times);
        if (!reference_follow(&r, times, n_times, n, y + i * n_times * n)) statistics->failures++;
        long steps = 0, evaluations = 0, setups = 0, rejected = 0;
        CVodeGetNumSteps(r.cvode, &steps);
        CVodeGetNumRhsEvals(r.cvode, &evaluations);
        CVodeGetNumLinSolvSetups(r.cvode, &setups);
        CVodeGetNumErrTestFails(r.cvode, &rejected);
        statistics->steps += (size_t)(steps + rejected);
        statistics->rejected_steps += (size_t)rejected;
        statistics->derivative_evaluations += (size_t)evaluations;
        statistics->factorisations += (size_t)setups;
    }
cleanup:
    reference_close(&r);
    return status;
}
