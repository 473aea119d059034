// Readings and curves as charts take them: by run and species, thinned to what a screen can show.
import {eachRow} from "./table.js";

/** How many points all readings of a chart have, and how many those of one run at least. */
const MOST_POINTS = 3000, LEAST_POINTS = 24;

/** Every n-th of the points, first and last among them. @param {number[][]} points @param {number} most */
export function thinned(points, most) {
    if (points.length <= most) return points;
    const step = (points.length - 1) / (most - 1);
    return Array.from({length: most}, (_, i) => points[Math.round(i * step)]);
}

/** @typedef {Record<string, Record<string, number[][]>>} Courses run, species, points of time and concentration */

/** @param {Courses} courses @param {string} run @param {string} species @param {number} x @param {string} y */
function add(courses, run, species, x, y) {
    if (y === undefined || y === "") return;
    const of = courses[run] || (courses[run] = {});
    (of[species] || (of[species] = [])).push([x, Number(y)]);
}

/** The readings of a tidy table. @param {string} text @returns {Courses} */
export function readings(text) {
    /** @type {Courses} */
    const courses = Object.create(null);
    let [run, time, s, p] = [-1, -1, -1, -1];
    eachRow(text, (row, number) => {
        if (number === 0) {
            const names = row.map((name) => name.split(" / ")[0]);
            [run, time, s, p] = ["run", "time", "S", "P"].map((name) => names.indexOf(name));
            return;
        }
        add(courses, row[run], "S", Number(row[time]), row[s]);
        add(courses, row[run], "P", Number(row[time]), row[p]);
    });
    const all = Object.values(courses).flatMap((of) => Object.values(of)), most = Math.max(LEAST_POINTS, Math.floor(MOST_POINTS / Math.max(1, all.length)));
    for (const of of Object.values(courses)) for (const species in of) of[species] = thinned(of[species], most);
    return courses;
}

/** The fitted curves by mechanism. @param {string} text @returns {Record<string, Courses>} */
export function curves(text) {
    /** @type {Record<string, Courses>} */
    const found = Object.create(null);
    let [mechanism, run, time, s, p] = [-1, -1, -1, -1, -1];
    eachRow(text, (row, number) => {
        if (number === 0) {
            [mechanism, run, time, s, p] = ["mechanism", "run", "time", "S", "P"].map((name) => row.indexOf(name));
            return;
        }
        const of = found[row[mechanism]] || (found[row[mechanism]] = Object.create(null));
        add(of, row[run], "S", Number(row[time]), row[s]);
        add(of, row[run], "P", Number(row[time]), row[p]);
    });
    for (const of of Object.values(found)) for (const run in of) for (const species in of[run]) of[run][species] = thinned(of[run][species], 200);
    return found;
}
