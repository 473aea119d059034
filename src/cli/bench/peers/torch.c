#include "cli/bench/peers/torch.h"
#include "base/files/text.h"
#include "cli/bench/peers/python.h"
#include "cli/bench/peers/torch_inputs.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { MOST_LENGTHS = 8 };

/* The graph becomes a line of Python for each node, as a user would write the network down. OpenBLAS, which multiplies
 * for Debian's PyTorch, is told of the threads, too, for it would else take all cores even where PyTorch takes one. */
static const char imports[] = "import os, time\n"
                              "os.environ['OPENBLAS_NUM_THREADS'] = str(task['threads'])\n"
                              "import torch\n"
                              "from torch import nn\n";
static const char program[] =
    "FORMS = {'static': 'x1', 'series': 'x2', 'lstm': 'layers[{i}]({a})[0]', 'dense': 'layers[{i}]({a})',\n"
    "         'product': '{a} * {b}', 'sum': '{a} + {b}', 'mean': '({a} + {b}) / 2',\n"
    "         'concatenation': 'torch.cat([{a}, {b}], -1)', 'kinetics': 'kinetics({a}, {b})',\n"
    "         'comparisons': 'comparisons({a}, {b})', 'catalyst': 'catalyst({a}, {b})',\n"
    "         'together': 'together({a}, {runs})'}\n"
    "ACTIVATIONS = {'none': '{}', 'relu': 'torch.relu({})', 'sigmoid': 'torch.sigmoid({})',\n"
    "               'softmax': 'torch.softmax({}, -1)'}\n"
    "def build(nodes):\n"
    "    layers, lines = nn.ModuleList(), ['def forward(layers, x1, x2):']\n"
    "    for i, node in enumerate(nodes):\n"
    "        a, b = (node['inputs'] + [0, 0])[:2]\n"
    "        inputs, width, layer = nodes[a]['width'], node['width'], nn.Identity()\n"
    "        if node['kind'] == 'lstm': layer = nn.LSTM(inputs, width, batch_first=True)\n"
    "        if node['kind'] == 'dense': layer = nn.Linear(inputs, width)\n"
    "        layers.append(layer)\n"
    "        form = FORMS[node['kind']].format(i=i, a=f'v{a}', b=f'v{b}', runs=width // inputs)\n"
    "        last_step = '[:, -1]' if node['kind'] == 'lstm' and not node['series'] else ''\n"
    "        lines.append(f'    v{i} = ' + ACTIVATIONS[node['activation']].format(form + last_step))\n"
    "    lines.append(f'    return v{len(nodes) - 1}')\n"
    "    names = {'torch': torch, 'kinetics': kinetics, 'comparisons': comparisons, 'catalyst': catalyst, 'together': "
    "together}\n"
    "    exec('\\n'.join(lines), names)\n"
    "    return layers, names['forward']\n"
    "clock = time.process_time if task['threads'] == 1 else time.perf_counter\n"
    "def fastest(work, repeats):\n"
    "    best, start = float('inf'), time.perf_counter()\n"
    "    for _ in range(repeats):\n"
    "        if time.perf_counter() - start > 5: break\n"
    "        begin = clock()\n"
    "        work()\n"
    "        best = min(best, clock() - begin)\n"
    "    return best\n"
    "torch.set_num_threads(task['threads'])\n"
    "torch.manual_seed(1)\n"
    "nodes = task['nodes']\n"
    "layers, forward = build(nodes)\n"
    "widths = {node['kind']: node['width'] for node in nodes}\n"
    "optimiser = torch.optim.Adam(layers.parameters(), lr=1e-3, eps=1e-7)\n"
    "def samples(n, n_times):\n"
    "    return torch.rand(n, widths['static']), torch.rand(n, n_times, widths['series'])\n"
    "def train():\n"
    "    optimiser.zero_grad()\n"
    "    nn.functional.nll_loss(torch.log(forward(layers, x1, x2)), y).backward()\n"
    "    optimiser.step()\n"
    "def infer():\n"
    "    with torch.no_grad(): forward(layers, x1, x2)\n"
    "y = torch.randint(nodes[-1]['width'], (task['batch'],))\n"
    "for n_times in task['lengths']:\n"
    "    x1, x2 = samples(task['batch'], n_times)\n"
    "    print(task['batch'] / fastest(train if task['training'] else infer, task['repeats']), flush=True)\n"
    "x1, x2 = samples(1, task['lengths'][0])\n"
    "if not task['training']: print(fastest(infer, 100 * task['repeats']))\n";

void torch_speed(const torch_task *task, double *rates, double *latency_s) {
    double numbers[MOST_LENGTHS + 1];
    assert(task->n_lengths <= MOST_LENGTHS);
    json_t *nodes = json_deep_copy(task->layers), *lengths = json_array();
    for (size_t i = 0; i < task->n_lengths; i++)
        json_array_append_new(lengths, json_integer((json_int_t)task->lengths[i]));
    json_t *described =
        json_pack("{s:o, s:o, s:b, s:I, s:i, s:i}", "nodes", nodes, "lengths", lengths, "training", task->training,
                  "batch", (json_int_t)task->batch, "repeats", task->repeats, "threads", task->threads);
    text all = {0};
    mech_text_add(&all, imports);
    mech_text_add(&all, bench_torch_inputs);
    mech_text_add(&all, program);
    python_numbers(all.characters, described, numbers, task->n_lengths + 1);
    mech_text_free(&all);
    memcpy(rates, numbers, task->n_lengths * sizeof *rates);
    *latency_s = task->training ? NAN : numbers[task->n_lengths];
}
