import type { Problem } from "@/lib/result";

/** A problem at its form's field: `values.Amount` of the request's shape is the field `Amount`. */
export const atField = ({ path, message }: Problem): Problem => ({ path: path.replace(/^values\./, ""), message });
