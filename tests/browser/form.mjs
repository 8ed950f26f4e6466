// The subscription forms, the bridge's and PHP's, as visitors meet them: by the keyboard, on a telephone,
// without scripts.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { phpSite } from "./php_site.mjs";
import { site } from "./site.mjs";
import { accessible, desk, end, enter, nasty, press, reach, start, telephone, text, visitor } from "./visitor.mjs";

const forms = {
    bridge: {
        start: site,
        address: "/hook/form-0123456789abcdef",
        email: "E-mail",
        field: "lead_email",
        name: "lead_name",
        again: /We have your address already/,
    },
    php: {
        start: phpSite,
        address: "/form.php",
        email: "E-mail (needed)",
        field: "email",
        name: "name",
        again: /You are subscribed already/,
    },
};

before(async () => {
    await start();
    for (const form of Object.values(forms)) form.site = await form.start();
});

after(async () => {
    await end();
    for (const form of Object.values(forms)) await form.site?.end();
});

/** Once there are so many; the service may be told a moment later. */
async function contacts(form, number) {
    const end = Date.now() + 60_000;
    for (;;) {
        const { contacts } = await form.site.books();
        if (contacts.length === number) return contacts;
        assert.ok(Date.now() < end, JSON.stringify(contacts));
    }
}

/** Fills the form in by the keyboard and sends it; the browser's own check is left out. */
async function send(page, form, name, email) {
    await page.$eval("form", (form) => (form.noValidate = true));
    await reach(page, "Name");
    await page.keyboard.type(name);
    await reach(page, form.email);
    await page.keyboard.type(email);
    await enter(page);
}

async function mistake(page, form) {
    assert.match(await text(page), /Please correct this[^]*such as name@example\.com/);
    await accessible(page);
    const at = await page.evaluate(() => {
        const { id, ariaInvalid, ariaDescribedByElements } = document.activeElement;
        return [id, ariaInvalid, ariaDescribedByElements?.[0]?.textContent];
    });
    assert.deepEqual(at, [form.field, "true", "Please write an address such as name@example.com."]);
    assert.equal(await page.$eval(`#${form.name}`, (input) => input.value), nasty);
    assert.match(await page.title(), /^Please correct this/);
    // The summary leads to the field.
    await back(page);
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), form.field);
}

/** Back to the summary's link, which stands before the form. */
async function back(page) {
    const isThere = () => page.evaluate(() => document.activeElement.matches("[role=alert] a"));
    await page.keyboard.down("Shift");
    for (let steps = 0; steps < 10 && !(await isThere()); steps++) await page.keyboard.press("Tab");
    await page.keyboard.up("Shift");
    assert.ok(await isThere(), "the summary has no link");
}

let number = 0;

for (const [which, form] of Object.entries(forms)) {
    for (const [where, view] of [["a desk", desk], ["a telephone", telephone]]) {
        test(`${which}: a visitor at ${where} subscribes by the keyboard, after a mistake, and is told twice`, async () => {
            const email = `${++number}@example.com`;
            const before = (await form.site.books()).contacts.length;
            const page = await visitor(view);
            const address = `${form.site.url}${form.address}?utm_source=ads&aff_term=${encodeURIComponent(nasty)}`;
            await page.goto(address);
            await accessible(page);
            await send(page, form, nasty, "nowhere");
            await mistake(page, form);
            await page.keyboard.down("Control");
            await page.keyboard.press("a");
            await page.keyboard.up("Control");
            await page.keyboard.type(email);
            await enter(page);
            assert.match(await text(page), /Thank you/);
            await accessible(page);
            const all = await contacts(form, before + 1);
            const { fields } = all.find((one) => one.email === email);
            const found = [fields.lead_name, fields["utm[utm_source]"], fields["utm[aff_term]"]];
            assert.deepEqual(found, [nasty, "ads", nasty]);
            const { requests } = await form.site.books();
            await page.reload();
            assert.match(await text(page), /Thank you/);
            assert.equal((await form.site.books()).requests, requests, "a reload sends nothing");

            // On a busy machine the service may take longer than the page waits.
            for (let tries = 0; ; tries++) {
                await page.goto(address);
                await send(page, form, nasty, email);
                if (form.again.test(await text(page))) break;
                assert.ok(tries < 20, await text(page));
            }
            await accessible(page);
        });
    }
}

test("php: a form of a page of the site takes the marks of that page along", async () => {
    const form = forms.php;
    const before = (await form.site.books()).contacts.length;
    const page = await visitor(telephone);
    await page.goto(`${form.site.url}/index.html?utm_source=page&ad=7`);
    await accessible(page);
    await page.type("#email", "page@example.com");
    await press(page, "button");
    assert.match(await text(page), /Thank you/);
    const all = await contacts(form, before + 1);
    assert.deepEqual(all.find(({ email }) => email === "page@example.com").fields, { "utm[utm_source]": "page", ad: "7" });
});

test("php: what cannot be kept is said, and stays in the form", async () => {
    const form = forms.php;
    const page = await visitor();
    await page.goto(`${form.site.url}${form.address}`);
    await form.site.breaks();
    await send(page, form, nasty, "later@example.com");
    assert.match(await text(page), /send it again later/);
    await accessible(page);
    assert.equal(await page.$eval("#email", (input) => input.value), "later@example.com");
});

// It draws, and looks at nothing.
if (process.env.PICTURES !== undefined) {
    test("the manual's picture", async () => {
        const form = forms.php;
        const page = await visitor();
        await page.goto(`${form.site.url}${form.address}`);
        await send(page, form, "Anna", "nowhere");
        await page.setViewport({ width: 420, height: 700 });
        await page.screenshot({ path: join(process.env.PICTURES, "form/mistake.png") });
    });
}
