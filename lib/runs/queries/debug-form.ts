import type { Database } from "../../../db/client";
import { readDefinition } from "../../definitions/read-definition";
import { isVouchedFor } from "../../engine/vouched-for";
import { objectNamed } from "../../records/queries/object-named";
import type { DebugForm } from "../schema/debug";
import { kindOf, outputsByStep } from "./step-outputs";

/** What can be said of a debug run of one version, or of the newest; null: no such orchestration. Of a draft in the wrong form only its problems. */
export async function debugForm(db: Database, name: string, version: number | null): Promise<DebugForm | null> {
  const read = await readDefinition(db, name, version);
  if (!read || (read.type !== "orchestrator" && read.type !== "approval")) return null;
  const { label, shown, versions, body, problems } = read;
  const process = body?.kind === "orchestration" ? body : null;
  const stages = (process?.elements ?? []).flatMap((element) => (element.type === "stage" ? [element] : []));
  const about = process?.start.object ?? null;
  const object = about === null ? null : await objectNamed(db, about);
  const outputs = process ? await outputsByStep(db, process) : {};
  return {
    ...{ name, label, version: shown.version },
    versions: versions.map((one) => ({ version: one.version, status: one.status })),
    isApproval: read.type === "approval",
    problems: shown.status === "draft" ? problems : [],
    object: object && { name: object.name, label: object.label },
    inputs: (process?.variables ?? [])
      .filter(({ isInput, name: input }) => isInput && !isVouchedFor(input))
      .map((variable) => ({ name: variable.name, kind: kindOf(variable.type), value: null })),
    stages: stages.map((stage) => ({ value: stage.name, label: stage.label })),
    steps: stages.flatMap((stage) =>
      stage.steps.map((step) => ({
        ...{ name: step.name, label: step.label, kind: step.kind, stage: stage.label },
        outputs: outputs[step.name] ?? [],
      })),
    ),
  };
}
