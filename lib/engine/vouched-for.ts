/** Inputs that every run gets to know by itself (`commands/start.ts`), whatever its caller says: nobody need be asked for them. */
export const isVouchedFor = (name: string): boolean => ["recordId", "submitter", "submissionComments"].includes(name);
