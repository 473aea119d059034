/* What `simulate` is asked for: one trajectory, or a table of them. */
#ifndef MECH_CLI_SIMULATE_TRAJECTORIES_H
#define MECH_CLI_SIMULATE_TRAJECTORIES_H

#include "mechanist.h"

enum { MOST_POINTS = 1000000, MOST_THETA = 32, MOST_AMOUNTS = 16, MOST_TABLE_POINTS = 200000000 };

/* --start X=0,I=0.005 */
typedef struct start_amounts {
    size_t n;
    struct {
        char species[16];
        double amount;
        bool used; /* by one mechanism at least */
    } amounts[MOST_AMOUNTS];
} start_amounts;

/* One row of a table. */
typedef struct trajectory {
    const char *id; /* belongs to the table */
    const mech_mechanism *mechanism;
    size_t line;
    double k[MOST_THETA]; /* of the network's rate constants */
    double s0, p0, cat0, t_end;
    size_t points;
} trajectory;

typedef struct trajectory_table {
    const char *name; /* of the file, for messages; lives as long as the path that was read */
    size_t n, n_points;
    trajectory *rows;
    char *content; /* the file, into which the ids point */
} trajectory_table;

typedef struct simulate_request {
    mech_solver_options solver;
    start_amounts start;
    const mech_mechanism *user; /* of --mechanism-file, or NULL */
    const char *output;
    bool json;
} simulate_request;

/* Reads a table whose columns go by their names; `user` may be NULL. trajectory_table_free() frees what it holds, in
 * any case. Messages are "file:line: column 'name': what is wrong; what was
 * expected". */
mech_status trajectory_table_read(const char *path, const mech_mechanism *user, trajectory_table *table,
                                  mech_error *error);
void trajectory_table_free(trajectory_table *table);

/* Start amounts of one run, those of --start among them; returns how many of these the network has. */
size_t fill_start(const mech_mechanism *mechanism, start_amounts *amounts, double s0, double p0, double cat0,
                  double *start);

/* times[points]: uniform on [0, t_end], both ends included. */
void fill_times(double t_end, size_t points, double *times);

/* Simulates a whole table and writes id, t, S, P in the order of its rows. */
mech_status simulate_table(const trajectory_table *table, simulate_request *request, mech_error *error);

#endif
