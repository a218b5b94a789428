import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { portalLinks } from "@/components/shell/portal-links";
import { Shell } from "@/components/shell/shell";
import { now } from "@/lib/clock";
import { may } from "@/lib/gate";
import { hasMailbox } from "@/lib/notify/loaders";
import { requirePerson } from "@/lib/people/current-person";
import { rail } from "@/lib/work/loaders";

/** Signed-in pages. Each page and loader asks for the person again by itself: a layout guards nothing. */
export default async function PortalLayout({ children }: { children: ReactNode }) {
  const person = await requirePerson();
  const [{ objects, counts }, maySeeMailbox, jar] = await Promise.all([rail(), hasMailbox(), cookies()]);
  const groups = portalLinks({
    objects,
    maySeeRuns: may(person, "run.list"),
    maySeeItems: may(person, "item.list"),
    mayEditDefinitions: may(person, "definition.edit"),
    mayManagePeople: may(person, "people.manage"),
    mayManageObjects: may(person, "object.manage"),
    mayManageConnections: may(person, "connection.manage"),
    maySeeSecurity: may(person, "audit.read"),
    maySeeMailbox,
  });
  const { name, username, email, role, timeZone } = person;
  return (
    <Shell
      viewer={{ name, username, email, role, timeZone }}
      groups={groups}
      counts={counts}
      now={now().toISOString()}
      isNarrow={jar.get("baton_rail")?.value === "narrow"}
    >
      {children}
    </Shell>
  );
}
