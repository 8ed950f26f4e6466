// The built programs as processes on free ports: the sandbox as the service, and the bridge before it.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { built, end, sandbox } from "./process.mjs";

export const token = "status-token-0123456789abcdef";

/** A bridge with the routes of dead leads, good ones and the form. */
export async function site() {
    const folder = mkdtempSync(join(tmpdir(), "bridge"));
    const [standIn, service] = await sandbox();
    const path = join(folder, "bridge.toml");
    const route = (name, preset, group) =>
        `[[route]]\nname = "${name}"\npreset = "${preset}"\ntoken = "${name}-0123456789abcdef"\ngroups = ["${group}"]\n`;
    const text =
        `username = "username"\nsecret = "${"X".repeat(40)}"\nbase_url = "${service}"\n` +
        `[serve]\nlisten = "127.0.0.1:0"\noutbox = "${folder}/leads.db"\ntoken = "${token}"\n` +
        route("dead", "tilda", "absent") +
        route("good", "tilda", "super") +
        route("form", "form", "super");
    writeFileSync(path, text, { mode: 0o600 });
    const [bridge, told] = await built("justclick", "--json", "serve", "--config", path);
    const url = `http://${JSON.parse(told).listens}`;
    const send = async (name, fields) => {
        const body = new URLSearchParams(fields);
        const answer = await fetch(`${url}/hook/${name}-0123456789abcdef`, { method: "POST", body });
        if (answer.status !== 200) throw new Error(await answer.text());
    };
    return {
        url,
        send,
        /** The service goes away, so that leads wait. */
        async serviceEnds() {
            await end(standIn);
        },
        async books() {
            return (await fetch(`${service}/sandbox`)).json();
        },
        async end() {
            await end(bridge);
            await end(standIn);
            rmSync(folder, { recursive: true });
        },
    };
}

/** Another site, with one page. */
export async function foreignSite(html) {
    const server = createServer((_, answer) => {
        answer.setHeader("Content-Type", "text/html");
        answer.end(html);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { port: server.address().port, end: () => server.close() };
}
