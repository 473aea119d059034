// The page: tables in, answer out. Everything that is computed is the program's; here it is asked and shown.
import {bytesOf, Cancelled, Engine, joined, unpack} from "./engine.js";
import {draw} from "./chart.js";
import {indexed, percent, shown, unitOf} from "./table.js";

/** @template {HTMLElement} T @param {string} id @returns {T} */
const at = (id) => /** @type {T} */ (document.getElementById(id));
const payload = JSON.parse(at("payload").textContent || "{}");
const ROLES = {time: "time", run: "run", S: "substrate S", P: "product P", B: "second reactant B", cat: "catalyst", active: "active catalyst"};
/** What a table may leave unsaid: option, words, example. */
const UNSAID = [["--s0", "[S]₀", "0.5 M"], ["--p0", "[P]₀", "0"], ["--b0", "[B]₀", "1 M"], ["--cat0", "catalyst", "1 mol %, 2 mol %"], ["--unit", "units", "time=min,S=mM"]];

/** @type {Engine} */
let engine;
const state = {
    /** @type {{name: string, bytes: Uint8Array}[]} */ files: [],
    /** @type {string[]} what the tables' columns are headed with */ headers: [],
    /** @type {Record<string, string>} roles that the user chose */ columns: {},
    /** @type {Record<string, string>} what the user says besides */ unsaid: {},
    /** @type {Set<string>} runs left out */ without: new Set(),
    /** @type {any} what `read` understood */ read: null,
    /** @type {import("./series.js").Courses} the readings */ readings: {},
    /** @type {any} the answer, of the network first, then of the fits */ answer: null,
    /** @type {Record<string, import("./series.js").Courses>} fitted curves by mechanism */ curves: {},
    /** @type {string} mechanism that is shown */ chosen: "",
    /** @type {Record<string, Uint8Array>} */ made: {},
    question: 0,
};

/** @param {string} words */
const say = (words) => { at("status").textContent = words; };
/** @param {string} words */
const complain = (words) => { at("problem").textContent = words; };

/** The program's messages without progress and its name. @param {string} messages */
const sentence = (messages) => messages.split("\n").filter((line) => line.startsWith("mechanist: "))
    .map((line) => line.slice("mechanist: ".length)).join("\n") || messages.trim();

/** A word of a list with commas between them. @param {string} word */
const quoted = (word) => /[,"]/.test(word) ? `"${word.replaceAll('"', "")}"` : word;

/** Options that say how the tables are to be read. */
function readingOptions() {
    const words = [];
    const columns = Object.entries(state.columns).filter(([, header]) => header);
    if (columns.length) words.push("--columns", columns.map(([role, header]) => `${role}=${quoted(header)}`).join(","));
    for (const [option, value] of Object.entries(state.unsaid)) if (value) words.push(option, value);
    if (state.read && state.without.size)
        words.push("--runs", state.read.runs.map((/** @type {any} */ r) => r.name).filter((/** @type {string} */ n) => !state.without.has(n)).map(quoted).join(","));
    return words;
}

/** Makes nodes anew, and leaves the keyboard where it was: at the control of the same id. @param {() => void} make */
function keepingFocus(make) {
    const id = document.activeElement?.id;
    make();
    if (id) document.getElementById(id)?.focus();
}

/** @param {any[]} nodes */
function row(nodes, kind = "td") {
    const tr = document.createElement("tr");
    for (const node of nodes) {
        const cell = document.createElement(kind);
        if (kind === "th") cell.setAttribute("scope", "col");
        cell.append(node);
        tr.append(cell);
    }
    return tr;
}

/** @param {HTMLElement} list @param {string[]} sentences @param {boolean} [firstCounts] */
function fillList(list, sentences, firstCounts) {
    list.replaceChildren(...sentences.map((words, i) => {
        const item = document.createElement("li");
        item.textContent = words;
        if (firstCounts && i === 0) item.className = "first";
        return item;
    }));
}

/** Another reading of the same tables: runs may have other names. */
function readAnew() {
    state.without.clear();
    answer();
}

function showRoles() {
    const columns = state.read ? state.read.columns : {}, headers = new Set([...state.headers, ...Object.values(columns)]);
    const roles = Object.entries(ROLES).map(([role, words]) => {
        const label = document.createElement("label"), select = document.createElement("select");
        const own = state.columns[role] || columns[role] || "";
        select.id = `role-${role}`;
        for (const header of ["", ...headers]) {
            const option = document.createElement("option");
            option.value = header;
            option.textContent = header || "—";
            option.selected = header === own;
            select.append(option);
        }
        select.addEventListener("change", () => { state.columns = {...state.columns, [role]: select.value}; readAnew(); });
        label.append(words, select);
        return label;
    });
    const unsaid = UNSAID.map(([option, words, example]) => {
        const label = document.createElement("label"), input = document.createElement("input");
        input.id = `said${option}`;
        input.value = state.unsaid[option] || "";
        input.placeholder = example;
        input.addEventListener("change", () => { state.unsaid = {...state.unsaid, [option]: input.value.trim()}; readAnew(); });
        label.append(words, input);
        return label;
    });
    at("roles").replaceChildren(...roles);
    at("unsaid").replaceChildren(...unsaid);
}

/** What could not be read: its columns can be chosen. */
function showUnread() {
    at("understood").hidden = false;
    at("units").textContent = state.headers.length ? "Which column is what? Choose, and the table is read again." : "";
    for (const id of ["runs", "notes", "chart", "residuals"]) at(id).replaceChildren();
    keepingFocus(showRoles);
}

function showRead() {
    at("understood").hidden = false;
    keepingFocus(showUnderstood);
}

function showUnderstood() {
    const read = state.read, time = read.time_unit ? ` /${read.time_unit}` : "", unit = read.concentration_unit ? ` /${read.concentration_unit}` : "";
    at("units").textContent = `Time in ${read.time_unit || "the file's unit"}, concentrations in ${read.concentration_unit || "the file's unit"}.`;
    showRoles();
    const table = at("runs");
    table.replaceChildren(row(["use", "run", "readings", `until${time}`, `[S]₀${unit}`, `[P]₀${unit}`, `catalyst${unit}`, "mol %", "measured", "kind"], "th"));
    read.runs.forEach((/** @type {any} */ run, /** @type {number} */ i) => {
        const tick = document.createElement("input");
        tick.type = "checkbox";
        tick.id = `use-${i}`;
        tick.checked = !state.without.has(run.name);
        tick.setAttribute("aria-label", `use run ${run.name}`);
        tick.addEventListener("change", () => { tick.checked ? state.without.delete(run.name) : state.without.add(run.name); answer(); });
        table.append(row([tick, run.name, String(run.points), shown(run.length), shown(run.s0), shown(run.p0), shown(run.cat0), shown(run.loading_percent), (run.species || []).join(", "), run.left_out ? `left out: ${run.left_out}` : run.kind || ""]));
    });
    fillList(at("notes"), read.notes || []);
}

/** How wide a chart is drawn, so that its words are of one size on all screens. @param {string} id */
const wide = (id) => Math.round(Math.min(640, Math.max(300, at(id).clientWidth || 560)));

/** Readings and, of the chosen mechanism, curves. */
function showCurves() {
    const runs = state.read.runs.map((/** @type {any} */ r) => r.name), time = state.read.time_unit, unit = state.read.concentration_unit;
    /** @type {import("./chart.js").Series[]} */
    const series = [], residuals = [];
    const fitted = state.curves[state.chosen];
    runs.forEach((/** @type {string} */ name, /** @type {number} */ i) => {
        const course = state.readings[name];
        if (state.without.has(name) || !course) return;
        for (const species of ["S", "P"]) {
            const points = course[species], line = fitted?.[name]?.[species]?.filter(([, y]) => Number.isFinite(y)) || [];
            if (!points) continue;
            series.push({name: `run ${name}`, points, line: line.length ? line : undefined, hollow: species === "P", colour: i});
            if (line.length > 1) residuals.push({name: `run ${name}`, hollow: species === "P", colour: i,
                points: points.map(([x, y]) => [x, y - between(line, x)]).filter(([, y]) => Number.isFinite(y))});
        }
    });
    at("curves-title").textContent = fitted ? `Curves of ${state.chosen}` : "Curves";
    const x = `time${time ? ` / ${time}` : ""}`;
    at("chart").replaceChildren(draw({title: "Readings and fitted curves; substrate filled, product hollow", x, y: `concentration${unit ? ` / ${unit}` : ""}`, series, width: wide("chart")}));
    at("residuals").replaceChildren(residuals.length ? draw({title: "Reading less curve", x, y: `difference${unit ? ` / ${unit}` : ""}`, series: residuals, width: wide("residuals")}) : "");
}

/** A curve at x, straight between its points. @param {number[][]} line @param {number} x */
function between(line, x) {
    let i = line.findIndex(([t]) => t >= x);
    if (i < 0) i = line.length - 1;
    if (i === 0) i = 1;
    const [x0, y0] = line[i - 1], [x1, y1] = line[i];
    return x1 === x0 ? y1 : y0 + (y1 - y0) * (x - x0) / (x1 - x0);
}

function showRanking() {
    const ranking = state.answer.ranking, list = at("ranking");
    list.replaceChildren(...ranking.filter((/** @type {any} */ r, /** @type {number} */ i) => i < 3 || r.probability >= 0.001).map((/** @type {any} */ r) => {
        const item = document.createElement("li"), button = document.createElement("button");
        button.type = "button";
        button.setAttribute("aria-pressed", String(r.mechanism === state.chosen));
        const parts = [["span", r.mechanism, "name"], ["span", "", "bar"], ["span", percent(r.probability), "number"],
            ["span", [r.title, r.deviation !== undefined ? `off by ${percent(r.deviation)} of [S]₀` : ""].filter(Boolean).join("; "), "title"]];
        for (const [tag, words, kind] of parts) {
            const part = document.createElement(tag);
            part.textContent = words;
            part.className = kind;
            button.append(part);
        }
        /** @type {HTMLElement} */ (button.querySelector(".bar")).style.setProperty("--share", `${100 * r.probability}%`);
        button.addEventListener("click", () => choose(r.mechanism));
        item.append(button);
        return item;
    }));
    at("classes").textContent = (state.answer.classes || []).filter((/** @type {any} */ c) => c.probability >= 0.001)
        .map((/** @type {any} */ c) => `${c.class} ${percent(c.probability)}`).join(", ");
}

function showDetails() {
    const fit = (state.answer.mechanisms || []).find((/** @type {any} */ m) => m.mechanism === state.chosen);
    const unit = state.read.concentration_unit, time = state.read.time_unit, table = at("constants"), errors = at("errors");
    at("constants-title").textContent = fit ? `Rate constants of ${state.chosen}` : "Rate constants";
    table.replaceChildren();
    errors.replaceChildren();
    if (!fit) return;
    table.append(row(["constant", "value", "95 % interval", "unit", "known"], "th"));
    for (const [name, q] of [...Object.entries(fit.rate_constants || {}), ...Object.entries(fit.derived || {})])
        table.append(row([indexed(name), shown(q.value), q.low !== undefined ? `${shown(q.low)} to ${shown(q.high)}` : "", unitOf(q, unit, time), q.verdict || ""]));
    const value = (/** @type {any} */ x) => x && typeof x === "object" ? x.value : x;
    errors.append(row(["run", "catalyst", "start of S", "clock"], "th"));
    for (const run of fit.runs || []) {
        const catalyst = value(run.catalyst_factor), start = value(run.start_factor);
        errors.append(row([run.name, `${catalyst >= 1 ? "+" : "−"}${Math.abs(100 * (catalyst - 1)).toFixed(0)} %`,
            `${start >= 1 ? "+" : "−"}${Math.abs(100 * (start - 1)).toFixed(1)} %`, `${shown(value(run.clock_offset))} ${time}`]));
    }
}

function showActive() {
    const active = state.answer.active_catalyst || [], time = state.read.time_unit;
    const series = active.map((/** @type {any} */ a, /** @type {number} */ i) => ({name: `run ${a.run}`, colour: i,
        line: a.time.map((/** @type {number} */ t, /** @type {number} */ k) => [t, a.share[k]]),
        band: a.time.map((/** @type {number} */ t, /** @type {number} */ k) => [t, a.low[k], a.high[k]])}));
    at("active").replaceChildren(series.length ? draw({title: "Share of the catalyst that is active, over all mechanisms by their probability",
        x: `time${time ? ` / ${time}` : ""}`, y: "active share", least: 0, most: 1, series, width: wide("active")}) : "");
}

/** @param {string} mechanism */
async function choose(mechanism) {
    state.chosen = mechanism;
    showRanking();
    showCurves();
    showDetails();
    at("diagram-title").textContent = mechanism;
    if (!payload.diagrams[mechanism]) return at("diagram").replaceChildren();
    const picture = document.createElement("img");
    picture.alt = `Catalytic cycle of ${mechanism}`;
    picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(payload.diagrams[mechanism])}`;
    at("diagram").replaceChildren(picture);
}

/** @param {any} answered @param {boolean} final */
function showAnswer(answered, final) {
    state.answer = answered;
    at("answer").hidden = false;
    const none = answered.none_of_these, doubt = none && none.flagged && final ?
        [`None of these mechanisms explains the readings well (p = ${shown(none.p_value)} for the best of them).`] : [];
    const known = new Set(state.read.notes || []);
    fillList(at("warnings"), [...doubt, ...(answered.warnings || []).filter((/** @type {string} */ words) => !known.has(words))], doubt.length > 0);
    const set = answered.ranking.reduce((/** @type {any} */ so, /** @type {any} */ r) => so.sum >= 0.95 ? so : {sum: so.sum + r.probability, ids: [...so.ids, r.mechanism]}, {sum: 0, ids: []});
    const alike = (answered.alike || []).map((/** @type {string[]} */ group) => `${group.join(" and ")} cannot be told apart with these data.`).join(" ");
    at("verdict").textContent = `${set.ids.join(", ")} ${set.ids.length === 1 ? "makes" : "make"} up ${percent(set.sum)}. ${alike}${final ? "" : " The fits are still at work."}`;
    if (!state.chosen || !answered.ranking.slice(0, 5).some((/** @type {any} */ r) => r.mechanism === state.chosen)) state.chosen = answered.ranking[0].mechanism;
    choose(state.chosen);
    showActive();
    showDownloads();
}

/** @param {string} name @param {BlobPart} content @param {string} type */
function download(name, content, type) {
    const link = document.createElement("a"), url = URL.createObjectURL(new Blob([content], {type}));
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
}

function showDownloads() {
    const base = state.files[0].name.replace(/\.[^.]*$/, ""), files = state.made;
    const offers = [
        ["figure (SVG)", () => download(`${base}.svg`, files["figure.svg"], "image/svg+xml"), files["figure.svg"]],
        ["figure (PNG)", () => rasterise(`${base}.png`), files["figure.svg"]],
        ["report (HTML)", () => download(`${base}.html`, files["report.html"], "text/html"), files["report.html"]],
        ["curves (CSV)", () => download(`${base}-curves.csv`, files["curves.csv"], "text/csv"), files["curves.csv"]],
        ["readings (CSV)", () => download(`${base}-readings.csv`, files["tidy.csv"], "text/csv"), files["tidy.csv"]],
        ["answer (JSON)", () => download(`${base}.json`, JSON.stringify(state.answer, null, 1), "application/json"), true],
    ];
    at("downloads").replaceChildren(...offers.filter(([, , there]) => there).map(([words, act]) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = String(words);
        button.addEventListener("click", /** @type {() => void} */ (act));
        return button;
    }));
}

/** The figure as pixels. @param {string} name */
function rasterise(name) {
    const picture = new Image(), url = URL.createObjectURL(new Blob([state.made["figure.svg"]], {type: "image/svg+xml"}));
    picture.onload = () => {
        const canvas = document.createElement("canvas");
        canvas.width = 3 * picture.naturalWidth;
        canvas.height = 3 * picture.naturalHeight;
        canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
        canvas.toBlob((blob) => blob && download(name, blob, "image/png"));
        URL.revokeObjectURL(url);
    };
    picture.src = url;
}

/** A line of progress: "fitting 12/20, 1.1/s". @param {string} line */
function showProgress(line) {
    const found = /^([a-z ]+) (\d+)\/(\d+)/.exec(line), bar = /** @type {HTMLProgressElement} */ (at("progress"));
    if (found) {
        bar.value = Number(found[2]) / Number(found[3]);
        at("phase").textContent = `${found[1]} ${found[2]} of ${found[3]}`;
    }
}

/** Lets the page answer to what its user does, between two pieces of work. */
const breath = () => new Promise((resolve) => { setTimeout(resolve); });

/** The answer of one question, the latest: reads, shows, asks the network and then the fits. */
async function answer() {
    const question = ++state.question, names = state.files.map((f) => f.name);
    const late = () => question !== state.question;
    engine.cancel();
    complain("");
    say("Reading…");
    try {
        if (!state.headers.length) {
            const listed = await engine.run(["read", ...names, "--headers", "--json"], state.files);
            if (late()) return;
            if (listed.status === 0) state.headers = JSON.parse(listed.standard.trim().split("\n")[0]).headers;
        }
        const read = await engine.run(["read", ...names, "--json", "--tidy", "tidy.csv", ...readingOptions()], state.files, ["tidy.csv"]);
        if (late()) return;
        if (read.status !== 0) {
            state.read = null;
            at("answer").hidden = true;
            if (state.headers.length) showUnread();
            throw new Error(sentence(read.messages));
        }
        const understood = JSON.parse(read.standard.trim().split("\n")[0]);
        if (!state.read || !state.without.size) state.read = understood;
        state.made = read.made;
        state.readings = read.courses["tidy.csv"] || {};
        state.curves = {};
        state.chosen = "";
        at("answer").hidden = false;
        showRead();
        await breath();
        if (late()) return;
        showCurves();
        at("working").className = "";
        /** @type {HTMLProgressElement} */ (at("progress")).removeAttribute("value");
        say("Asking the network…");
        const fast = await engine.run(["classify", ...names, "--fast", "--json", ...readingOptions()], state.files);
        if (late()) return;
        if (fast.status === 0) showAnswer(JSON.parse(fast.standard.trim().split("\n")[0]), false);
        say("Fitting every mechanism…");
        const fits = await engine.run(["fit", ...names, "--json", "--curves", "curves.csv", "--figure", "figure.svg", "--report", "report.html", ...readingOptions()],
            state.files, ["curves.csv", "figure.svg", "report.html"], (line) => { if (!late()) showProgress(line); });
        if (late()) return;
        if (fits.status !== 0) throw new Error(sentence(fits.messages));
        Object.assign(state.made, fits.made);
        state.curves = fits.courses["curves.csv"] || {};
        const fitted = JSON.parse(fits.standard.trim().split("\n")[0]);
        showAnswer({...fitted, ranking: fitted.mechanisms}, true);
        say("Done.");
    } catch (thrown) {
        if (late()) return;
        if (thrown instanceof Cancelled) say("Cancelled.");
        else {
            say("");
            complain(thrown instanceof Error ? thrown.message : String(thrown));
        }
    }
    at("working").className = "done";
}

/** @param {{name: string, bytes: Uint8Array}[]} files */
function take(files) {
    if (!files.length) return;
    forget();
    state.files = files;
    at("clear").hidden = false;
    answer();
}

/** Nothing is kept of what was read. */
function forget() {
    state.question++;
    Object.assign(state, {files: [], headers: [], columns: {}, unsaid: {}, without: new Set(), read: null, readings: {}, answer: null, curves: {}, chosen: "", made: {}});
    for (const id of ["understood", "answer", "clear"]) at(id).hidden = true;
    complain("");
    for (const id of ["roles", "unsaid", "runs", "notes", "chart", "ranking", "warnings", "constants", "errors", "active", "residuals", "diagram", "downloads"]) at(id).replaceChildren();
    for (const id of ["verdict", "classes"]) at(id).textContent = "";
}

/** @param {FileList | File[]} list */
async function takeFiles(list) {
    take(await Promise.all([...list].map(async (file) => ({name: file.name.replace(/^-/, "_"), bytes: new Uint8Array(await file.arrayBuffer())}))));
}

/** Cells from a spreadsheet. @param {string} words */
function takeText(words) {
    take([{name: "pasted.tsv", bytes: new TextEncoder().encode(words.endsWith("\n") ? words : words + "\n")}]);
}

async function begin() {
    const drop = at("drop");
    at("version").textContent = `mechanist ${payload.version}.`;
    at("cancel").addEventListener("click", () => engine.cancel());
    at("clear").addEventListener("click", () => {
        forget();
        engine.restart();
        /** @type {HTMLTextAreaElement} */ (at("paste")).value = "";
        /** @type {HTMLInputElement} */ (at("choose")).value = "";
        say("Ready.");
        at("choose").focus();
    });
    /** @type {HTMLInputElement} */ (at("choose")).addEventListener("change", (event) => takeFiles(/** @type {HTMLInputElement} */ (event.target).files || []));
    at("paste").addEventListener("input", () => {
        const words = /** @type {HTMLTextAreaElement} */ (at("paste")).value;
        if (words.trim().includes("\n")) takeText(words);
    });
    let width = window.innerWidth;
    window.addEventListener("resize", () => {
        if (window.innerWidth === width || !state.read) return;
        width = window.innerWidth;
        showCurves();
        if (state.answer) showActive();
    });
    document.addEventListener("paste", (event) => {
        if (event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement) return;
        const words = event.clipboardData?.getData("text/plain") || "";
        if (words.trim().includes("\n")) takeText(words);
        else if (event.clipboardData?.files.length) takeFiles(event.clipboardData.files);
    });
    for (const kind of ["dragenter", "dragover"]) document.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
    for (const kind of ["dragleave", "drop"]) document.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.remove("over"); });
    document.addEventListener("drop", (event) => { if (event.dataTransfer?.files.length) takeFiles(event.dataTransfer.files); });
    for (const example of payload.examples) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = example.title;
        button.addEventListener("click", () => take([{name: example.name, bytes: new TextEncoder().encode(example.text)}]));
        at("examples").append(button, " ");
    }
    try {
        say("Loading the program…");
        const [program, ...models] = await Promise.all([unpack(payload.program), ...payload.models.map((/** @type {any} */ m) => unpack(m.packed))]);
        engine = new Engine(payload.worker, program, models.map((bytes, i) => ({name: payload.models[i].name, bytes: joined(bytes)})));
        await engine.ready;
        say("Ready.");
        const given = JSON.parse(at("given").textContent || "[]");
        if (given.length) take(given.map((/** @type {any} */ file) => ({name: file.name, bytes: bytesOf(file.base64)})));
    } catch (thrown) {
        complain(`The program could not be started: ${thrown instanceof Error ? thrown.message : thrown}`);
    }
}

begin();
