// Opens the page in headless Chromium as a person would and holds what it shows against the command line.
//   node tests/web/page.js build/page/index.html build/mechanist
// Screenshots go to the folder that SCREENSHOTS names, if any.
"use strict";
const assert = require("assert");
const {spawnSync} = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");
const test = require("node:test");
const {pathToFileURL} = require("url");

const [pageFile, native] = process.argv.slice(-2).map((file) => path.resolve(file));
const root = path.join(__dirname, "..", "..");
const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((file) => fs.existsSync(file));
let playwright;
try {
    playwright = require("playwright-core");
} catch {
    playwright = null;
}
const skip = !chromium ? "Chromium is absent" : !playwright ? "playwright-core is absent (scripts/install-dependencies --tests)" : false;

let browser;
test.before(async () => {
    if (!skip) browser = await playwright.chromium.launch({executablePath: chromium, args: ["--no-sandbox"]});
});
test.after(async () => browser && browser.close());

/** A page that is ready, with what went wrong on it. */
async function open(width = 1280) {
    const page = await browser.newPage({viewport: {width, height: 900}});
    page.complaints = [];
    page.requests = [];
    page.on("pageerror", (error) => page.complaints.push(error.message));
    page.on("console", (message) => message.type() === "error" && page.complaints.push(message.text()));
    page.on("request", (request) => /^(https?|wss?|ftp):/.test(request.url()) && page.requests.push(request.url()));
    await page.goto(pathToFileURL(pageFile).href);
    await page.waitForFunction(() => document.getElementById("status").textContent === "Ready.", null, {timeout: 120000});
    return page;
}

const ended = (page) => page.waitForFunction(() => ["Done.", "Cancelled."].includes(document.getElementById("status").textContent) ||
    document.getElementById("problem").textContent, null, {timeout: 600000});

const ask = (...words) => spawnSync(native, words, {encoding: "utf8", maxBuffer: 1 << 28});

test("the example is read, fitted and drawn as on the command line", {skip, timeout: 900000}, async () => {
    const page = await open();
    await page.click("#examples button");
    await ended(page);
    assert.strictEqual(await page.textContent("#problem"), "");
    const file = path.join(root, "examples", "iron-cycloisomerization.csv");
    const read = JSON.parse(ask("read", file, "--json").stdout), fits = JSON.parse(ask("fit", file, "--json").stdout);
    assert.strictEqual(await page.locator("#runs tr").count(), read.runs.length + 1);
    const shown = await page.$$eval("#ranking button", (all) => all.map((b) => [b.querySelector(".name").textContent, parseFloat(b.querySelector(".number").textContent.replace(/[<>]/g, ""))]));
    fits.mechanisms.slice(0, 2).forEach((m, i) => {
        assert.strictEqual(shown[i][0], m.mechanism);
        assert.ok(Math.abs(shown[i][1] / 100 - m.probability) < 0.05, `${shown[i]} and ${m.probability}`);
    });
    assert.ok(await page.locator("#chart path").count() >= read.runs.length, "curves are drawn");
    assert.match(await page.textContent("#warnings"), /explains the readings/);
    await page.click("#ranking button >> nth=1");
    assert.match(await page.textContent("#curves-title"), new RegExp(fits.mechanisms[1].mechanism));
    const made = page.waitForEvent("download");
    await page.click("#downloads button:has-text('JSON')");
    const saved = JSON.parse(fs.readFileSync(await (await made).path(), "utf8"));
    assert.strictEqual(saved.mechanisms[0].mechanism, fits.mechanisms[0].mechanism);
    for (const width of [390, 768, 1280]) {
        await page.setViewportSize({width, height: 900});
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `the page is ${wide} wide on a screen of ${width}`);
        if (process.env.SCREENSHOTS) await page.screenshot({path: path.join(process.env.SCREENSHOTS, `page-${width}.png`), fullPage: true});
    }
    assert.deepStrictEqual([page.complaints, page.requests], [[], []]);
    await page.close();
});

test("a bad table gets the command line's message", {skip, timeout: 300000}, async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mechanist-"));
    const bad = path.join(folder, "bad.csv");
    fs.writeFileSync(bad, "name,colour\nanna,red\nbert,blue\n");
    const page = await open();
    await page.setInputFiles("#choose", bad);
    await ended(page);
    const said = spawnSync(native, ["read", "bad.csv"], {cwd: folder, encoding: "utf8"}).stderr.trim().replace(/^mechanist: /, "");
    assert.strictEqual(await page.textContent("#problem"), said);
    fs.rmSync(folder, {recursive: true});
    await page.close();
});

test("fits can be cancelled, and the page goes on", {skip, timeout: 300000}, async () => {
    const page = await open();
    await page.click("#examples button");
    await page.waitForFunction(() => /Fitting/.test(document.getElementById("status").textContent), null, {timeout: 120000});
    await page.click("#cancel");
    await page.waitForFunction(() => document.getElementById("status").textContent === "Cancelled.");
    await page.fill("#paste", "time\tS\n0\t1\n");
    await ended(page);
    await page.close();
});
