// The program as the page sees it: questions go to a worker, which can be ended at any time.

/**
 * @typedef {{name: string, bytes: Uint8Array}} File
 * @typedef {{status: number, standard: string, messages: string, made: Record<string, Uint8Array>, courses: Record<string, any>}} Answer
 */

export class Cancelled extends Error {}

/** Bytes of base64 text. @param {string} text */
export function bytesOf(text) {
    const raw = atob(text), bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    return bytes;
}

/** Bytes of base64 text that was compressed by gzip. @param {string} packed @returns {Promise<Uint8Array>} */
export async function unpack(packed) {
    const stream = new Blob([bytesOf(packed)]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A model whose numbers were taken apart into planes of bytes (scripts/build-web). @param {Uint8Array} apart */
export function joined(apart) {
    const start = 8 + Number(new DataView(apart.buffer, apart.byteOffset).getBigUint64(0, true)), n = Math.floor((apart.length - start) / 4);
    const bytes = apart.slice(), view = new DataView(bytes.buffer), at = start + n, above = at + n, top = above + n;
    for (let i = 0; i < n; i++) {
        const turned = apart[start + i] | apart[at + i] << 8 | apart[above + i] << 16 | apart[top + i] << 24;
        view.setUint32(start + 4 * i, turned >>> 1 | turned << 31, true);
    }
    return bytes;
}

export class Engine {
    /** @param {string} script of the worker @param {Uint8Array} program @param {File[]} models */
    constructor(script, program, models) {
        this.url = URL.createObjectURL(new Blob([script], {type: "text/javascript"}));
        this.program = program;
        this.models = models;
        this.number = 0;
        /** @type {Map<number, {resolve: Function, reject: Function, tell?: (line: string) => void}>} */
        this.open = new Map();
        this.start();
    }

    start() {
        this.worker = new Worker(this.url);
        this.worker.onmessage = (event) => {
            const {number, line, answer, failure} = event.data, asked = this.open.get(number);
            if (!asked) return;
            if (line !== undefined) {
                if (asked.tell) asked.tell(line);
                return;
            }
            this.open.delete(number);
            if (failure !== undefined) asked.reject(new Error(failure));
            else asked.resolve(answer);
        };
        this.worker.onerror = (event) => this.end(new Error(event.message || "the program could not be started"));
        this.ready = this.post({begin: {program: this.program, models: this.models}});
        this.ready.catch(() => {});
    }

    /** @param {object} message @param {(line: string) => void} [tell] @returns {Promise<any>} */
    post(message, tell) {
        const number = ++this.number;
        return new Promise((resolve, reject) => {
            this.open.set(number, {resolve, reject, tell});
            this.worker.postMessage({number, ...message});
        });
    }

    /** @param {string[]} words @param {File[]} files @param {string[]} outputs @param {(line: string) => void} [tell]
     *  @returns {Promise<Answer>} */
    async run(words, files, outputs = [], tell) {
        await this.ready;
        return this.post({words, files, outputs}, tell);
    }

    /** Ends whatever is being done. */
    cancel() {
        if (this.open.size) this.end(new Cancelled("cancelled"));
    }

    /** Begins with a fresh worker, which has no memory of the one before. */
    restart() {
        this.end(new Cancelled("restarted"));
    }

    /** @param {Error} why */
    end(why) {
        this.worker.terminate();
        for (const asked of this.open.values()) asked.reject(why);
        this.open.clear();
        this.start();
    }
}
