// Programs that say on their first line where they listen.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Starts a program; resolves to it and its first line. */
export async function start(path, argv, env = {}) {
    const child = spawn(path, argv, { stdio: ["ignore", "pipe", "pipe"], env });
    const first = await new Promise((resolve, reject) => {
        for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).once("line", resolve);
        child.once("exit", () => reject(new Error(`${path} ended`)));
        child.once("error", reject);
    });
    child.stdout.resume();
    child.stderr.resume();
    return [child, first];
}

/** One of the built programs. */
export function built(program, ...argv) {
    return start(join(process.env.BUILT, program), argv);
}

export const sandbox = () => built("examples/sandbox");

export async function end(child) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill();
    await ended;
}
