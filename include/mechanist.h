/** @file
 * mechanist: names the catalytic reaction mechanism behind kinetic data.
 *
 * The public interface of libmechanist. Conventions that hold for every function:
 *
 * @verbatim
 *
 *   Units      concentrations are in units of the standard substrate concentration [S]0 = 1, times in units in which a
 *              simulated run ends at t = 100 (docs/conventions.md); a measured file keeps its own units until it is
 *              mapped to a model's conventions.
 *   Shapes     arrays are row-major; their shape stands in brackets behind the name.
 *   Ownership  who allocates frees: each `_new`, `_read`, `_parse` or `_load` has its `_free`, which accepts NULL.
 *              A `char **text` that a function fills is freed with mech_free(). Other pointers that a function returns
 *              belong to the object they were asked from and live as long as it.
 *   Errors     functions that can fail return a status and fill the error object that the caller passes (NULL: no
 *              message wanted); what they would have returned through pointers is then NULL or untouched.
 *   Threads    beside each object stands what threads may do with it; different objects never share anything. A number
 *              of threads that is 0 means all cores. Results do not depend on it. There is no global state, with one
 *              exception: libhdf5 has some. So functions that read or write data files take turns, whatever thread
 *              calls them, and HDF5 prints nothing meanwhile. A program that also calls libhdf5 itself must not do so
 *              at the same time, unless its libhdf5 was built for threads (H5is_library_threadsafe()).
 *   Options    a struct of options begins with its size in bytes, so that later versions of the library can add members
 *              at the end. Programs take the defaults from mech_..._options_default() and change what they wish to.
 *              NULL for options means the defaults, NULL for a progress object that nobody listens.
 *   Results    objects that the library makes are opaque, or structs that it returns by pointer and that later versions
 *              may extend at the end: programs do not copy them or ask for their size. A struct that the caller
 *              provides for results begins with its size, as options do: the caller sets it to sizeof the struct.
 *   Same bytes where a function promises the same bytes, numbers or bits, it does so on one instruction set and with
 *              one C library: kernels add in the order of the processor's vectors, and logarithms differ in the last
 *              bit from library to library. A data file names the instruction set that it was computed with.
 * @endverbatim */
#ifndef MECHANIST_H
#define MECHANIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header: programs choose by it at compile time. */
#define MECH_VERSION_MAJOR 0 /**< changes that programs have to follow */
#define MECH_VERSION_MINOR 1 /**< additions; before version 1, changes, too */
#define MECH_VERSION_PATCH 0 /**< corrections */

/** @cond */
#if defined(_WIN32)
#define MECH_PUBLIC
#define MECH_MUST_CHECK
#elif defined(__GNUC__)
#define MECH_PUBLIC __attribute__((visibility("default")))
#define MECH_MUST_CHECK __attribute__((warn_unused_result))
#else
#define MECH_PUBLIC
#define MECH_MUST_CHECK
#endif
/** @endcond */

/* ---------------------------------------------------------------------------------------------- status and errors */

/** @defgroup errors Status and errors
 * @{ */

/** How a function ended. */
typedef enum mech_status {
    MECH_OK = 0,            /**< it did what it was asked for */
    MECH_INVALID_ARGUMENT,  /**< the caller asked for something that has no meaning */
    MECH_INVALID_INPUT,     /**< a file or text does not say what it should; the message names place and expectation */
    MECH_FILE_ERROR,        /**< the system refused to open, read or write */
    MECH_OUT_OF_MEMORY,     /**< the system gave no memory */
    MECH_NUMERICAL_FAILURE, /**< a computation did not converge or left the finite numbers */
    MECH_STOPPED            /**< the progress object asked to stop; state was saved where the function says so */
} mech_status;

/** What went wrong, for the program and for people. */
typedef struct mech_error {
    mech_status status; /**< what the function returned */
    char message[512];  /**< one line, no newline at its end */
} mech_error;

/** The name of a status, "invalid input"; static. */
MECH_PUBLIC const char *mech_status_name(mech_status status);

/** The version of the library that a program runs with, "major.minor.patch"; static. It may be newer than that of the
 * header which the program was compiled with, MECH_VERSION_MAJOR, MECH_VERSION_MINOR and MECH_VERSION_PATCH. */
MECH_PUBLIC const char *mech_version(void);

/** Frees a text or an array that a function of this library filled; accepts NULL. */
MECH_PUBLIC void mech_free(void *memory);

/** How long work reports and is stopped. A progress that is NULL reports nothing and goes on to the end, and so may
 * both functions be NULL. They are called from the thread that called the library, after each of the pieces into which
 * the work falls. */
typedef struct mech_progress {
    /** `done` of `total` units of work (total 0: unknown) are finished; `phase` names the work, for instance
     * "drawing thetas"; `detail` says more and may be empty. Both are valid during the call only. */
    void (*report)(void *context, const char *phase, double done, double total, const char *detail);
    /** True asks the work to stop cleanly: the function then returns MECH_STOPPED. */
    bool (*should_stop)(void *context);
    void *context; /**< handed to both functions */
} mech_progress;

/** @} */

/* ---------------------------------------------------------------------------------------------- reaction mechanisms */

/** @defgroup mechanisms Reaction mechanisms
 * @{ */

enum { MECH_MOST_RATE_CONSTANTS = 32 /**< of one mechanism */ };

/** A mechanism of elementary mass-action reactions with named species. Threads: mechanisms never change and may be read
 * by any number. */
typedef struct mech_mechanism mech_mechanism;

/** What sets a mechanism apart from the plain catalytic cycle. */
typedef enum mech_class {
    MECH_CLASS_CORE,         /**< the cycle itself: M1 */
    MECH_CLASS_BICATALYTIC,  /**< two catalyst molecules or an additive take part: M2 to M5 */
    MECH_CLASS_ACTIVATION,   /**< the catalyst forms on the way: M6 to M8 */
    MECH_CLASS_DEACTIVATION, /**< the catalyst dies: M9 to M20 */
    MECH_CLASS_USER,         /**< of a mechanism file that says none */
    MECH_CLASS_COMPOSED      /**< of parts that are in none of these classes, or in several */
} mech_class;

/** What a species is in the reaction. */
typedef enum mech_role {
    MECH_ROLE_SUBSTRATE,   /**< what is consumed */
    MECH_ROLE_PRODUCT,     /**< what is formed */
    MECH_ROLE_CATALYST,    /**< a catalyst form of the catalytic cycle */
    MECH_ROLE_PRECATALYST, /**< a catalyst form on the way to the cycle */
    MECH_ROLE_OFF_CYCLE,   /**< a catalyst form that can come back to the cycle */
    MECH_ROLE_INACTIVE,    /**< a catalyst form that cannot come back */
    MECH_ROLE_ADDITIVE,    /**< an additive, ligand or inhibitor with a start amount of its own */
    MECH_ROLE_OTHER,       /**< none of these */
    MECH_ROLE_REACTANT     /**< consumed beside the substrate, with a start amount of its own in each run */
} mech_role;

/** How a mechanism is described. */
typedef enum mech_format {
    MECH_FORMAT_TEXT, /**< for reading */
    MECH_FORMAT_JSON, /**< for programs */
    MECH_FORMAT_LATEX /**< for papers */
} mech_format;

/** How many mechanisms the library brings along: 20. */
MECH_PUBLIC size_t mech_builtin_count(void);

/** The mechanisms that the library brings along, M1 to M20 in order, index 0 being M1; NULL behind the last. Static,
 * not to be freed. */
MECH_PUBLIC const mech_mechanism *mech_builtin(size_t index);

/** The mechanism of that id ("M6", case-insensitive) among those of the library; NULL where there is none. */
MECH_PUBLIC const mech_mechanism *mech_builtin_find(const char *id);

/** Whether a mechanism is one of those that the library brings along, and no other of the same id. */
MECH_PUBLIC bool mech_is_builtin(const mech_mechanism *mechanism);

/** Reads a mechanism from text (the format is described in docs/mechanism-files.md). `source` names the text in
 * messages, which are "source:line:column: what is wrong; what was expected". The caller frees *mechanism. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_mechanism_parse(const char *text, size_t length, const char *source,
                                                             mech_mechanism **mechanism, mech_error *error);

/** The same from a file; "-" is standard input. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_mechanism_read(const char *path, mech_mechanism **mechanism,
                                                            mech_error *error);

/** Frees a mechanism that was parsed or read; accepts NULL. */
MECH_PUBLIC void mech_mechanism_free(mech_mechanism *mechanism);

MECH_PUBLIC const char *mech_mechanism_id(const mech_mechanism *mechanism);    /**< "M6" */
MECH_PUBLIC const char *mech_mechanism_title(const mech_mechanism *mechanism); /**< what a chemist would call it */
MECH_PUBLIC mech_class mech_mechanism_class(const mech_mechanism *mechanism);  /**< its class */
MECH_PUBLIC const char *mech_class_name(mech_class mechanism_class);           /**< "activation"; static */
MECH_PUBLIC const char *mech_role_name(mech_role role);                        /**< "substrate"; static */

/** How many species take part, and so the length of a state y[n_species]. */
MECH_PUBLIC size_t mech_mechanism_n_species(const mech_mechanism *mechanism);

/** How many rate constants there are, and so the length of k[n_rate_constants]. */
MECH_PUBLIC size_t mech_mechanism_n_rate_constants(const mech_mechanism *mechanism);

/** The name of a species, 0 to n_species - 1: "catS"; it belongs to the mechanism. NULL behind the last. */
MECH_PUBLIC const char *mech_mechanism_species(const mech_mechanism *mechanism, size_t species);

/** The role of a species, 0 to n_species - 1; MECH_ROLE_OTHER behind the last. */
MECH_PUBLIC mech_role mech_mechanism_role(const mech_mechanism *mechanism, size_t species);

/** The name of a rate constant, 0 to n_rate_constants - 1: "k-1"; it belongs to the mechanism. NULL behind the last. */
MECH_PUBLIC const char *mech_mechanism_rate_constant(const mech_mechanism *mechanism, size_t rate_constant);

/** Whether two mechanisms say the same, their ids, titles and starts included. */
MECH_PUBLIC bool mech_mechanism_equal(const mech_mechanism *a, const mech_mechanism *b);

/** The order of a rate constant, 0 to n_rate_constants - 1: with how many concentrations its reactions multiply it; 0
 * behind the last. */
MECH_PUBLIC int mech_mechanism_order(const mech_mechanism *mechanism, size_t rate_constant);

/** How many reactions there are, each in one direction. */
MECH_PUBLIC size_t mech_mechanism_n_reactions(const mech_mechanism *mechanism);

enum { MECH_MOST_MOLECULES = 3 /**< on one side of a reaction */ };

/** Fills the species on both sides of a reaction, 0 to n_reactions - 1, each as often as its molecules take part, then
 * -1: reactants[MECH_MOST_MOLECULES], products[MECH_MOST_MOLECULES]. Returns the number of its rate constant; -1, with
 * both sides empty, behind the last. */
MECH_PUBLIC int mech_mechanism_reaction(const mech_mechanism *mechanism, size_t reaction, int *reactants,
                                        int *products);

/** How much of a reactant counts as one molecule of it in the reactions: an amount of it is divided by this before it
 * is simulated, what is simulated is multiplied. 1 for all other species. */
MECH_PUBLIC double mech_mechanism_coefficient(const mech_mechanism *mechanism, size_t species);

/** The index of the species of that name, or -1. */
MECH_PUBLIC int mech_mechanism_find_species(const mech_mechanism *mechanism, const char *name);

/** Fills start[n_species] with the start amounts of a run: substrate s0, product p0, catalyst (as weighed in) cat0,
 * everything else as the mechanism says. */
MECH_PUBLIC void mech_mechanism_start(const mech_mechanism *mechanism, double s0, double p0, double cat0,
                                      double *start);

/** d(concentrations)/dt of mass action. k[n_rate_constants], y[n_species], derivative[n_species]. For `A + A -> B : k`
 * the rate is k [A]^2; [A] falls by twice the rate. */
MECH_PUBLIC void mech_mechanism_derivative(const mech_mechanism *mechanism, const double *k, const double *y,
                                           double *derivative);

/** The analytic Jacobian of the above: jacobian[n_species][n_species], row = derivative, column = concentration. */
MECH_PUBLIC void mech_mechanism_jacobian(const mech_mechanism *mechanism, const double *k, const double *y,
                                         double *jacobian);

/** The conservation laws: laws[n_laws][n_species] with whole, where possible non-negative, coefficients of a basis of
 * the left null space of the stoichiometric matrix. `laws` has room for n_species rows; returns n_laws. */
MECH_PUBLIC size_t mech_mechanism_conservation_laws(const mech_mechanism *mechanism, int *laws);

/** Reactions, rate constants, differential equations, conservation laws and class as text, JSON or LaTeX. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_mechanism_describe(const mech_mechanism *mechanism, mech_format format,
                                                                char **text, mech_error *error);

/** The mechanism as the text of a mechanism file, from which mech_mechanism_parse() makes the same mechanism again: id,
 * title, class, species, reactions, start amounts and how it shows itself. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_mechanism_text(const mech_mechanism *mechanism, char **text,
                                                            mech_error *error);

/** With which numbers and units a mechanism is written as a model. */
typedef struct mech_sbml_options {
    size_t size;           /**< sizeof(mech_sbml_options) */
    const double *k;       /**< [n_rate_constants]; NULL: each is 1, to be set by its reader */
    const double *start;   /**< [n_species], as mech_problems has it; NULL: S starts at 1, P at 0, the catalyst at
                              0.05, everything else as the mechanism says */
    const char *time_unit; /**< of k: s, min, h or d; NULL or any other: none */
    const char *concentration_unit; /**< of k and start: M, mM, uM, nM or such; NULL or any other: none */
} mech_sbml_options;

/** Fills options[size] with the defaults, for mech_sbml_options_default(). */
MECH_PUBLIC void mech_sbml_options_init(mech_sbml_options *options, size_t size);
/** Rate constants of 1, usual start amounts, no units. */
static inline mech_sbml_options mech_sbml_options_default(void) {
    mech_sbml_options options;
    mech_sbml_options_init(&options, sizeof options);
    return options;
}

/** The mechanism as a model in SBML Level 3 Version 2 core (Hucka et al., J. Integr. Bioinform. 16 (2019) 20190021),
 * for COPASI and other programs that simulate such models: one vessel, concentrations, each reaction in one direction
 * with its law of mass action. A reactant's amounts are those weighed, its stoichiometry is its coefficient. Names
 * become ids of letters, digits and underscores ("cat*" is cat_star, "k-1" is k_minus1) and stay as names; the roles of
 * species stand in notes. options may be NULL. The caller frees *sbml with mech_free(). */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_mechanism_sbml(const mech_mechanism *mechanism,
                                                            const mech_sbml_options *options, char **sbml,
                                                            mech_error *error);

/** @} */

/* ------------------------------------------------------------------------------------------------------- libraries */

/** @defgroup libraries Libraries of mechanisms
 * @{ */

/** An ordered set of mechanisms, each with an id of its own: what labels stand for. Label 0 is the first mechanism. An
 * id may be any word, also one of the built-in ones: it then means the mechanism of this library and no other. Threads:
 * a library that nobody adds to may be read by any number of threads. */
typedef struct mech_library mech_library;

/** An empty library. The caller frees *library. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_library_new(mech_library **library, mech_error *error);

/** Frees a library and all mechanisms in it; accepts NULL. */
MECH_PUBLIC void mech_library_free(mech_library *library);

/** Adds a copy of a mechanism. MECH_INVALID_INPUT where the library has its id, or one that differs only in capital
 * letters. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_library_add(mech_library *library, const mech_mechanism *mechanism,
                                                         mech_error *error);

/** Adds M1 to M20. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_library_add_builtin(mech_library *library, mech_error *error);

/** Adds the mechanisms of a text: one, or several that begin with a line "mechanism: ID" each
 * (docs/mechanism-files.md). `source` names the text in messages. What was added before a mistake stays. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_library_add_text(mech_library *library, const char *text, size_t length,
                                                              const char *source, mech_error *error);

/** The same from a file ("-": standard input), or from all files "*.txt" of a folder in the order of their names. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_library_add_path(mech_library *library, const char *path,
                                                              mech_error *error);

/** How many mechanisms it holds. */
MECH_PUBLIC size_t mech_library_size(const mech_library *library);

/** The mechanism that a label stands for, which belongs to the library; NULL behind the last. */
MECH_PUBLIC const mech_mechanism *mech_library_mechanism(const mech_library *library, size_t label);

/** All of them, [mech_library_size()], for the options of mech_generate() and others; valid until something is added.
 */
MECH_PUBLIC const mech_mechanism *const *mech_library_mechanisms(const mech_library *library);

/** The label of the mechanism of that id, or -1. */
MECH_PUBLIC int mech_library_find(const mech_library *library, const char *id);

/** The library as a text from which mech_library_add_text() makes it again. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_library_text(const mech_library *library, char **text, mech_error *error);

/** @} */

/* ----------------------------------------------------------------------------------------------------- composition */

/** @defgroup composition Composed mechanisms
 * @{ */

/** The parts that mechanisms are composed of (docs/composed-mechanisms.md): a cycle and, from each other row, at most
 * one part: activation, resting of the precatalyst, resting beside the cycle, loss, what goes on beside the catalyst,
 * and the rows of a user's own parts. Wherever one is asked for, NULL stands for the built-in parts alone. Threads:
 * parts that nobody changes may be read by any number of threads. */
typedef struct mech_parts mech_parts;

/** The built-in parts. The caller frees *parts. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_parts_new(mech_parts **parts, mech_error *error);

/** Frees parts; accepts NULL. Mechanisms that were composed of them stay. */
MECH_PUBLIC void mech_parts_free(mech_parts *parts);

/** Adds a part of one's own from text; `source` names it in messages, "source:line:column: ...". */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_parts_add_text(mech_parts *parts, const char *text, size_t length,
                                                            const char *source, mech_error *error);

/** The same from a file; "-" is standard input. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_parts_add_path(mech_parts *parts, const char *path, mech_error *error);

/** How much of the second reactant B goes into one turnover, 0.001 to 1000; 1 where nothing is said. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_parts_set_coefficient(mech_parts *parts, double coefficient,
                                                                   mech_error *error);

/** What was set by it. */
MECH_PUBLIC double mech_parts_coefficient(const mech_parts *parts);

/** How many parts there are. */
MECH_PUBLIC size_t mech_parts_size(const mech_parts *parts);

MECH_PUBLIC const char *mech_parts_name(const mech_parts *parts, size_t part);  /**< "PI"; NULL behind the last */
MECH_PUBLIC const char *mech_parts_row(const mech_parts *parts, size_t part);   /**< "resting" */
MECH_PUBLIC const char *mech_parts_title(const mech_parts *parts, size_t part); /**< what it does, in words */

/** Composes the mechanism of a name such as "B2+PI+M9": parts in any order and in letters of any case; without a cycle
 * M1. Single choices are M1 to M20. MECH_INVALID_ARGUMENT where there is no such part or parts do not go together. The
 * caller frees *mechanism. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_compose(const mech_parts *parts, const char *name,
                                                     mech_mechanism **mechanism, mech_error *error);

/** The names of all compositions with up to most_parts parts beside the cycle, one a line. The caller frees *names. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_compositions(const mech_parts *parts, size_t most_parts, char **names,
                                                          mech_error *error);

/** @} */

/* ----------------------------------------------------------------------------------------------------- simulation */

/** @defgroup simulation Simulation
 * @{ */

/** Which solver integrates. */
typedef enum mech_solver {
    MECH_SOLVER_BATCH, /**< this library's Rosenbrock solver: many problems at once */
    MECH_SOLVER_CVODE  /**< SUNDIALS CVODE, BDF, one problem after another: the reference */
} mech_solver;

/** How, and how exactly, is integrated. */
typedef struct mech_solver_options {
    size_t size;        /**< sizeof(mech_solver_options) */
    mech_solver solver; /**< which solver */
    double rtol;        /**< local error of each species is kept below atol + rtol |y| in the root mean square; forms of
                           the catalyst are held to an atol that counts in the catalyst at hand (docs/solver.md) */
    double atol;        /**< see rtol */
    size_t max_steps;   /**< of one problem, rejected ones included */
    int threads;        /**< 0: all cores */
} mech_solver_options;

/** Fills options[size] with the defaults, for mech_solver_options_default(). */
MECH_PUBLIC void mech_solver_options_init(mech_solver_options *options, size_t size);
/** MECH_SOLVER_BATCH, rtol 1e-6, atol 1e-9, max_steps 100,000, all cores. */
static inline mech_solver_options mech_solver_options_default(void) {
    mech_solver_options options;
    mech_solver_options_init(&options, sizeof options);
    return options;
}

/** Independent initial value problems of one mechanism, t from 0. */
typedef struct mech_problems {
    size_t n_problems;   /**< how many */
    const double *k;     /**< [n_problems][n_rate_constants] */
    const double *start; /**< [n_problems][n_species] */
    const double *times; /**< [n_problems][n_times] or, shared, [n_times]; each row ascending, from 0 on */
    size_t n_times;      /**< of each problem */
    bool times_shared;   /**< all problems have the same times */
} mech_problems;

/** What the integration of all problems took. */
typedef struct mech_solver_statistics {
    size_t size;                   /**< sizeof(mech_solver_statistics), set by the caller */
    size_t steps;                  /**< accepted steps */
    size_t rejected_steps;         /**< steps that were repeated with a smaller size */
    size_t failures;               /**< problems that could not be integrated to their end */
    size_t derivative_evaluations; /**< of the right-hand side */
    size_t factorisations;         /**< of the matrices of the linear systems */
} mech_solver_statistics;

/** Integrates all problems and writes y[n_problems][n_times][n_species]; never clips a value. A problem that fails
 * (step size underflow, non-finite values, max_steps) has NaN from its failure on and counts in statistics->failures,
 * which is not an error of the call. `statistics` may be NULL; else its `size` is set. Fails with MECH_INVALID_ARGUMENT
 * where times descend or tolerances are not positive. Formula and coefficients: docs/solver.md. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_simulate(const mech_mechanism *mechanism,
                                                      const mech_solver_options *options, const mech_problems *problems,
                                                      double *y, mech_solver_statistics *statistics, mech_error *error);

/** @} */

/* ------------------------------------------------------------------------------------------------------- run sets */

/** @defgroup runs Run sets
 * @{ */

enum { MECH_MOST_RUNS = 16 /**< of one run set */ };

/** A reactant besides S, or an additive, of one run: B, an inhibitor, a ligand. */
typedef struct mech_reactant {
    const char *species;         /**< its name, as mechanisms and files spell it: "B" */
    double start;                /**< amount at t = 0; NaN: not known */
    const double *concentration; /**< [n_readings], NaN where not measured; NULL: never measured */
} mech_reactant;

/** One run as it was measured. All concentrations of a run set have one unit, all times have one unit. A reading is a
 * time and what was measured at it. Times do not descend; several readings may share a time, and the first need not be
 * at t = 0. */
typedef struct mech_run {
    size_t size;                    /**< sizeof(mech_run) */
    const char *name;               /**< as the file says, or its number */
    size_t n_readings;              /**< 1 or more */
    const double *time;             /**< [n_readings] */
    const double *substrate;        /**< [n_readings], NaN where not measured; NULL: never measured */
    const double *product;          /**< [n_readings], the same */
    const double *active;           /**< [n_readings]: catalyst on the cycle as measured, the same */
    double s0;                      /**< substrate at t = 0, as it was meant to be */
    double p0;                      /**< product at t = 0 */
    double cat0;                    /**< catalyst, as weighed in */
    size_t n_reactants;             /**< further reactants and additives */
    const mech_reactant *reactants; /**< [n_reactants] */
} mech_run;

/** Any number of runs of one reaction, from 1 to MECH_MOST_RUNS: what is fitted, classified and drawn. Threads: a run
 * set that nobody adds to may be read by any number of threads. */
typedef struct mech_run_set mech_run_set;

/** An empty run set. time_unit and concentration_unit are what readers of results are shown ("min", "M"; NULL: none).
 * The caller frees *set. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_run_set_new(const char *time_unit, const char *concentration_unit,
                                                         mech_run_set **set, mech_error *error);

/** Frees a run set; accepts NULL. */
MECH_PUBLIC void mech_run_set_free(mech_run_set *set);

/** Adds a run; all that it points to is copied. MECH_INVALID_ARGUMENT where the set is full, times descend or are
 * negative, nothing was measured, or a number is not what it should be; the message names the run and the reading. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_run_set_add(mech_run_set *set, const mech_run *run, mech_error *error);

/** How many runs it holds. */
MECH_PUBLIC size_t mech_run_set_n_runs(const mech_run_set *set);

/** One run, 0 to n_runs - 1, which belongs to the set; NULL behind the last. */
MECH_PUBLIC const mech_run *mech_run_set_run(const mech_run_set *set, size_t run);

MECH_PUBLIC const char *mech_run_set_time_unit(const mech_run_set *set);          /**< "" where none was named */
MECH_PUBLIC const char *mech_run_set_concentration_unit(const mech_run_set *set); /**< "" where none was named */

/** @} */

/* ----------------------------------------------------------------------------------------------------------- data */

/** @defgroup data Data
 * @{ */

/** The designs whose experiments are samples: four runs of fixed shape (mech_samples). They say how runs are followed
 * and their times scaled (docs/designs.md). All other designs make run sets. */
typedef enum mech_sample_design {
    MECH_DESIGN_FIXED_WINDOW, /**< at times of the whole of 0 to 100, each run's times divided by its own last one */
    MECH_DESIGN_NATURE        /**< over the course of the reaction, all times divided by the longest run's last one */
} mech_sample_design;

/** "fixed-window" or "nature"; static. */
MECH_PUBLIC const char *mech_sample_design_name(mech_sample_design design);

/** The design of samples of that name into *design; "seed" is the older name of "fixed-window". False, and *design as
 * it was, where there is none. */
MECH_PUBLIC bool mech_find_sample_design(const char *name, mech_sample_design *design);

/** What a data set holds. */
typedef struct mech_generate_options {
    size_t size;                             /**< sizeof(mech_generate_options) */
    size_t n_train;                          /**< samples of the training split */
    size_t n_validation;                     /**< samples of the validation split */
    size_t n_test;                           /**< samples of the test split */
    uint64_t seed;                           /**< fixes every random choice */
    int threads;                             /**< 0: all cores */
    const mech_mechanism *const *mechanisms; /**< [n_mechanisms]; the order gives the labels. NULL: M1 to M20 */
    size_t n_mechanisms;                     /**< of these */
    const char *prior;                       /**< "wide" or a file with ranges of rate constants (docs/data.md) */
    size_t n_thetas; /**< accepted thetas for the training split, over all mechanisms; 0: as published, 108,208 scaled
                        to n_train (one for each 45.7 samples) */
    bool resume;     /**< go on from what an interruption left beside the data file */
    const char *design; /**< what experiments look like: "fixed-window", "nature", "laboratory" or a file with a design
                           (docs/designs.md). NULL: "nature". Designs of samples make files of format 1, all
                           others of format 2 (docs/data.md) */
} mech_generate_options;

/** Fills options[size] with the defaults, for mech_generate_options_default(). */
MECH_PUBLIC void mech_generate_options_init(mech_generate_options *options, size_t size);
/** Design nature, 100,000 training, 10,000 validation and 10,000 test samples, seed 1, prior wide, all cores. */
static inline mech_generate_options mech_generate_options_default(void) {
    mech_generate_options options;
    mech_generate_options_init(&options, sizeof options);
    return options;
}

/** What one mechanism's draws came to, over all splits. Failures of the solver cost a candidate or the conditions that
 * a sample was drawn with. */
typedef struct mech_draw_counts {
    const char *mechanism;     /**< its id */
    uint64_t candidates;       /**< thetas that were drawn from the prior */
    uint64_t refused_by_yield; /**< of these: too little was converted */
    uint64_t refused_by_rule;  /**< of these: the mechanism did not show itself */
    uint64_t accepted;         /**< of these: are used */
    uint64_t duplicates;       /**< of these: had been accepted before */
    uint64_t solver_failures;  /**< runs that could not be integrated */
    uint64_t samples;          /**< of the accepted ones */
} mech_draw_counts;

/** The counts of all mechanisms of a set. Threads: may be read by any number. */
typedef struct mech_draw_report mech_draw_report;

/** Frees a report; accepts NULL. */
MECH_PUBLIC void mech_draw_report_free(mech_draw_report *report);

/** How many mechanisms it counts for. */
MECH_PUBLIC size_t mech_draw_report_n(const mech_draw_report *report);

/** The counts of one of them, 0 to n - 1, which belong to the report; NULL behind the last. */
MECH_PUBLIC const mech_draw_counts *mech_draw_report_counts(const mech_draw_report *report, size_t mechanism);

/** Draws thetas from the prior, simulates the runs and writes the data set to an HDF5 file (format: docs/data.md),
 * atomically. The caller frees *report; report may be NULL. Same options and seed give the same bytes, interrupted or
 * not, whatever the threads. While the work goes on DATA.partial and DATA.journal stand beside the file. They stay
 * where it ends with MECH_STOPPED or with the process: `resume` goes on from them. Fails with MECH_INVALID_INPUT where
 * they are there and `resume` is not set, or where it is and the journal is missing, damaged or of other options. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_generate(const mech_generate_options *options, const char *path,
                                                      const mech_progress *progress, mech_draw_report **report,
                                                      mech_error *error);

/** The text of the options that mech_generate() would enter into the data set that it makes with these: the attribute
 * `options`, by which a file is told from others. The caller frees *text with mech_free(). */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_generated_options(const mech_generate_options *options, char **text,
                                                               mech_error *error);

/** A part of a data set. */
typedef enum mech_split {
    MECH_SPLIT_TRAIN,      /**< what is learned from */
    MECH_SPLIT_VALIDATION, /**< what training is judged by */
    MECH_SPLIT_TEST        /**< what the result is judged by */
} mech_split;

/** "train", "validation" or "test"; static. */
MECH_PUBLIC const char *mech_split_name(mech_split split);

/** What a data set says of itself, without its samples. Threads: may be read by any number, but attributes are read
 * from the file by one at a time. */
typedef struct mech_dataset mech_dataset;

/** Reads it. The caller frees *data. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_dataset_read(const char *path, mech_dataset **data, mech_error *error);

/** Frees it; accepts NULL. */
MECH_PUBLIC void mech_dataset_free(mech_dataset *data);

/** The format of the file: 1, samples of four runs (mech_samples_read()), or 2, experiments of any shape
 * (mech_experiments_read()). */
MECH_PUBLIC int mech_dataset_format(const mech_dataset *data);

/** How many mechanisms its labels stand for. */
MECH_PUBLIC size_t mech_dataset_n_mechanisms(const mech_dataset *data);

/** The mechanism of a label; of a user's mechanism name and rate constants, as far as the file says. It belongs to the
 * data set; NULL behind the last. */
MECH_PUBLIC const mech_mechanism *mech_dataset_mechanism(const mech_dataset *data, size_t label);

/** The label of the mechanism of that id (case-insensitive), or -1. */
MECH_PUBLIC int mech_dataset_find(const mech_dataset *data, const char *id);

/** How many samples of a label a split holds; 0 where the file has no such split. */
MECH_PUBLIC uint64_t mech_dataset_n_samples(const mech_dataset *data, mech_split split, size_t label);

/** A text among the attributes of a data file ("options", "prior", "mechanisms", "version"); *value is NULL where the
 * file lacks it. The caller frees *value with mech_free(). */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_dataset_attribute(const char *path, const char *name, char **value,
                                                               mech_error *error);

/** Whether damage to the samples of a data file is noticed: *checked is true where each split has digests of its
 * samples, false for a file of version 0.1.0 or of another program. Samples that do not match their digest are refused
 * when they are read. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_data_is_checked(const char *path, bool *checked, mech_error *error);

/** Thetas (vectors of rate constants) of a set of mechanisms that were accepted. Threads: may be read by any number. */
typedef struct mech_thetas mech_thetas;

/** Which thetas are drawn. */
typedef struct mech_thetas_options {
    size_t size;                             /**< sizeof(mech_thetas_options) */
    mech_sample_design design;               /**< whose rules accept them */
    size_t n_thetas;                         /**< of each mechanism */
    uint64_t seed;                           /**< fixes every random choice */
    int threads;                             /**< 0: all cores */
    const mech_mechanism *const *mechanisms; /**< [n_mechanisms]; they outlive the thetas. NULL: M1 to M20 */
    size_t n_mechanisms;                     /**< of these */
    const char *prior;                       /**< "wide" or a file with ranges of rate constants (docs/data.md) */
} mech_thetas_options;

/** Fills options[size] with the defaults, for mech_thetas_options_default(). */
MECH_PUBLIC void mech_thetas_options_init(mech_thetas_options *options, size_t size);
/** Design nature, 3,000 of each mechanism, seed 1, M1 to M20, the wide prior, all cores. */
static inline mech_thetas_options mech_thetas_options_default(void) {
    mech_thetas_options options;
    mech_thetas_options_init(&options, sizeof options);
    return options;
}

/** Draws thetas from the prior and accepts them as mech_generate() does. Same options, same bits. The caller frees
 * *thetas. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_thetas_draw(const mech_thetas_options *options,
                                                         const mech_progress *progress, mech_thetas **thetas,
                                                         mech_error *error);

/** The thetas of a split of a data set of either format, each once however many samples were made of it. `split` is
 * "train", "validation" or "test"; NULL: the first of these that has samples. MECH_INVALID_INPUT where the file lacks
 * it, or has none. The caller frees *thetas. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_thetas_read(const char *path, const char *split, mech_thetas **thetas,
                                                         mech_error *error);

/** The split that thetas were read from; NULL where they were drawn. Static. */
MECH_PUBLIC const char *mech_thetas_split(const mech_thetas *thetas);

/** Frees them; accepts NULL. */
MECH_PUBLIC void mech_thetas_free(mech_thetas *thetas);

/** How many mechanisms the set has. */
MECH_PUBLIC size_t mech_thetas_n_mechanisms(const mech_thetas *thetas);

/** One of them; NULL behind the last. */
MECH_PUBLIC const mech_mechanism *mech_thetas_mechanism(const mech_thetas *thetas, size_t mechanism);

/** How many thetas of a mechanism there are. */
MECH_PUBLIC size_t mech_thetas_n(const mech_thetas *thetas, size_t mechanism);

/** The thetas of a mechanism, [n][n_rate_constants]; they belong to the object. */
MECH_PUBLIC const double *mech_thetas_rate_constants(const mech_thetas *thetas, size_t mechanism);

/** How the drawing of a mechanism's thetas went; NULL for thetas of a data set. */
MECH_PUBLIC const mech_draw_counts *mech_thetas_counts(const mech_thetas *thetas, size_t mechanism);

/** Runs over the whole prior, accepted or not, as solvers are compared on: rate constants log-uniform on [1e-5, 1e5],
 * for each theta three catalyst loadings from 0.01 to 0.10 and the first of them with product at the start:
 * k[4 n_thetas][n_rate_constants], start[4 n_thetas][n_species]. `label` numbers the stream of random numbers. */
MECH_PUBLIC void mech_prior_runs(const mech_mechanism *mechanism, uint64_t seed, uint64_t label, size_t n_thetas,
                                 double *k, double *start);

enum {
    MECH_MOST_LABELS = 256, /**< that samples, and the models of them, tell apart: a label is a byte */
    MECH_MOST_TIMES = 256   /**< of a run of a sample, t = 0 included */
};

/** Samples in memory. One sample is four runs of one theta. Threads: may be read by any number. */
typedef struct mech_samples {
    size_t n;                  /**< samples */
    size_t n_times;            /**< of each run, t = 0 included */
    size_t n_theta;            /**< columns of theta */
    size_t n_labels;           /**< mechanisms of the set */
    float *x1;                 /**< [n][4]: catalyst loadings, as fractions of the standard [S]0 */
    float *x2;                 /**< [n][n_times][12]: t, S, P of run 1, ..., t, S, P of run 4 */
    uint8_t *y;                /**< [n]: label, 0 = the first mechanism of the set */
    double *theta;             /**< [n][n_theta], padded with NaN */
    double *additive;          /**< [n]: start amount of X, L or I, else 0; NaN where a file does not say it */
    mech_sample_design design; /**< how the times are scaled */
} mech_samples;

/** Room for n samples of one's own, 2 to MECH_MOST_TIMES times each, with labels below n_labels (1 to
 * MECH_MOST_LABELS): x1, x2 and y are zero and the caller's to fill, theta and additive are NaN. Times of a sample
 * ascend from 0 and are scaled as the design says. The caller frees *samples. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_samples_create(mech_sample_design design, size_t n, size_t n_times,
                                                            size_t n_labels, mech_samples **samples, mech_error *error);

/** Writes samples of one's own as a data file of format 1 (docs/data.md), atomically: splits[3] in the order of
 * mech_split, NULL for one without samples, with labels of the library. Same samples, same bytes. They are checked as
 * mech_samples_read() checks them: MECH_INVALID_INPUT where one is not as it should be, MECH_INVALID_ARGUMENT where
 * there are none at all or splits differ in their design. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_samples_write(const char *path, const mech_samples *const *splits,
                                                           const mech_library *library, mech_error *error);

/** The library that the labels of a data file stand for. MECH_INVALID_INPUT where the file (of version 0.1.0) does not
 * say what one of its mechanisms is. The caller frees *library. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_data_library(const char *path, mech_library **library, mech_error *error);

/** Reads a split ("train", "validation" or "test") of a data set. The caller frees *samples. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_samples_read(const char *path, const char *split, mech_samples **samples,
                                                          mech_error *error);

/** Makes one species of all samples unmeasured: every S (MECH_ROLE_SUBSTRATE) or P (MECH_ROLE_PRODUCT) after t = 0
 * becomes NaN. What the runs started with stays known. Other roles change nothing. */
MECH_PUBLIC void mech_samples_hide(mech_samples *samples, mech_role species);

/** Reads n random samples of a split in the order in which they stand there (all of them where there are no more). Of a
 * large split they are stretches of up to 64 consecutive ones, so that memory and time hardly grow with the file. The
 * seed fixes which. The caller frees *samples. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_samples_read_subset(const char *path, const char *split, size_t n,
                                                                 uint64_t seed, mech_samples **samples,
                                                                 mech_error *error);

/** Frees samples; accepts NULL. */
MECH_PUBLIC void mech_samples_free(mech_samples *samples);

/** Keeps t = 0 and `points` random later times of each sample (the same in its four runs), scales times again as the
 * design says, and adds Gaussian noise of standard deviation `noise` (in units of [S]0) to S and P after t = 0.
 * points = 0 keeps all times. The caller frees *thinned. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_samples_thin(const mech_samples *samples, size_t points, double noise,
                                                          uint64_t seed, mech_samples **thinned, mech_error *error);

/** What is true of a simulated experiment. Rate constants are those of the simulation, whose time is the experiment's
 * times `time_unit`. What a data file does not say is NaN. */
typedef struct mech_truth {
    size_t label;                       /**< of the mechanism in its library, 0 the first */
    size_t n_rate_constants;            /**< of the mechanism */
    double k[MECH_MOST_RATE_CONSTANTS]; /**< [n_rate_constants], carried over by the scale of the loadings
                                           (docs/designs.md) */
    double additive;                    /**< start amount of X, L or I, else 0 */
    double scale;                       /**< of the loadings */
    double time_unit;                   /**< see above */
    double loading_spread;              /**< standard deviation of ln(true catalyst / what was meant), of all runs */
    double clock_spread;                /**< of clocks, in units of a run's length */
    double start_spread;                /**< of ln([S]0 / what was meant) and of [P]0 */
    double response_spread;             /**< of ln of the factors of S and P */
    double substrate_factor;            /**< a reading of S is so many times what is there */
    double product_factor;              /**< the same of P */
    double product_share;               /**< so much of what S becomes is seen as P */
    double dead_catalyst;               /**< amount of catalyst that is dead from the start, in every run */
    double noise;                       /**< standard deviation of readings, in units of the standard [S]0 */
    double relative_noise;              /**< the same in units of the reading; the two add in squares */
    double outlier_share;               /**< probability that a number is an outlier */
    double outlier_spread;              /**< standard deviation of what an outlier is off by */
    size_t n_runs;                      /**< of the experiment */
    double catalyst_factor[MECH_MOST_RUNS]; /**< [n_runs]: true catalyst / what was meant */
    double clock_offset[MECH_MOST_RUNS];    /**< [n_runs]: true time minus noted time */
    double start_factor[MECH_MOST_RUNS];    /**< [n_runs]: true [S]0 / what was meant */
    double start_p_factor[MECH_MOST_RUNS];  /**< [n_runs]: true [P]0 / what was meant */
    double goes_on;         /**< one of the runs was watched for so many times its length; 1: none was */
    double reactant_factor; /**< a reading of the second reactant is so many times what is there; NaN: there is none */
    double start_b_factor[MECH_MOST_RUNS]; /**< [n_runs]: true start amount of it / what was meant; NaN likewise */
} mech_truth;

/** Frees a truth; accepts NULL. */
MECH_PUBLIC void mech_truth_free(mech_truth *truth);

/** A run set and what is known of it, for a data file. (The element of an array: it stays as it is.) */
typedef struct mech_labelled_run_set {
    const mech_run_set *runs; /**< what was measured */
    size_t label;             /**< of its mechanism in the library */
    const mech_truth *truth;  /**< what else is true of it; NULL: not known */
} mech_labelled_run_set;

/** Writes run sets of one's own as a data file of format 2 (docs/data.md), atomically: sets[3][n[...]], the splits in
 * the order of mech_split, with labels of the library. Times are brought to units of the longest run's last reading,
 * concentrations to those of the standard [S]0 (of the run that most others start like); a truth is written as it is.
 * Of further reactants only "B" has a place. Same run sets, same bytes. MECH_INVALID_ARGUMENT where all splits are
 * empty or a run set does not fit into a file; the message names split and number. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_run_sets_write(const char *path, const size_t *n,
                                                            const mech_labelled_run_set *const *sets,
                                                            const mech_library *library, mech_error *error);

/** Simulates one experiment of a design ("laboratory", ..., or a file; NULL: laboratory): rate constants from the wide
 * prior that are accepted, runs, readings and errors as the design says. Seed and number fix it. Times are in units of
 * the longest run's last reading, concentrations in those of the standard [S]0. The caller frees *runs and *truth;
 * truth may be NULL. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_simulate_experiment(const mech_mechanism *mechanism, const char *design,
                                                                 uint64_t seed, uint64_t number, mech_run_set **runs,
                                                                 mech_truth **truth, mech_error *error);

/** Reads one experiment, sample number `sample` of a split of a data file of format 2 (docs/data.md). The caller frees
 * *runs and *truth; truth may be NULL. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_experiment_of_data(const char *path, const char *split, size_t sample,
                                                                mech_run_set **runs, mech_truth **truth,
                                                                mech_error *error);

/** Experiments in memory: run sets with the labels of their mechanisms and what is true of them. Threads: may be read
 * by any number. */
typedef struct mech_experiments mech_experiments;

/** Reads all experiments of a split of a data file of format 2. MECH_INVALID_INPUT where it is of format 1. The caller
 * frees *experiments. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_experiments_read(const char *path, const char *split,
                                                              mech_experiments **experiments, mech_error *error);

/** Samples as experiments of four runs each, for networks that read run sets: [S]0 and [P]0 are those at t = 0, and
 * errors there are none. MECH_INVALID_INPUT where a sample does not say its [S]0 and [P]0, and for samples of design
 * fixed-window, which keep no common unit of time. The caller frees *experiments. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_experiments_of_samples(const mech_samples *samples,
                                                                    mech_experiments **experiments, mech_error *error);

/** Frees them; accepts NULL. */
MECH_PUBLIC void mech_experiments_free(mech_experiments *experiments);

MECH_PUBLIC size_t mech_experiments_n(const mech_experiments *experiments);        /**< how many there are */
MECH_PUBLIC size_t mech_experiments_n_labels(const mech_experiments *experiments); /**< mechanisms of the set */

/** Their labels, [n]; NULL where there are more than 256 mechanisms, which no judgement takes. */
MECH_PUBLIC const uint8_t *mech_experiments_labels(const mech_experiments *experiments);

/** The runs of one of them, 0 to n - 1: times in units of the longest run's last reading, concentrations in those of
 * the standard [S]0. MECH_INVALID_ARGUMENT where there is no such experiment. The caller frees *runs. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_experiments_run_set(const mech_experiments *experiments, size_t index,
                                                                 mech_run_set **runs, mech_error *error);

/** What is true of one of them, likewise. The caller frees *truth. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_experiments_truth(const mech_experiments *experiments, size_t index,
                                                               mech_truth **truth, mech_error *error);

/** @} */

/* ------------------------------------------------------------------------------------------------------- learning */

/** @defgroup learning Learning
 * @{ */

/** A trained network: a graph of layers, its weights and what is known of their origin. Threads: may be read by any
 * number while nobody changes it (mech_calibrate(), mech_learner). */
typedef struct mech_model mech_model;

/** Reads a model file (safetensors, docs/model-files.md). Unknown or missing tensors, wrong shapes and non-finite
 * numbers are refused by name. The caller frees *model. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_read(const char *path, mech_model **model, mech_error *error);

/** The same from the bytes of a model file in memory; `name` names them in messages. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_parse(const char *bytes, size_t length, const char *name,
                                                         mech_model **model, mech_error *error);

/** The bytes of the model's file (mech_model_write()). The caller frees *bytes with mech_free(). */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_bytes(const mech_model *model, char **bytes, size_t *length,
                                                         mech_error *error);

/** Frees a model; accepts NULL. */
MECH_PUBLIC void mech_model_free(mech_model *model);

MECH_PUBLIC const char *mech_model_network(const mech_model *model); /**< "hadamard" */
MECH_PUBLIC size_t mech_model_n_labels(const mech_model *model);     /**< labels that it tells apart */
MECH_PUBLIC size_t mech_model_n_parameters(const mech_model *model); /**< numbers that were trained */

/** The names of the networks of samples, in the order in which they are listed; NULL behind the last. Static. Beside
 * them "set" learns from run sets. */
MECH_PUBLIC const char *mech_network_name(size_t index);

/** A model of that network whose weights are the random ones that training would begin with: for n_labels labels, its
 * first layer of `hidden` units (0: the default). The caller frees *model. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_create(const char *network, size_t hidden, size_t n_labels,
                                                          uint64_t seed, mech_model **model, mech_error *error);

/** Its layers as JSON: for each, "kind", "activation", "inputs", "width" and "series". The caller frees *text with
 * mech_free(). */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_layers(const mech_model *model, char **text, mech_error *error);

/** The label of that id (case-insensitive), or MECH_INVALID_INPUT with a message that names those there are. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_find_label(const mech_model *model, const char *id, size_t *label,
                                                              mech_error *error);

/** Whether the weights are known to be those that were written: false for a file of version 0.1.0, which has no digest
 * of them, so that damage to it is not noticed. A digest that does not match is refused on reading. */
MECH_PUBLIC bool mech_model_is_checked(const mech_model *model);

/** The metadata entry of that key, or NULL. */
MECH_PUBLIC const char *mech_model_metadata(const mech_model *model, const char *key);

/** The id of what a label stands for, 0 to n_labels - 1: "M6"; "label 2" where the model does not say it. */
MECH_PUBLIC const char *mech_model_label(const mech_model *model, size_t label);

/** The mechanism that a label stands for, from the library that the model carries (metadata `library`), never by name.
 * Only where a file of version 0.1.0 carries none, its ids mean built-in mechanisms, and 20 labels without ids M1 to
 * M20. NULL where nothing says it. Belongs to the model. */
MECH_PUBLIC const mech_mechanism *mech_model_mechanism(const mech_model *model, size_t label);

/** Says what the labels of a model stand for that does not carry its mechanisms: each label is the mechanism of its id.
 * MECH_INVALID_INPUT where the library lacks one, has one that the model does not know, or another one than that which
 * the model carries. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_use_library(mech_model *model, const mech_library *library,
                                                               mech_error *error);

/** Probabilities of n samples: x1[n][4], x2[n][n_times][12], probabilities[n][n_labels]; `threads` 0: all
 * cores. S or P that was not measured is NaN: models that were trained on such samples (metadata `missing`) are told
 * so, others are given what the mass balance says, S + P as it was at t = 0. A reading after t = 0 with neither is
 * MECH_INVALID_INPUT. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_predict(const mech_model *model, size_t n, size_t n_times,
                                                           const float *x1, const float *x2, int threads,
                                                           float *probabilities, mech_error *error);

/** The type in which a network computes. */
typedef enum mech_precision {
    MECH_PRECISION_FLOAT64, /**< as this library predicts */
    MECH_PRECISION_FLOAT32  /**< half as large, and what some runtimes are fastest in */
} mech_precision;

/** A model with the working memory for its predictions, made once and used again. Threads: one at a time; several
 * predictors may share a model. */
typedef struct mech_predictor mech_predictor;

/** `threads` 0: all cores. The model is not copied and has to outlive the predictor. The caller frees *predictor. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_predictor_new(const mech_model *model, mech_precision precision,
                                                           int threads, mech_predictor **predictor, mech_error *error);

/** Frees a predictor; accepts NULL. */
MECH_PUBLIC void mech_predictor_free(mech_predictor *predictor);

/** As mech_model_predict(), which gives the same bits as a predictor of MECH_PRECISION_FLOAT64. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_predictor_predict(mech_predictor *predictor, size_t n, size_t n_times,
                                                               const float *x1, const float *x2, float *probabilities,
                                                               mech_error *error);

/** The peak rate of the predictor's threads, all at work at once, in multiplications and additions a second: measured
 * for about a tenth of a second with the instruction set that it computes with. */
MECH_PUBLIC double mech_predictor_peak(const mech_predictor *predictor);

/** A model that learns batch by batch, for trainings that the caller leads; mech_train() does all by itself. Threads:
 * one at a time; nothing else may use the model meanwhile. */
typedef struct mech_learner mech_learner;

/** `threads` 0: all cores. The model is not copied and has to outlive the learner. The caller frees *learner. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_learner_new(mech_model *model, int threads, mech_learner **learner,
                                                         mech_error *error);

/** Frees a learner; accepts NULL. */
MECH_PUBLIC void mech_learner_free(mech_learner *learner);

/** The gradient of the mean cross-entropy over a batch with labels y[n], in float32. *cross_entropy is that mean in
 * nats, *correct counts the samples whose most probable label is the true one; either may be NULL. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_learner_gradient(mech_learner *learner, size_t n, size_t n_times,
                                                              const float *x1, const float *x2, const uint8_t *y,
                                                              double *cross_entropy, size_t *correct,
                                                              mech_error *error);

/** A step of Adam along the last gradient: changes the model's weights. */
MECH_PUBLIC void mech_learner_update(mech_learner *learner, double learning_rate);

/** What a chemist knows of the errors of an experiment, as standard deviations; NaN: not known. */
typedef struct mech_told_errors {
    size_t size;    /**< sizeof(mech_told_errors) */
    double loading; /**< of the logarithm of each run's catalyst loading: 0.03 for 3 % */
    double clock;   /**< of each run's clock, in units of the run's length */
    double start;   /**< of the logarithms of each run's [S]0 and [P]0 */
    double noise;   /**< of a reading, in units of the standard [S]0 */
} mech_told_errors;

/** What the network makes of a run set beside the mechanism: estimates of its errors. */
typedef struct mech_run_set_view {
    double noise;   /**< as in mech_told_errors */
    double loading; /**< the same */
    double clock;   /**< the same */
} mech_run_set_view;

/** The views of several run sets. Threads: may be read by any number. */
typedef struct mech_run_set_views mech_run_set_views;

/** Frees them; accepts NULL. */
MECH_PUBLIC void mech_run_set_views_free(mech_run_set_views *views);

/** The view of one run set, which belongs to `views`; NULL behind the last. */
MECH_PUBLIC const mech_run_set_view *mech_run_set_views_view(const mech_run_set_views *views, size_t index);

/** Whether the network reads run sets (mech_model_predict_run_sets()) and not samples of four runs. */
MECH_PUBLIC bool mech_model_reads_run_sets(const mech_model *model);

/** Probabilities[n][n_labels] of n run sets of any size by a network that reads run sets. Times and
 * concentrations may have any unit. told[n] may be NULL: nothing is known of any of them. views may be NULL; else the
 * caller frees *views. Threads 0: all cores. A run set's result has the same bits in any company. MECH_INVALID_ARGUMENT
 * where the network reads samples; MECH_INVALID_INPUT where a run has no reading of S or P; the message names it. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_predict_run_sets(const mech_model *model, size_t n,
                                                                    const mech_run_set *const *sets,
                                                                    const mech_told_errors *told, int threads,
                                                                    float *probabilities, mech_run_set_views **views,
                                                                    mech_error *error);

/** What a network of run sets is given of experiments: numbers made of their readings (docs/networks.md), padded with
 * zeros to the largest number of runs R and of rows of readings T among them. Programs that run the network's ONNX file
 * need them. Arrays are row-major and belong to whoever made them. */
typedef struct mech_run_set_inputs {
    size_t n;              /**< experiments */
    size_t n_runs;         /**< R */
    size_t n_rows;         /**< T; a run has a row for each reading of S or P, 64 at most */
    size_t set_width;      /**< numbers of an experiment */
    size_t run_width;      /**< of a run */
    size_t reading_width;  /**< of a row of readings */
    const float *sets;     /**< [n][set_width] */
    const float *runs;     /**< [n][R][run_width] */
    const float *readings; /**< [n][R][T][reading_width] */
    const float *mask;     /**< [n][R][T]: 1 where there is a row, 0 where it is padded */
} mech_run_set_inputs;

/** Makes the inputs of n >= 1 run sets; told and threads as in mech_model_predict_run_sets(). MECH_INVALID_INPUT where
 * a run has no reading of S or P; the message names it. The caller frees *inputs. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_run_set_inputs_new(size_t n, const mech_run_set *const *sets,
                                                                const mech_told_errors *told, int threads,
                                                                mech_run_set_inputs **inputs, mech_error *error);

/** Frees them; accepts NULL. */
MECH_PUBLIC void mech_run_set_inputs_free(mech_run_set_inputs *inputs);

/** A model that comes with the library. */
typedef struct mech_shipped_model {
    const char *name;        /**< of its file, without the ending: "hadamard-nature" */
    const char *path;        /**< of its file */
    const mech_model *model; /**< itself */
} mech_shipped_model;

/** The models that come with the library. Threads: may be read by any number. */
typedef struct mech_shipped_models mech_shipped_models;

/** Reads all models in the folder of shipped models: the one that the environment variable MECHANIST_MODELS names, else
 * the one of the installed tree or build folder in which the program or the library lies, else the one where the
 * library was meant to be installed. No folder at all is MECH_FILE_ERROR. The caller frees *shipped. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_shipped_models_read(mech_shipped_models **shipped, mech_error *error);

/** Frees them; accepts NULL. */
MECH_PUBLIC void mech_shipped_models_free(mech_shipped_models *shipped);

/** How many there are. */
MECH_PUBLIC size_t mech_shipped_models_n(const mech_shipped_models *shipped);

/** One of them in the order of their names, 0 to n - 1; NULL behind the last. */
MECH_PUBLIC const mech_shipped_model *mech_shipped_models_model(const mech_shipped_models *shipped, size_t index);

/** How many files of the folder are no models that can be read, and were left out. */
MECH_PUBLIC size_t mech_shipped_models_n_left_out(const mech_shipped_models *shipped);

/** Why one of them was left out, as a sentence; NULL behind the last. */
MECH_PUBLIC const char *mech_shipped_models_left_out(const mech_shipped_models *shipped, size_t index);

/** The path of a model: of the file of that name, or else of the shipped model of that name; for NULL that of the
 * shipped model that the first line of the file `default` beside them names or, without that file, of the one with the
 * highest validation accuracy among those that read run sets or, where there is none, among those of design nature. The
 * caller frees *path with mech_free(). */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_find(const char *name_or_path, char **path, mech_error *error);

/** The path of the shipped model that answers about four exact runs (mech_experiment_suits_four()): the one
 * that the second line of the file `default` names, or else the first. Without that file it is the one with the highest
 * validation accuracy among those of design nature or, where there is none, among those that read run sets. The caller
 * frees *path with mech_free(). */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_find_for_four(char **path, mech_error *error);

/** Reads the model that mech_model_find() finds. The caller frees *model. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_open(const char *name_or_path, mech_model **model,
                                                        mech_error *error);

/** Writes values[rows][columns], probabilities for instance, as a NumPy array of float32 in C order (NEP 1),
 * atomically; "-" is standard output. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_npy_write(const char *path, const float *values, size_t rows,
                                                       size_t columns, mech_error *error);

/** The same of values with 1 to 8 sides, shape[rank], the last one the fastest. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_npy_write_array(const char *path, const float *values, size_t rank,
                                                             const size_t *shape, mech_error *error);

/** Writes the model's file (docs/model-files.md), atomically. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_write(const mech_model *model, const char *path, mech_error *error);

/** Writes the model as an ONNX file (docs/onnx.md), atomically; "-" is standard output. Inputs are float32: x1 (N, 4)
 * and x2 (N, T, 12), any N and T; of a network of run sets the arrays sets, runs, readings and mask of
 * mech_run_set_inputs, any N, R and T. The output, probabilities (N, n_labels), is float32, too. Same model, same
 * bytes.
 */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_export_onnx(const mech_model *model, mech_precision precision,
                                                               const char *path, mech_error *error);

/** How the learning rate goes on after the warm-up. */
typedef enum mech_schedule {
    MECH_SCHEDULE_CONSTANT, /**< stays */
    MECH_SCHEDULE_COSINE,   /**< falls along a half cosine to 1 % of itself */
    MECH_SCHEDULE_ONE_CYCLE /**< rises and falls along half cosines, from 4 % through the whole to almost nothing */
} mech_schedule;

/** What makes steps of gradients. */
typedef enum mech_optimiser {
    MECH_OPTIMISER_ADAM, /**< Kingma & Ba 2015 */
    MECH_OPTIMISER_MUON  /**< along the orthogonal factors of averaged gradients (Jordan et al. 2024) */
} mech_optimiser;

/** What is trained, and how (docs/training.md). */
typedef struct mech_train_options {
    size_t size;              /**< sizeof(mech_train_options) */
    const char *network;      /**< the fusion's name, for instance "hadamard" */
    size_t hidden;            /**< width of its first layer, which the others follow; 0: 64, of nature 200 */
    uint64_t seed;            /**< fixes weights, order, points and noise */
    const char *start;        /**< a model file whose weights are the first ones: of the same network, width and
                                   mechanisms; for "comparative" also a "kinetic" one. NULL: random */
    const char *second_start; /**< of network "experts": `start` and this are models of one expert each; else NULL */
    int threads;              /**< 0: all cores */
    mech_optimiser optimiser; /**< what makes steps of gradients */
    size_t batch;             /**< samples a step */
    size_t largest_batch; /**< batches grow from `batch` by doubling to this size (docs/training.md); 0: they stay */
    size_t epochs;        /**< at most so many passes through the training split; the schedule ends with the last */
    size_t steps;         /**< the same as a number of batches, in place of `epochs`; 0: `epochs` counts */
    size_t validation_interval; /**< batches from one validation to the next; 0: an epoch's */
    size_t patience;            /**< validations without a better accuracy before training stops; 0: never */
    mech_schedule schedule;     /**< of the learning rate after the warm-up */
    double learning_rate;       /**< the largest one */
    double warm_up;             /**< share of all steps in which it is reached */
    double weight_decay;        /**< share of a kernel that a step takes away, times the learning rate (AdamW) */
    double clip;                /**< largest gradient norm; 0: none */
    double average;             /**< decay of the exponential average of the weights a step; 0: none */
    double label_smoothing;     /**< share of the target that is spread over all labels */
    size_t n_points;            /**< 0: the design's own choices */
    const size_t *points;       /**< [n_points]: points after t = 0 that are kept, drawn from these for a batch */
    size_t n_noise;             /**< 0: the design's own choices */
    const double *noise;        /**< [n_noise]: standard deviations of what is added, the same, in units of [S]0 */
    bool each_sample;           /**< points and noise are drawn for each sample of its own, not for a batch */
    double missing; /**< share of the samples, of validation too, of which S or P (the same chance) is hidden, in half
                       of these at t = 0, too; for networks that read kinetics. 0: none */
    bool resume;    /**< go on from the checkpoint beside the model file */
    double checkpoint_minutes; /**< from one checkpoint to the next */
} mech_train_options;

/** Fills options[size] with the defaults, for mech_train_options_default(). */
MECH_PUBLIC void mech_train_options_init(mech_train_options *options, size_t size);
/** Batch 2,048, 100 epochs, patience 0, learning rate 1e-3 with 2 % warm-up and cosine, gradients clipped at norm 1,
 * weights averaged with decay 0.999, a checkpoint every 5 minutes. */
static inline mech_train_options mech_train_options_default(void) {
    mech_train_options options;
    mech_train_options_init(&options, sizeof options);
    return options;
}

/** Trains a network on a data set. With model_path "MODEL.safetensors", the weights of the best validation so far stand
 * there from the first validation on, the learning curve in MODEL.history.csv, and, while training goes on, all that
 * resuming needs in MODEL.checkpoint. Same options, seed and data give the same bytes, interrupted or not, whatever the
 * threads. MECH_STOPPED: the checkpoint was saved; `resume` goes on from it. Fails with MECH_INVALID_INPUT where a
 * checkpoint is there and `resume` is not set, or is missing and it is, or was made with other options or data; with
 * MECH_NUMERICAL_FAILURE where the loss leaves the finite numbers. docs/training.md says what happens in detail. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_train(const mech_train_options *options, const char *data_path,
                                                   const char *model_path, const mech_progress *progress,
                                                   mech_error *error);

/** mech_train() on samples in memory, of one design, one number of times and one set of labels. `mechanisms` are the
 * ids of the labels in the order of the labels, "M1,M2", or NULL where they have none. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_train_samples(const mech_train_options *options, const mech_samples *train,
                                                           const mech_samples *validation, const char *mechanisms,
                                                           const char *model_path, const mech_progress *progress,
                                                           mech_error *error);

/** The learning curve of a training. Threads: may be read by any number. */
typedef struct mech_learning_curve mech_learning_curve;

/** One validation. Training figures are means since the one before; what was not judged is NaN. */
typedef struct mech_learning_row {
    uint64_t step;              /**< updates so far */
    uint64_t samples;           /**< learned from so far */
    double epoch;               /**< so far; not whole where validations do not fall on the end of an epoch */
    double learning_rate;       /**< of the last step */
    double training_loss;       /**< nats */
    double training_accuracy;   /**< share of 1 */
    double validation_loss;     /**< nats */
    double validation_accuracy; /**< share of 1 */
} mech_learning_row;

/** Reads the curve that training writes beside a model, MODEL.history.csv ("-": standard input); columns may stand in
 * any order, others are passed over. The caller frees *curve. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_learning_curve_read(const char *path, mech_learning_curve **curve,
                                                                 mech_error *error);

/** Frees it; accepts NULL. */
MECH_PUBLIC void mech_learning_curve_free(mech_learning_curve *curve);

/** How many validations it has. */
MECH_PUBLIC size_t mech_learning_curve_n(const mech_learning_curve *curve);

/** One of them, which belongs to the curve; NULL behind the last. */
MECH_PUBLIC const mech_learning_row *mech_learning_curve_row(const mech_learning_curve *curve, size_t index);

/** Training samples that are simulated while the network learns. */
typedef struct mech_stream_options {
    size_t size;         /**< sizeof(mech_stream_options) */
    size_t n_train;      /**< samples that count as an epoch */
    size_t n_validation; /**< samples, made before training begins, each with a theta of its own */
    size_t n_thetas;     /**< about so many accepted thetas, over all mechanisms, are in use at a time */
    double renew;        /**< thetas replaced by new ones for each sample that is simulated, 0 to 1 */
    size_t reuse;        /**< how often a sample is learned from, each time with other points and noise, 1 to 1000 */
    const char *prior;   /**< "wide" or a file with ranges of rate constants */
    const mech_mechanism *const *mechanisms; /**< [n_mechanisms]; the order gives the labels. NULL: M1 to M20 */
    size_t n_mechanisms;                     /**< of these */
    const char *design; /**< what experiments look like, as in mech_generate_options; of network "set", which learns
                           from run sets, NULL is "laboratory"; of others it is one of samples, and NULL is "nature" */
} mech_stream_options;

/** Fills options[size] with the defaults, for mech_stream_options_default(). */
MECH_PUBLIC void mech_stream_options_init(mech_stream_options *options, size_t size);
/** Design nature, epochs of 1,000,000 samples, 20,000 for validation, 108,208 thetas, 0.02 renewed a sample, each
 * sample used 8 times, the wide prior. */
static inline mech_stream_options mech_stream_options_default(void) {
    mech_stream_options options;
    mech_stream_options_init(&options, sizeof options);
    return options;
}

/** mech_train() on samples that are simulated on the way, in the background where there is more than one thread; the
 * seed of `options` fixes them, too. Memory does not grow with the length of training. The caller frees *report;
 * report may be NULL. It says what this call drew and simulated, for validation and what was prepared but not learned
 * from included. It is NULL where the options are refused or the call ends while validation samples are made. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_train_stream(const mech_train_options *options,
                                                          const mech_stream_options *stream, const char *model_path,
                                                          const mech_progress *progress, mech_draw_report **report,
                                                          mech_error *error);

/** @} */

/* ------------------------------------------------------------------------------------------------------ judgement */

/** @defgroup judgement Judgement
 * @{ */

/** How credible sets hold what they promise. */
typedef struct mech_credible_metrics {
    double level;         /**< probability that a set holds at least */
    double coverage;      /**< share of the samples whose set holds the true label */
    double mean_size;     /**< labels of a set */
    double size_share[6]; /**< share of the samples with a set of 1, 2, 3, 4, 5, 6 or more labels */
} mech_credible_metrics;

/** Bins of the highest probability, equally wide on [0, 1]. */
enum {
    MECH_RELIABILITY_BINS = 15 /**< how many */
};

/** The samples whose highest probability falls into one bin. */
typedef struct mech_reliability_bin {
    double share;      /**< of all samples */
    double confidence; /**< mean highest probability; NaN where the bin is empty */
    double accuracy;   /**< share of the bin's samples whose most probable label is the true one; NaN likewise */
} mech_reliability_bin;

/** Probabilities judged against the truth; shares are of 1 (docs/metrics.md). Threads: may be read by any number. */
typedef struct mech_metrics {
    size_t n;                           /**< samples */
    size_t n_labels;                    /**< labels */
    double top1;                        /**< share with the true label first */
    double top3;                        /**< share with the true label among the first three */
    double cross_entropy;               /**< mean of -ln p(true label), nats */
    double entropy_mean;                /**< of the probabilities of a sample, nats */
    double entropy_median;              /**< the same */
    double entropy_sd;                  /**< the same: standard deviation over the samples */
    mech_credible_metrics credible_95;  /**< of sets at 0.95 */
    mech_credible_metrics credible_99;  /**< of sets at 0.99 */
    mech_credible_metrics conformal_95; /**< of conformal sets at 0.95; all zero where no threshold was given */
    mech_credible_metrics conformal_99; /**< the same at 0.99 */
    double expected_calibration_error;  /**< over the bins of `reliability` */
    double brier;                       /**< mean squared distance from the truth, 0 to 2 */
    mech_reliability_bin reliability[MECH_RELIABILITY_BINS]; /**< by the highest probability */
    double *recall;      /**< [n_labels]: share of a label's samples that are called it; NaN where it has none */
    double *precision;   /**< [n_labels]: share of what is called a label that is it; NaN where nothing is */
    double *f1;          /**< [n_labels]: harmonic mean of both; NaN where neither is there */
    uint64_t *confusion; /**< [n_labels][n_labels]: row = actual, column = predicted */
} mech_metrics;

/** Judges probabilities[n][n_labels] against labels[n]. Definitions: docs/metrics.md. The caller frees *metrics. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_evaluate(size_t n, size_t n_labels, const float *probabilities,
                                                      const uint8_t *labels, mech_metrics **metrics, mech_error *error);

/** Frees metrics; accepts NULL. */
MECH_PUBLIC void mech_metrics_free(mech_metrics *metrics);

/** What a judgement adds to the figures. */
typedef struct mech_evaluate_options {
    size_t size;         /**< sizeof(mech_evaluate_options) */
    double conformal_95; /**< threshold (mech_model_conformal_threshold()); 0: no such sets */
    double conformal_99; /**< the same at 0.99 */
    size_t resamples;    /**< of the bootstrap, at most 1,000,000; 0: no intervals */
    uint64_t seed;       /**< of the bootstrap */
    int threads;         /**< 0: all cores */
} mech_evaluate_options;

/** Fills options[size] with the defaults, for mech_evaluate_options_default(). */
MECH_PUBLIC void mech_evaluate_options_init(mech_evaluate_options *options, size_t size);
/** No conformal sets, 1,000 resamples, seed 1, all cores. */
static inline mech_evaluate_options mech_evaluate_options_default(void) {
    mech_evaluate_options options;
    mech_evaluate_options_init(&options, sizeof options);
    return options;
}

/** mech_evaluate() with what the options add: conformal sets, and for each figure the ends of a 95 % interval, found by
 * drawing the samples anew with replacement (Efron & Tibshirani 1993, the percentile interval). *lower and *upper are
 * metrics whose figures are the ends (their `confusion` is not filled); they are NULL where there are no resamples, and
 * the pointers to them may be NULL then. A figure that a resample lacks (the recall of a label without samples) is left
 * out of its interval. Same bits for any number of threads. The caller frees all three. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_evaluate_intervals(size_t n, size_t n_labels, const float *probabilities,
                                                                const uint8_t *labels,
                                                                const mech_evaluate_options *options,
                                                                mech_metrics **metrics, mech_metrics **lower,
                                                                mech_metrics **upper, mech_error *error);

/** One of the figures of which grids are made. */
typedef struct mech_metrics_figure {
    const char *name;  /**< "top1" */
    const char *title; /**< "top-1 accuracy" */
    const char *unit;  /**< "%" (of a share), "nats", "mechanisms" or "" */
    bool conformal;    /**< only where the model has thresholds of conformal sets */
} mech_metrics_figure;

/** The figures in the order of tables; NULL behind the last. Static. */
MECH_PUBLIC const mech_metrics_figure *mech_metrics_figure_at(size_t index);

/** The number of the figure of that name, or -1. */
MECH_PUBLIC int mech_metrics_figure_find(const char *name);

/** The figure of that number (of an index that exists) of a judgement. */
MECH_PUBLIC double mech_metrics_value(const mech_metrics *metrics, size_t index);

/** Figures of a model at each number of points with each noise. Threads: may be read by any number while nobody
 * enters any. */
typedef struct mech_grid mech_grid;

/** A grid without figures: points[n_points] after t = 0 and noise[n_noise] in % of [S]0, both ascending. The caller
 * frees *grid. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_grid_new(size_t n_points, const double *points, size_t n_noise,
                                                      const double *noise, mech_grid **grid, mech_error *error);

/** Reads one figure from a table that `mechanist evaluate --grid --csv` wrote ("-": standard input). Messages are
 * "file:line: what is wrong; what was expected". The caller frees *grid. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_grid_read(const char *path, const char *figure, mech_grid **grid,
                                                       mech_error *error);

/** Frees a grid; accepts NULL. */
MECH_PUBLIC void mech_grid_free(mech_grid *grid);

/** Enters all figures of a judgement at one place of the grid, for mech_draw_grid(). */
MECH_PUBLIC void mech_grid_enter(mech_grid *grid, size_t point, size_t noise, const mech_metrics *metrics);

/** A figure at one place; NaN where it was not entered. */
MECH_PUBLIC double mech_grid_value(const mech_grid *grid, size_t figure, size_t point, size_t noise);

/** Whether two classifiers differ on the same samples (McNemar, Psychometrika 12 (1947) 153). */
typedef struct mech_mcnemar {
    size_t size;          /**< sizeof(mech_mcnemar), set by the caller */
    uint64_t both;        /**< samples that both call by their true label */
    uint64_t only_first;  /**< that only the first does */
    uint64_t only_second; /**< that only the second does */
    uint64_t neither;     /**< that neither does */
    bool exact;       /**< the p-value is that of the two-sided binomial test: they differ on fewer than 25 samples */
    double statistic; /**< else: (|only_first - only_second| - 1)^2 / (only_first + only_second), chi-squared with one
                         degree of freedom (continuity correction of Edwards, Psychometrika 13 (1948) 185); NaN if
                         exact */
    double p_value;   /**< that chance alone makes them differ so much */
} mech_mcnemar;

/** Compares two sets of probabilities[n][n_labels] of the same n samples; where probabilities are equal the lower
 * label counts as the higher. MECH_INVALID_ARGUMENT where the size of *comparison was not set. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_compare(size_t n, size_t n_labels, const float *first, const float *second,
                                                     const uint8_t *labels, mech_mcnemar *comparison,
                                                     mech_error *error);

/** Euclidean distance from each sample of `of` to the nearest one of `among`, whatever its label: distances[of->n] and,
 * where not NULL, the numbers of these nearest ones, nearest[of->n] (the lowest of several). Samples are compared as
 * curves: S and P of the four runs, interpolated to 21 uniform scaled times (docs/figures.md, also on columns that were
 * not measured). NaN, and among->n, where there is none to compare with. The search is exact; same bits for any number
 * of threads (0: all cores). Fails with MECH_INVALID_ARGUMENT where a concentration is not finite. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_nearest_distances(const mech_samples *of, const mech_samples *among,
                                                               int threads, double *distances, size_t *nearest,
                                                               mech_error *error);

/** The credible set: labels in order of probability until their sum reaches `level`. order[n_labels] receives all
 * labels in order of probability (ties: the lower label first); returns the size of the set. */
MECH_PUBLIC size_t mech_credible_set(size_t n_labels, const double *probabilities, double level, size_t *order);

/** @} */

/* ---------------------------------------------------------------------------------------------------- calibration */

/** @defgroup calibration Calibration
 * @{ */

/** How logits z (here: logarithms of the network's probabilities) are changed before the softmax; formulas and sources:
 * docs/calibration.md. */
typedef enum mech_calibration_method {
    MECH_CALIBRATION_TEMPERATURE, /**< z / T with one temperature T */
    MECH_CALIBRATION_VECTOR,      /**< a scale and a bias for each label */
    MECH_CALIBRATION_ADAPTIVE     /**< z / T with a temperature that follows what the model sees, and a bias a label */
} mech_calibration_method;

/** What is fitted, and to what. */
typedef struct mech_calibrate_options {
    size_t size;                    /**< sizeof(mech_calibrate_options) */
    mech_calibration_method method; /**< the form of the calibration */
    size_t n_points;                /**< as in mech_train_options; 0: the design's own choices */
    const size_t *points;           /**< [n_points]: points after t = 0 */
    size_t n_noise;                 /**< 0: the design's own choices */
    const double *noise;            /**< [n_noise]: standard deviations, in units of [S]0 */
    uint64_t seed;                  /**< fixes halves, points and noise */
    int threads;                    /**< 0: all cores */
} mech_calibrate_options;

/** Fills options[size] with the defaults, for mech_calibrate_options_default(). */
MECH_PUBLIC void mech_calibrate_options_init(mech_calibrate_options *options, size_t size);
/** Adaptive, the design's own choices, seed 1, all cores. */
static inline mech_calibrate_options mech_calibrate_options_default(void) {
    mech_calibrate_options options;
    mech_calibrate_options_init(&options, sizeof options);
    return options;
}

/** What a calibration came to. The fit sees one half of the samples, everything else is measured on the other. */
typedef struct mech_calibration_report {
    size_t size;                     /**< sizeof(mech_calibration_report), set by the caller */
    size_t n_fitted;                 /**< samples that the fit saw */
    size_t n_held_out;               /**< samples that it did not see */
    size_t n_parameters;             /**< that were fitted */
    size_t n_iterations;             /**< of Newton's method */
    double cross_entropy_before;     /**< of the network's own probabilities, nats */
    double cross_entropy_after;      /**< of the calibrated ones, nats */
    double calibration_error_before; /**< expected calibration error, likewise */
    double calibration_error_after;  /**< the same, calibrated */
    double conformal_95;             /**< threshold of the conformal sets at 0.95 */
    double conformal_99;             /**< the same at 0.99 */
} mech_calibration_report;

/** Fits a calibration and the thresholds of conformal sets to samples that the model was not trained on, thinned and
 * made noisy by the lists of choices as in training, and enters them into the model's metadata in place of what stood
 * there; its weights stay. `origin` says where the samples come from and goes into the metadata, too. report may be
 * NULL; else its `size` is set. Same samples, options and model give the same bits whatever the threads. Fails with
 * MECH_INVALID_ARGUMENT where there are fewer than 200 samples and with MECH_NUMERICAL_FAILURE where the fit does not
 * converge. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_calibrate(mech_model *model, const mech_samples *samples,
                                                       const mech_calibrate_options *options, const char *origin,
                                                       mech_calibration_report *report, mech_error *error);

/** mech_calibrate() for a network that reads run sets, on experiments as they are: the options' points and noise have
 * no meaning and are refused. Nothing is told of the errors. The adaptive temperature follows the number of readings
 * and the noise that the network sees. MECH_INVALID_ARGUMENT where the network reads samples. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_calibrate_experiments(mech_model *model,
                                                                   const mech_experiments *experiments,
                                                                   const mech_calibrate_options *options,
                                                                   const char *origin, mech_calibration_report *report,
                                                                   mech_error *error);

/** "temperature", "vector" or "adaptive" (static); NULL where the model has no calibration. */
MECH_PUBLIC const char *mech_model_calibration(const mech_model *model);

/** mech_model_predict() with the model's calibration applied. Fails with MECH_INVALID_INPUT where it has none. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_predict_calibrated(const mech_model *model, size_t n, size_t n_times,
                                                                      const float *x1, const float *x2, int threads,
                                                                      float *probabilities, mech_error *error);

/** mech_model_predict_run_sets() with the model's calibration applied; told and views as there. Fails with
 * MECH_INVALID_INPUT where it has none. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_predict_run_sets_calibrated(
    const mech_model *model, size_t n, const mech_run_set *const *sets, const mech_told_errors *told, int threads,
    float *probabilities, mech_run_set_views **views, mech_error *error);

/** Probabilities[n][n_labels] of experiments by a network that reads run sets: mech_model_predict_run_sets(), or with
 * the model's calibration mech_model_predict_run_sets_calibrated(), of all of them. Memory does not grow with their
 * number. `told` is told of every one; NULL: nothing. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_predict_experiments(const mech_model *model,
                                                                       const mech_experiments *experiments,
                                                                       const mech_told_errors *told, bool calibrated,
                                                                       int threads, float *probabilities,
                                                                       mech_error *error);

/** The threshold of the conformal set of that level (0.95 or 0.99): the set is mech_credible_set() of the calibrated
 * probabilities with the threshold in place of the level. Over samples like those that it was fitted to, sets hold the
 * truth at least as often as the level says, however good the probabilities are. 0 where the model has none. */
MECH_PUBLIC double mech_model_conformal_threshold(const mech_model *model, double level);

/** @} */

/* ------------------------------------------------------------------------------------------------------- kinetics */

/** @defgroup kinetics Kinetics without a mechanism
 * @{ */

/** A number and its interval. Where nothing is known the interval is infinite. */
typedef struct mech_estimate {
    double value; /**< the best estimate */
    double low;   /**< lower end of the interval */
    double high;  /**< upper end of the interval */
} mech_estimate;

/** What a species is in a rate law. */
typedef enum mech_order_of {
    MECH_ORDER_OF_CATALYST,  /**< as weighed in or, where the runs hold it, as measured on the cycle */
    MECH_ORDER_OF_SUBSTRATE, /**< S */
    MECH_ORDER_OF_REACTANT,  /**< a further reactant or an additive */
    MECH_ORDER_OF_PRODUCT    /**< P */
} mech_order_of;

/** How the rate goes with the concentration of one species. */
typedef struct mech_order {
    const char *species; /**< "cat", "S", "P" or the reactant's name */
    mech_order_of of;    /**< what it is */
    bool estimated;      /**< false: the runs do not tell, and the remark says why */
    mech_estimate order; /**< the exponent; NaN where it was not estimated */
    double least;        /**< its smallest amount at the start of the runs */
    double most;         /**< its largest one */
    double consumed;     /**< how much of it goes with one unit of extent; 0: none, negative: it is formed */
    const char *remark;  /**< a sentence; "" where there is nothing to say */
} mech_order;

/** One run of a kinetic analysis. */
typedef struct mech_kinetic_run {
    const char *name;           /**< as in the run set */
    bool used;                  /**< false: left out, and a remark says why; all below is then 0 or NULL */
    bool followed_product;      /**< the extent was read from P; else from S */
    double start_substrate;     /**< [S]0 */
    double conversion;          /**< extent at the end over [S]0 */
    mech_estimate initial_rate; /**< d(extent)/dt at the start */
    mech_estimate highest_rate; /**< the fastest that it becomes */
    mech_estimate initial_tof;  /**< the first over the catalyst weighed in: apparent turnovers a unit of time */
    mech_estimate highest_tof;  /**< the second likewise */
    double ton;                 /**< turnovers at the end: extent over the catalyst weighed in */
    double noise;               /**< standard deviation of a reading around the run's own smooth course */
    double factor;              /**< how much faster the run is than the orders say; 1: not at all; NaN: no orders */
    size_t n_readings;          /**< that were used, in the order of time; the first is the start */
    const double *time;         /**< [n_readings]; of long runs each stands for several that were measured */
    const double *extent;       /**< [n_readings]: product formed or substrate consumed */
    const double *normalised;   /**< [n_readings]: time normalised by the orders, in the unit of time */
    size_t n_curve;             /**< points of the smooth course */
    const double *curve_extent; /**< [n_curve] */
    const double *curve_rate;   /**< [n_curve]: d(extent)/dt there */
    const double *curve_low;    /**< [n_curve]: its interval */
    const double *curve_high;   /**< [n_curve] */
    const double *curve_normalised; /**< [n_curve]: the rate over what the orders say of the amounts there, so that
                                       runs overlay; NULL where no orders were estimated */
} mech_kinetic_run;

/** How two runs of a pair differ. */
typedef enum mech_pair_kind {
    MECH_PAIR_REPEAT,              /**< in nothing */
    MECH_PAIR_SAME_EXCESS,         /**< the second starts as if part of the first had reacted, without its product */
    MECH_PAIR_SAME_EXCESS_PRODUCT, /**< the same with the product that would have formed */
    MECH_PAIR_PRODUCT_ADDED,       /**< in product at the start alone */
    MECH_PAIR_DIFFERENT_EXCESS,    /**< in one reactant alone */
    MECH_PAIR_DIFFERENT_CATALYST   /**< in the catalyst alone */
} mech_pair_kind;

/** What two runs that differ in one thing say of it. */
typedef struct mech_run_pair {
    mech_pair_kind kind; /**< how they differ */
    size_t first;        /**< a run of the set, from 0 */
    size_t second;       /**< another one */
    const char *species; /**< what they differ in, "" where in nothing */
    bool compared;       /**< false: they have too little in common, and the finding says so */
    double from;         /**< concentration of S from which both were watched */
    double to;           /**< concentration of S to which both were watched */
    mech_estimate ratio; /**< rate of the second over rate of the first at the same S; of different catalyst or excess
                            NaN: there the order says it */
    mech_estimate order; /**< of different catalyst or excess: the order in `species`; else NaN */
    const char *finding; /**< what that means, a sentence */
} mech_run_pair;

/** How well runs overlay, each as a share of the largest extent: how far readings lie from one common curve (robustly:
 * root mean square over runs of the median absolute deviation of each, as a standard deviation). No unit matters. */
typedef struct mech_overlay {
    double before; /**< over time as measured */
    double after;  /**< over normalised time */
    double noise;  /**< each run around a curve of its own: what `after` comes to where the orders say everything */
    double spread; /**< standard deviation of ln of what runs are faster or slower by than the orders say */
} mech_overlay;

/** A kinetic analysis. Everything belongs to it. Threads: may be read by any number. */
typedef struct mech_kinetics {
    double level;                   /**< of all intervals */
    const char *time_unit;          /**< as in the run set */
    const char *concentration_unit; /**< as in the run set */
    size_t n_runs;                  /**< of the run set */
    const mech_kinetic_run *runs;   /**< [n_runs] */
    size_t n_orders;                /**< one for each species of which the runs know an amount */
    const mech_order *orders;       /**< [n_orders] */
    bool normalised;                /**< an order was estimated and runs were normalised */
    mech_overlay overlay;           /**< where they were */
    size_t n_pairs;                 /**< of runs that differ in one thing */
    const mech_run_pair *pairs;     /**< [n_pairs] */
    size_t n_remarks;               /**< sentences */
    const char *const *remarks;     /**< [n_remarks]: what was assumed, what was left out, what to beware of */
} mech_kinetics;

/** What an analysis takes for granted. */
typedef struct mech_kinetics_options {
    size_t size;          /**< sizeof(mech_kinetics_options) */
    uint64_t seed;        /**< of the bootstrap */
    size_t n_draws;       /**< of the bootstrap: 20 to 10,000 */
    double level;         /**< of intervals, above 0 and below 1 */
    double loading_error; /**< standard deviation of ln of a run's rate from errors in weighing and the like, 0 to 1 */
    char follow;          /**< 'S' or 'P': from what extents are read; 0: P where all runs have it, else S */
} mech_kinetics_options;

/** Fills options[size] with the defaults, for mech_kinetics_options_default(). */
MECH_PUBLIC void mech_kinetics_options_init(mech_kinetics_options *options, size_t size);
/** Seed 1, 400 draws, level 0.95, loading error 0.05, follow 0. */
static inline mech_kinetics_options mech_kinetics_options_default(void) {
    mech_kinetics_options options;
    mech_kinetics_options_init(&options, sizeof options);
    return options;
}

/** Orders by variable-time normalisation, rates, turnovers, and pairs of runs by reaction progress kinetic analysis
 * (docs/kinetics.md); no mechanism is assumed. options may be NULL. Same runs, same options: same bits. Fails with
 * MECH_INVALID_INPUT where no run can be used. The caller frees *kinetics. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_kinetics_analyse(const mech_run_set *set,
                                                              const mech_kinetics_options *options,
                                                              mech_kinetics **kinetics, mech_error *error);

/** Frees an analysis; accepts NULL. */
MECH_PUBLIC void mech_kinetics_free(mech_kinetics *kinetics);

/** "same excess", and so on; static. */
MECH_PUBLIC const char *mech_pair_kind_name(mech_pair_kind kind);

/** @} */

/* ----------------------------------------------------------------------------------------------- fits of run sets */

/** @defgroup fits Fits of run sets
 * @{ */

/** What is to be fitted, and what is known of the experiment. NaN: not known, and estimated with the prior of the
 * design `laboratory` (docs/fits.md); 0: none at all. */
typedef struct mech_fit_options {
    size_t size;                             /**< sizeof(mech_fit_options) */
    const mech_mechanism *const *mechanisms; /**< [n_mechanisms], which outlive the fits; NULL: M1 to M20 */
    size_t n_mechanisms;                     /**< of these */
    const double *prior_odds;                /**< [n_mechanisms]: what was known before the data; NULL: all the same */
    double loading_error; /**< standard deviation of ln of the catalyst of a run over what is written */
    double start_error;   /**< the same of [S]0 and [P]0 */
    double clock_error;   /**< of a run's clock, as a share of the run's length */
    double noise;         /**< of a reading, as a share of the standard [S]0 */
    bool gaussian; /**< noise is normal; false: Student's t with 4 degrees of freedom, to which outliers cost little */
    bool fast;     /**< Laplace's approximation of the evidence instead of sampling */
    uint64_t seed; /**< fixes every random choice */
    int threads;   /**< 0: all cores; results do not depend on it */
    const mech_parts *parts; /**< says how much of the second reactant B one turnover takes, and what `composed` has to
                                choose from; NULL: the built-in parts, and 1 */
    bool composed; /**< searches all compositions with up to three parts beside the cycle for the best explanations;
                      `mechanisms` and `prior_odds` are not read */
    double response_error; /**< standard deviation of ln of the factors on all S and on all P; 0: none, and all that S
                              becomes is seen as P */
    const char *prior;     /**< of the rate constants: "wide", a file with ranges (docs/data.md), or such ranges
                              themselves, each line with its end; not with `composed`. Only ratios of rate constants
                              count: the unit of time of the ranges is not that of the readings. */
} mech_fit_options;

/** Fills options[size] with the defaults, for mech_fit_options_default(). */
MECH_PUBLIC void mech_fit_options_init(mech_fit_options *options, size_t size);
/** M1 to M20, nothing known, the wide prior, Student's t, sampling, seed 1, all cores. */
static inline mech_fit_options mech_fit_options_default(void) {
    mech_fit_options options;
    mech_fit_options_init(&options, sizeof options);
    return options;
}

/** What readings say of a quantity. */
typedef enum mech_verdict {
    MECH_DETERMINED,  /**< within a factor of ten at 95 % */
    MECH_BOUNDED,     /**< from one side, or from both but less closely */
    MECH_UNDETERMINED /**< little more than was known beforehand */
} mech_verdict;

/** "determined", "bounded" or "undetermined"; static. */
MECH_PUBLIC const char *mech_verdict_name(mech_verdict verdict);

/** A rate constant, or a combination of some, in the units of the run set. */
typedef struct mech_quantity {
    const char *name;        /**< "k-1", "KM" */
    mech_estimate interval;  /**< median, and the interval that holds 95 % of the posterior */
    int concentration_power; /**< its unit: concentration to this power ... */
    int time_power;          /**< ... times time to that */
    mech_verdict verdict;    /**< how well it is known */
} mech_quantity;

/** What a run's errors came out as. */
typedef struct mech_run_estimate {
    const char *name;              /**< of the run */
    mech_estimate catalyst_factor; /**< catalyst at hand over catalyst written */
    mech_estimate clock_offset;    /**< by which the written times are early, in the run set's unit */
    mech_estimate start_factor;    /**< [S]0 at hand over [S]0 written */
    mech_estimate highest_tof;     /**< turnover frequency where the run is fastest: d[P]/dt over the catalyst at hand,
                                      turnovers in the run set's unit of time; NaN without catalyst, below, too */
    mech_estimate ton;             /**< turnovers by the run's last reading: P formed over the catalyst at hand */
    mech_estimate half_life;       /**< time by which half of the catalyst is lost, simulated to ten times the run's
                                      length; infinite: later; NaN where the mechanism loses none */
    const char *resting_state;     /**< the form that holds most of what is not lost, averaged over the run */
    mech_estimate resting_share;   /**< the share of all catalyst that it holds */
    const char *remarks;           /**< what its errors came out as, a sentence a line, each with a newline; "": nothing
                                      beside what is written */
} mech_run_estimate;

/** One mechanism and what the readings say of it. */
typedef struct mech_mechanism_fit {
    const mech_mechanism *mechanism; /**< which */
    bool fitted;                     /**< false: no simulation came to its end, and the rest says nothing */
    double probability;              /**< evidence times prior odds, of all mechanisms together 1 */
    double log_evidence;             /**< ln of the probability of the readings under the mechanism, per unit of [S]0 */
    double log_evidence_error;       /**< its standard error from sampling; infinite where it was not sampled */
    double effective_samples;        /**< independent samples that it stands on; 0 where it was not sampled */
    double deviation;                /**< root mean square of best curves minus readings, as a share of [S]0 */
    double noise;                    /**< standard deviation found, the part that is the same for all readings */
    double proportional_noise;       /**< the part that grows with the reading */
    double chi2;                     /**< sum of squared deviations in units of the noise */
    double dof;                      /**< readings less rate constants and unknown amounts */
    double aicc;                     /**< Akaike's criterion, corrected for few readings */
    double bic;                      /**< Schwarz's criterion */
    size_t n_rate_constants;         /**< of the mechanism, and the unknown start amount behind them where it has one */
    const mech_quantity *rate_constants; /**< [n_rate_constants] */
    size_t n_derived;                    /**< combinations that have a name (kcat, KM, ...), then, of a mechanism
                                            within reach, TOF, TON and half-life of the first run of standard [S]0 */
    const mech_quantity *derived;        /**< [n_derived] */
    size_t n_runs;                       /**< of the run set; 0 where the mechanism is out of reach */
    const mech_run_estimate *runs;       /**< [n_runs] */
    const char *rate_law;       /**< in the limit that the readings determine, for mechanisms whose cycle binds S and
                                   then gives off P: "rate = kcat [cat] [S] / (KM + [S])"; else NULL */
    const char *rate_law_latex; /**< the same for papers */
} mech_mechanism_fit;

/** The probability of a class of mechanisms. */
typedef struct mech_class_probability {
    mech_class mechanism_class; /**< which */
    double probability;         /**< of its mechanisms together */
} mech_class_probability;

/** Catalyst that is not lost and not waiting to be activated, as a share of all, averaged over mechanisms. */
typedef struct mech_active_catalyst {
    const char *run;            /**< its name */
    size_t n_times;             /**< from the run's start to its end */
    const double *time;         /**< [n_times], in the run set's unit */
    const mech_estimate *share; /**< [n_times] */
} mech_active_catalyst;

/** Whether any of the mechanisms explains the readings. */
typedef struct mech_none_of_these {
    double p_value; /**< how often curves of the right mechanism miss readings as badly as the best one does */
    bool flagged;   /**< below 0.05 */
} mech_none_of_these;

/** How probable it is that a part is there. */
typedef struct mech_part_presence {
    const char *row;    /**< "loss" */
    const char *part;   /**< "M12"; NULL: any part of the row */
    const char *title;  /**< what it does; NULL where part is */
    double probability; /**< of all mechanisms that have it, together */
} mech_part_presence;

/** Fits of a run set. Everything belongs to them. Threads: may be read by any number, with curves, bands and draws. */
typedef struct mech_fits {
    size_t n_mechanisms;                   /**< that were asked for */
    const mech_mechanism_fit *mechanisms;  /**< [n_mechanisms], most probable first */
    size_t n_classes;                      /**< that occur */
    const mech_class_probability *classes; /**< [n_classes], most probable first */
    size_t n_alike; /**< the first so many mechanisms by evidence that the readings cannot tell apart (a factor of ten);
                       0 where the best stands alone */
    const char *const *alike;           /**< [n_alike]: their ids */
    mech_none_of_these none_of_these;   /**< whether one of them explains the readings */
    size_t n_runs;                      /**< of the run set */
    const mech_active_catalyst *active; /**< [n_runs] */
    size_t n_readings;                  /**< that were fitted */
    size_t n_warnings;                  /**< what to mind before anything else */
    const char *const *warnings;        /**< [n_warnings]: sentences, what weighs most first */
    size_t n_parts;                     /**< of a search among compositions; 0 of other fits */
    const mech_part_presence *parts;    /**< [n_parts], row by row: the row, then its parts, most probable first */
    size_t n_searched;                  /**< compositions that were tried */
    size_t
        n_family; /**< the first so many mechanisms are at least a twentieth as probable as the best; 0 of other fits */
} mech_fits;

/** Fits mechanisms to all readings of a run set: S, P, the second reactant, the active catalyst (docs/fits.md). options
 * may be NULL. Fails with MECH_INVALID_INPUT where there is nothing to fit, with MECH_STOPPED where the progress
 * object, which may be NULL, asks for it. The caller frees *fits, which do not need the run set any more. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_fit_run_set(const mech_run_set *set, const mech_fit_options *options,
                                                         const mech_progress *progress, mech_fits **fits,
                                                         mech_error *error);

/** The probabilities alone that mech_fit_run_set() finds for n run sets: probabilities[n][n_mechanisms], in the order
 * of options->mechanisms. Run sets are shared out over the threads; results do not depend on their number. A run set
 * that cannot be fitted ends it with the status and message that mech_fit_run_set() has for it, its number in front. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_fit_run_sets(size_t n, const mech_run_set *const *sets,
                                                          const mech_fit_options *options,
                                                          const mech_progress *progress, float *probabilities,
                                                          mech_error *error);

/** Frees fits; accepts NULL. */
MECH_PUBLIC void mech_fits_free(mech_fits *fits);

/** The best curves of fits->mechanisms[rank] for a run, 0 to n_runs - 1, at ascending times[n_times] of its clock, in
 * the run set's units and as the readings show them: substrate[n_times], product[n_times]. Fails with
 * MECH_INVALID_ARGUMENT where the mechanism was not fitted. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_fits_curves(const mech_fits *fits, size_t rank, size_t run, size_t n_times,
                                                         const double *times, double *substrate, double *product,
                                                         mech_error *error);

/** The same as median and interval that holds 95 % of the posterior, with the errors that runs may have. Fails with
 * MECH_INVALID_ARGUMENT where the mechanism is out of reach (its n_runs is 0). */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_fits_bands(const mech_fits *fits, size_t rank, size_t run, size_t n_times,
                                                        const double *times, mech_estimate *substrate,
                                                        mech_estimate *product, mech_error *error);

/** Which share of a run's catalyst is in which species of fits->mechanisms[rank]: share[n_times][n_species], 0 for
 * species that hold none; intervals, times and failures as of mech_fits_bands(). */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_fits_catalyst(const mech_fits *fits, size_t rank, size_t run,
                                                           size_t n_times, const double *times, mech_estimate *share,
                                                           mech_error *error);

/** n samples of the posterior of fits->mechanisms[rank], all alike in weight: values[n][n_rate_constants] in the units
 * of the run set. Fails with MECH_INVALID_ARGUMENT where the mechanism was not fitted. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_fits_draws(const mech_fits *fits, size_t rank, size_t n, double *values,
                                                        mech_error *error);

/** The runs that were fitted, which belong to the fits. */
MECH_PUBLIC const mech_run_set *mech_fits_runs(const mech_fits *fits);

/** One file of a problem. (The element of an array: it stays as it is.) */
typedef struct mech_petab_file {
    const char *path;    /**< from the problem's folder, with '/' between folders: "v2/conditions.tsv" */
    const char *content; /**< its text */
} mech_petab_file;

/** A problem of PEtab. Everything belongs to it. Threads: may be read by any number. */
typedef struct mech_petab {
    size_t n_files;               /**< of the problem */
    const mech_petab_file *files; /**< [n_files] */
} mech_petab;

/** What was fitted of fits->mechanisms[rank] as a problem of parameter estimation, for pyPESTO, COPASI and others: the
 * model in SBML, tables and problem file of PEtab version 1 (Schmiester et al., PLoS Comput. Biol. 17 (2021) e1008646),
 * and in the folder v2 those of version 2. Nominal values are the best point; what was known of the runs' errors stands
 * as priors (docs/interchange.md). Times are by the clock of the reaction: the offset of each run's clock is added to
 * them. Noise is normal with the standard deviation that chi2 is counted in. Fails with MECH_INVALID_ARGUMENT where the
 * mechanism was not fitted. The caller frees *petab. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_fits_petab(const mech_fits *fits, size_t rank, mech_petab **petab,
                                                        mech_error *error);

/** Frees a problem; accepts NULL. */
MECH_PUBLIC void mech_petab_free(mech_petab *petab);

/** How a further experiment is looked for. */
typedef struct mech_advice_options {
    size_t size;    /**< sizeof(mech_advice_options) */
    size_t n_draws; /**< of the posterior of each mechanism, even, 20 or more */
    uint64_t seed;  /**< fixes every random choice */
    int threads;    /**< 0: all cores; results do not depend on it */
} mech_advice_options;

/** Fills options[size] with the defaults, for mech_advice_options_default(). */
MECH_PUBLIC void mech_advice_options_init(mech_advice_options *options, size_t size);
/** 200 draws, seed 1, all cores. */
static inline mech_advice_options mech_advice_options_default(void) {
    mech_advice_options options;
    mech_advice_options_init(&options, sizeof options);
    return options;
}

/** One run that could be measured next, in the units of the run set, and what it is expected to tell. (The element of
 * an array: it stays as it is.) */
typedef struct mech_advised_run {
    const char *what;     /**< in words: "half of the lowest loading" */
    double s0;            /**< substrate at its start */
    double p0;            /**< product at its start */
    double cat0;          /**< catalyst */
    double length;        /**< the time of its last reading */
    size_t n_readings;    /**< of each species */
    const char *times;    /**< when it is read: "evenly", "mostly early" */
    const char *species;  /**< what is read: "S", "P" or "S and P" */
    double expected_drop; /**< of the entropy of the mechanisms' probabilities, nats: 0 to mech_advice.entropy, a lower
                             bound in expectation */
    double error;         /**< its standard error from sampling */
} mech_advised_run;

/** What to measure next. Everything belongs to it. Threads: may be read by any number. */
typedef struct mech_advice {
    double entropy;               /**< of the probabilities of the mechanisms within reach now, nats */
    size_t n;                     /**< runs that were considered; 0 where one mechanism alone is left */
    const mech_advised_run *runs; /**< [n], what is expected to tell most first */
} mech_advice;

/** Considers about a dozen further runs and says of each how far the entropy of the mechanisms' probabilities is
 * expected to fall (Lindley, Ann. Math. Stat. 27 (1956) 986), by simulation from the posterior of the fits: readings of
 * one half of the draws are judged by normal distributions with mean and covariance of the other half (Box & Hill,
 * Technometrics 9 (1967) 57), whose expected gain is a lower bound of what can be learned (docs/fits.md). Mechanisms
 * below 0.1 % take no part. options may be NULL. MECH_INVALID_ARGUMENT where a number of the options makes no sense.
 * The caller frees *advice, which does not need the fits any more. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_fits_advise(const mech_fits *fits, const mech_advice_options *options,
                                                         mech_advice **advice, mech_error *error);

/** Frees advice; accepts NULL. */
MECH_PUBLIC void mech_advice_free(mech_advice *advice);

/** @} */

/* ----------------------------------------------------------------------------------------------------- experiment */

/** @defgroup experiment Experiment
 * @{ */

/** Measured runs in the units of their file. Threads: may be read by any number. */
typedef struct mech_experiment mech_experiment;

/** What a table does not say of itself. Values of starts and catalysts are one for each run, in the order of the file,
 * or one for all; in the file's unit. */
typedef struct mech_experiment_options {
    size_t size;               /**< sizeof(mech_experiment_options) */
    const char *columns;       /**< which column is what where the table leaves it open, "time=1,S=Silane,P=Silanol":
                                    NAME=HEADER or NAME=NUMBER, NAME being time, S, P, B, cat, active, run, S0, P0, B0,
                                    conversion, yield, species, value or standard; NULL: by headers, units and numbers */
    const char *runs;          /**< the runs to be used, by name or number, "A,B,C"; NULL: all */
    const char *unit;          /**< units that headers do not name, "time=min,S=mM"; NULL: as the file says */
    const char *loading_basis; /**< "own" or "standard": whether mol % count from a run's own [S]0 or from the
                                    standard's; NULL: the one under which loadings repeat, else the own */
    size_t n_s0;               /**< values of s0; 0: as the file says */
    const double *s0;          /**< [n_s0]: substrate at the start */
    size_t n_p0;               /**< values of p0; 0: as the file says, else 0 */
    const double *p0;          /**< [n_p0]: product at the start */
    size_t n_b0;               /**< values of b0; 0: as the file says */
    const double *b0;          /**< [n_b0]: second reactant at the start */
    size_t n_cat0;             /**< values of cat0; 0: as the file says */
    const double *cat0;        /**< [n_cat0]: catalyst as weighed in */
    const char *cat0_unit;     /**< their unit, "mol %" or "mM"; NULL: the file's */
    bool ignore_saved;         /**< pass over a reading that was saved beside the file */
    const char *response;      /**< what areas and integrals are multiplied with, "S=2.1e-6,P=1.9e-6"; beside an
                                    internal standard their ratio to it, and "standard=0.05" is its concentration; NULL:
                                    by [S]0 and the mass balance */
    const char *s0_unit;       /**< the unit of s0, "mM"; one for each value with commas between them, or one for all;
                                    NULL: the file's. cat0_unit may be such a list, too */
    const char *p0_unit;       /**< the same of p0; "%" and "equiv" count from the run's [S]0 */
    const char *b0_unit;       /**< the same of b0 */
} mech_experiment_options;

/** Fills options[size] with the defaults, for mech_experiment_options_default(). */
MECH_PUBLIC void mech_experiment_options_init(mech_experiment_options *options, size_t size);
/** Everything as the table says. */
static inline mech_experiment_options mech_experiment_options_default(void) {
    mech_experiment_options options;
    mech_experiment_options_init(&options, sizeof options);
    return options;
}

/** Reads kinetic runs from a text table, an Excel workbook or an OpenDocument spreadsheet (docs/kinetic-tables.md).
 * Messages are "file:line: what is wrong; what was expected". A file NAME.mechanist beside NAME.csv, as
 * mech_experiment_save_reading() writes it, fills in options that are not given. options may be NULL. "-" is standard
 * input. The caller frees *experiment. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_experiment_read(const char *path, const mech_experiment_options *options,
                                                             mech_experiment **experiment, mech_error *error);

/** Reads several files as one experiment, 1 or more; a run that no table names has its file's name. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_experiment_read_files(size_t n_files, const char *const *paths,
                                                                   const mech_experiment_options *options,
                                                                   mech_experiment **experiment, mech_error *error);

/** The headers of the columns of the files' tables, in their order, before anything is understood of them: what
 * options->columns may name. A column that has none is called "column 3". Of columns that come again for each run
 * there is one. *headers [*n_headers] is one piece of memory, freed with mech_free(); NULL where the call fails.
 * options may be NULL. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_experiment_list_headers(size_t n_files, const char *const *paths,
                                                                     const mech_experiment_options *options,
                                                                     size_t *n_headers, char ***headers,
                                                                     mech_error *error);

/** mech_experiment_read() from bytes[length] in memory, which may be any of these formats; `name` stands for the file
 * in messages. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_experiment_parse(const char *bytes, size_t length, const char *name,
                                                              const mech_experiment_options *options,
                                                              mech_experiment **experiment, mech_error *error);

/** Writes the options that a table was read with to NAME.mechanist beside the table NAME.csv; *written, which may be
 * NULL, receives that path (freed with mech_free()). */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_experiment_save_reading(const char *path,
                                                                     const mech_experiment_options *options,
                                                                     char **written, mech_error *error);

/** What is known of a run besides its numbers. */
typedef struct mech_run_account {
    const char *kind;     /**< "standard", "different catalyst", "same excess", "product added", "different excess",
                               "replicate" or "blank" */
    bool used;            /**< whether run sets hold it */
    const char *left_out; /**< why it is not used; NULL where it is */
    double noise;         /**< standard deviation of a reading as its neighbours tell it, in the unit of concentration;
                               NaN where there are too few */
    double conversion;    /**< of substrate at the last reading, as a share of [S]0 */
} mech_run_account;

/** The account of a run, 0 to n_runs - 1; NULL behind the last. It belongs to the experiment. */
MECH_PUBLIC const mech_run_account *mech_experiment_account(const mech_experiment *experiment, size_t run);

/** How many columns were understood. */
MECH_PUBLIC size_t mech_experiment_n_columns(const mech_experiment *experiment);

/** What the column was taken for ("S", or its own header where it is a further species); NULL behind the last. */
MECH_PUBLIC const char *mech_experiment_column_role(const mech_experiment *experiment, size_t column);

/** The header of the column; NULL behind the last. */
MECH_PUBLIC const char *mech_experiment_column_header(const mech_experiment *experiment, size_t column);

/** The experiment of runs in memory, as they are, with all their species; negative readings are noise. Kinds of runs,
 * what is left out and warnings are those that a table of them would give. `name` names it in messages and figures.
 * MECH_INVALID_INPUT where a run has no reading of S or P after t = 0. The caller frees *experiment. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_experiment_of_runs(const mech_run_set *runs, const char *name,
                                                                mech_experiment **experiment, mech_error *error);

/** Frees an experiment; accepts NULL. */
MECH_PUBLIC void mech_experiment_free(mech_experiment *experiment);

/** How many runs the file holds, with those that cannot be used. */
MECH_PUBLIC size_t mech_experiment_n_runs(const mech_experiment *experiment);

/** The runs that can be used, in the units of the file; of more than MECH_MOST_RUNS those that differ most, which a
 * warning says. It belongs to the experiment. */
MECH_PUBLIC const mech_run_set *mech_experiment_runs(const mech_experiment *experiment);

/** One run, 0 to n_runs - 1, which belongs to the experiment; NULL behind the last. */
MECH_PUBLIC const mech_run *mech_experiment_run(const mech_experiment *experiment, size_t run);

/** The unit of time that the headers name, "" where they name none. */
MECH_PUBLIC const char *mech_experiment_time_unit(const mech_experiment *experiment);

/** The unit of concentration that the headers name, "" where they name none. */
MECH_PUBLIC const char *mech_experiment_concentration_unit(const mech_experiment *experiment);

/** How many assumptions were made in reading. */
MECH_PUBLIC size_t mech_experiment_n_warnings(const mech_experiment *experiment);

/** One of them as a sentence, 0 to n_warnings - 1; it belongs to the experiment; NULL behind the last. */
MECH_PUBLIC const char *mech_experiment_warning(const mech_experiment *experiment, size_t warning);

/** A mechanism in the order of probability. */
typedef struct mech_ranked {
    const mech_mechanism *mechanism; /**< NULL where the model does not say what the label is */
    const char *id;                  /**< "M6" */
    double probability;              /**< of all mechanisms together 1 */
} mech_ranked;

/** The conformal set of one level (mech_model_conformal_threshold()). */
typedef struct mech_conformal_set {
    double level;            /**< 0.95 or 0.99 */
    size_t n_mechanisms;     /**< of the set */
    const char **mechanisms; /**< [n_mechanisms]: ids, most probable first */
} mech_conformal_set;

/** How a network of four runs saw an experiment. */
typedef struct mech_four_runs {
    double time_unit; /**< one unit of the network's time in the file's unit: the longest run's last time that counts
                         (docs/kinetic-tables.md) */
    bool own_times;   /**< each run's times were divided by its own last time instead (design fixed-window) */
    double concentration_unit; /**< the same for concentrations: run 1's [S]0 */
    size_t n_points_used;      /**< after t = 0, of each run */
    size_t run_order[4];       /**< which run of the experiment was its run 1, 2, 3 and 4 (same excess) */
    double loadings[4];        /**< as it saw them */
} mech_four_runs;

/** The answer to one experiment. Everything belongs to it. Threads: may be read by any number. */
typedef struct mech_answer {
    size_t n_ranked;                       /**< mechanisms that there are to choose from */
    mech_ranked *ranked;                   /**< [n_ranked], most probable first */
    double credible_level;                 /**< of the credible set, as asked for */
    size_t credible_size;                  /**< the first so many of `ranked` */
    size_t n_classes;                      /**< that occur; 0 where the mechanisms of labels are not known */
    const mech_class_probability *classes; /**< [n_classes], most probable first */
    size_t
        n_alike; /**< mechanisms that the readings cannot tell apart (mech_fits); 0 where the network alone answers */
    const char *const *alike;         /**< [n_alike]: their ids */
    mech_none_of_these none_of_these; /**< whether one of them explains the readings; p_value is NaN where nothing was
                                         fitted */
    size_t n_warnings;                /**< sentences */
    char **warnings; /**< what puts the answer in doubt, what was assumed, what lies outside the training range */
    size_t n_doubts; /**< the first so many warnings put the answer itself in doubt: no mechanism explains the readings,
                        the best fit misses them, runs that start alike end apart, an assumption without which another
                        mechanism would come first */
    bool exact;      /**< loadings, times, starts and responses were taken as exact (mech_classify_options) */
    const mech_fits *fits; /**< what the answer stands on, in the order of probability, of the mechanisms that were not
                              ruled out; NULL where the network alone answered */
    const char *model;     /**< what answered: "fits", "set network, design laboratory" */
    bool calibrated;       /**< whether a network's probabilities took part and are calibrated ones */
    size_t n_conformal; /**< 0 where there are none: of an answer by fits, of inexact experiments, of a network without
                           thresholds for them */
    const mech_conformal_set *conformal; /**< [n_conformal]: of what the data say, without prior odds; mechanisms that
                                            were ruled out are left out */
    const mech_four_runs *four;          /**< how a network of four runs saw them; NULL where none was asked */
} mech_answer;

/** How probable a mechanism was before the data. */
typedef struct mech_prior_odds {
    const char *id; /**< "M6" */
    double odds;    /**< relative to 1, the odds of every mechanism that is not named; 0: ruled out */
} mech_prior_odds;

/** What else is known than the data, and who is asked. */
typedef struct mech_classify_options {
    size_t size;                       /**< sizeof(mech_classify_options) */
    const char *const *among;          /**< [n_among]: ids of the mechanisms that come into question; n_among 0: all */
    size_t n_among;                    /**< 0: all mechanisms come into question */
    const mech_prior_odds *prior_odds; /**< [n_prior_odds]: what was known before the data */
    size_t n_prior_odds;               /**< 0: all are equally probable */
    double credible_level;             /**< 0: 0.95 */
    bool exact; /**< loadings, times, starts and responses are exact, as in simulated experiments. A network of four
                   runs is then asked once, and its conformal sets count; else its probabilities are averaged over the
                   errors that experiments have, and conformal sets, which promise nothing then, are left out. A network
                   of run sets is told that there are no errors; its conformal sets count where it is not */
    bool fast;  /**< the network alone answers, in milliseconds and less well (docs/classify.md) */
    bool uncalibrated; /**< take a network's probabilities as it gives them, also where it is calibrated */
    const mech_mechanism *const *mechanisms; /**< [n_mechanisms]: what is fitted where there is no model; NULL: M1 to
                                                M20 */
    size_t n_mechanisms;                     /**< of these */
    uint64_t seed;                           /**< of the sampling (mech_fit_options) */
    int threads;                             /**< 0: all cores; results do not depend on it */
} mech_classify_options;

/** Fills options[size] with the defaults, for mech_classify_options_default(). */
MECH_PUBLIC void mech_classify_options_init(mech_classify_options *options, size_t size);
/** All mechanisms are equally probable; credible level 0.95; fits answer; seed 1, all cores. */
static inline mech_classify_options mech_classify_options_default(void) {
    mech_classify_options options;
    mech_classify_options_init(&options, sizeof options);
    return options;
}

/** Whether an experiment has the shape that networks of four runs were trained on: four runs are used, of which three
 * start alike but for the catalyst and one with less substrate (same excess). */
MECH_PUBLIC bool mech_experiment_suits_four(const mech_experiment *experiment);

/** Names the mechanisms behind an experiment. By default all mechanisms in question are fitted to all readings of its
 * runs, 1 to MECH_MOST_RUNS, as mech_fit_run_set() does, and answer with their evidence (docs/classify.md). They are
 * those that the model's labels stand for or, where model is NULL, options->mechanisms. A network takes part only with
 * options->fast, where it alone answers, calibrated where it can be: networks of four runs see the experiment in their
 * conventions (docs/conventions.md). What the options say of mechanisms multiplies the probabilities (Bayes). An
 * unknown mechanism is MECH_INVALID_ARGUMENT, and so is `fast` without a model. options and progress may be NULL. The
 * caller frees *answer, which needs neither experiment nor model any more. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_classify(const mech_experiment *experiment, const mech_model *model,
                                                      const mech_classify_options *options,
                                                      const mech_progress *progress, mech_answer **answer,
                                                      mech_error *error);

/** Frees an answer; accepts NULL. */
MECH_PUBLIC void mech_answer_free(mech_answer *answer);

/** @} */

/* -------------------------------------------------------------------------------------------------------- figures */

/** @defgroup figures Figures
 * Every function here draws one figure to a target, whole or not at all; the same figure has the same bytes.
 * @{ */

/** In which form a picture is written. */
typedef enum mech_picture_format {
    MECH_PICTURE_BY_ENDING, /**< as the ending of the file says, .svg, .pdf or .png; else SVG */
    MECH_PICTURE_SVG,       /**< scalable, for pages */
    MECH_PICTURE_PDF,       /**< scalable, for papers */
    MECH_PICTURE_PNG        /**< 216 pixels to the inch */
} mech_picture_format;

/** Where a picture goes, and in which form: into a file (`path`) or into memory (`bytes`). */
typedef struct mech_picture_target {
    size_t size;                /**< sizeof(mech_picture_target) */
    const char *path;           /**< the file, which is written atomically; "-": standard output; NULL: memory */
    mech_picture_format format; /**< for a file whose ending is none of the three, and for memory */
    char **bytes;               /**< receives the picture with a NUL behind it, to be freed with mech_free() */
    size_t *length;             /**< receives its length without the NUL; may be NULL */
} mech_picture_target;

/** A picture for a file, whose ending says the form. */
static inline mech_picture_target mech_picture_file(const char *path) {
    mech_picture_target target = {sizeof(mech_picture_target), NULL, MECH_PICTURE_BY_ENDING, NULL, NULL};
    target.path = path;
    return target;
}

/** A picture for memory; `length` may be NULL. */
static inline mech_picture_target mech_picture_memory(mech_picture_format format, char **bytes, size_t *length) {
    mech_picture_target target = {sizeof(mech_picture_target), NULL, MECH_PICTURE_BY_ENDING, NULL, NULL};
    target.format = format;
    target.bytes = bytes;
    target.length = length;
    return target;
}

/** The form that a path's ending names, in capital or small letters; MECH_INVALID_ARGUMENT for any other. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_picture_format_of(const char *path, mech_picture_format *format,
                                                               mech_error *error);

/** The species and reactions of a mechanism as a diagram. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_mechanism(const mech_mechanism *mechanism,
                                                            const mech_picture_target *target, mech_error *error);

/** M1 to M20 on one page, in their classes. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_mechanisms(const mech_picture_target *target, mech_error *error);

/** The measured runs and, where answer is not NULL, the ranking beside them. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_experiment(const mech_experiment *experiment,
                                                             const mech_answer *answer,
                                                             const mech_picture_target *target, mech_error *error);

/** The runs over time and over normalised time, and their rates against the concentration. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_kinetics(const mech_kinetics *kinetics,
                                                           const mech_picture_target *target, mech_error *error);

/** Up to 24 run sets on one page, a panel each with all runs, S and P: names[n] stand above them. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_run_sets(size_t n, const mech_run_set *const *sets,
                                                           const char *const *names, const char *title,
                                                           const mech_picture_target *target, mech_error *error);

/** Fits of a run set: the readings of each run with the curves of the most probable mechanisms and the best one's 95 %
 * band, what is left of the readings, the active catalyst with its band, and the evidence. `title` says of what. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_fits(const mech_fits *fits, const char *title,
                                                       const mech_picture_target *target, mech_error *error);

/** What the readings say of the rate constants of fits->mechanisms[rank]: the distribution of each with its 95 %
 * interval, and how each two go together. MECH_INVALID_ARGUMENT where the mechanism was not fitted. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_fit_constants(const mech_fits *fits, size_t rank, const char *title,
                                                                const mech_picture_target *target, mech_error *error);

/** Five textbook reactions, integrated. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_solver(const mech_picture_target *target, mech_error *error);

/** How many samples of each mechanism a data set holds, a panel a split. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_sample_counts(const mech_dataset *data,
                                                                const mech_picture_target *target, mech_error *error);

/** The four runs of one sample in memory, with its mechanism (NULL: not known) and rate constants.
 * MECH_INVALID_ARGUMENT where there is no such sample. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_profiles(const mech_samples *samples, size_t sample,
                                                           const mech_mechanism *mechanism,
                                                           const mech_picture_target *target, mech_error *error);

/** The runs of one sample of a data file of either format, likewise. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_dataset_sample(const char *path, const char *split, size_t sample,
                                                                 const mech_picture_target *target, mech_error *error);

/** The distribution of each rate constant of each mechanism, beside that which it was drawn from. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_theta_set(const mech_thetas *thetas,
                                                            const mech_picture_target *target, mech_error *error);

/** The same of one mechanism of the set, with how each two rate constants go together. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_theta_pairs(const mech_thetas *thetas, size_t mechanism,
                                                              const mech_picture_target *target, mech_error *error);

/** distances[of->n] of samples to the nearest of others (mech_nearest_distances()): by mechanism of the data set that
 * the samples are of, as violins, and of all as a histogram. `what` says of which samples. MECH_INVALID_INPUT where
 * there are no distances. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_distances(const mech_samples *of, const double *distances,
                                                            const mech_dataset *data, const char *what,
                                                            const mech_picture_target *target, mech_error *error);

/** The layers of a model with their shapes. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_architecture(const mech_model *model,
                                                               const mech_picture_target *target, mech_error *error);

/** Loss and accuracy of one training by epoch, training and validation. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_learning(const mech_learning_curve *curve,
                                                           const mech_picture_target *target, mech_error *error);

/** Loss and accuracy in validation of up to seven trainings, each with any number of seeds, against the samples that
 * were learned from. Names of trainings that differ in the seed alone end in "-" and a number. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_learning_compared(size_t n, const char *const *names,
                                                                    const mech_learning_curve *const *curves,
                                                                    const mech_picture_target *target,
                                                                    mech_error *error);

/** How often each label was taken for each. names[n_labels] name the labels; `title` says of what. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_confusion(const mech_metrics *metrics, const char *const *names,
                                                            const char *title, const mech_picture_target *target,
                                                            mech_error *error);

/** One curve of a reliability diagram. (The element of an array: it stays as it is.) */
typedef struct mech_reliability_series {
    const char *name;            /**< "calibrated" */
    const mech_metrics *metrics; /**< the judgement */
    const mech_metrics *lower;   /**< lower ends of its intervals; NULL: none */
    const mech_metrics *upper;   /**< upper ends */
} mech_reliability_series;

/** How often the most probable label is right against its probability, for one or two series; `what` says of which
 * samples. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_reliability(const mech_reliability_series *series, size_t n,
                                                              const char *title, const char *what,
                                                              const mech_picture_target *target, mech_error *error);

/** The probabilities that one of several models gives to the same samples. (The element of an array: it stays as it
 * is.) */
typedef struct mech_judged_model {
    const char *name;           /**< of the model */
    size_t n;                   /**< samples */
    size_t n_labels;            /**< labels */
    const float *probabilities; /**< [n][n_labels] */
    const uint8_t *labels;      /**< [n] */
} mech_judged_model;

/** How the entropies of right and wrong answers are distributed, a panel a model; `what` says of which samples. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_entropy(const mech_judged_model *models, size_t n, const char *what,
                                                          const mech_picture_target *target, mech_error *error);

/** How many samples have a 95 % and a 99 % credible set of 1, 2, ... mechanisms, and how often the truth is in it. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_credible_sets(const mech_judged_model *models, size_t n,
                                                                const char *what, const mech_picture_target *target,
                                                                mech_error *error);

/** A figure of a model by number of points and noise, as a heat map. MECH_INVALID_ARGUMENT where the grid has no figure
 * of that name. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_grid(const mech_grid *grid, const char *figure,
                                                       const mech_picture_target *target, mech_error *error);

/** @} */

/* --------------------------------------------------------------------------------------------------------- report */

/** @defgroup report Report
 * @{ */

/** What a report says beside the fits. */
typedef struct mech_report_options {
    size_t size;              /**< sizeof(mech_report_options) */
    const char *name;         /**< of the experiment; NULL: what it was read from */
    const char *origin;       /**< what made the answer, for the small print; NULL: this library and its version */
    size_t n_notes;           /**< sentences */
    const char *const *notes; /**< [n_notes]: what to mind; NULL: the experiment's warnings */
    size_t n_doubts;          /**< the first so many put the answer in doubt: they stand above it, in place of whether
                                 any mechanism explains the readings */
} mech_report_options;

/** Fills options[size] with the defaults, for mech_report_options_default(). */
MECH_PUBLIC void mech_report_options_init(mech_report_options *options, size_t size);
/** The experiment's own name and warnings. */
static inline mech_report_options mech_report_options_default(void) {
    mech_report_options options;
    mech_report_options_init(&options, sizeof options);
    return options;
}

/** Fits of an experiment as one page of HTML that needs nothing but itself, for screens of any width and for paper: the
 * verdict, the ranking, the pictures, rate constants and what follows from them with intervals, the errors of the runs,
 * what to mind. options may be NULL. The caller frees *page with mech_free(). */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_report_fits(const mech_experiment *experiment, const mech_fits *fits,
                                                         const mech_report_options *options, char **page,
                                                         mech_error *error);

/** @} */

/* ------------------------------------------------------------------------------------------- models on data files */

/** @defgroup answers Models on data files
 * What the commands predict, evaluate, calibrate, plot and study do.
 * @{ */

/** The name of the design that a model was trained on ("nature", "laboratory"; "own" for one without a name); *name is
 * NULL where the model does not say. The caller frees *name with mech_free(). */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_model_design(const mech_model *model, char **name, mech_error *error);

/** What a model is asked, and about which samples. Texts and library outlive the predictions. */
typedef struct mech_prediction_options {
    size_t size;                 /**< sizeof(mech_prediction_options) */
    const char *model;           /**< as mech_model_find() finds it; NULL: the default one */
    const char *split;           /**< "train", "validation" or "test" */
    const mech_library *library; /**< what labels stand for, where the model does not carry it; may be empty or NULL */
    size_t points;               /**< of format 1: that are kept after t = 0; 0: all */
    double noise;                /**< of format 1: that is added, in units of [S]0 */
    const char *species;         /**< of format 1: "S" or "P", what alone was measured after t = 0; NULL: both */
    uint64_t seed;               /**< of what is dropped and added */
    int threads;                 /**< 0: all cores */
    bool calibrated;             /**< probabilities with the model's calibration */
    bool own_training;           /**< also the samples that the model was trained on, which are refused else */
    bool fits;                   /**< fits of the mechanisms of the model's labels answer in place of the model */
    bool exact; /**< a network of run sets is told that there are no errors but the noise that is added */
} mech_prediction_options;

/** Fills options[size] with the defaults, for mech_prediction_options_default(). */
MECH_PUBLIC void mech_prediction_options_init(mech_prediction_options *options, size_t size);
/** The default model on the test split as it is, seed 1, without calibration, all cores. */
static inline mech_prediction_options mech_prediction_options_default(void) {
    mech_prediction_options options;
    mech_prediction_options_init(&options, sizeof options);
    return options;
}

/** What a model makes of the samples of a data file of either format. Everything belongs to it. Threads: may be read by
 * any number while nobody computes. */
typedef struct mech_predictions {
    const char *path;                    /**< of the data file */
    const char *model_path;              /**< of the model's file */
    const mech_model *model;             /**< itself */
    const mech_dataset *data;            /**< what the file says of itself */
    const char *design;                  /**< of a file of format 2, "design laboratory"; else NULL */
    const mech_samples *samples;         /**< of a file of format 1, what the model saw of them; else NULL */
    const mech_experiments *experiments; /**< of a file of format 2, or of samples for a network of run sets; or NULL */
    size_t n;                            /**< samples or experiments */
    size_t n_labels;                     /**< mechanisms that there are to choose from */
    const uint8_t *labels;               /**< [n] */
    const float *probabilities;          /**< [n][n_labels]; all zero before mech_predictions_compute() */
    const char *words;                   /**< what was judged: "6 points after t = 0, 1 % noise"; "" likewise */
    size_t n_notes;                      /**< sentences */
    const char *const *notes;            /**< [n_notes]: what to mind: model and data are of different designs */
} mech_predictions;

/** Reads the model and a split of a data file, and makes sure that they belong together: labels stand for the same
 * mechanisms, the model reads such samples, and it was not trained on these. MECH_INVALID_INPUT says what is wrong.
 * options may be NULL. The caller frees *predictions. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_predictions_open(const char *path, const mech_prediction_options *options,
                                                              mech_predictions **predictions, mech_error *error);

/** Computes the probabilities, in place of those of an earlier call. The options may differ from the earlier ones in
 * all but model, split, library and fits. MECH_INVALID_INPUT where they ask for what the data or the model do not have.
 * options and progress (of fits) may be NULL. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_predictions_compute(mech_predictions *predictions,
                                                                 const mech_prediction_options *options,
                                                                 const mech_progress *progress, mech_error *error);

/** Frees predictions; accepts NULL. */
MECH_PUBLIC void mech_predictions_free(mech_predictions *predictions);

/** The experiments that have something in common, judged by themselves. (The element of an array: it stays as it is.)
 */
typedef struct mech_slice {
    const char *kind;            /**< what they have in common: "runs" */
    const char *words;           /**< its value: "4" */
    const mech_metrics *metrics; /**< of these experiments, without intervals */
} mech_slice;

/** A judgement of predictions. Everything belongs to it. Threads: may be read by any number. */
typedef struct mech_judgement {
    const mech_metrics *metrics; /**< of all samples */
    const mech_metrics *lower;   /**< lower ends of their 95 % intervals; NULL: none */
    const mech_metrics *upper;   /**< upper ends; NULL: none */
    size_t resamples;            /**< that the intervals come from */
    size_t n_slices;             /**< of experiments (format 2) whose design says what they have in common; else 0 */
    const mech_slice *slices;    /**< [n_slices] */
    const char *rival;           /**< path of the model that was compared with (mech_judgement_compare()); NULL: none */
    const mech_mcnemar *mcnemar; /**< how the two compare; NULL: no rival */
} mech_judgement;

/** mech_predictions_compute() and mech_evaluate_intervals() at once, with slices and, where probabilities are
 * calibrated ones, conformal sets by the model's own thresholds. options, judged and progress may be NULL. The caller
 * frees *judgement. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_predictions_judge(mech_predictions *predictions,
                                                               const mech_prediction_options *options,
                                                               const mech_evaluate_options *judged,
                                                               const mech_progress *progress,
                                                               mech_judgement **judgement, mech_error *error);

/** Frees a judgement; accepts NULL. */
MECH_PUBLIC void mech_judgement_free(mech_judgement *judgement);

/** Asks another model about what the first one saw and enters into the judgement how the two compare (mech_compare()).
 * The other one is calibrated where the first is (or fits answer) and it can be. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_judgement_compare(mech_judgement *judgement,
                                                               const mech_predictions *predictions,
                                                               const mech_prediction_options *options,
                                                               const char *model, mech_error *error);

/** The judgement as one object of JSON on one line, as `mechanist evaluate --json` prints it. The caller frees *text
 * with mech_free(). */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_judgement_json(const mech_judgement *judgement,
                                                            const mech_predictions *predictions,
                                                            const mech_prediction_options *options, char **text,
                                                            mech_error *error);

/** How a table is written. */
typedef enum mech_table_format {
    MECH_TABLE_TEXT, /**< for reading */
    MECH_TABLE_CSV,  /**< for mech_grid_read() and other programs */
    MECH_TABLE_JSON  /**< for programs */
} mech_table_format;

/** At which points and with which noise a model is judged. */
typedef struct mech_grid_lists {
    size_t size;          /**< sizeof(mech_grid_lists) */
    size_t n_points;      /**< 0: 2, 3, 4, 6, 8, 10, 15 and 20 */
    const double *points; /**< [n_points]: after t = 0, whole numbers; 0: all that the data have */
    size_t n_noise;       /**< 0: 0, 0.5, 1, 2 and 5 % */
    const double *noise;  /**< [n_noise], in % of [S]0 */
} mech_grid_lists;

/** The samples judged at each number of points with each noise, as one table. Points and noise of the options are not
 * read. lists, options, judged and progress may be NULL; the progress hears of each cell, and MECH_STOPPED gives no
 * table. The caller frees *table with mech_free(). */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_predictions_grid(mech_predictions *predictions,
                                                              const mech_prediction_options *options,
                                                              const mech_evaluate_options *judged,
                                                              const mech_grid_lists *lists, mech_table_format format,
                                                              const mech_progress *progress, char **table,
                                                              mech_error *error);

/** A model and a data file for its calibration. */
typedef struct mech_calibrate_source {
    size_t size;       /**< sizeof(mech_calibrate_source) */
    const char *model; /**< as mech_model_find() finds it; NULL: the default one */
    const char *data;  /**< a data file of either format */
    const char *split; /**< NULL: "validation" */
    bool own_training; /**< also the samples that the model was trained on, which are refused else */
} mech_calibrate_source;

/** mech_calibrate() or mech_calibrate_experiments() on a split of a data file, which has to fit the model as for
 * mech_predictions_open(). *calibrated is the model with its calibration; the caller frees it. *notes, which may be
 * NULL, receives what to mind, a sentence a line, or NULL where there is nothing (freed with mech_free()). options and
 * report may be NULL. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_calibrate_data(const mech_calibrate_source *source,
                                                            const mech_calibrate_options *options,
                                                            mech_model **calibrated, mech_calibration_report *report,
                                                            char **notes, mech_error *error);

/** @} */

/* ---------------------------------------------------------------------------------------------------------- study */

/** @defgroup study Figures by name, and the study
 * @{ */

/** What a figure is drawn of. Each kind reads what it needs of it (docs/figures.md). */
typedef struct mech_figure_options {
    size_t size;                /**< sizeof(mech_figure_options) */
    const char *subject;        /**< what stands behind the kind on the command line: a mechanism, a network, a file */
    const char *mechanism_file; /**< mechanisms of one's own, a file or a folder of files; NULL: none */
    const char *model;    /**< as mech_model_find() finds it, for some kinds several, "M1,M2"; NULL: the default */
    const char *data;     /**< a data file; NULL: none */
    const char *split;    /**< "train", "validation" or "test"; NULL: "test", of prior the first that has samples */
    const char *figure;   /**< of a grid: mech_metrics_figure.name */
    const char *design;   /**< what is drawn or simulated; NULL: not said */
    const char *prior;    /**< "wide" or a file with ranges; NULL: not said */
    uint64_t sample;      /**< of the split, from 0 on */
    size_t points;        /**< of judgements: that are kept after t = 0; 0: all */
    double noise;         /**< of judgements: that is added, in units of [S]0 */
    size_t thetas;        /**< to draw; 0: 3,000 of each mechanism, 10,000 of one */
    size_t train_samples; /**< of distances: search among so many random ones */
    uint64_t seed;        /**< of points, noise, resamples and what is drawn */
    int threads;          /**< 0: all cores */
    const mech_experiment_options *experiment; /**< how a kinetic table is read; NULL: as it says */
} mech_figure_options;

/** Fills options[size] with the defaults, for mech_figure_options_default(). */
MECH_PUBLIC void mech_figure_options_init(mech_figure_options *options, size_t size);
/** The first sample of the test split, top-1 accuracy, 200,000 training samples, seed 1, all cores. */
static inline mech_figure_options mech_figure_options_default(void) {
    mech_figure_options options;
    mech_figure_options_init(&options, sizeof options);
    return options;
}

/** A kind of figure. (The element of an array: it stays as it is.) */
typedef struct mech_figure_kind {
    const char *name;    /**< "confusion" */
    const char *subject; /**< what mech_figure_options.subject is, in brackets if it may be missing; NULL: none */
    bool takes_data;     /**< a data file is needed */
    const char *summary; /**< what is drawn, half a line */
} mech_figure_kind;

/** The kinds in the order in which they are listed; NULL behind the last. Static. */
MECH_PUBLIC const mech_figure_kind *mech_figure_kind_at(size_t index);

/** Draws the figure of that kind, as `mechanist plot` does. *notes, which may be NULL, receives what to mind, a
 * sentence a line, or NULL where there is nothing (freed with mech_free()). options and progress may be NULL.
 * MECH_INVALID_ARGUMENT where there is no such kind, or something that it needs is missing. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_draw_figure(const char *kind, const mech_figure_options *options,
                                                         const mech_progress *progress,
                                                         const mech_picture_target *target, char **notes,
                                                         mech_error *error);

/** What a study is made of (docs/study.md). */
typedef struct mech_study_options {
    size_t size;              /**< sizeof(mech_study_options) */
    const char *folder;       /**< where to; it is made where it is not there */
    size_t n_samples;         /**< test samples of each design that are made, 1 to 100,000,000 */
    const char *fixed_window; /**< judge on the test split of this data file instead; NULL: make one */
    const char *nature;       /**< the same for design nature */
    const char *laboratory;   /**< the same for design laboratory */
    size_t resamples;         /**< of the bootstrap, at most 1,000,000; 0: no intervals */
    uint64_t seed;            /**< of data, points, noise and resamples */
    int threads;              /**< 0: all cores */
} mech_study_options;

/** Fills options[size] with the defaults, for mech_study_options_default(). */
MECH_PUBLIC void mech_study_options_init(mech_study_options *options, size_t size);
/** Folder "study", 10,000 samples, 1,000 resamples, seed 1, all cores. */
static inline mech_study_options mech_study_options_default(void) {
    mech_study_options options;
    mech_study_options_init(&options, sizeof options);
    return options;
}

/** Makes every table and figure of the published study for the shipped models, and the page FOLDER/index.html with all
 * of them. Data and grids that an earlier call left are kept where they are what the options ask for; same options,
 * same bytes. *page, which may be NULL, receives the page's path (freed with mech_free()). MECH_STOPPED where the
 * progress object asks for it: the same call goes on. options and progress may be NULL. */
MECH_PUBLIC MECH_MUST_CHECK mech_status mech_study(const mech_study_options *options, const mech_progress *progress,
                                                   char **page, mech_error *error);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
