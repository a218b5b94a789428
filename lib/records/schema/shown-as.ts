import { z } from "zod";

const MAX_CHARACTERS = 300;

/**
 * The fingerprint of what somebody had before them of an approval: given with whatever shows one, and said again with the decision
 * (`lib/work/fingerprint.ts` makes and compares it). Absent: not said.
 */
export const shownAs = z.string().max(MAX_CHARACTERS).optional();
