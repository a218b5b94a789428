import type { NavGroup, NavLink } from "./navigation";

type Facts = {
  readonly objects: readonly { readonly name: string; readonly pluralLabel: string; readonly icon: string }[];
  readonly maySeeRuns: boolean;
  readonly maySeeItems: boolean;
  readonly mayEditDefinitions: boolean;
  readonly mayManagePeople: boolean;
  readonly mayManageObjects: boolean;
  readonly mayManageConnections: boolean;
  readonly maySeeSecurity: boolean;
  readonly maySeeMailbox: boolean;
};

const MY_WORK: NavGroup = {
  label: "My work",
  links: [
    { href: "/work?view=now", label: "For me now", icon: "now", count: "now" },
    { href: "/approvals", label: "My approvals", icon: "approvals", count: "approvals" },
    { href: "/work?view=waiting", label: "Waiting on others", icon: "waiting", count: "waiting" },
    { href: "/work?view=groups", label: "My groups", icon: "groups", count: "groups" },
    { href: "/work?view=requests", label: "Requests I made", icon: "requests" },
    { href: "/work?view=done", label: "Done", icon: "done" },
    { href: "/start", label: "Start a process", icon: "start" },
  ],
};

/** The rail of one person: what they may not open is not there. */
export function portalLinks(facts: Facts): NavGroup[] {
  const when = (may: boolean, link: NavLink): NavLink[] => (may ? [link] : []);
  const records = facts.objects.map(
    ({ name, pluralLabel, icon }): NavLink => ({
      href: `/records/${name}`,
      label: pluralLabel,
      icon: "record",
      picture: icon,
    }),
  );
  const admin: NavLink[] = [
    ...when(facts.maySeeRuns, { href: "/runs", label: "Orchestration Runs", icon: "runs" }),
    ...when(facts.maySeeItems, { href: "/items", label: "Work Items", icon: "items" }),
    ...when(facts.mayEditDefinitions, { href: "/definitions", label: "Definitions", icon: "definitions" }),
    ...when(facts.mayManagePeople, { href: "/admin/people", label: "People", icon: "people" }),
    ...when(facts.mayManagePeople, { href: "/admin/groups", label: "Groups", icon: "group" }),
    ...when(facts.mayManagePeople, { href: "/admin/queues", label: "Queues", icon: "queue" }),
    ...when(facts.mayManagePeople, { href: "/admin/delegations", label: "Delegations", icon: "delegations" }),
    ...when(facts.mayManageObjects, { href: "/admin/objects", label: "Objects", icon: "objects" }),
    ...when(facts.mayManageConnections, { href: "/admin/connections", label: "Connections", icon: "connections" }),
    ...when(facts.mayManageObjects, { href: "/admin/calendars", label: "Calendars", icon: "calendars" }),
    ...when(facts.maySeeSecurity, { href: "/admin/security", label: "Security", icon: "security" }),
  ];
  const demo = when(facts.maySeeMailbox, { href: "/mailbox", label: "Mailbox", icon: "mailbox" });
  return [
    MY_WORK,
    { label: "Records", links: records },
    { label: "Admin", links: admin },
    { label: "Demo", links: demo },
  ].filter(({ links }) => links.length > 0);
}
