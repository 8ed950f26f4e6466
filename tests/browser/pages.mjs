// The status page and the form as people meet them: by eye, by keyboard, on a telephone, without scripts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { foreignSite, site, token } from "./site.mjs";

const modules = createRequire(join(process.env.NODE_MODULES, "_"));
const { launch } = modules("puppeteer-core");
const axe = readFileSync(modules.resolve("axe-core/axe.min.js"), "utf8");
const telephone = { width: 360, height: 740, isMobile: true, hasTouch: true };
const desk = { width: 900, height: 900 };
const nasty = `<script>alert(1)</script><img src=x onerror=alert(2)>"'`;

let browser, here;

before(async () => {
    here = await site();
    const path = process.env.CHROMIUM ?? "/usr/bin/chromium";
    browser = await launch({ executablePath: path, args: ["--no-sandbox", "--disable-gpu"] });
});

after(async () => {
    await browser?.close();
    await here?.end();
});

/** A page of a browser of its own, without scripts of the site's. */
async function visitor(view = desk) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.setViewport(view);
    await page.setJavaScriptEnabled(false);
    page.on("dialog", () => assert.fail("a script of a lead's ran"));
    return page;
}

async function press(page, selector) {
    await Promise.all([page.waitForNavigation(), page.click(selector)]);
}

async function entered(view) {
    const page = await visitor(view);
    await page.goto(`${here.url}/status`);
    await page.type("#token", token);
    await press(page, "button");
    return page;
}

const text = (page) => page.evaluate(() => document.body.innerText);

/** Counts of the status page, once nothing is on its way. */
async function counted(page, wanted) {
    const end = Date.now() + 60_000;
    for (;;) {
        await page.goto(`${here.url}/status`);
        const counts = await page.$$eval(".counts div", (all) =>
            Object.fromEntries(all.map((one) => [one.children[0].textContent, +one.children[1].textContent])),
        );
        if (Object.entries(wanted).every(([name, number]) => counts[name] === number)) return;
        assert.ok(Date.now() < end, JSON.stringify(counts));
    }
}

/** axe in both colours and on both sizes finds nothing serious, and nothing is cut off. It looks at a
 * copy, since it cannot run in a page without scripts. */
async function accessible(page) {
    const copy = await (await browser.createBrowserContext()).newPage();
    copy.on("dialog", () => assert.fail("a script of a lead's ran"));
    const html = (await page.content()).replace("<head>", `<head><base href="${here.url}">`);
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

test("the door opens to the token alone", async () => {
    const page = await visitor();
    await page.goto(`${here.url}/status`);
    await accessible(page);
    await page.type("#token", "another-token-0123456789");
    await press(page, "button");
    assert.match(await text(page), /That is not the token/);
    await accessible(page);
    await page.type("#token", token);
    await press(page, "button");
    assert.match(await text(page), /Dead leads/);
});

test("what died and why, without its data until somebody asks, and as text", async () => {
    await here.send("dead", { Name: nasty, Email: "first@example.com", tranid: "1" });
    await here.send("dead", { Name: "Second", Email: "second@example.com", tranid: "2" });
    const page = await entered();
    await counted(page, { Dead: 2 });
    await accessible(page);
    assert.doesNotMatch(await text(page), /example\.com/);
    assert.match(await text(page), /code \d+/);
    await press(page, "article a");
    assert.ok((await text(page)).includes(nasty));
    assert.equal(await page.$("article script, article img"), null);
    // With scripts as well.
    await page.setJavaScriptEnabled(true);
    await page.reload();
    assert.ok((await text(page)).includes(nasty));
    await accessible(page);
});

test("the buttons work by the keyboard", async () => {
    const page = await entered();
    await counted(page, { Dead: 2 });
    const reach = async (wanted) => {
        for (let steps = 0; steps < 40; steps++) {
            await page.keyboard.press("Tab");
            const name = await page.evaluate(() => {
                const at = document.activeElement;
                return at.ariaLabel ?? at.textContent;
            });
            if (name === wanted) return;
        }
        assert.fail(`${wanted} is not reached`);
    };
    await reach("Drop…");
    await page.keyboard.press("Enter");
    await reach("Drop for good: lead 1");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    assert.match(await text(page), /Dropped: 1\./);
    await reach("Try again: lead 2");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    assert.match(await text(page), /Waiting again: 1\./);
    await counted(page, { Dead: 1, Dropped: 1 });
});

test("other sites neither press its buttons nor show it", async () => {
    const inside = await entered();
    await counted(inside, { Dead: 1 });
    const foreign = await foreignSite(
        `<form method="post" action="${here.url}/status/drop"><input name="all" value="1"><button>Win</button></form>
         <iframe src="${here.url}/status"></iframe>`,
    );
    // localhost is another site than 127.0.0.1; another port of 127.0.0.1 is the same site.
    for (const host of ["localhost", "127.0.0.1"]) {
        const page = await inside.browserContext().newPage();
        await page.goto(`http://${host}:${foreign.port}/`).catch(() => page.goto(`http://127.0.0.1:${foreign.port}/`));
        const frame = page.frames().find((one) => one !== page.mainFrame());
        assert.doesNotMatch(await frame.evaluate(() => document.body?.innerText ?? ""), /Dead|token/);
        await press(page, "button");
        await page.close();
    }
    foreign.end();
    await counted(inside, { Dead: 1, Dropped: 1 });
});

test("the form takes a visitor in without scripts and by the keyboard", async () => {
    const page = await visitor();
    await page.goto(`${here.url}/hook/form-0123456789abcdef?utm_source=ads&utm_term=${encodeURIComponent(nasty)}`);
    await accessible(page);
    await page.$eval("form", (form) => (form.noValidate = true));
    await page.keyboard.press("Tab");
    await page.keyboard.type(nasty);
    await page.keyboard.press("Tab");
    await page.keyboard.type("nowhere");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    assert.match(await text(page), /Please correct this/);
    await accessible(page);
    const at = await page.evaluate(() => [document.activeElement.name, document.activeElement.ariaInvalid]);
    assert.deepEqual(at, ["lead_email", "true"]);
    assert.equal(await page.$eval("#lead_name", (input) => input.value), nasty);
    await page.$eval("#lead_email", (input) => (input.value = ""));
    await page.type("#lead_email", "visitor@example.com");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    assert.match(await text(page), /Thank you/);
    await accessible(page);
    const inside = await entered();
    await counted(inside, { Waiting: 0, Delivered: 1 });
    const { contacts } = await here.books();
    const contact = contacts.find(({ email }) => email === "visitor@example.com");
    assert.ok(JSON.stringify(contact).includes("ads"), JSON.stringify(contact));
});

test("what waits says why, and the manual's pictures show it", async () => {
    await here.serviceEnds();
    await here.send("good", { Name: "Third", Email: "third@example.com", tranid: "3" });
    const page = await entered();
    await counted(page, { Waiting: 1 });
    const end = Date.now() + 60_000;
    while (!/connection refused/.test(await text(page))) {
        assert.ok(Date.now() < end, await text(page));
        await page.reload();
    }
    await accessible(page);
    const folder = process.env.PICTURES;
    if (folder === undefined) return;
    await page.goto(`${here.url}/status?show=2`);
    for (const [name, view, colours] of [["desk", { width: 700, height: 620 }, "light"], ["telephone", telephone, "dark"]]) {
        await page.setViewport(view);
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: colours }]);
        await page.screenshot({ path: join(folder, `status-${name}.png`) });
    }
});
