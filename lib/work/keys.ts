/** Names of what React Query keeps about work, so that whoever changes it can say what to read again. */
export const workKeys = {
  all: ["work"] as const,
  counts: ["work", "counts"] as const,
  list: (view: string, search: string) => ["work", "list", view, search] as const,
  approvals: (view: string, search: string, process: string) => ["work", "approvals", view, search, process] as const,
  detail: (workItemId: string) => ["work", "detail", workItemId] as const,
  onRecord: (recordId: string) => ["work", "record", recordId] as const,
};
