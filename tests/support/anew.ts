import { vi } from "vitest";

/**
 * The files of a part share a process, so that packages are loaded once; of Baton itself, and of the environment, each file has its own: nothing
 * that one did is known to the next.
 */
const kept = globalThis as { testsBeganWith?: NodeJS.ProcessEnv };
kept.testsBeganWith ??= { ...process.env };

vi.resetModules();
for (const name of Object.keys(globalThis)) if (name.startsWith("baton")) Reflect.deleteProperty(globalThis, name);
for (const name of Object.keys(process.env)) if (!(name in kept.testsBeganWith)) delete process.env[name];
Object.assign(process.env, kept.testsBeganWith);
