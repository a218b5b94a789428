import { isDeepStrictEqual } from "node:util";
import type { Target } from "../support/http-target";
import type { Move } from "./moves";
import { Disagreement } from "./play-case";
import { inSteps, lastEventOf, type RealCase, seenReally } from "./real-case";
import { expectWaits, type Machines, type MachineTally, newMachineTally } from "./real-machines";
import type { Post } from "./real-mails";
import type { Screens } from "./real-screens";
import type { RealWorld } from "./real-world";
import type { ModelRun } from "./reference/run";
import { agreed, seenOfModel } from "./visible";
import { tellTime, type World } from "./world";

export type RealTally = {
  [what in "cases" | "commands" | "legal" | "repeated" | "torn" | "byJob" | "endless" | "around" | "deeds"]: number;
} & { [what in "followed" | "mails" | "unheard" | "askedAgain" | "byScreens" | "played"]: number } & {
  /** What came of what was typed at screens: `saved`, `shown`, `finished`, the code of a refusal; of approvals by themselves. */
  readonly typed: { [came: string]: number };
  readonly machines: MachineTally;
};
export const newTally = (): RealTally => ({
  ...{ cases: 0, commands: 0, legal: 0, repeated: 0, torn: 0, byJob: 0, endless: 0, around: 0, deeds: 0 },
  ...{ followed: 0, mails: 0, unheard: 0, askedAgain: 0, byScreens: 0, played: 0, typed: {} },
  machines: newMachineTally(),
});

export type Stage = {
  readonly real: RealWorld;
  readonly post: Post;
  readonly target: Target;
  readonly tally: RealTally;
};
export type Playing = Stage & {
  readonly machines: Machines;
  readonly one: RealCase;
  readonly model: ModelRun;
  readonly world: World;
  readonly moves: Move[];
  readonly screens: Screens;
};

/** The worker has the database's clock. */
export const byRealClock = async ({ one, world }: Playing) => tellTime(world, await lastEventOf(one), Date.now());

export async function sidesOf({ one, model }: Pick<Playing, "one" | "model">) {
  const seen = await seenReally(one);
  return { model: agreed(inSteps(seenOfModel(model)), seen), engine: seen };
}

export async function compare(playing: Playing): Promise<void> {
  const sides = await sidesOf(playing);
  if (!isDeepStrictEqual(sides.model, sides.engine))
    throw new Disagreement("they see another run", playing.moves, sides);
  await expectWaits(playing);
}
