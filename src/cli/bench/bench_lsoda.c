/* SciPy's LSODA on the same problems as a peer of the solver, driven through Python as its users do. */
#include "cli/bench/bench.h"
#include "cli/bench/peers/python.h"

/* The right-hand side is compiled to plain Python from the reactions, which is the fastest that SciPy can be given
 * without another compiler. */
static const char program[] =
    "import time\n"
    "from scipy.integrate import solve_ivp\n"
    "def right_hand_side(n, reactions):\n"
    "    terms = [[] for _ in range(n)]\n"
    "    lines = ['def f(t, y, k):', '    ' + ', '.join(f'y{i}' for i in range(n)) + ' = y.tolist()']\n"
    "    for j, (k, reactants, products) in enumerate(reactions):\n"
    "        lines.append(f'    r{j} = ' + '*'.join([f'k[{k}]'] + [f'y{i}' for i in reactants]))\n"
    "        for i in reactants: terms[i].append(f'-r{j}')\n"
    "        for i in products: terms[i].append(f'+r{j}')\n"
    "    lines.append('    return [' + ', '.join(''.join(t) or '0' for t in terms) + ']')\n"
    "    names = {}\n"
    "    exec('\\n'.join(lines), names)\n"
    "    return names['f']\n"
    "def rate(task):\n"
    "    t_end, done, seconds = task['t_end'], 0, 0\n"
    "    for m in task['mechanisms']:\n"
    "        f = right_hand_side(m['species'], m['reactions'])\n"
    "        for k, start in zip(m['k'], m['start']):\n"
    "            begin = time.process_time()\n"
    "            solve_ivp(f, (0, t_end), start, method='LSODA', t_eval=[t_end], args=(k,),\n"
    "                      rtol=task['rtol'], atol=task['atol'])\n"
    "            seconds += time.process_time() - begin\n"
    "            done += 1\n"
    "    return done / seconds\n"
    "print(rate(task))\n";

static json_t *numbers(const double *values, size_t n) {
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++) json_array_append_new(array, json_real(values[i]));
    return array;
}

static json_t *species_list(const int *species) {
    json_t *array = json_array();
    for (int i = 0; i < MECH_MOST_MOLECULES && species[i] >= 0; i++)
        json_array_append_new(array, json_integer(species[i]));
    return array;
}

static json_t *mechanism_task(const bench_problems *set, size_t n) {
    const mech_mechanism *mechanism = set->mechanism;
    const size_t n_k = mech_mechanism_n_rate_constants(mechanism), n_s = mech_mechanism_n_species(mechanism);
    json_t *reactions = json_array(), *k = json_array(), *start = json_array();
    for (size_t j = 0; j < mech_mechanism_n_reactions(mechanism); j++) {
        int reactants[MECH_MOST_MOLECULES], products[MECH_MOST_MOLECULES];
        const int rate_constant = mech_mechanism_reaction(mechanism, j, reactants, products);
        json_array_append_new(reactions,
                              json_pack("[i, o, o]", rate_constant, species_list(reactants), species_list(products)));
    }
    for (size_t i = 0; i < n; i++) {
        json_array_append_new(k, numbers(set->problems.k + i * n_k, n_k));
        json_array_append_new(start, numbers(set->problems.start + i * n_s, n_s));
    }
    return json_pack("{s:i, s:o, s:o, s:o}", "species", (int)n_s, "reactions", reactions, "k", k, "start", start);
}

double lsoda_rate(const bench_problems *sets, size_t n_sets, size_t n, const mech_solver_options *options) {
    json_t *mechanisms = json_array();
    for (size_t i = 0; i < n_sets; i++) json_array_append_new(mechanisms, mechanism_task(&sets[i], n));
    json_t *task = json_pack("{s:f, s:f, s:f, s:o}", "rtol", options->rtol, "atol", options->atol, "t_end",
                             sets[0].problems.times[sets[0].problems.n_times - 1], "mechanisms", mechanisms);
    double rate;
    python_numbers(program, task, &rate, 1);
    return rate;
}
