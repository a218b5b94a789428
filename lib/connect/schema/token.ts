import { z } from "zod";

/** What a token may be given; at most what its person may. */
export const TOKEN_SCOPES = {
  "runs:start": { label: "Start orchestrations", help: "POST /api/v1/orchestrations/…/runs" },
  "runs:read": { label: "Read runs and work items", help: "What the person sees of them" },
  "approvals:decide": { label: "Decide approvals", help: "POST /api/v1/work-items/…/decision, as the person" },
  "records:read": { label: "Read records", help: "What the person sees of them" },
} as const;
export type TokenScope = keyof typeof TOKEN_SCOPES;
const SCOPES = ["runs:start", "runs:read", "approvals:decide", "records:read"] as const satisfies readonly TokenScope[];

export const TOKEN_DAYS = [30, 90, 365] as const;

const key = z.string().min(8).max(100);

export const newTokenInput = z.strictObject({
  key,
  name: z.string().trim().min(1, "is needed").max(80, "may have at most 80 characters"),
  scopes: z.array(z.enum(SCOPES)).min(1, "Choose at least one").max(SCOPES.length),
  days: z.union(TOKEN_DAYS.map((days) => z.literal(days))),
});
export type NewToken = Omit<z.output<typeof newTokenInput>, "key">;
export const tokenIdInput = z.strictObject({ key, tokenId: z.string().min(1).max(60) });

/** One of a person's own tokens, as their account's page lists it. Instants are ISO texts. */
export type Token = {
  readonly tokenId: string;
  readonly name: string;
  readonly hint: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
  readonly isExpired: boolean;
};
