import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

type Result = Awaited<ReturnType<AxeBuilder["analyze"]>>["violations"][number];
type RunOnly = { readonly type: "tag" | "rule"; readonly values: string[] };

const ALL: RunOnly = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
const COLOURS: RunOnly = { type: "rule", values: ["color-contrast"] };

const MOMENT_MS = 1_000;

/** In the page itself instead of a second one, which there are no frames for; and no account of what is well, which is most of the work. */
const axe = (page: Page, runOnly: RunOnly) =>
  new AxeBuilder({ page })
    .setLegacyMode()
    .options({ runOnly, resultTypes: ["violations"], preload: false })
    .analyze();

/** What axe finds on a page as it stands, and of its colours by night too, a line each. `byNight`: whether it stands through the change. */
export async function violations(page: Page, { byNight: isNightToo = true } = {}): Promise<string[]> {
  await page.locator('[aria-busy="true"]').first().waitFor({ state: "detached" });
  const { violations: all } = await axe(page, ALL);
  if (!isNightToo) return all.map((one) => inWords(page, one));
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForFunction(() => document.documentElement.dataset.mantineColorScheme === "dark");
  const contrast = async () => (await axe(page, COLOURS)).violations;
  let byNight = await contrast();
  // On a busy machine parts of a page may still wear the day's colours for a moment: only what stays is a fault.
  if (byNight.length > 0) {
    await page.waitForTimeout(MOMENT_MS);
    byNight = await contrast();
  }
  await page.emulateMedia({ colorScheme: "light" });
  return [...all, ...byNight].map((one) => inWords(page, one));
}

function inWords(page: Page, { id, nodes: [node, ...more] }: Result): string {
  const { pathname, search } = new URL(page.url());
  return `${pathname}${search} ${id}: ${node?.html.slice(0, 160)} ${node?.failureSummary?.split("\n")[1]?.trim()} (${more.length} more)`;
}
