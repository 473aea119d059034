// Line charts as SVG.
import {thinned} from "./series.js";

const SPACE = "http://www.w3.org/2000/svg";
/** The palette of Okabe & Ito, told apart with any colour vision. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a8d93"];

/** How many names a legend has at most. */
const MOST_NAMES = 16;

/** @param {string} name @param {Record<string, string | number>} attributes @param {string} [words] */
function element(name, attributes, words) {
    const made = document.createElementNS(SPACE, name);
    for (const key in attributes) made.setAttribute(key, String(attributes[key]));
    if (words !== undefined) made.textContent = words;
    return made;
}

/** Round numbers that divide a span. @param {number} low @param {number} high @param {number} wanted */
export function ticks(low, high, wanted) {
    const rough = (high - low) / wanted, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough) || rough;
    const found = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) found.push(Number((i * step).toPrecision(12)));
    return found;
}

/**
 * @typedef {{name: string, points?: number[][], line?: number[][], band?: number[][], hollow?: boolean, colour: number}} Series
 * @param {{title: string, x: string, y: string, series: Series[], zero?: boolean, least?: number, most?: number, width?: number}} figure
 */
export function draw(figure) {
    const width = figure.width || 560, height = Math.round(Math.min(300, 120 + 0.35 * width)), left = 62, right = 12, top = 10;
    const across = Math.max(2, Math.floor((width - left) / 120));
    const all = [...new Set(figure.series.map((s) => s.name))].filter(Boolean);
    const names = all.length > MOST_NAMES ? all.slice(0, MOST_NAMES - 1) : all;
    const rows = Math.ceil(Math.min(all.length, MOST_NAMES) / across), bottom = 46 + 18 * rows;
    const everything = figure.series.flatMap((s) => [...(s.points || []), ...(s.line || []),
        ...(s.band || []).flatMap(([x, a, b]) => [[x, a], [x, b]])]).filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
    const svg = element("svg", {viewBox: `0 0 ${width} ${height + 18 * rows}`, role: "img", "aria-label": figure.title,
        "font-family": "system-ui, sans-serif", "font-size": 12});
    svg.append(element("title", {}, figure.title));
    if (!everything.length) return svg;
    let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [x, y] of everything) { x0 = Math.min(x0, x); x1 = Math.max(x1, x); y0 = Math.min(y0, y); y1 = Math.max(y1, y); }
    if (figure.zero !== false) { y0 = Math.min(y0, 0); x0 = Math.min(x0, 0); }
    if (figure.least !== undefined) y0 = figure.least;
    if (figure.most !== undefined) y1 = figure.most;
    if (x1 === x0) x1 = x0 + 1;
    if (y1 === y0) y1 = y0 + 1;
    const floor = height + 18 * rows - bottom;
    const px = (/** @type {number} */ x) => left + (x - x0) / (x1 - x0) * (width - left - right);
    const py = (/** @type {number} */ y) => floor - (y - y0) / (y1 - y0) * (floor - top);
    for (const y of ticks(y0, y1, 5)) {
        svg.append(element("line", {x1: left, x2: width - right, y1: py(y), y2: py(y), stroke: "currentColor", "stroke-opacity": 0.15}));
        svg.append(element("text", {x: left - 6, y: py(y) + 4, "text-anchor": "end", fill: "currentColor"}, String(y)));
    }
    for (const x of ticks(x0, x1, Math.min(6, Math.floor(width / 70)))) {
        svg.append(element("line", {x1: px(x), x2: px(x), y1: floor, y2: floor + 4, stroke: "currentColor"}));
        svg.append(element("text", {x: px(x), y: floor + 17, "text-anchor": "middle", fill: "currentColor"}, String(x)));
    }
    svg.append(element("line", {x1: left, x2: width - right, y1: floor, y2: floor, stroke: "currentColor"}));
    svg.append(element("text", {x: (left + width - right) / 2, y: floor + 34, "text-anchor": "middle", fill: "currentColor"}, figure.x));
    svg.append(element("text", {transform: `translate(14 ${(top + floor) / 2}) rotate(-90)`, "text-anchor": "middle", fill: "currentColor"}, figure.y));
    const path = (/** @type {number[][]} */ points) => points.map(([x, y], i) => `${i ? "L" : "M"}${px(x).toFixed(1)} ${py(y).toFixed(1)}`).join("");
    const inside = (/** @type {number[]} */ [x, y]) => Number.isFinite(x) && Number.isFinite(y) && y >= y0 && y <= y1;
    for (const s of figure.series) {
        const colour = COLOURS[s.colour % COLOURS.length];
        if (s.band) {
            const over = s.band.map(([x, , b]) => [x, b]), under = s.band.map(([x, a]) => [x, a]).reverse();
            svg.append(element("path", {d: path([...over, ...under]) + "Z", fill: colour, "fill-opacity": 0.18}));
        }
        if (s.line) svg.append(element("path", {class: "line", d: path(thinned(s.line, 1000)), fill: "none", stroke: colour, "stroke-width": 1.8}));
        /* One path for all circles of a run. */
        const circle = (/** @type {number[]} */ [x, y]) => `M${(px(x) - 2.8).toFixed(1)} ${py(y).toFixed(1)}a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0-5.6 0`;
        const points = (s.points || []).filter(inside);
        if (points.length) svg.append(element("path", {class: "points", d: points.map(circle).join(""), fill: s.hollow ? "none" : colour, stroke: colour, "stroke-width": 1.2}));
    }
    names.forEach((name, i) => {
        const s = figure.series.find((one) => one.name === name), x = left + (i % across) * 120, y = floor + 54 + 18 * Math.floor(i / across);
        svg.append(element("circle", {cx: x, cy: y - 4, r: 4, fill: COLOURS[s.colour % COLOURS.length]}));
        svg.append(element("text", {x: x + 9, y, fill: "currentColor"}, name.length > 16 ? name.slice(0, 15) + "…" : name));
    });
    if (all.length > names.length) svg.append(element("text", {x: left + (names.length % across) * 120, y: floor + 54 + 18 * (rows - 1), fill: "currentColor"}, `and ${all.length - names.length} more`));
    return svg;
}
