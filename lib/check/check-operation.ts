import type { StepDefinition } from "../engine/definition";
import type { Problem } from "../result";
import { checkExpression } from "./check-expression";
import type { Here } from "./who-is-missing";

/** Whether an external step's operation exists and gets what it needs. */
export function checkOperation(
  step: Extract<StepDefinition, { kind: "external" }>,
  { path, world, scope }: Here,
): Problem[] {
  const operation = world.operations.get(step.operation);
  if (!operation) return [{ path: `${path}.operation`, message: `there is no operation called ${step.operation}` }];
  const given = Object.entries(step.inputs).flatMap(([name, value]) => {
    const at = `${path}.inputs.${name}`;
    const type = operation.inputs.get(name);
    return type
      ? checkExpression(value, { path: at, wanted: { type } }, scope)
      : [{ path: at, message: `the operation ${step.operation} has no input of that name` }];
  });
  const missing = operation.required
    .filter((name) => !Object.hasOwn(step.inputs, name))
    .map((name) => ({ path: `${path}.inputs`, message: `the operation ${step.operation} needs the input ${name}` }));
  return [...given, ...missing];
}
