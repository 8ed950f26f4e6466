// The site with PHP's form, on PHP's own server and a free port, with the sandbox as the service.

import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { end, sandbox, start } from "./process.mjs";

export async function phpSite() {
    const folder = mkdtempSync(join(tmpdir(), "form"));
    const [service, base] = await sandbox();
    const env = {
        PATH: process.env.PATH,
        JUSTCLICK_LIBRARY: join(process.env.BUILT, "libjustclick.so"),
        JUSTCLICK_USERNAME: "username",
        JUSTCLICK_SECRET: "X".repeat(40),
        JUSTCLICK_BASE_URL: base,
        JUSTCLICK_OUTBOX: join(folder, "leads.db"),
    };
    const root = join(fileURLToPath(import.meta.url), "../../../examples/form");
    const options = ["-d", "ffi.enable=1", "-S", "127.0.0.1:0", "-t", root];
    const [php, told] = await start("php", options, env);
    const url = /http:\/\/[\d.:]+/.exec(told)[0];
    return {
        url,
        async books() {
            return (await fetch(`${base}/sandbox`)).json();
        },
        /** The outbox's folder goes away. */
        async breaks() {
            rmSync(folder, { recursive: true });
        },
        async end() {
            await end(php);
            await end(service);
            rmSync(folder, { recursive: true, force: true });
        },
    };
}
