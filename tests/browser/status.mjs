// The status page as people meet it: by eye, by keyboard, on a telephone, without scripts.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { foreignSite, site, token } from "./site.mjs";
import { accessible, end, nasty, press, reach, start, telephone, text, visitor } from "./visitor.mjs";

let here;

before(async () => {
    here = await site();
    await start();
});

after(async () => {
    await end();
    await here?.end();
});

async function entered(view) {
    const page = await visitor(view);
    await page.goto(`${here.url}/status`);
    await page.type("#token", token);
    await press(page, "button");
    return page;
}

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
    await reach(page, "Drop…");
    await page.keyboard.press("Enter");
    await reach(page, "Drop for good: lead 1");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    assert.match(await text(page), /Dropped: 1\./);
    await reach(page, "Try again: lead 2");
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
        await page.screenshot({ path: join(folder, `serve/status-${name}.png`) });
    }
});
