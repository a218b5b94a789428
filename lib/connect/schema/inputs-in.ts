/** The inputs that a path's or header's text names in braces, each once. */
export const inputsIn = (template: string): string[] => [
  ...new Set([...template.matchAll(/\{([A-Za-z]\w*)\}/g)].map(([, name]) => name ?? "")),
];
