// Runs the program in a worker: each question is one command line, answered by a fresh instance, so that no answer
// depends on an earlier one and all memory returns with it.
/* global createMechanist */
import {curves, readings} from "./series.js";

/** @type {WebAssembly.Module} */
let program;
/** @type {{name: string, bytes: Uint8Array}[]} what lies in the folder of models */
let models = [];

/**
 * @param {string[]} words the command line behind the program's name
 * @param {{name: string, bytes: Uint8Array}[]} files laid into the working folder
 * @param {string[]} outputs files to bring back
 * @param {(line: string) => void} tell hears each line of progress
 */
async function run(words, files, outputs, tell) {
    /** @type {number[]} */
    const standard = [], messages = [];
    let line = "";
    const instance = await createMechanist({
        noInitialRun: true,
        quit(_, thrown) { throw thrown; },
        instantiateWasm(imports, use) {
            WebAssembly.instantiate(program, imports).then((made) => use(made, program));
            return {};
        },
        preRun: [(m) => {
            m.ENV.MECHANIST_MODELS = "/models";
            const decoder = new TextDecoder();
            /** @type {number[]} */
            let bytes = [];
            m.FS.init(() => null, (byte) => { if (byte !== null) standard.push(byte & 0xff); }, (byte) => {
                if (byte === null) return;
                messages.push(byte & 0xff);
                if (byte !== 10) { bytes.push(byte & 0xff); return; }
                line = decoder.decode(new Uint8Array(bytes));
                bytes = [];
                tell(line);
            });
            m.FS.mkdir("/models");
            for (const model of models) m.FS.writeFile("/models/" + model.name, model.bytes);
            m.FS.mkdir("/work");
            m.FS.chdir("/work");
            for (const file of files) m.FS.writeFile(file.name, file.bytes);
        }],
    });
    let status = 0;
    try {
        status = instance.callMain(words);
    } catch (thrown) {
        if (!(thrown && typeof thrown.status === "number")) throw thrown;
        status = thrown.status;
    }
    /** @type {Record<string, Uint8Array>} */
    const made = {};
    for (const output of outputs)
        if (instance.FS.analyzePath(output).exists) made[output] = instance.FS.readFile(output).slice();
    const text = (/** @type {number[]} */ codes) => new TextDecoder().decode(new Uint8Array(codes));
    return {status, standard: text(standard), messages: text(messages), made};
}

/** Tables that charts are drawn from are taken apart here, as large ones take their time. */
const COURSES = {"tidy.csv": readings, "curves.csv": curves};

/** @param {Record<string, Uint8Array>} made @returns {Record<string, object>} */
function courses(made) {
    return Object.fromEntries(Object.entries(COURSES).filter(([name]) => made[name])
        .map(([name, take]) => [name, take(new TextDecoder().decode(made[name]))]));
}

self.onmessage = async (event) => {
    const asked = event.data;
    try {
        if (asked.begin) {
            program = await WebAssembly.compile(asked.begin.program);
            models = asked.begin.models;
            self.postMessage({number: asked.number, answer: {status: 0}});
            return;
        }
        const tell = (/** @type {string} */ line) => self.postMessage({number: asked.number, line});
        const answer = await run(asked.words, asked.files, asked.outputs, tell);
        self.postMessage({number: asked.number, answer: {...answer, courses: courses(answer.made)}}, Object.values(answer.made).map((bytes) => bytes.buffer));
    } catch (thrown) {
        self.postMessage({number: asked.number, failure: String(thrown && thrown.message || thrown)});
    }
};
