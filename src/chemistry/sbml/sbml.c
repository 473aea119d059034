#include "chemistry/sbml/sbml.h"

#include "base/interface.h"
#include "base/page/page.h"
#include "chemistry/equations/equations.h"
#include "chemistry/sbml/units.h"

#include <string.h>

/* What a model starts with where nothing else is said: amounts in units of the standard [S]0. */
static const double USUAL_LOADING = 0.05;

static void add_attribute(text *t, const char *name, const char *value) {
    mech_text_format(t, " %s=\"", name);
    mech_page_words(t, value);
    mech_text_add(t, "\"");
}

static void add_number(text *t, const char *name, double value) {
    mech_text_format(t, " %s=\"", name);
    mech_text_number(t, value);
    mech_text_add(t, "\"");
}

static void begin_notes(text *t, const char *indent) {
    mech_text_format(t, "%s<notes>\n%s  <body xmlns=\"http://www.w3.org/1999/xhtml\">", indent, indent);
}

static void end_notes(text *t, const char *indent) { mech_text_format(t, "</body>\n%s</notes>\n", indent); }

static void add_paragraph(text *t, const char *words) {
    mech_text_add(t, "<p>");
    mech_page_words(t, words);
    mech_text_add(t, "</p>");
}

static void write_notes(text *t, const sbml_model *model) {
    const mech_mechanism *m = model->mechanism;
    begin_notes(t, "    ");
    add_paragraph(t, m->title);
    mech_text_format(t, "<p>Class: %s</p>", mech_class_name(m->mechanism_class));
    mech_text_add(t, "<p>Unit of time: ");
    mech_page_words(t, *model->time_unit ? model->time_unit : "any");
    mech_text_add(t, "; unit of concentration: ");
    mech_page_words(t, *model->concentration_unit ? model->concentration_unit : "any");
    mech_text_add(t, "</p>");
    if (model->note) add_paragraph(t, model->note);
    mech_text_format(t, "<p>Written by mechanist %s.</p>", mech_version());
    end_notes(t, "    ");
}

static bool has_coefficient(const mech_mechanism *m, int species) {
    return mech_mechanism_coefficient(m, (size_t)species) != 1;
}

static void add_coefficient_id(text *t, const sbml_model *model, int species) {
    mech_text_format(t, "amount_of_%s_per_turnover", model->ids->species[species]);
}

static void write_species(text *t, const sbml_model *model) {
    const mech_mechanism *m = model->mechanism;
    mech_text_add(t, "    <listOfSpecies>\n");
    for (int s = 0; s < m->n_species; s++) {
        const mechanism_species *species = &m->species[s];
        mech_text_add(t, "      <species");
        add_attribute(t, "id", model->ids->species[s]);
        add_attribute(t, "name", species->name);
        add_attribute(t, "compartment", "vessel");
        add_number(t, "initialConcentration", model->start[s] * mech_mechanism_coefficient(m, (size_t)s));
        mech_text_add(t, " hasOnlySubstanceUnits=\"false\" boundaryCondition=\"false\" constant=\"false\">\n");
        begin_notes(t, "        ");
        mech_text_format(t, "<p>%s", mech_role_name(species->role));
        if (s == m->catalyst) mech_text_add(t, ", weighed in");
        if (species->catalyst_units > 0)
            mech_text_format(t, "; holds %d unit%s of catalyst", species->catalyst_units,
                             species->catalyst_units > 1 ? "s" : "");
        mech_text_add(t, "</p>");
        end_notes(t, "        ");
        mech_text_add(t, "      </species>\n");
    }
    mech_text_add(t, "    </listOfSpecies>\n");
}

static void end_parameter(text *t, const char *name, double value, const char *unit) {
    add_attribute(t, "name", name);
    add_number(t, "value", value);
    add_attribute(t, "units", unit);
    mech_text_add(t, " constant=\"true\"/>\n");
}

static void write_parameters(text *t, const sbml_model *model, const sbml_units *u) {
    const mech_mechanism *m = model->mechanism;
    mech_text_add(t, "    <listOfParameters>\n");
    for (int i = 0; i < m->n_rate_constants; i++) {
        mech_text_add(t, "      <parameter");
        add_attribute(t, "id", model->ids->rate_constants[i]);
        add_attribute(t, "name", m->rate_constants[i]);
        add_number(t, "value", model->k[i]);
        mech_text_add(t, " units=\"");
        mech_write_sbml_rate_unit(t, u, mech_mechanism_order(m, (size_t)i));
        mech_text_add(t, "\" constant=\"true\"/>\n");
    }
    for (int s = 0; s < m->n_species; s++) {
        if (!has_coefficient(m, s)) continue;
        mech_text_add(t, "      <parameter id=\"");
        add_coefficient_id(t, model, s);
        mech_text_add(t, "\"");
        end_parameter(t, "how much of it counts as one molecule", mech_mechanism_coefficient(m, (size_t)s),
                      "dimensionless");
    }
    for (size_t i = 0; i < model->n_parameters; i++) {
        const sbml_parameter *p = &model->parameters[i];
        mech_text_add(t, "      <parameter");
        add_attribute(t, "id", p->id);
        end_parameter(t, p->name, p->value, p->is_concentration ? mech_sbml_concentration_unit(u) : "dimensionless");
    }
    mech_text_add(t, "    </listOfParameters>\n");
}

static const char MATHML[] = "<math xmlns=\"http://www.w3.org/1998/Math/MathML\">";

static void write_starts(text *t, const sbml_model *model) {
    if (!model->starts) return;
    mech_text_add(t, "    <listOfInitialAssignments>\n");
    for (int s = 0; s < model->mechanism->n_species; s++) {
        const sbml_start *start = &model->starts[s];
        if (!start->amount) continue;
        mech_text_format(t, "      <initialAssignment symbol=\"%s\">\n        %s", model->ids->species[s], MATHML);
        if (start->less) mech_text_add(t, "<apply><minus/>");
        mech_text_format(t, "<apply><times/><ci>%s</ci><ci>%s</ci></apply>", start->amount, start->factor);
        if (start->less) mech_text_format(t, "<ci>%s</ci></apply>", start->less);
        mech_text_add(t, "</math>\n      </initialAssignment>\n");
    }
    mech_text_add(t, "    </listOfInitialAssignments>\n");
}

static void write_side(text *t, const sbml_model *model, const char *list, const int *molecules) {
    const mech_mechanism *m = model->mechanism;
    if (molecules[0] < 0) return;
    mech_text_format(t, "        <%s>\n", list);
    for (int i = 0; i < MAX_MOLECULES && molecules[i] >= 0; i++) {
        int count = 0;
        bool told = false;
        for (int j = 0; j < MAX_MOLECULES; j++) {
            count += molecules[j] == molecules[i];
            told |= j < i && molecules[j] == molecules[i];
        }
        if (told) continue;
        mech_text_format(t, "          <speciesReference species=\"%s\"", model->ids->species[molecules[i]]);
        add_number(t, "stoichiometry", count * mech_mechanism_coefficient(m, (size_t)molecules[i]));
        mech_text_add(t, " constant=\"true\"/>\n");
    }
    mech_text_format(t, "        </%s>\n", list);
}

/* Mass action: vessel * k * [A] * [B]. */
static void write_law(text *t, const sbml_model *model, const mechanism_reaction *r) {
    mech_text_format(t, "        <kineticLaw>\n          %s<apply><times/><ci>vessel</ci><ci>%s</ci>", MATHML,
                     model->ids->rate_constants[r->rate_constant]);
    for (int i = 0; i < MAX_MOLECULES && r->reactants[i] >= 0; i++) {
        const int s = r->reactants[i];
        const bool divided = has_coefficient(model->mechanism, s);
        mech_text_format(t, "%s<ci>%s</ci>", divided ? "<apply><divide/>" : "", model->ids->species[s]);
        if (!divided) continue;
        mech_text_add(t, "<ci>");
        add_coefficient_id(t, model, s);
        mech_text_add(t, "</ci></apply>");
    }
    mech_text_add(t, "</apply></math>\n        </kineticLaw>\n");
}

static void write_reactions(text *t, const sbml_model *model) {
    const mech_mechanism *m = model->mechanism;
    mech_text_add(t, "    <listOfReactions>\n");
    for (int j = 0; j < m->n_reactions; j++) {
        const mechanism_reaction *r = &m->reactions[j];
        text words = {0};
        mech_write_side(&words, &mech_plain_notation, m, r->reactants);
        mech_text_add(&words, " -> ");
        mech_write_side(&words, &mech_plain_notation, m, r->products);
        mech_text_format(t, "      <reaction id=\"reaction_%d\"", j + 1);
        if (words.characters) add_attribute(t, "name", words.characters);
        t->failed |= words.failed;
        mech_text_free(&words);
        mech_text_add(t, " reversible=\"false\">\n");
        write_side(t, model, "listOfReactants", r->reactants);
        write_side(t, model, "listOfProducts", r->products);
        write_law(t, model, r);
        mech_text_add(t, "      </reaction>\n");
    }
    mech_text_add(t, "    </listOfReactions>\n");
}

void mech_write_sbml(text *t, const sbml_model *model) {
    const mech_mechanism *m = model->mechanism;
    const sbml_units u = mech_sbml_units(model->time_unit, model->concentration_unit);
    int most_order = 0;
    for (int i = 0; i < m->n_rate_constants; i++) {
        const int order = mech_mechanism_order(m, (size_t)i);
        most_order = order > most_order ? order : most_order;
    }
    mech_text_add(t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" level=\"3\" version=\"2\">\n"
                     "  <model");
    add_attribute(t, "id", model->ids->model);
    add_attribute(t, "name", m->id);
    add_attribute(t, "substanceUnits", mech_sbml_substance_unit(&u));
    add_attribute(t, "timeUnits", mech_sbml_time_unit(&u));
    add_attribute(t, "volumeUnits", mech_sbml_volume_unit(&u));
    add_attribute(t, "extentUnits", mech_sbml_substance_unit(&u));
    mech_text_add(t, ">\n");
    write_notes(t, model);
    mech_write_sbml_units(t, &u, most_order);
    mech_text_add(t, "    <listOfCompartments>\n"
                     "      <compartment id=\"vessel\" spatialDimensions=\"3\" size=\"1\" constant=\"true\"/>\n"
                     "    </listOfCompartments>\n");
    write_species(t, model);
    write_parameters(t, model, &u);
    write_starts(t, model);
    write_reactions(t, model);
    mech_text_add(t, "  </model>\n</sbml>\n");
}

void mech_sbml_options_init(mech_sbml_options *options, size_t size) {
    const mech_sbml_options defaults = {0};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

mech_status mech_mechanism_sbml(const mech_mechanism *mechanism, const mech_sbml_options *options, char **sbml,
                                mech_error *error) {
    mech_sbml_options o = mech_sbml_options_default();
    double k[MAX_RATE_CONSTANTS], start[MAX_SPECIES];
    sbml_ids ids;
    text t = {0};
    *sbml = NULL;
    mech_status status = mech_take_options(&o, sizeof o, options, "mech_sbml_options", error);
    if (status != MECH_OK) return status;
    for (int i = 0; i < mechanism->n_rate_constants; i++) k[i] = 1;
    mech_mechanism_start(mechanism, 1, 0, USUAL_LOADING, start);
    mech_sbml_name(mechanism, &ids);
    const sbml_model model = {.mechanism = mechanism,
                              .ids = &ids,
                              .k = o.k ? o.k : k,
                              .start = o.start ? o.start : start,
                              .time_unit = o.time_unit ? o.time_unit : "",
                              .concentration_unit = o.concentration_unit ? o.concentration_unit : "",
                              .note = o.k ? NULL : "The rate constants are no values: each is 1 until another is set."};
    mech_write_sbml(&t, &model);
    return mech_text_take(&t, sbml, error);
}
