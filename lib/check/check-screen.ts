import type { ScreenElement, ScreenField } from "../flow/definition";
import { pathsOf } from "../logic/reads";
import type { Problem } from "../result";
import { checkCondition } from "./check-condition";
import { checkExpression, checkTemplate } from "./check-expression";
import { answerKind } from "./flow-scope";
import type { Scope } from "./scope";
import type { World } from "./world";

const CHOICES: readonly ScreenField["type"][] = ["picklist", "radio", "multi_select"];

/** One screen's fields: options where there must be some, lookups to what exists, conditions and defaults that resolve. */
export function checkScreen(screen: ScreenElement, at: { path: string; world: World }, scope: Scope): Problem[] {
  return [
    ...notFilled(screen.help, `${at.path}.help`),
    ...screen.fields.flatMap((field, index) =>
      checkField(field, { path: `${at.path}.fields[${index}]`, world: at.world }, scope),
    ),
  ];
}

function checkField(field: ScreenField, { path, world }: { path: string; world: World }, scope: Scope): Problem[] {
  const kind = answerKind(field);
  const problems: Problem[] = [
    ...(kind ? notFilled(field.label, `${path}.label`) : checkTemplate(field.label, `${path}.label`, scope)),
    ...notFilled(field.help, `${path}.help`),
    ...checkChoices(field, path),
  ];
  if (field.type === "lookup" && !field.lookup)
    problems.push({ path: `${path}.lookup`, message: 'is missing; it is "user" or the name of an object' });
  if (field.lookup && field.lookup !== "user" && !world.objects.has(field.lookup))
    problems.push({ path: `${path}.lookup`, message: `there is no object called ${field.lookup}` });
  if (field.default && kind)
    problems.push(...checkExpression(field.default, { path: `${path}.default`, wanted: kind }, scope));
  if (!kind && (field.required || field.default || field.validWhen))
    problems.push({
      path,
      message: "text that is only shown takes no answer: it cannot be required, have a default or be validated",
    });
  if (field.visibleWhen) problems.push(...checkCondition(field.visibleWhen, { path: `${path}.visibleWhen` }, scope));
  if (field.validWhen)
    problems.push(...checkCondition(field.validWhen.condition, { path: `${path}.validWhen.condition` }, scope));
  return problems;
}

/** References are filled in texts that are only shown; elsewhere people would read the braces. */
const notFilled = (text: string, path: string): Problem[] =>
  pathsOf(text).map((ref) => ({
    path,
    message: `{!${ref}} would be shown as it is written; put it into a display_text`,
  }));

function checkChoices(field: ScreenField, path: string): Problem[] {
  if (!CHOICES.includes(field.type))
    return field.options.length ? [{ path: `${path}.options`, message: `a ${field.type} field has no options` }] : [];
  if (field.options.length === 0) return [{ path: `${path}.options`, message: "needs at least one option" }];
  const values = field.options.map(({ value }) => value);
  return values.flatMap((value, index) =>
    values.indexOf(value) < index
      ? [{ path: `${path}.options[${index}].value`, message: `${value} is an option already` }]
      : [],
  );
}
