/** Who may read the security events. Knows of a person only the role, because every other noun stands on this one. */
export const auditPolicy = {
  "audit.read": (person: { readonly role: string }): boolean => person.role === "admin",
};
