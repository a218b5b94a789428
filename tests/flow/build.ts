import { type Flow, flowSchema } from "../../lib/flow/definition";
import { elementNamed, type Step } from "../../lib/flow/interview";

/** When tests' flows begin. */
export const AT = { clock: { now: "2026-11-21T08:00:00.000Z", timeZone: "UTC" } } as const;

/** A flow out of its parts, through the same schema that stored definitions pass. */
export const flowOf = (type: Flow["type"], elements: unknown[], variables: unknown[] = []): Flow =>
  flowSchema.parse({
    kind: "flow",
    type,
    name: "Test",
    label: "Test",
    variables,
    start: (elements[0] as { name: string }).name,
    elements: elements.map((element) => {
      const given = element as { name: string; type: string };
      return { label: given.name, ...(["decision", "wait"].includes(given.type) ? {} : { next: null }), ...given };
    }),
  });

export const screenOf = (fields: unknown[], more: object = {}) => ({
  type: "screen",
  name: "Ask",
  fields: fields.map((field) => ({ label: (field as { name: string }).name, type: "text", ...(field as object) })),
  ...more,
});

export const when = (left: string, operator: string, literal: unknown) => ({
  requirements: [{ left, operator, right: { literal } }],
});

/** The screen that a step shows. */
export function shownBy(flow: Flow, step: Step) {
  const element = step.request.type === "screen" ? elementNamed(flow, step.request.screen) : null;
  if (element?.type !== "screen") throw new Error(`no screen but ${JSON.stringify(step.request)}`);
  return element;
}
