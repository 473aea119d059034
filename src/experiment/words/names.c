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
static const struct {
    const char *name;
    column_role role;
} known_names[] = {
    {"t", COLUMN_TIME},
    {"time", COLUMN_TIME},
    {"reactiontime", COLUMN_TIME},
    {"elapsedtime", COLUMN_TIME},
    {"relativetime", COLUMN_TIME},
    {"runtime", COLUMN_TIME},
    {"timestamp", COLUMN_TIME},
    {"datetime", COLUMN_TIME},
    {"acquisitiontime", COLUMN_TIME},
    {"samplingtime", COLUMN_TIME},
    {"zeit", COLUMN_TIME},
    {"temps", COLUMN_TIME},
    {"minutes", COLUMN_TIME},
    {"hours", COLUMN_TIME},
    {"seconds", COLUMN_TIME},
    {"min", COLUMN_TIME},
    {"sec", COLUMN_TIME},
    {"hrs", COLUMN_TIME},
    {"s", COLUMN_SUBSTRATE},
    {"st", COLUMN_SUBSTRATE},
    {"substrate", COLUMN_SUBSTRATE},
    {"sm", COLUMN_SUBSTRATE},
    {"startingmaterial", COLUMN_SUBSTRATE},
    {"substrat", COLUMN_SUBSTRATE},
    {"edukt", COLUMN_SUBSTRATE},
    {"p", COLUMN_PRODUCT},
    {"pt", COLUMN_PRODUCT},
    {"prod", COLUMN_PRODUCT},
    {"product", COLUMN_PRODUCT},
    {"produkt", COLUMN_PRODUCT},
    {"produit", COLUMN_PRODUCT},
    {"b", COLUMN_SECOND},
    {"reactantb", COLUMN_SECOND},
    {"reagentb", COLUMN_SECOND},
    {"cosubstrate", COLUMN_SECOND},
    {"coreactant", COLUMN_SECOND},
    {"secondreactant", COLUMN_SECOND},
    {"secondsubstrate", COLUMN_SECOND},
    {"cat", COLUMN_CATALYST},
    {"cat0", COLUMN_CATALYST},
    {"cat\xE2\x82\x80", COLUMN_CATALYST},
    {"catt", COLUMN_CATALYST},
    {"cattotal", COLUMN_CATALYST},
    {"totalcat", COLUMN_CATALYST},
    {"totalcatalyst", COLUMN_CATALYST},
    {"catalyst", COLUMN_CATALYST},
    {"catalyst0", COLUMN_CATALYST},
    {"catalysttotal", COLUMN_CATALYST},
    {"precatalyst", COLUMN_CATALYST},
    {"loading", COLUMN_CATALYST},
    {"catloading", COLUMN_CATALYST},
    {"catalystloading", COLUMN_CATALYST},
    {"molcat", COLUMN_CATALYST},
    {"molcatalyst", COLUMN_CATALYST},
    {"catconc", COLUMN_CATALYST},
    {"catalystconcentration", COLUMN_CATALYST},
    {"katalysator", COLUMN_CATALYST},
    {"kat", COLUMN_CATALYST},
    {"catalyseur", COLUMN_CATALYST},
    {"active", COLUMN_ACTIVE},
    {"activecat", COLUMN_ACTIVE},
    {"activecatalyst", COLUMN_ACTIVE},
    {"catactive", COLUMN_ACTIVE},
    {"catalystactive", COLUMN_ACTIVE},
    {"freecat", COLUMN_ACTIVE},
    {"freecatalyst", COLUMN_ACTIVE},
    {"catfree", COLUMN_ACTIVE},
    {"run", COLUMN_RUN},
    {"runno", COLUMN_RUN},
    {"runnr", COLUMN_RUN},
    {"runnumber", COLUMN_RUN},
    {"runid", COLUMN_RUN},
    {"runname", COLUMN_RUN},
    {"exp", COLUMN_RUN},
    {"expt", COLUMN_RUN},
    {"expno", COLUMN_RUN},
    {"experiment", COLUMN_RUN},
    {"experimentno", COLUMN_RUN},
    {"experimentid", COLUMN_RUN},
    {"reaction", COLUMN_RUN},
    {"reactionid", COLUMN_RUN},
    {"rxn", COLUMN_RUN},
    {"trial", COLUMN_RUN},
    {"versuch", COLUMN_RUN},
    {"condition", COLUMN_RUN},
    {"conditions", COLUMN_RUN},
    {"conditionid", COLUMN_RUN},
    {"simulationconditionid", COLUMN_RUN},
    {"series", COLUMN_RUN},
    {"s0", COLUMN_S0},
    {"s\xE2\x82\x80", COLUMN_S0}, /* subscript zero */
    {"substrate0", COLUMN_S0},
    {"initialsubstrate", COLUMN_S0},
    {"initials", COLUMN_S0},
    {"c0", COLUMN_S0},
    {"initialconc", COLUMN_S0},
    {"initialconcentration", COLUMN_S0},
    {"startingconcentration", COLUMN_S0},
    {"startconcentration", COLUMN_S0},
    {"anfangskonzentration", COLUMN_S0},
    {"startkonzentration", COLUMN_S0},
    {"concentrationinitiale", COLUMN_S0},
    {"p0", COLUMN_P0},
    {"p\xE2\x82\x80", COLUMN_P0},
    {"product0", COLUMN_P0},
    {"initialproduct", COLUMN_P0},
    {"b0", COLUMN_B0},
    {"b\xE2\x82\x80", COLUMN_B0},
    {"initialb", COLUMN_B0},
    {"conversion", COLUMN_CONVERSION},
    {"conv", COLUMN_CONVERSION},
    {"umsatz", COLUMN_CONVERSION},
    {"yield", COLUMN_YIELD},
    {"nmryield", COLUMN_YIELD},
    {"gcyield", COLUMN_YIELD},
    {"hplcyield", COLUMN_YIELD},
    {"ausbeute", COLUMN_YIELD},
    {"species", COLUMN_SPECIES},
    {"compound", COLUMN_SPECIES},
    {"analyte", COLUMN_SPECIES},
    {"observable", COLUMN_SPECIES},
    {"observableid", COLUMN_SPECIES},
    {"component", COLUMN_SPECIES},
    {"variable", COLUMN_SPECIES},
    {"value", COLUMN_VALUE},
    {"concentration", COLUMN_VALUE},
    {"conc", COLUMN_VALUE},
    {"c", COLUMN_VALUE},
    {"measurement", COLUMN_VALUE},
    {"amount", COLUMN_VALUE},
    {"internalstandard", COLUMN_STANDARD},
    {"internalstd", COLUMN_STANDARD},
    {"intstd", COLUMN_STANDARD},
    {"intstandard", COLUMN_STANDARD},
    {"istd", COLUMN_STANDARD},
    {"is", COLUMN_STANDARD},
    {"standard", COLUMN_STANDARD},
    {"duration", COLUMN_TIME},
    {"dur\xC3\xA9"
     "e",
     COLUMN_TIME},
    {"duree", COLUMN_TIME},
    {"tempo", COLUMN_TIME},
    {"tiempo", COLUMN_TIME},
    {"tijd", COLUMN_TIME},
    {"reaktionszeit", COLUMN_TIME},
    {"laufzeit", COLUMN_TIME},
    {"uhrzeit", COLUMN_TIME},
    {"datumuhrzeit", COLUMN_TIME},
    {"datumzeit", COLUMN_TIME},
    {"zeitpunkt", COLUMN_TIME},
    {"clock", COLUMN_TIME},
    {"clocktime", COLUMN_TIME},
    {"timepoint", COLUMN_TIME},
    {"timemin", COLUMN_TIME},
    {"tmin", COLUMN_TIME},
    {"ts", COLUMN_TIME},
    {"tr", COLUMN_TIME},
    {"timereaction", COLUMN_TIME},
    {"rxntime", COLUMN_TIME},
    {"rxtime", COLUMN_TIME},
    {"tempsdereaction", COLUMN_TIME},
    {"heure", COLUMN_TIME},
    {"probezeit", COLUMN_TIME},
    {"stunden", COLUMN_TIME},
    {"minuten", COLUMN_TIME},
    {"sekunden", COLUMN_TIME},
    {"timehhmmss", COLUMN_TIME},
    {"subst", COLUMN_SUBSTRATE},
    {"reactant", COLUMN_SUBSTRATE},
    {"limitingreagent", COLUMN_SUBSTRATE},
    {"educt", COLUMN_SUBSTRATE},
    {"r\xC3\xA9"
     "actif",
     COLUMN_SUBSTRATE},
    {"reactif", COLUMN_SUBSTRATE},
    {"r\xC3\xA9"
     "actant",
     COLUMN_SUBSTRATE},
    {"sustrato", COLUMN_SUBSTRATE},
    {"ausgangsstoff", COLUMN_SUBSTRATE},
    {"cs", COLUMN_SUBSTRATE},
    {"concs", COLUMN_SUBSTRATE},
    {"reactanta", COLUMN_SUBSTRATE},
    {"sremaining", COLUMN_SUBSTRATE},
    {"smremaining", COLUMN_SUBSTRATE},
    {"pdt", COLUMN_PRODUCT},
    {"pdct", COLUMN_PRODUCT},
    {"produkte", COLUMN_PRODUCT},
    {"producto", COLUMN_PRODUCT},
    {"prodotto", COLUMN_PRODUCT},
    {"cp", COLUMN_PRODUCT},
    {"concp", COLUMN_PRODUCT},
    {"pr", COLUMN_PRODUCT},
    {"cb", COLUMN_SECOND},
    {"beladung", COLUMN_CATALYST},
    {"katalysatorbeladung", COLUMN_CATALYST},
    {"kat0", COLUMN_CATALYST},
    {"katkonz", COLUMN_CATALYST},
    {"katalysator0", COLUMN_CATALYST},
    {"ccat", COLUMN_CATALYST},
    {"ckat", COLUMN_CATALYST},
    {"cat\xC3\xA1lisis", COLUMN_CATALYST},
    {"catalizador", COLUMN_CATALYST},
    {"chargecatalytique", COLUMN_CATALYST},
    {"catalysttotalconcentration", COLUMN_CATALYST},
    {"catalystamount", COLUMN_CATALYST},
    {"precat", COLUMN_CATALYST},
    {"procatalyst", COLUMN_CATALYST},
    {"enzyme", COLUMN_CATALYST},
    {"enzyme0", COLUMN_CATALYST},
    {"e0", COLUMN_CATALYST},
    {"etotal", COLUMN_CATALYST},
    {"versuchsnr", COLUMN_RUN},
    {"versuchnr", COLUMN_RUN},
    {"versuchno", COLUMN_RUN},
    {"lauf", COLUMN_RUN},
    {"laufnr", COLUMN_RUN},
    {"reaktion", COLUMN_RUN},
    {"reaktionnr", COLUMN_RUN},
    {"essai", COLUMN_RUN},
    {"exp\xC3\xA9rience", COLUMN_RUN},
    {"experience", COLUMN_RUN},
    {"ensayo", COLUMN_RUN},
    {"corrida", COLUMN_RUN},
    {"reactor", COLUMN_RUN},
    {"reactionno", COLUMN_RUN},
    {"rxnno", COLUMN_RUN},
    {"rxnid", COLUMN_RUN},
    {"expid", COLUMN_RUN},
    {"experimentname", COLUMN_RUN},
    {"experimentnumber", COLUMN_RUN},
    {"dataset", COLUMN_RUN},
    {"assay", COLUMN_RUN},
    {"measurementid", COLUMN_RUN},
    {"runlabel", COLUMN_RUN},
    {"kinetik", COLUMN_RUN},
    {"kinetikrun", COLUMN_RUN},
    {"conversions", COLUMN_CONVERSION},
    {"convsm", COLUMN_CONVERSION},
    {"conversionofsm", COLUMN_CONVERSION},
    {"percentconversion", COLUMN_CONVERSION},
    {"fractionalconversion", COLUMN_CONVERSION},
    {"umsatzgrad", COLUMN_CONVERSION},
    {"taux", COLUMN_CONVERSION},
    {"tauxdeconversion", COLUMN_CONVERSION},
    {"conversione", COLUMN_CONVERSION},
    {"yields", COLUMN_YIELD},
    {"productyield", COLUMN_YIELD},
    {"lcyield", COLUMN_YIELD},
    {"assayyield", COLUMN_YIELD},
    {"solutionyield", COLUMN_YIELD},
    {"calibratedyield", COLUMN_YIELD},
    {"gcmsyield", COLUMN_YIELD},
    {"hnmryield", COLUMN_YIELD},
    {"1hnmryield", COLUMN_YIELD},
    {"19fnmryield", COLUMN_YIELD},
    {"fnmryield", COLUMN_YIELD},
    {"rendement", COLUMN_YIELD},
    {"rdt", COLUMN_YIELD},
    {"gcausbeute", COLUMN_YIELD},
    {"rendimiento", COLUMN_YIELD},
    {"percentyield", COLUMN_YIELD},
    {"substance", COLUMN_SPECIES},
    {"verbindung", COLUMN_SPECIES},
    {"stoff", COLUMN_SPECIES},
    {"substanz", COLUMN_SPECIES},
    {"compos\xC3\xA9", COLUMN_SPECIES},
    {"speciesid", COLUMN_SPECIES},
    {"speciesname", COLUMN_SPECIES},
    {"molecule", COLUMN_SPECIES},
    {"chemical", COLUMN_SPECIES},
    {"peak", COLUMN_SPECIES},
    {"peakname", COLUMN_SPECIES},
    {"analytename", COLUMN_SPECIES},
    {"componentname", COLUMN_SPECIES},
    {"substancename", COLUMN_SPECIES},
    {"signal", COLUMN_SPECIES},
    {"assignment", COLUMN_SPECIES},
    {"esp\xC3\xA8"
     "ce",
     COLUMN_SPECIES},
    {"espece", COLUMN_SPECIES},
    {"especie", COLUMN_SPECIES},
    {"compoundname", COLUMN_SPECIES},
    {"konzentration", COLUMN_VALUE},
    {"konz", COLUMN_VALUE},
    {"concentrationvalue", COLUMN_VALUE},
    {"reading", COLUMN_VALUE},
    {"values", COLUMN_VALUE},
    {"wert", COLUMN_VALUE},
    {"messwert", COLUMN_VALUE},
    {"valeur", COLUMN_VALUE},
    {"result", COLUMN_VALUE},
    {"concm", COLUMN_VALUE},
    {"innererstandard", COLUMN_STANDARD},
    {"internerstandard", COLUMN_STANDARD},
    {"std", COLUMN_STANDARD},
    {"is0", COLUMN_STANDARD},
    {"intst", COLUMN_STANDARD},
    {"standardarea", COLUMN_STANDARD},
    {"istandard", COLUMN_STANDARD},
    {"\xC3\xA9talon", COLUMN_STANDARD},
    {"etaloninterne", COLUMN_STANDARD},
};

/* Columns that are no species and no condition of the reaction. */
static const char *const idle_names[] = {
    "comment",
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
    "scans",
};

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
    static const char *const runs[] = {"run",  "exp",   "expt",   "experiment", "rxn",   "reaction", "versuch",
                                       "lauf", "essai", "ensayo", "trial",      "assay", "kinetik"};
    static const char *const marks[] = {"no", "nr", "num", "number", "nummer", "id", "name", "label", "code", "bez"};
    for (size_t i = 0; i < COUNT(runs); i++)
        for (size_t k = 0; k < COUNT(marks); k++) {
            const size_t n = strlen(runs[i]), m = strlen(marks[k]);
            if (strlen(key) != n + m) continue;
            if ((strncmp(key, runs[i], n) == 0 && strcmp(key + n, marks[k]) == 0) ||
                (strncmp(key, marks[k], m) == 0 && strcmp(key + m, runs[i]) == 0))
                return true;
        }
    return false;
}

column_role mech_known_role(const char *key) {
    for (size_t i = 0; i < COUNT(known_names); i++)
        if (strcmp(known_names[i].name, key) == 0) return known_names[i].role;
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
        contains(key, "katalysator") || strncmp(key, "kat", 3) == 0 || contains(key, "beladung") || is_metal(key))
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
