// Tables as text.

/** Hands rows of comma-separated values, whose fields may be quoted, to act(row, number). @param {string} text
 *  @param {(row: string[], number: number) => void} act */
export function eachRow(text, act) {
    let row = [], number = 0, at = 0;
    while (at < text.length) {
        let end = at, field;
        if (text[at] === '"') {
            for (end = text.indexOf('"', at + 1); end >= 0 && text[end + 1] === '"'; end = text.indexOf('"', end + 2));
            if (end < 0) end = text.length;
            field = text.slice(at + 1, end).replaceAll('""', '"');
            end++;
        } else {
            while (end < text.length && text[end] !== "," && text[end] !== "\n") end++;
            field = text[end - 1] === "\r" && end > at ? text.slice(at, end - 1) : text.slice(at, end);
        }
        row.push(field);
        if (text[end] !== ",") {
            act(row, number++);
            row = [];
        }
        at = end + 1;
    }
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
