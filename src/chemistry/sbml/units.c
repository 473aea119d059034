#include "chemistry/sbml/units.h"

#include <string.h>

typedef struct known_unit {
    const char *name;
    double seconds; /* of times */
    int scale;      /* of concentrations */
} known_unit;

static const known_unit times[] = {
    {"s", 1, 0},       {"sec", 1, 0},      {"secs", 1, 0},     {"second", 1, 0},  {"seconds", 1, 0}, {"min", 60, 0},
    {"mins", 60, 0},   {"minute", 60, 0},  {"minutes", 60, 0}, {"h", 3600, 0},    {"hr", 3600, 0},   {"hrs", 3600, 0},
    {"hour", 3600, 0}, {"hours", 3600, 0}, {"d", 86400, 0},    {"day", 86400, 0}, {"days", 86400, 0}};

static const known_unit concentrations[] = {{"M", 0, 0},       {"mol/L", 0, 0},          {"mol/l", 0, 0},
                                            {"mM", 0, -3},     {"mmol/L", 0, -3},        {"mmol/l", 0, -3},
                                            {"uM", 0, -6},     {"\xC2\xB5M", 0, -6},     {"\xCE\xBCM", 0, -6},
                                            {"umol/L", 0, -6}, {"\xC2\xB5mol/L", 0, -6}, {"nM", 0, -9},
                                            {"nmol/L", 0, -9}};

static const known_unit *find(const known_unit *list, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i].name, name) == 0) return &list[i];
    return NULL;
}

sbml_units mech_sbml_units(const char *time_unit, const char *concentration_unit) {
    const known_unit *time = find(times, sizeof times / sizeof *times, time_unit);
    const known_unit *concentration =
        find(concentrations, sizeof concentrations / sizeof *concentrations, concentration_unit);
    return (sbml_units){time ? time->seconds : 0, concentration, concentration ? concentration->scale : 0};
}

static const char DIMENSIONLESS[] = "dimensionless";

const char *mech_sbml_time_unit(const sbml_units *u) {
    return u->seconds == 0 ? DIMENSIONLESS : u->seconds == 1 ? "second" : "time_unit";
}
const char *mech_sbml_substance_unit(const sbml_units *u) {
    return !u->molar ? DIMENSIONLESS : u->scale ? "amount_unit" : "mole";
}
const char *mech_sbml_volume_unit(const sbml_units *u) { return u->molar ? "litre" : DIMENSIONLESS; }
const char *mech_sbml_concentration_unit(const sbml_units *u) {
    return u->molar ? "concentration_unit" : DIMENSIONLESS;
}

void mech_write_sbml_rate_unit(text *t, const sbml_units *u, int order) {
    const bool has_concentration = u->molar && order != 1;
    if (!has_concentration && u->seconds == 0)
        mech_text_add(t, DIMENSIONLESS);
    else
        mech_text_format(t, "rate_unit_%d", order);
}

static void write_kind(text *t, const char *kind, int exponent, int scale, double multiplier) {
    mech_text_format(t, "          <unit kind=\"%s\" exponent=\"%d\" scale=\"%d\" multiplier=\"", kind, exponent,
                     scale);
    mech_text_number(t, multiplier);
    mech_text_add(t, "\"/>\n");
}

static void begin(text *t, const char *id) {
    mech_text_format(t, "      <unitDefinition id=\"%s\">\n        <listOfUnits>\n", id);
}

static void end(text *t) { mech_text_add(t, "        </listOfUnits>\n      </unitDefinition>\n"); }

void mech_write_sbml_units(text *t, const sbml_units *u, int most_order) {
    if (!u->molar && u->seconds == 0) return;
    mech_text_add(t, "    <listOfUnitDefinitions>\n");
    if (u->seconds > 1) {
        begin(t, mech_sbml_time_unit(u));
        write_kind(t, "second", 1, 0, u->seconds);
        end(t);
    }
    if (u->molar && u->scale) {
        begin(t, mech_sbml_substance_unit(u));
        write_kind(t, "mole", 1, u->scale, 1);
        end(t);
    }
    if (u->molar) {
        begin(t, mech_sbml_concentration_unit(u));
        write_kind(t, "mole", 1, u->scale, 1);
        write_kind(t, "litre", -1, 0, 1);
        end(t);
    }
    for (int order = 1; order <= most_order; order++) {
        const bool has_concentration = u->molar && order != 1;
        char id[32] = "";
        text name = {0};
        mech_write_sbml_rate_unit(&name, u, order);
        if (name.characters) strncpy(id, name.characters, sizeof id - 1);
        t->failed |= name.failed;
        mech_text_free(&name);
        if (strcmp(id, DIMENSIONLESS) == 0) continue;
        begin(t, id);
        if (has_concentration) {
            write_kind(t, "mole", 1 - order, u->scale, 1);
            write_kind(t, "litre", order - 1, 0, 1);
        }
        if (u->seconds > 0) write_kind(t, "second", -1, 0, u->seconds);
        end(t);
    }
    mech_text_add(t, "    </listOfUnitDefinitions>\n");
}
