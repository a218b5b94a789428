import type { Scenario } from "./scenario";
import { ADMIN } from "./scenarios-admin";
import { APPROVALS } from "./scenarios-approvals";
import { FORMS } from "./scenarios-forms";
import { JOBS } from "./scenarios-jobs";
import { PEOPLE } from "./scenarios-people";
import { CONTROL, RUNS } from "./scenarios-runs";
import { WAITS } from "./scenarios-waits";
import { WORK } from "./scenarios-work";

/** All that is swept. `tests/architecture/swept` asks that nothing is missing. */
export const SCENARIOS: readonly Scenario[] = [
  ...RUNS,
  ...CONTROL,
  ...WORK,
  ...FORMS,
  ...JOBS,
  ...APPROVALS,
  ...WAITS,
  ...PEOPLE,
  ...ADMIN,
];
