/* Runs while they are built from what was found in a table; for the files of this folder. */
#ifndef MECH_EXPERIMENT_RUNS_BUILDER_H
#define MECH_EXPERIMENT_RUNS_BUILDER_H

#include "experiment/runs/experiment.h"
#include "experiment/words/choice.h"

/* One row of a run, before conversion. */
typedef struct place_in_block {
    uint32_t block, row;
    double time;
} place_in_block;

/* One run while it is built. */
typedef struct builder {
    const table_layout *l;
    const table_numbers *n;
    const mech_experiment_options *options;
    mech_experiment *experiment;
    size_t variables[N_COLUMN_ROLES]; /* SIZE_MAX: none */
    const table_unit *units;          /* [n_variables], as the user or the table says */
    table_unit concentration;         /* that of the results */
    bool moments, product_in_percent;
    bool serial;             /* times are days as spreadsheets count dates */
    cell_place first_sorted; /* where time first runs back, and in which run */
    char first_sorted_run[MAX_LABEL];
    double signals[MOST_VARIABLES];    /* what areas are multiplied with */
    place_in_block *rows;              /* of all runs, one after the other */
    size_t n_gaps, n_sorted, n_of_day; /* readings, runs and runs that notes tell of */
} builder;

/* Which runs an assumption was made in, to be told in one sentence. */
typedef struct assumptions {
    size_t n_product_balanced, n_substrate_balanced, n_p0_assumed, n_p0_balanced;
    size_t n_s0_by_loading; /* [S]0 from a catalyst in mol/L and the run's name with its share */
} assumptions;

/* build.c */

/* Says what follows from the mass balance and not from readings. */
void mech_note_assumptions(mech_experiment *e, const assumptions *assumed);

/* Says in which runs there is more catalyst than substrate. */
void mech_note_much_catalyst(mech_experiment *e);

/* builder.c */

/* A run's value of a variable in one of its rows; NaN where there is none. */
double mech_value_at(const builder *b, const place_in_block *at, size_t v);

/* The unit of a variable in a block: as the user says, else as the table does. */
const table_unit *mech_unit_at(const builder *b, size_t block, size_t v);

/* What a concentration of that unit is multiplied with; exactly 1 where units are alike or one is not named. */
double mech_factor_of(const builder *b, const table_unit *u);

/* The product, and the value itself where the factor is 1. */
double mech_scaled(double value, double factor);

/* Where a row stands, for messages; v may be SIZE_MAX. */
cell_place mech_place_of_row(const builder *b, const place_in_block *at, size_t v);

/* The run's first value of a variable that belongs to the whole run. */
double mech_constant_of(const builder *b, const place_in_block *rows, size_t n_rows, size_t v, size_t *block);

/* The same for one that must not change. */
mech_status mech_settled_constant(const builder *b, const place_in_block *rows, size_t n_rows, column_role role,
                                  double *value, mech_error *error);

/* The amounts that options give. */
typedef enum given_amount { GIVEN_SUBSTRATE, GIVEN_PRODUCT, GIVEN_SECOND, GIVEN_CATALYST, N_GIVEN } given_amount;

/* What an option says of a run, in the unit of the results: one value for all or one for each; NaN: nothing. *share is
 * set where it is a share of substrate. */
double mech_given_value(const builder *b, given_amount which, size_t run, bool *share);

/* Takes the unit of the results from --s0 where the table names none. Refuses units that are none, or none of such an
 * amount, and those that cannot be brought to the table's. */
mech_status mech_check_given_units(builder *b, mech_error *error);

/* The run's name, or its number written into number[room]. */
const char *mech_name_of_run(const builder *b, size_t run, char *number, size_t room);

/* Whether a variable is measured over time. */
bool mech_is_measured(const builder *b, size_t v);

/* What was measured over time in a block, by its rows: values[MOST_VARIABLES]; returns how many. */
size_t mech_list_measured(const builder *b, size_t block, const double **values);

/* What each block's values of a variable are multiplied with: a concentration by its unit, a share of the run's or the
 * standard's substrate by that. */
void mech_find_unit_factors(const builder *b, size_t v, double of_whole, double *factors);

/* signals.c */

/* What areas and integrals are multiplied with, by [S]0 and the mass balance. from[n_runs + 1] are the runs' rows. */
mech_status mech_settle_signals(builder *b, const size_t *from, mech_error *error);

/* starts.c */

/* [S]0: what the caller says goes before a column of its own, and that before the measurement at t = 0. assumed may be
 * NULL. */
mech_status mech_find_substrate_start(const builder *b, size_t run, const place_in_block *rows, size_t n_rows,
                                      double *s0, assumptions *assumed, mech_error *error);

/* [P]0 in the same order; where it is not known what S + P exceeds [S]0 by, else 0. */
mech_status mech_find_product_start(const builder *b, size_t run, const place_in_block *rows, size_t n_rows,
                                    const double *factors, double s0, double *p0, assumptions *assumed,
                                    mech_error *error);

/* The catalyst as it was given: a concentration, or a share with *share set. */
mech_status mech_find_catalyst(const builder *b, size_t run, const place_in_block *rows, size_t n_rows, double *loading,
                               bool *share, mech_error *error);

/* Where shares are counted from: 0, from each run's own [S]0, where all runs begin near 100 %; else the standard's. */
double mech_whole_of_shares(const builder *b, double standard);

/* Turns shares of catalyst into concentrations. A run that starts with less substrate may have been given a share of
 * its own [S]0 or of the standard's: the reading under which its loading is one of the others' is taken. */
mech_status mech_settle_loadings(builder *b, const double *loadings, const bool *shares, mech_error *error);

/* record.c */

/* Builds one run but for its catalyst, which may hang on the standard's [S]0. */
mech_status mech_build_run(builder *b, size_t index, place_in_block *rows, size_t n_rows, double of_whole,
                           mech_run *run, assumptions *assumed, mech_error *error);

/* checks.c */

/* Refuses as many values as fit neither one nor all runs. */
mech_status mech_check_option(const char *what, const char *option, size_t n, size_t n_runs, const char *source,
                              mech_error *error);

/* A cell that is no number in a column of numbers that matters. */
mech_status mech_refuse_texts(const builder *b, mech_error *error);

/* A row that is longer than its header with a number in it is no table that can be trusted. */
mech_status mech_refuse_long_rows(const table_layout *l, mech_error *error);

/* Marks the runs that `runs` names, "A,B,C", as used; NULL: all. What is the name of a run is no number of another.
 * Fails where a name or number is that of no run. */
mech_status mech_choose_runs(const char *runs, mech_experiment *e, mech_error *error);

#endif
