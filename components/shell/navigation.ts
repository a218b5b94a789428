/** What the rail offers, as the server decided it for this person. */
export type NavIcon =
  | "now"
  | "approvals"
  | "waiting"
  | "groups"
  | "requests"
  | "start"
  | "done"
  | "record"
  | "runs"
  | "items"
  | "definitions"
  | "people"
  | "group"
  | "queue"
  | "delegations"
  | "objects"
  | "connections"
  | "calendars"
  | "security"
  | "mailbox";

export type NavLink = {
  readonly href: string;
  readonly label: string;
  readonly icon: NavIcon;
  /** An object's own picture, by its name in `OBJECT_ICONS`. */
  readonly picture?: string;
  /** Which live count stands beside it. */
  readonly count?: "now" | "approvals" | "waiting" | "groups";
};

export type NavGroup = { readonly label: string; readonly links: readonly NavLink[] };

/** Who sits there, as the account menu shows them. */
export type Viewer = {
  readonly name: string;
  readonly username: string;
  readonly email: string;
  readonly role: string;
  readonly timeZone: string | null;
};

/** My work is one page whose view is in the query; every other link owns the paths below it. */
export function isActive(link: NavLink, path: string, view: string | null): boolean {
  const [linkPath, query] = link.href.split("?");
  if (linkPath !== "/work") return path === linkPath || path.startsWith(`${linkPath}/`);
  return path === "/work" && new URLSearchParams(query).get("view") === (view ?? "now");
}

/** The most particular link that is active, so that /admin/objects/X does not light two. */
export const activeLink = (groups: readonly NavGroup[], path: string, view: string | null): NavLink | null =>
  groups
    .flatMap(({ links }) => links)
    .filter((link) => isActive(link, path, view))
    .toSorted((a, b) => b.href.length - a.href.length)[0] ?? null;
