// Tables as text.

/** Rows of comma-separated values; fields may be quoted. @param {string} text @returns {string[][]} */
export function parseRows(text) {
    const rows = [];
    let row = [], field = "", quoted = false;
    for (let i = 0; i < text.length; i++) {
        const c = text[i];
        if (quoted) {
            if (c !== '"') field += c;
            else if (text[i + 1] === '"') field += text[++i];
            else quoted = false;
        } else if (c === '"') quoted = true;
        else if (c === ",") { row.push(field); field = ""; }
        else if (c === "\n") { row.push(field); rows.push(row); row = []; field = ""; }
        else if (c !== "\r") field += c;
    }
    if (field || row.length) { row.push(field); rows.push(row); }
    return rows;
}

/** The rows by the names of the header. @param {string} text @returns {Record<string, string>[]} */
export function parseTable(text) {
    const rows = parseRows(text), header = rows.shift() || [];
    return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ""])));
}

/** A number of three or four digits for people. @param {number | null | undefined} x */
export function shown(x) {
    if (x === null || x === undefined || !Number.isFinite(x)) return "";
    if (x === 0) return "0";
    const size = Math.abs(x);
    if (size >= 1e-3 && size < 1e5) return String(Number(x.toPrecision(3)));
    const [digits, power] = x.toExponential(2).split("e");
    return `${Number(digits)} × 10${[...String(Number(power))].map((c) => c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]).join("")}`;
}

/** A share as people write it. @param {number} p */
export function percent(p) {
    if (p > 0.9995) return "> 99.9 %";
    if (p < 0.0005) return "< 0.1 %";
    return `${(100 * p).toFixed(p < 0.1 ? 1 : 0)} %`;
}

/** A rate constant's or species' name with its index below the line, as nodes. @param {string} name */
export function indexed(name) {
    const parts = /^([A-Za-z]+)(-?\d+)$/.exec(name), span = document.createElement("span");
    span.textContent = parts ? parts[1] : name;
    if (parts) {
        const sub = document.createElement("sub");
        sub.textContent = parts[2].replace("-", "−");
        span.append(sub);
    }
    return span;
}

/** The unit of a quantity as concentration and time powers say. @param {any} q @param {string} concentration @param {string} time */
export function unitOf(q, concentration, time) {
    const power = (/** @type {string} */ unit, /** @type {number} */ n, /** @type {string} */ none) =>
        n === 0 ? "" : (unit || none) + (n === 1 ? "" : [...String(n)].map((c) => c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]).join(""));
    return [power(concentration, q.concentration_power || 0, "conc"), power(time, q.time_power || 0, "time")].filter(Boolean).join(" ");
}
