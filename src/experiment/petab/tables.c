#include "experiment/petab/tables.h"

#include <math.h>
#include <string.h>

/* A text in a table of columns that tabs part, or behind a '#'. */
static void add_words(text *t, const char *words) {
    for (const char *w = words; *w; w++) mech_text_append(t, (unsigned char)*w < ' ' || *w == '"' ? " " : w, 1);
}

static void add_number(text *t, double number) {
    mech_text_add(t, "\t");
    mech_text_number(t, number);
}

void mech_petab_write_model(const petab_problem *p, text *t) {
    const sbml_model model = {.mechanism = p->fitted->mechanism,
                              .ids = &p->ids,
                              .k = p->k,
                              .start = p->start,
                              .time_unit = mech_run_set_time_unit(p->set),
                              .concentration_unit = mech_run_set_concentration_unit(p->set),
                              .note = "The rate constants are the best fit; the start is that of the first run.",
                              .n_parameters = p->n_model_parameters,
                              .parameters = p->model_parameters,
                              .starts = p->starts};
    mech_write_sbml(t, &model);
}

static void add_prior(const petab_parameter *of, int version, text *t) {
    static const char *const names[][3] = {[PETAB_NO_PRIOR] = {"", "", ""},
                                           [PETAB_NORMAL] = {"", "normal", "normal"},
                                           [PETAB_LOG_NORMAL] = {"", "logNormal", "log-normal"}};
    mech_text_format(t, "\t%s\t", names[of->prior][version]);
    if (of->prior == PETAB_NO_PRIOR) return;
    mech_text_number(t, of->mean);
    mech_text_add(t, ";");
    mech_text_number(t, of->spread);
}

void mech_petab_write_parameters(const petab_problem *p, int version, text *t) {
    mech_text_add(t, version == 1 ? "parameterId\tparameterName\tparameterScale\tlowerBound\tupperBound\tnominalValue\t"
                                    "estimate\tobjectivePriorType\tobjectivePriorParameters\n"
                                  : "parameterId\tparameterName\tlowerBound\tupperBound\tnominalValue\testimate\t"
                                    "priorDistribution\tpriorParameters\n");
    for (size_t i = 0; i < p->n_parameters; i++) {
        const petab_parameter *of = &p->parameters[i];
        mech_text_format(t, "%s\t", of->id);
        add_words(t, of->name);
        if (version == 1) mech_text_add(t, of->linear ? "\tlin" : "\tlog10");
        add_number(t, of->low);
        add_number(t, of->high);
        add_number(t, of->value);
        mech_text_add(t, version == 1 ? (of->estimated ? "\t1" : "\t0") : (of->estimated ? "\ttrue" : "\tfalse"));
        add_prior(of, version, t);
        mech_text_add(t, "\n");
    }
}

static void add_setting(const petab_problem *p, const petab_setting *setting, text *t) {
    if (setting->parameter >= 0)
        mech_text_add(t, p->parameters[setting->parameter].id);
    else
        mech_text_number(t, setting->number);
}

/* Version 1 has a row for each run, version 2 one for each setting. */
void mech_petab_write_conditions(const petab_problem *p, int version, text *t) {
    mech_text_add(t, version == 1 ? "conditionId\tconditionName" : "conditionId\ttargetId\ttargetValue\n");
    for (size_t i = 0; i < p->n_targets && version == 1; i++) mech_text_format(t, "\t%s", p->targets[i].id);
    if (version == 1) mech_text_add(t, "\n");
    for (size_t r = 0; r < p->set->n_runs; r++) {
        if (version == 1) {
            mech_text_format(t, "run%zu\t", r + 1);
            add_words(t, p->set->runs[r].name);
        }
        for (size_t i = 0; i < p->n_targets; i++) {
            if (version == 1)
                mech_text_add(t, "\t");
            else
                mech_text_format(t, "start_run%zu\t%s\t", r + 1, p->targets[i].id);
            add_setting(p, &p->targets[i].runs[r], t);
            if (version == 2) mech_text_add(t, "\n");
        }
        if (version == 1) mech_text_add(t, "\n");
    }
}

void mech_petab_write_experiments(const petab_problem *p, int version, text *t) {
    (void)version;
    mech_text_add(t, "experimentId\ttime\tconditionId\n");
    for (size_t r = 0; r < p->set->n_runs; r++) mech_text_format(t, "run%zu\t0\tstart_run%zu\n", r + 1, r + 1);
}

/* What formulas of noise call the reading: a parameter that each row of the measurements gives. */
static void add_reading_name(reading_kind of, int version, text *t) {
    if (version == 1)
        mech_text_format(t, "noiseParameter1_%s", mech_petab_observable(of));
    else
        mech_text_format(t, "reading_%s", mech_petab_observable(of));
}

void mech_petab_write_observables(const petab_problem *p, int version, text *t) {
    static const char *const names[READING_KINDS] = {"substrate", "product", "second reactant", "active catalyst"};
    mech_text_add(t, version == 1 ? "observableId\tobservableName\tobservableFormula\tobservableTransformation\t"
                                    "noiseFormula\tnoiseDistribution\n"
                                  : "observableId\tobservableName\tobservableFormula\tnoisePlaceholders\tnoiseFormula\t"
                                    "noiseDistribution\n");
    for (reading_kind of = 0; of < READING_KINDS; of++) {
        if (!p->fitted->space.data->measured[of]) continue;
        text reading = {0};
        add_reading_name(of, version, &reading);
        mech_text_format(t, "%s\t%s\t", mech_petab_observable(of), names[of]);
        mech_petab_formula(p, of, t);
        mech_text_add(t, "\t");
        if (version == 1) mech_text_add(t, "lin");
        if (version == 2 && p->has_proportional_noise) add_reading_name(of, version, t);
        mech_text_add(t, "\t");
        if (reading.characters) mech_petab_noise(p, of, reading.characters, t);
        t->failed |= reading.failed;
        mech_text_free(&reading);
        mech_text_add(t, "\tnormal\n");
    }
}

/* The readings that were fitted, at times by the clock of the reaction. */
void mech_petab_write_measurements(const petab_problem *p, int version, text *t) {
    const observations *data = p->fitted->space.data;
    mech_text_format(t, "observableId\t%s\tmeasurement\ttime", version == 1 ? "simulationConditionId" : "experimentId");
    mech_text_add(t, p->has_proportional_noise ? "\tnoiseParameters\n" : "\n");
    for (size_t r = 0; r < data->n_runs; r++) {
        const double late = mech_petab_clock_offset(p, r);
        for (size_t i = data->runs[r].first; i < data->runs[r].first + data->runs[r].n; i++) {
            const observation *o = &data->all[i];
            const double value = o->value * mech_petab_reading_unit(p, o->of);
            mech_text_format(t, "%s\trun%zu", mech_petab_observable(o->of), r + 1);
            add_number(t, value);
            add_number(t, fmax(data->runs[r].run->time[o->time] + late, 0));
            if (p->has_proportional_noise) add_number(t, value);
            mech_text_add(t, "\n");
        }
    }
}

static void add_remarks(const petab_problem *p, text *t) {
    const char *unit = mech_run_set_time_unit(p->set), *of = mech_run_set_concentration_unit(p->set);
    mech_text_add(t, "# ");
    add_words(t, p->fitted->mechanism->id);
    mech_text_add(t, ": ");
    add_words(t, p->fitted->mechanism->title);
    mech_text_format(t, "\n# Written by mechanist %s. Times are in ", mech_version());
    add_words(t, *unit ? unit : "the unit of the readings");
    mech_text_add(t, ", concentrations in ");
    add_words(t, *of ? of : "the unit of the readings");
    mech_text_add(t, ".\n# Nominal values are the best fit. Noise is normal here");
    mech_text_add(t, p->fitted->noise.gaussian ? ".\n"
                                               : "; mechanist fitted it as Student's t with 4 degrees of freedom.\n");
    mech_text_add(t, "# Times are by the clock of the reaction. What was added to those that were written:\n");
    for (size_t r = 0; r < p->set->n_runs; r++) {
        mech_text_format(t, "#   run%zu: ", r + 1);
        mech_text_number(t, mech_petab_clock_offset(p, r));
        mech_text_add(t, " (");
        add_words(t, p->set->runs[r].name);
        mech_text_add(t, ")\n");
    }
}

void mech_petab_write_problem(const petab_problem *p, int version, text *t) {
    add_remarks(p, t);
    mech_text_add(t, version == 1 ? "format_version: 1\n"
                                    "parameter_file: parameters.tsv\n"
                                    "problems:\n"
                                    "  - sbml_files: [model.xml]\n"
                                    "    measurement_files: [measurements.tsv]\n"
                                    "    condition_files: [conditions.tsv]\n"
                                    "    observable_files: [observables.tsv]\n"
                                  : "format_version: 2.0.0\n"
                                    "parameter_files: [parameters.tsv]\n"
                                    "model_files:\n"
                                    "  model:\n"
                                    "    location: ../model.xml\n"
                                    "    language: sbml\n"
                                    "measurement_files: [measurements.tsv]\n"
                                    "condition_files: [conditions.tsv]\n"
                                    "experiment_files: [experiments.tsv]\n"
                                    "observable_files: [observables.tsv]\n");
}
