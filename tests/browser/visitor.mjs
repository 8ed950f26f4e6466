// A browser, and visitors in it whose pages have no scripts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const modules = createRequire(join(process.env.NODE_MODULES, "_"));
const { launch } = modules("puppeteer-core");
const axe = readFileSync(modules.resolve("axe-core/axe.min.js"), "utf8");

export const telephone = { width: 360, height: 740, isMobile: true, hasTouch: true };
export const desk = { width: 900, height: 900 };
export const nasty = `<script>alert(1)</script><img src=x onerror=alert(2)>"'`;

let browser;

export async function start() {
    const path = process.env.CHROMIUM ?? "/usr/bin/chromium";
    browser = await launch({ executablePath: path, args: ["--no-sandbox", "--disable-gpu"] });
}

export async function end() {
    await browser?.close();
}

/** A page of a browser of its own, without scripts of the site's. */
export async function visitor(view = desk) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    await page.setViewport(view);
    await page.setJavaScriptEnabled(false);
    page.on("dialog", () => assert.fail("a script of a lead's ran"));
    return page;
}

export async function press(page, selector) {
    await Promise.all([page.waitForNavigation(), page.click(selector)]);
}

export async function enter(page) {
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

/** Goes by the keyboard to what has this name. */
export async function reach(page, wanted) {
    for (let steps = 0; steps < 40; steps++) {
        await page.keyboard.press("Tab");
        const name = await page.evaluate(() => {
            const at = document.activeElement;
            return at.ariaLabel ?? at.labels?.[0]?.textContent ?? at.textContent;
        });
        if (name === wanted) return;
    }
    assert.fail(`${wanted} is not reached`);
}

export const text = (page) => page.evaluate(() => document.body.innerText);

/** axe in both colours and on both sizes finds nothing serious, and nothing is cut off. It looks at a
 * copy, since it cannot run in a page without scripts. */
export async function accessible(page) {
    const copy = await (await browser.createBrowserContext()).newPage();
    copy.on("dialog", () => assert.fail("a script of a lead's ran"));
    const html = (await page.content()).replace("<head>", `<head><base href="${page.url()}">`);
    for (const view of [desk, telephone]) {
        for (const colours of ["light", "dark"]) {
            await copy.setViewport(view);
            await copy.emulateMediaFeatures([{ name: "prefers-color-scheme", value: colours }]);
            await copy.setContent(html, { waitUntil: "load" });
            await copy.evaluate(axe);
            const found = await copy.evaluate(() => globalThis.axe.run());
            const serious = found.violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
            assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes[0].html]), [], `${colours} ${view.width}`);
            const wide = await copy.evaluate(() => document.scrollingElement.scrollWidth);
            assert.ok(wide <= view.width, `${wide} is wider than ${view.width}`);
            const low = await copy.$$eval("button, summary", (all) =>
                all.filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44).length,
            );
            assert.equal(low, 0, "a finger needs 44 points");
        }
    }
    await copy.browserContext().close();
}
