// Runs ONNX files with ONNX Runtime and compares with this program's probabilities.
// Usage: onnx_runtime.js MODULE CASES; called by cli_export_runtime.sh. MODULE is the folder of onnxruntime-node. A line
// of the file CASES is: MODEL.onnx BOUND N T X1 X2 EXPECTED.npy, where X1 (N, 4) and X2 (N, T, 12) are raw float32, or,
// of networks of run sets, MODEL.onnx BOUND PREFIX EXPECTED.npy, PREFIX being that of `mechanist export --inputs`.
// Prints the largest difference of each case; fails where one is beyond its bound.
'use strict';
const fs = require('fs');
const [modulePath, casesPath] = process.argv.slice(2);
const ort = require(modulePath);

function floats(bytes, from) {
    const copy = Uint8Array.from(bytes.subarray(from));
    return new Float32Array(copy.buffer);
}

// Version 1.0 of the format: magic and version, the header's length in two bytes, the header.
function readArray(path) {
    const bytes = fs.readFileSync(path);
    return floats(bytes, 10 + bytes.readUInt16LE(8));
}

function readTensor(path) {
    const bytes = fs.readFileSync(path), header = bytes.toString('latin1', 10, 10 + bytes.readUInt16LE(8));
    const shape = /'shape': \(([^)]*)\)/.exec(header)[1].split(',').filter(side => side.trim()).map(Number);
    return new ort.Tensor('float32', readArray(path), shape);
}

// What a case gives the network, and the file of what it should answer.
function inputsOf([, , ...rest]) {
    if (rest.length === 2) {
        const arrays = ['sets', 'runs', 'readings', 'mask'].map(name => [name, readTensor(`${rest[0]}-${name}.npy`)]);
        return [Object.fromEntries(arrays), rest[1]];
    }
    const [n, t, x1, x2, expected] = rest;
    return [{
        x1: new ort.Tensor('float32', floats(fs.readFileSync(x1), 0), [Number(n), 4]),
        x2: new ort.Tensor('float32', floats(fs.readFileSync(x2), 0), [Number(n), Number(t), 12]),
    }, expected];
}

async function compare(session, row) {
    const [inputs, expectedPath] = inputsOf(row);
    const expected = readArray(expectedPath);
    let worst = 0;
    // Twice: what the first run plans for its shapes the second one uses.
    for (let run = 0; run < 2; run++) {
        const {probabilities} = await session.run(inputs);
        if (probabilities.type !== 'float32' || probabilities.data.length !== expected.length) return NaN;
        expected.forEach((p, i) => {
            const difference = Math.abs(p - probabilities.data[i]);
            if (!(difference <= worst)) worst = difference;
        });
    }
    return worst;
}

async function main() {
    const cases = fs.readFileSync(casesPath, 'utf8').trim().split('\n').map(line => line.split(' '));
    let sessionPath = null, session = null;
    for (const row of cases) {
        if (row[0] !== sessionPath) {
            sessionPath = row[0];
            session = await ort.InferenceSession.create(sessionPath, {logSeverityLevel: 3});
        }
        const worst = await compare(session, row);
        const holds = worst <= Number(row[1]);
        console.log(`${row[0]}, ${row.length === 4 ? row[2] : row[3] + ' times'}: largest difference ${worst.toExponential(1)}${holds ? '' : ': FAILED'}`);
        if (!holds) process.exitCode = 1;
    }
}

main().catch(error => {
    console.log(String(error));
    process.exitCode = 1;
});
