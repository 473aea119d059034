// Runs the program for WebAssembly under Node beside the one of this machine: same answers to the same command lines.
//   node tests/web/module.js build/web/mechanist.js build/mechanist
"use strict";
const assert = require("assert");
const {spawnSync} = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");
const test = require("node:test");

const [moduleFile, native] = process.argv.slice(-2).map((file) => path.resolve(file));
const root = path.join(__dirname, "..", "..");
const createMechanist = require(moduleFile);
const program = new WebAssembly.Module(fs.readFileSync(moduleFile.replace(/\.js$/, ".wasm")));

/** What the module answers; files are {name: bytes}. */
async function ask(words, files = {}, outputs = []) {
    const standard = [], messages = [];
    const instance = await createMechanist({
        noInitialRun: true,
        quit(_, thrown) { throw thrown; },
        instantiateWasm(imports, use) {
            use(new WebAssembly.Instance(program, imports), program);
            return {};
        },
        preRun: [(m) => {
            m.ENV.MECHANIST_MODELS = "/models";
            m.FS.init(() => null, (b) => b !== null && standard.push(b & 0xff), (b) => b !== null && messages.push(b & 0xff));
            m.FS.mkdir("/models");
            for (const name of JSON.parse(fs.readFileSync(path.join(root, "web", "models.json"), "utf8")))
                m.FS.writeFile(`/models/${name}.safetensors`, fs.readFileSync(path.join(root, "models", `${name}.safetensors`)));
            m.FS.mkdir("/work");
            m.FS.chdir("/work");
            for (const name in files) m.FS.writeFile(name, files[name]);
        }],
    });
    let status;
    try {
        status = instance.callMain(words);
    } catch (thrown) {
        if (typeof thrown.status !== "number") throw thrown;
        status = thrown.status;
    }
    const made = {};
    for (const name of outputs) made[name] = Buffer.from(instance.FS.readFile(name)).toString("utf8");
    const text = (bytes) => Buffer.from(bytes).toString("utf8");
    return {status, standard: text(standard), messages: text(messages), made};
}

/** What this machine's program answers. */
function askNative(words, files = {}, outputs = []) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mechanist-"));
    for (const name in files) fs.writeFileSync(path.join(folder, name), files[name]);
    // Both compute in vectors of two numbers, without products and sums that fuse.
    const done = spawnSync(native, words, {cwd: folder, env: {...process.env, MECHANIST_LANES: "baseline"}, encoding: "utf8", maxBuffer: 1 << 28});
    const made = {};
    for (const name of outputs) made[name] = fs.readFileSync(path.join(folder, name), "utf8");
    fs.rmSync(folder, {recursive: true});
    return {status: done.status, standard: done.stdout, messages: done.stderr, made};
}

/** The same structure, words and, within a share of their size (or of 1 where they are below it), numbers. */
function assertAlike(a, b, within, place = "answer") {
    if (typeof a === "number" && typeof b === "number")
        assert.ok(Math.abs(a - b) <= within * Math.max(1, Math.abs(b)), `${place}: ${a} and ${b}`);
    else if (a && b && typeof a === "object" && typeof b === "object") {
        assert.deepStrictEqual(Object.keys(a), Object.keys(b), place);
        for (const key of Object.keys(a)) assertAlike(a[key], b[key], within, `${place}.${key}`);
    } else assert.strictEqual(a, b, place);
}

const iron = {"iron.csv": fs.readFileSync(path.join(root, "examples", "iron-cycloisomerization.csv"))};

test("trajectories of all mechanisms are those of this machine", async () => {
    const mechanisms = Array.from({length: 20}, (_, i) => JSON.parse(askNative(["mechanisms", `M${i + 1}`, "--format", "json"]).standard));
    const rows = mechanisms.map((m, i) =>
        [i, m.id, ...Array.from({length: 6}, (_, k) => k < m.rate_constants.length ? [3.1, 0.4, 2.2, 0.7, 0.09, 0.03][k] : ""), 1, 0.1, 0.02, 60, 31].join(","));
    const table = {"t.csv": "id,mechanism,theta1,theta2,theta3,theta4,theta5,theta6,s0,p0,cat0,t_end,points\n" + rows.join("\n") + "\n"};
    const words = ["simulate", "--table", "t.csv", "-o", "out.csv"];
    const [here, there] = [await ask(words, table, ["out.csv"]), askNative(words, table, ["out.csv"])];
    assert.strictEqual(here.status, 0, here.messages);
    const numbers = (text) => text.trim().split("\n").slice(1).map((row) => row.split(",").map(Number));
    const [a, b] = [numbers(here.made["out.csv"]), numbers(there.made["out.csv"])];
    assert.strictEqual(a.length, 31 * rows.length);
    assertAlike(a, b, 1e-12, "trajectory");
});

test("a table is read alike", async () => {
    const words = ["read", "iron.csv", "--json"];
    assertAlike(JSON.parse((await ask(words, iron)).standard), JSON.parse(askNative(words, iron).standard), 1e-9);
});

test("the network answers alike", async () => {
    const words = ["classify", "iron.csv", "--fast", "--json", "--model", JSON.parse(fs.readFileSync(path.join(root, "web", "models.json"), "utf8"))[0]];
    assertAlike(JSON.parse((await ask(words, iron)).standard), JSON.parse(askNative(words, iron).standard), 1e-6);
});

test("bad input gets the same message and status", async () => {
    for (const [name, bytes] of [["empty.csv", ""], ["words.csv", "a,b\nc,d\n"], ["picture.csv", Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0])]]) {
        const [here, there] = [await ask(["read", name], {[name]: bytes}), askNative(["read", name], {[name]: bytes})];
        assert.notStrictEqual(here.status, 0);
        assert.deepStrictEqual([here.status, here.messages], [there.status, there.messages]);
    }
});

test("what the build is without is said", async () => {
    const drawn = await ask(["read", "iron.csv", "--figure", "runs.pdf"], iron);
    assert.strictEqual(drawn.status, 1);
    assert.match(drawn.messages, /Cairo/);
    const drawing = await ask(["generate", "--train", "10"]);
    assert.strictEqual(drawing.status, 2);
    assert.match(drawing.messages, /there is no command 'generate'/);
});

test("a figure is drawn without Cairo", async () => {
    const {status, made, messages} = await ask(["mechanisms", "M6", "--format", "svg"], {}, []);
    assert.strictEqual(status, 0, messages);
    assert.ok(made);
});
