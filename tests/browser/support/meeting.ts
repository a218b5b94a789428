import type { Page } from "playwright-core";

/** Gives what each of so many awaits, and what lets them all go on when the last has come. */
export function meetingOf(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let come = 0;
  return () => {
    come += 1;
    if (come === count) resolve();
    return promise;
  };
}

/** Holds what a page sends to its server until that may go on. */
export async function holdSending(page: Page, until: () => Promise<void>): Promise<void> {
  await page.route("**", async (route) => {
    if (route.request().method() === "POST") await until();
    await route.continue();
  });
}
