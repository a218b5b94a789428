import type { Page } from "playwright-core";

/** In the page: whether React has taken over whatever can be pressed or typed into; what is hidden there only measures texts. */
const isTaken = (): boolean =>
  [...document.querySelectorAll("button, input, [role=option], textarea:not([aria-hidden])")].every((element) =>
    Object.keys(element).some((key) => key.startsWith("__reactProps$")),
  );

/** In the page: whether nothing of it is still being loaded. */
const isLoaded = (): boolean => !document.querySelector('[aria-busy="true"]');

/** In the page: what listens to keys does so when React has nothing left to do; two frames later what changes has begun to move. */
async function pass(): Promise<void> {
  await new Promise((done) => requestIdleCallback(done, { timeout: 5_000 }));
  for (let frames = 0; frames < 2; frames++) await new Promise((done) => requestAnimationFrame(done));
}

/** In the page: whether nothing fades, slides or changes its colour but what does so for ever. */
const isStill = (): boolean =>
  document
    .getAnimations()
    .every(({ effect, playState }) => playState !== "running" || effect?.getComputedTiming().endTime === Infinity);

/** Waits until a page looks as it will: on a busy machine that is a while after what it shows is there. */
export async function still(page: Page): Promise<void> {
  await page.waitForFunction(isLoaded);
  await page.evaluate(pass);
  await page.waitForFunction(isStill);
}

/** Waits until a page listens to keys, besides. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(isTaken);
  await still(page);
}
