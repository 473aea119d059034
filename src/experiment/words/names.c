/* The names that columns have in tables of chemists. */
#include "experiment/words/names.h"

#include <stdio.h>
#include <string.h>

static const char *const role_names[N_COLUMN_ROLES] = {"time",       "S",     "P",       "B",     "cat",
                                                       "active",     "run",   "S0",      "P0",    "B0",
                                                       "conversion", "yield", "species", "value", "standard"};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

const char *mech_column_role_name(column_role role) { return role < N_COLUMN_ROLES ? role_names[role] : "nothing"; }

/* Headers, reduced to small letters and digits. */
static const char *const times[] = {"t",
                                    "time",
                                    "reactiontime",
                                    "elapsedtime",
                                    "relativetime",
                                    "runtime",
                                    "timestamp",
                                    "datetime",
                                    "acquisitiontime",
                                    "samplingtime",
                                    "zeit",
                                    "temps",
                                    "minutes",
                                    "hours",
                                    "seconds",
                                    "min",
                                    "sec",
                                    "hrs",
                                    "duration",
                                    ("dur\xC3\xA9"
                                     "e"),
                                    "duree",
                                    "tempo",
                                    "tiempo",
                                    "tijd",
                                    "reaktionszeit",
                                    "laufzeit",
                                    "uhrzeit",
                                    "datumuhrzeit",
                                    "datumzeit",
                                    "zeitpunkt",
                                    "clock",
                                    "clocktime",
                                    "timepoint",
                                    "timemin",
                                    "tmin",
                                    "ts",
                                    "tr",
                                    "timereaction",
                                    "rxntime",
                                    "rxtime",
                                    "tempsdereaction",
                                    "heure",
                                    "probezeit",
                                    "stunden",
                                    "minuten",
                                    "sekunden",
                                    "timehhmmss",
                                    "elapsed"};
static const char *const substrates[] = {"s",
                                         "st",
                                         "substrate",
                                         "sm",
                                         "startingmaterial",
                                         "substrat",
                                         "edukt",
                                         "subst",
                                         "reactant",
                                         "limitingreagent",
                                         "educt",
                                         ("r\xC3\xA9"
                                          "actif"),
                                         "reactif",
                                         ("r\xC3\xA9"
                                          "actant"),
                                         "sustrato",
                                         "ausgangsstoff",
                                         "cs",
                                         "concs",
                                         "reactanta",
                                         "sremaining",
                                         "smremaining",
                                         "substrato"};
static const char *const products[] = {"p",    "pt",       "prod",     "product",  "produkt", "produit", "pdt",
                                       "pdct", "produkte", "producto", "prodotto", "cp",      "concp",   "pr"};
static const char *const second_reactants[] = {"b",          "reactantb",      "reagentb",        "cosubstrate",
                                               "coreactant", "secondreactant", "secondsubstrate", "cb"};
static const char *const catalysts[] = {"cat",
                                        "cat0",
                                        "cat\xE2\x82\x80",
                                        "catt",
                                        "cattotal",
                                        "totalcat",
                                        "totalcatalyst",
                                        "catalyst",
                                        "catalyst0",
                                        "catalysttotal",
                                        "precatalyst",
                                        "loading",
                                        "catloading",
                                        "catalystloading",
                                        "molcat",
                                        "molcatalyst",
                                        "catconc",
                                        "catalystconcentration",
                                        "katalysator",
                                        "kat",
                                        "catalyseur",
                                        "beladung",
                                        "katalysatorbeladung",
                                        "kat0",
                                        "katkonz",
                                        "katalysator0",
                                        "ccat",
                                        "ckat",
                                        "cat\xC3\xA1lisis",
                                        "catalizador",
                                        "chargecatalytique",
                                        "catalysttotalconcentration",
                                        "catalystamount",
                                        "precat",
                                        "procatalyst",
                                        "enzyme",
                                        "enzyme0",
                                        "e0",
                                        "etotal",
                                        "catalizzatore",
                                        "catalisador"};
static const char *const active_catalysts[] = {"active",         "activecat", "activecatalyst", "catactive",
                                               "catalystactive", "freecat",   "freecatalyst",   "catfree"};
static const char *const runs[] = {"run",
                                   "runno",
                                   "runnr",
                                   "runnumber",
                                   "runid",
                                   "runname",
                                   "exp",
                                   "expt",
                                   "expno",
                                   "experiment",
                                   "experimentno",
                                   "experimentid",
                                   "reaction",
                                   "reactionid",
                                   "rxn",
                                   "trial",
                                   "versuch",
                                   "condition",
                                   "conditions",
                                   "conditionid",
                                   "simulationconditionid",
                                   "series",
                                   "versuchsnr",
                                   "versuchnr",
                                   "versuchno",
                                   "lauf",
                                   "laufnr",
                                   "reaktion",
                                   "reaktionnr",
                                   "essai",
                                   "exp\xC3\xA9rience",
                                   "experience",
                                   "ensayo",
                                   "corrida",
                                   "reactor",
                                   "reactionno",
                                   "rxnno",
                                   "rxnid",
                                   "expid",
                                   "experimentname",
                                   "experimentnumber",
                                   "dataset",
                                   "assay",
                                   "measurementid",
                                   "runlabel",
                                   "kinetik",
                                   "kinetikrun",
                                   "prova",
                                   "proef",
                                   "esperimento",
                                   "experimento",
                                   "entrynumber"};
static const char *const substrate_starts[] = {"s0",
                                               "s\xE2\x82\x80",
                                               "substrate0",
                                               "initialsubstrate",
                                               "initials",
                                               "c0",
                                               "initialconc",
                                               "initialconcentration",
                                               "startingconcentration",
                                               "startconcentration",
                                               "anfangskonzentration",
                                               "startkonzentration",
                                               "concentrationinitiale"};
static const char *const product_starts[] = {"p0", "p\xE2\x82\x80", "product0", "initialproduct"};
static const char *const second_starts[] = {"b0", "b\xE2\x82\x80", "initialb"};
static const char *const conversions[] = {"conversion",
                                          "conv",
                                          "umsatz",
                                          "conversions",
                                          "convsm",
                                          "conversionofsm",
                                          "percentconversion",
                                          "fractionalconversion",
                                          "umsatzgrad",
                                          "taux",
                                          "tauxdeconversion",
                                          "conversione"};
static const char *const yields[] = {"yield",           "nmryield",     "gcyield",   "hplcyield",  "ausbeute",
                                     "yields",          "productyield", "lcyield",   "assayyield", "solutionyield",
                                     "calibratedyield", "gcmsyield",    "hnmryield", "1hnmryield", "19fnmryield",
                                     "fnmryield",       "rendement",    "rdt",       "gcausbeute", "rendimiento",
                                     "percentyield"};
static const char *const species[] = {"species",
                                      "compound",
                                      "analyte",
                                      "observable",
                                      "observableid",
                                      "component",
                                      "variable",
                                      "substance",
                                      "verbindung",
                                      "stoff",
                                      "substanz",
                                      "compos\xC3\xA9",
                                      "speciesid",
                                      "speciesname",
                                      "molecule",
                                      "chemical",
                                      "peak",
                                      "peakname",
                                      "analytename",
                                      "componentname",
                                      "substancename",
                                      "signal",
                                      "assignment",
                                      ("esp\xC3\xA8"
                                       "ce"),
                                      "espece",
                                      "especie",
                                      "compoundname"};
static const char *const values[] = {"value",
                                     "concentration",
                                     "conc",
                                     "c",
                                     "measurement",
                                     "amount",
                                     "konzentration",
                                     "konz",
                                     "concentrationvalue",
                                     "reading",
                                     "values",
                                     "wert",
                                     "messwert",
                                     "valeur",
                                     "result",
                                     "concm"};
static const char *const standards[] = {
    "internalstandard", "internalstd",     "intstd",           "intstandard",  "istd", "is",
    "standard",         "innererstandard", "internerstandard", "std",          "is0",  "intst",
    "standardarea",     "istandard",       "\xC3\xA9talon",    "etaloninterne"};

static const struct {
    column_role role;
    const char *const *names;
    size_t n;
} known_names[] = {{COLUMN_TIME, times, COUNT(times)},
                   {COLUMN_SUBSTRATE, substrates, COUNT(substrates)},
                   {COLUMN_PRODUCT, products, COUNT(products)},
                   {COLUMN_SECOND, second_reactants, COUNT(second_reactants)},
                   {COLUMN_CATALYST, catalysts, COUNT(catalysts)},
                   {COLUMN_ACTIVE, active_catalysts, COUNT(active_catalysts)},
                   {COLUMN_RUN, runs, COUNT(runs)},
                   {COLUMN_S0, substrate_starts, COUNT(substrate_starts)},
                   {COLUMN_P0, product_starts, COUNT(product_starts)},
                   {COLUMN_B0, second_starts, COUNT(second_starts)},
                   {COLUMN_CONVERSION, conversions, COUNT(conversions)},
                   {COLUMN_YIELD, yields, COUNT(yields)},
                   {COLUMN_SPECIES, species, COUNT(species)},
                   {COLUMN_VALUE, values, COUNT(values)},
                   {COLUMN_STANDARD, standards, COUNT(standards)}};

/* Columns that are no species and no condition of the reaction. */
static const char *const idle_names[] = {"comment",
                                         "comments",
                                         "remark",
                                         "remarks",
                                         "note",
                                         "notes",
                                         "sample",
                                         "sampleno",
                                         "vial",
                                         "step",
                                         "point",
                                         "no",
                                         "nr",
                                         "entry",
                                         "index",
                                         "id",
                                         "operator",
                                         "temperature",
                                         "temp",
                                         "pressure",
                                         "ph",
                                         "file",
                                         "date",
                                         "massbalance",
                                         "balance",
                                         "total",
                                         "sum",
                                         "replicate",
                                         "injection",
                                         "scan",
                                         "noiseparameters",
                                         "observableparameters",
                                         "preequilibrationconditionid",
                                         "datasetid",
                                         "replicateid",
                                         "rate",
                                         "dt",
                                         "bemerkung",
                                         "bemerkungen",
                                         "kommentar",
                                         "anmerkung",
                                         "remarque",
                                         "remarques",
                                         "observation",
                                         "chemist",
                                         "initials",
                                         "datum",
                                         "probe",
                                         "probennr",
                                         "position",
                                         "well",
                                         "temperatur",
                                         "temp\xC3\xA9rature",
                                         "druck",
                                         "pression",
                                         "solvent",
                                         "l\xC3\xB6sungsmittel",
                                         "nummer",
                                         "rownumber",
                                         "row",
                                         "number",
                                         "samplename",
                                         "sampleid",
                                         "experimenter",
                                         "time0",
                                         "rt",
                                         "retentiontime",
                                         "massbal",
                                         "mb",
                                         "closure",
                                         "recovery",
                                         "carbonbalance",
                                         "massenbilanz",
                                         "selectivity",
                                         "sel",
                                         "selektivit\xC3\xA4t",
                                         "ee",
                                         "er",
                                         "dr",
                                         "ttn",
                                         "ton",
                                         "tof",
                                         "turnovernumber",
                                         "r2",
                                         "slope",
                                         "color",
                                         "colour",
                                         "lines",
                                         "stirring",
                                         "volume",
                                         "vol",
                                         "mass",
                                         "weight",
                                         "aliquot",
                                         "dilution",
                                         "dilutionfactor",
                                         "qc",
                                         "flag",
                                         "ok",
                                         "method",
                                         "instrument",
                                         "injectionvolume",
                                         "observableformula",
                                         "conditionname",
                                         "spectrum",
                                         "fid",
                                         "expnonr",
                                         "scans"};

/* What chemists weigh in to count by. */
static const char *const standard_names[] = {"dodecane",
                                             "tetradecane",
                                             "hexadecane",
                                             "undecane",
                                             "tridecane",
                                             "mesitylene",
                                             "trimethoxybenzene",
                                             "tmb",
                                             "hexamethylbenzene",
                                             "dibromomethane",
                                             "ch2br2",
                                             "dimethylsulfone",
                                             "durene",
                                             "tetramethylbenzene",
                                             "hexamethyldisiloxane",
                                             "internalst",
                                             "intst",
                                             "innererst",
                                             "intstd"};

/* Metals of catalysts, in the letters of their symbols: a header "pd" is one, "Copper" or "PdCl2" are found by parts.
 */
static const char *const metals[] = {"pd", "rh", "ru", "ir", "ni", "cu", "co", "fe", "mn", "pt",
                                     "au", "ag", "zn", "ti", "cr", "mo", "sc", "yb", "sn", "bi",
                                     "al", "zr", "hf", "os", "nb", "ta", "la", "ce"};

static const char *const metal_names[] = {
    "pallad",    "rhod",      "ruthen",      "irid",     "nickel",      "copper",    "kupfer",   "cobalt",
    "kobalt",    "ferr",      "eisen",       "mangan",   "platin",      "pdcl",      "pdoac",    "pd2dba",
    "rhcl",      "rucl",      "nicod",       "enzym",    "proline",     "lipase",    "esterase", "oxidase",
    "reductase", "hydrolase", "transferase", "protease", "hydrogenase", "isomerase", "synthase", "transaminase"};

static bool contains(const char *key, const char *part) { return strstr(key, part) != NULL; }

static bool ends_with(const char *key, const char *end) {
    const size_t n = strlen(key), m = strlen(end);
    return n >= m && strcmp(key + n - m, end) == 0;
}

/* "expnr", "rxnlabel", "nrversuch": a word for a run and one for a number or name. */
static bool is_run_name(const char *key) {
    static const char *const words[] = {"run",  "exp",   "expt",   "experiment", "rxn",   "reaction", "versuch",
                                        "lauf", "essai", "ensayo", "trial",      "assay", "kinetik"};
    static const char *const marks[] = {"no", "nr", "num", "number", "nummer", "id", "name", "label", "code", "bez"};
    for (size_t i = 0; i < COUNT(words); i++)
        for (size_t k = 0; k < COUNT(marks); k++) {
            const size_t n = strlen(words[i]), m = strlen(marks[k]);
            if (strlen(key) != n + m) continue;
            if ((strncmp(key, words[i], n) == 0 && strcmp(key + n, marks[k]) == 0) ||
                (strncmp(key, marks[k], m) == 0 && strcmp(key + m, words[i]) == 0))
                return true;
        }
    return false;
}

column_role mech_known_role(const char *key) {
    for (size_t i = 0; i < COUNT(known_names); i++)
        for (size_t k = 0; k < known_names[i].n; k++)
            if (strcmp(known_names[i].names[k], key) == 0) return known_names[i].role;
    return is_run_name(key) ? COLUMN_RUN : N_COLUMN_ROLES;
}

bool mech_is_idle_name(const char *key) {
    for (size_t i = 0; i < COUNT(idle_names); i++)
        if (strcmp(idle_names[i], key) == 0) return true;
    return false;
}

bool mech_is_deviation_name(const char *key) {
    static const char *const names[] = {"sd",       "sem",    "rsd",    "se",          "err",
                                        "error",    "stdev",  "stddev", "uncertainty", "sigma",
                                        "\xCF\x83", "fehler", "stabw",  "ecarttype",   "\xC2\xB1"};
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(key, names[i]) == 0) return true;
    return contains(key, "stdev") || contains(key, "stddev") || contains(key, "standarddev") ||
           contains(key, "standardabw") || contains(key, "uncertaint") || ends_with(key, "error") ||
           contains(key, "\xC2\xB1");
}

bool mech_is_catalyst_word(const char *word) {
    const column_role role = mech_known_role(word);
    if (role == COLUMN_CATALYST) return true;
    for (size_t i = 0; i < COUNT(metals); i++)
        if (strcmp(word, metals[i]) == 0) return true;
    for (size_t i = 0; i < COUNT(metal_names); i++)
        if (contains(word, metal_names[i])) return true;
    return contains(word, "catalyst") || contains(word, "katalysator") || contains(word, "loading") ||
           strncmp(word, "precat", 6) == 0;
}

/* "pd", "pd0", "rht", "pdtotal": a metal's symbol and what says that all of it is meant. */
static bool is_metal(const char *key) {
    for (size_t i = 0; i < COUNT(metals); i++) {
        const size_t n = strlen(metals[i]);
        if (n < 2 || strncmp(key, metals[i], n) != 0) continue;
        const char *rest = key + n;
        if (!*rest || strcmp(rest, "0") == 0 || strcmp(rest, "t") == 0 || strcmp(rest, "tot") == 0 ||
            strcmp(rest, "total") == 0 || strncmp(rest, "cat", 3) == 0)
            return true;
    }
    return false;
}

/* "invertase", "kinase": enzymes end so, and few other words do. */
static bool is_enzyme(const char *key) {
    static const char *const others[] = {"base", "phase", "ease", "purchase", "database"};
    if (strlen(key) < 6 || !ends_with(key, "ase")) return false;
    for (size_t i = 0; i < COUNT(others); i++)
        if (ends_with(key, others[i])) return false;
    return true;
}

bool mech_is_metal_compound(const char *header) {
    if (*header == '[') header++;
    for (size_t i = 0; i < COUNT(metals); i++) {
        const char *symbol = metals[i];
        if (header[0] != symbol[0] - 'a' + 'A' || header[1] != symbol[1]) continue;
        /* A longer word goes on in small letters: "Nitrile". */
        return !(header[2] >= 'a' && header[2] <= 'z');
    }
    return false;
}

bool mech_is_active_name(const char *key) {
    static const char *const words[] = {"active", "free",   "aktiver",   "aktiv", "freier", "freies",
                                        "live",   "intact", "remaining", "actif", "libre"};
    for (size_t i = 0; i < COUNT(words); i++) {
        const char *at = strstr(key, words[i]);
        const size_t n = strlen(words[i]), length = strlen(key);
        char rest[MAX_HEADER_NAME];
        /* The word stands before or behind what is active: "active Pd", "Pd (active)". */
        if (!at || length == n || (at != key && at[n])) continue;
        snprintf(rest, sizeof rest, "%.*s%s", (int)(at - key), key, at + n);
        if (is_metal(rest) || mech_is_catalyst_word(rest) || strncmp(rest, "cat", 3) == 0 ||
            strncmp(rest, "kat", 3) == 0)
            return true;
    }
    return false;
}

column_role mech_hinted_role(const char *key, bool *by_product) {
    *by_product = contains(key, "byproduct") || contains(key, "sideproduct") || contains(key, "impurit") ||
                  contains(key, "nebenprodukt") || ends_with(key, "bp");
    for (size_t i = 0; i < COUNT(standard_names); i++)
        if (contains(key, standard_names[i])) return COLUMN_STANDARD;
    if (ends_with(key, "istd") || ends_with(key, "areais") || ends_with(key, "intis") || ends_with(key, "isarea"))
        return COLUMN_STANDARD;
    if (contains(key, "conversion") || contains(key, "umsatz")) return COLUMN_CONVERSION;
    if (contains(key, "yield") || contains(key, "ausbeute") || contains(key, "rendement")) return COLUMN_YIELD;
    if (*by_product) return N_COLUMN_ROLES;
    if (contains(key, "product") || contains(key, "produkt") || contains(key, "produit") || ends_with(key, "prod"))
        return COLUMN_PRODUCT;
    if (contains(key, "substrat") || contains(key, "startingmaterial") || contains(key, "limiting") ||
        contains(key, "edukt") || strncmp(key, "sm", 2) == 0)
        return COLUMN_SUBSTRATE;
    if (contains(key, "catalyst") || strncmp(key, "cat", 3) == 0 || ends_with(key, "cat") || contains(key, "loading") ||
        contains(key, "katalysator") || strncmp(key, "kat", 3) == 0 || contains(key, "beladung") || is_metal(key) ||
        is_enzyme(key))
        return COLUMN_CATALYST;
    for (size_t i = 0; i < COUNT(metal_names); i++)
        if (contains(key, metal_names[i])) return COLUMN_CATALYST;
    return N_COLUMN_ROLES;
}

bool mech_is_catalyst_name(const char *key) {
    bool by_product;
    const column_role role = mech_known_role(key);
    return role == COLUMN_CATALYST || (role == N_COLUMN_ROLES && mech_hinted_role(key, &by_product) == COLUMN_CATALYST);
}
