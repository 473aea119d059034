/* Models of SBML read with libsbml and integrated with CVODE, by nothing of mechanist. To be included behind cmocka.h.
 */
#ifndef MECH_TESTS_SBML_READER_H
#define MECH_TESTS_SBML_READER_H

#include <cvode/cvode.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <sbml/SBMLTypes.h>
#include <stdlib.h>
#include <string.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

enum { MOST_SYMBOLS = 256, MOST_SYMBOL = 192 };

typedef struct symbol {
    char id[MOST_SYMBOL];
    double value;
} symbol;

/* Species come first. */
typedef struct sbml_reader {
    SBMLDocument_t *document;
    Model_t *model;
    size_t n_species, n;
    symbol symbols[MOST_SYMBOLS];
    bool set[MOST_SYMBOLS]; /* by a condition, so that no initial assignment counts */
} sbml_reader;

static inline symbol *sbml_find(sbml_reader *r, const char *id) {
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->symbols[i].id, id) == 0) return &r->symbols[i];
    return NULL;
}

static inline void sbml_set(sbml_reader *r, const char *id, double value) {
    symbol *s = sbml_find(r, id);
    if (!s) {
        if (r->n == MOST_SYMBOLS || strlen(id) >= MOST_SYMBOL) fail_msg("too many symbols, or '%s' is too long", id);
        s = &r->symbols[r->n++];
        strcpy(s->id, id);
    }
    s->value = value;
}

static inline double sbml_evaluate(sbml_reader *r, const ASTNode_t *node) {
    const unsigned n = ASTNode_getNumChildren(node);
    double a = n > 0 ? sbml_evaluate(r, ASTNode_getChild(node, 0)) : 0;
    const double b = n > 1 ? sbml_evaluate(r, ASTNode_getChild(node, 1)) : 0;
    switch (ASTNode_getType(node)) {
    case AST_PLUS:
        for (unsigned i = 1; i < n; i++) a += sbml_evaluate(r, ASTNode_getChild(node, i));
        return a;
    case AST_TIMES:
        for (unsigned i = 1; i < n; i++) a *= sbml_evaluate(r, ASTNode_getChild(node, i));
        return a;
    case AST_MINUS:
        return n == 1 ? -a : a - b;
    case AST_DIVIDE:
        return a / b;
    case AST_POWER:
    case AST_FUNCTION_POWER:
        return pow(a, b);
    case AST_FUNCTION_ROOT:
        return n == 1 ? sqrt(a) : pow(b, 1 / a);
    case AST_INTEGER:
        return (double)ASTNode_getInteger(node);
    case AST_REAL:
    case AST_REAL_E:
        return ASTNode_getReal(node);
    case AST_NAME: {
        const symbol *s = sbml_find(r, ASTNode_getName(node));
        if (!s) fail_msg("nothing is called '%s'", ASTNode_getName(node));
        return s->value;
    }
    default:
        fail_msg("formulas of type %d are not read", (int)ASTNode_getType(node));
        return NAN;
    }
}

static inline double sbml_formula(sbml_reader *r, const char *formula) {
    ASTNode_t *node = SBML_parseL3Formula(formula);
    if (!node) fail_msg("'%s' is no formula", formula);
    const double value = sbml_evaluate(r, node);
    ASTNode_free(node);
    return value;
}

/* Reads a model; fails where libsbml has anything to say against it, units and style included. */
static inline void sbml_open(sbml_reader *r, const char *text) {
    memset(r, 0, sizeof *r);
    r->document = readSBMLFromString(text);
    SBMLDocument_checkConsistency(r->document);
    for (unsigned i = 0; i < SBMLDocument_getNumErrors(r->document); i++) {
        const XMLError_t *e = (const XMLError_t *)SBMLDocument_getError(r->document, i);
        fail_msg("libsbml, line %u: %s\n%s", XMLError_getLine(e), XMLError_getMessage(e), text);
    }
    assert_int_equal(SBMLDocument_getLevel(r->document), 3);
    assert_int_equal(SBMLDocument_getVersion(r->document), 2);
    r->model = SBMLDocument_getModel(r->document);
    r->n_species = Model_getNumSpecies(r->model);
    for (unsigned i = 0; i < r->n_species; i++) {
        Species_t *s = Model_getSpecies(r->model, i);
        assert_true(Species_isSetInitialConcentration(s));
        sbml_set(r, Species_getId(s), Species_getInitialConcentration(s));
    }
    for (unsigned i = 0; i < Model_getNumParameters(r->model); i++) {
        Parameter_t *p = Model_getParameter(r->model, i);
        sbml_set(r, Parameter_getId(p), Parameter_getValue(p));
    }
    Compartment_t *vessel = Model_getCompartment(r->model, 0);
    sbml_set(r, Compartment_getId(vessel), Compartment_getSize(vessel));
}

static inline void sbml_close(sbml_reader *r) { SBMLDocument_free(r->document); }

/* A condition's word on an entity of the model. */
static inline void sbml_condition(sbml_reader *r, const char *id, double value) {
    symbol *s = sbml_find(r, id);
    if (!s) fail_msg("a condition sets '%s', which the model does not have", id);
    s->value = value;
    r->set[s - r->symbols] = true;
}

static inline int sbml_slope(realtype t, N_Vector y, N_Vector slope, void *context) {
    (void)t;
    sbml_reader *r = context;
    const double *amounts = N_VGetArrayPointer(y);
    double *to = N_VGetArrayPointer(slope);
    const double vessel = sbml_find(r, "vessel")->value;
    for (size_t i = 0; i < r->n_species; i++) {
        r->symbols[i].value = amounts[i];
        to[i] = 0;
    }
    for (unsigned j = 0; j < Model_getNumReactions(r->model); j++) {
        Reaction_t *reaction = Model_getReaction(r->model, j);
        const double rate = sbml_evaluate(r, KineticLaw_getMath(Reaction_getKineticLaw(reaction))) / vessel;
        for (unsigned i = 0; i < Reaction_getNumReactants(reaction); i++) {
            SpeciesReference_t *s = Reaction_getReactant(reaction, i);
            to[sbml_find(r, SpeciesReference_getSpecies(s)) - r->symbols] -=
                SpeciesReference_getStoichiometry(s) * rate;
        }
        for (unsigned i = 0; i < Reaction_getNumProducts(reaction); i++) {
            SpeciesReference_t *s = Reaction_getProduct(reaction, i);
            to[sbml_find(r, SpeciesReference_getSpecies(s)) - r->symbols] +=
                SpeciesReference_getStoichiometry(s) * rate;
        }
    }
    return 0;
}

/* Integrates from t = 0 on: y[n_times][n_species] at ascending times. Initial assignments count where no condition
 * says otherwise. scale: of concentrations, for tolerances. */
static inline void sbml_simulate(sbml_reader *r, size_t n_times, const double *times, double scale, double *y) {
    SUNContext context = NULL;
    SUNContext_Create(NULL, &context);
    const sunindextype n = (sunindextype)r->n_species;
    N_Vector state = N_VNew_Serial(n, context);
    for (unsigned i = 0; i < Model_getNumInitialAssignments(r->model); i++) {
        InitialAssignment_t *a = Model_getInitialAssignment(r->model, i);
        symbol *s = sbml_find(r, InitialAssignment_getSymbol(a));
        if (!r->set[s - r->symbols]) s->value = sbml_evaluate(r, InitialAssignment_getMath(a));
    }
    for (size_t i = 0; i < r->n_species; i++) N_VGetArrayPointer(state)[i] = r->symbols[i].value;
    SUNMatrix matrix = SUNDenseMatrix(n, n, context);
    SUNLinearSolver solver = SUNLinSol_Dense(state, matrix, context);
    void *cvode = CVodeCreate(CV_BDF, context);
    assert_int_equal(CVodeInit(cvode, sbml_slope, 0, state), CV_SUCCESS);
    assert_int_equal(CVodeSStolerances(cvode, 1e-10, 1e-14 * scale), CV_SUCCESS);
    assert_int_equal(CVodeSetUserData(cvode, r), CV_SUCCESS);
    assert_int_equal(CVodeSetMaxNumSteps(cvode, 1000000), CV_SUCCESS);
    assert_int_equal(CVodeSetLinearSolver(cvode, solver, matrix), CV_SUCCESS);
    realtype t = 0;
    for (size_t i = 0; i < n_times; i++) {
        if (times[i] > t) assert_int_equal(CVode(cvode, times[i], state, &t, CV_NORMAL), CV_SUCCESS);
        memcpy(y + i * r->n_species, N_VGetArrayPointer(state), r->n_species * sizeof *y);
    }
    CVodeFree(&cvode);
    SUNLinSolFree(solver);
    SUNMatDestroy(matrix);
    N_VDestroy(state);
    SUNContext_Free(&context);
}

#endif
