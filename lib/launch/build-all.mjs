import { buildPortal, buildPrograms } from "./build.mjs";
import { say, step } from "./progress.mjs";

/** `npm run build`: the programs and the portal, for whoever starts them by hand or in a container. */
export async function buildAll() {
  await step("Bundling the programs", buildPrograms);
  await step("Building the portal", buildPortal);
  say("Built.");
}
