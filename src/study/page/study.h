/* The study: everything that the published one shows, made anew. Its parts, in the order of the work. */
#ifndef MECH_STUDY_PAGE_STUDY_H
#define MECH_STUDY_PAGE_STUDY_H

#include "study/predictions/predictions.h"

#include "base/error.h"
#include "base/files/text.h"
#include "base/memory.h"

enum { N_PROTOCOLS = 3, MOST_CELLS = 5 };

/* Points and noise with which models are judged. */
typedef struct study_cell {
    size_t points; /* after t = 0; 0: all */
    double noise;  /* in % of [S]0 */
} study_cell;

/* One protocol with its test data, or one design whose experiments have any shape. */
typedef struct study_protocol {
    mech_sample_design protocol;
    const char *name;   /* "nature" */
    const char *called; /* "design nature" */
    bool is_design;     /* of experiments of any shape, for networks that read run sets */
    bool left_out;      /* a design that no shipped network was trained on, and of which no data were given */
    const char *about;  /* what a reader should know of its results */
    size_t n_cells;
    study_cell cells[MOST_CELLS]; /* as published; the first is that of the figures */
    const char *data;             /* path */
    const char *command;          /* that made the data; NULL: they were given */
    size_t n, n_points;           /* test samples, and points of each after t = 0 (of a design 0) */
    uint64_t sum;                 /* mech_digest of the file */
} study_protocol;

/* A shipped model and what it is worth. */
typedef struct study_model {
    const mech_shipped_model *shipped;
    const study_protocol *protocol;
    const char *history; /* file of its learning curve; NULL: none */
    const char *grid;    /* file of its points by noise */
    const char *grid_command;
    mech_judgement *cells[MOST_CELLS];
    const char *commands[MOST_CELLS]; /* that make these figures */
} study_model;

/* Where the page shows a figure. */
typedef enum study_section {
    SECTION_MECHANISMS,
    SECTION_SOLVER,
    SECTION_DATA,
    SECTION_NETWORKS,
    SECTION_TRAINING,
    SECTION_RESULTS /* of a protocol or of a model of it */
} study_section;

typedef struct study_figure {
    study_section section;
    const study_protocol *protocol; /* NULL: of none in particular */
    const study_model *model;       /* NULL: of none in particular */
    const char *path, *command, *title, *caption;
} study_figure;

/* All of it. Texts live in the arena. */
typedef struct study {
    const char *folder;
    size_t n_samples, resamples;
    uint64_t seed;
    int threads;
    mech_progress progress;
    arena *memory;
    bool failed; /* memory was short for a text */
    study_protocol protocols[N_PROTOCOLS];
    mech_shipped_models *shipped;
    size_t n_models;
    study_model *models; /* [n_models], those of one protocol together, in the order of `protocols` */
    size_t n_figures, figures_capacity;
    study_figure *figures;
} study;

/* data.c: makes sure that the data of both protocols are there: those that were given, those that an earlier run
 * left, or new ones. */
mech_status mech_study_prepare_data(study *s, mech_error *error);

/* models.c: reads the shipped models and leaves designs out that nothing is there for. */
mech_status mech_study_find_models(study *s, mech_error *error);

/* Judges every model in the cells of its protocol and over a grid, into files and memory. */
mech_status mech_study_judge(study *s, mech_error *error);
void mech_study_models_free(study *s);

/* drawings.c: draws every figure. */
mech_status mech_study_draw(study *s, mech_error *error);

/* tables.c: the tables, as HTML. */
void mech_study_networks_table(text *t, const study *s);
void mech_study_results_table(text *t, const study *s, const study_protocol *p);

/* page.c: the page with all of it. */
mech_status mech_study_write_page(const study *s, mech_error *error);

/* parts.c: a text in the arena; "" where memory is short, which s->failed tells of. */
PRINTF_LIKE(2, 3) const char *mech_study_text(study *s, const char *format, ...);

/* A word of a command line that is added behind a blank, quoted where a shell asks for it. */
void mech_study_command_word(text *t, const char *word);

/* MECH_STOPPED where the progress object asks for it. */
mech_status mech_study_go_on(const study *s, mech_error *error);

#endif
