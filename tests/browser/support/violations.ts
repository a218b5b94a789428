import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { still } from "./settled";

type Result = Awaited<ReturnType<AxeBuilder["analyze"]>>["violations"][number];
type RunOnly = { readonly type: "tag" | "rule"; readonly values: string[] };

const ALL: RunOnly = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
const COLOURS: RunOnly = { type: "rule", values: ["color-contrast"] };

/** In the page itself instead of a second one, which there are no frames for; and no account of what is well, which is most of the work. */
const axe = (page: Page, runOnly: RunOnly) =>
  new AxeBuilder({ page })
    .setLegacyMode()
    .options({ runOnly, resultTypes: ["violations"], preload: false })
    .analyze();

/** What axe finds on a page as it stands, and of its colours by night too, a line each. `byNight`: whether it stands through the change. */
export async function violations(page: Page, { byNight: isNightToo = true } = {}): Promise<string[]> {
  await still(page);
  const { violations: found } = await axe(page, ALL);
  if (isNightToo) {
    await show(page, "dark");
    found.push(...(await axe(page, COLOURS)).violations);
    await show(page, "light");
  }
  return found.map((one) => inWords(page, one));
}

/** Colours change over a moment: nobody judges them before they have. */
async function show(page: Page, colorScheme: "dark" | "light"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction((now) => document.documentElement.dataset.mantineColorScheme === now, colorScheme);
  await still(page);
}

function inWords(page: Page, { id, nodes: [node, ...more] }: Result): string {
  const { pathname, search } = new URL(page.url());
  return `${pathname}${search} ${id}: ${node?.html.slice(0, 160)} ${node?.failureSummary?.split("\n")[1]?.trim()} (${more.length} more)`;
}
