/** An ISO instant in a sentence that no page can show in its reader's zone. */
export const instantInWords = (at: string): string => `${at.slice(0, 16).replace("T", " ")} UTC`;
