"""Results show themselves in notebooks: figures and tables as HTML that is well formed and escaped."""
import ast
import html.parser
import json
import subprocess
import sys

import mechanist
from conftest import SOURCE


class Page(html.parser.HTMLParser):
    """Counts the tags and fails where they do not nest."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen = [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_results_have_figures_and_tables(experiment, dataset, trained):
    model = mechanist.Model(trained)
    shown = [(mechanist.classify(experiment, fast=True), 1, 1), (mechanist.fit(experiment, ["M6", "M8"], fast=True), 1, 1),
             (mechanist.kinetics(experiment, draws=20), 1, 2), (experiment, 1, 1), (dataset, 0, 1),
             (mechanist.Mechanism.named("M6"), 1, 0),
             (mechanist.evaluate(model, dataset.samples("test"), resamples=20), 1, 1)]
    for result, figures, tables in shown:
        page = Page(result._repr_html_())
        assert (page.seen.count("img"), page.seen.count("table")) == (figures, tables), result


def test_names_from_files_are_escaped():
    run = mechanist.Run([0, 1, 2], [1, 0.5, 0.2], cat0=0.01, name="<script>&")
    page = mechanist.Experiment.from_arrays([run], name='"><b>')._repr_html_()
    assert "<script>" not in page and "<b>" not in page and "&lt;script&gt;&amp;" in page


def test_figures_come_in_three_forms(experiment, tmp_path):
    figure = experiment.figure()
    assert figure.svg.startswith("<?xml") and figure.png()[:8] == b"\x89PNG\r\n\x1a\n" and figure.pdf()[:5] == b"%PDF-"
    figure.save(tmp_path / "runs.svg")
    assert (tmp_path / "runs.svg").read_text() == figure.svg


def test_the_example_does_the_study(tmp_path):
    done = subprocess.run([sys.executable, SOURCE / "python" / "examples" / "study.py", tmp_path / "study", "400", "2"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("6 points, 1 % noise: top-1 0.")
    made = {path.name for path in (tmp_path / "study").iterdir()}
    assert {"data.h5", "hadamard.safetensors", "learning.svg", "confusion-6.svg", "probabilities-3.npy"} <= made


def run_notebook(path):
    """Runs the cells of a notebook as Jupyter does, in one namespace; gives the last value of each that has one."""
    names, shown = {"__name__": "__main__"}, []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, str(path), "exec"), names)
        if last:
            shown.append(eval(compile(ast.Expression(last.value), str(path), "eval"), names))
    return shown


def test_the_example_notebook_runs(monkeypatch):
    path = SOURCE / "python" / "examples" / "runs.ipynb"
    monkeypatch.chdir(path.parent)
    assert all(not cell.get("outputs") for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]), "kept without outputs"
    experiment, kinetics, fits, constants, answer, simulated = run_notebook(path)
    for result in (experiment, kinetics, fits, answer, simulated):
        assert "img" in Page(result._repr_html_()).seen
    assert len(fits.mechanisms) == 4 and abs(sum(one.probability for one in fits.mechanisms) - 1) < 1e-9
    assert all(one.low <= one.high for one in constants.values())


def test_everything_public_is_documented():
    for name in mechanist.__all__:
        thing = getattr(mechanist, name)
        if name == "Progress":
            continue
        assert thing.__doc__ and not thing.__doc__.startswith(name + "("), name
        if isinstance(thing, type):
            for member, value in vars(thing).items():
                if not member.startswith("_") and (callable(value) or isinstance(value, (property, classmethod, staticmethod))):
                    assert getattr(thing, member).__doc__, f"{name}.{member}"
