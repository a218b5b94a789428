import type { Metadata } from "next";
import { AccountBack } from "@/components/people/account-back";
import { OwnDelegations } from "@/components/people/own-delegations";
import { Page } from "@/components/ui/page";
import { approvalProcesses } from "@/lib/definitions/loaders";
import { ownDelegations } from "@/lib/people/delegation/loaders";

export const metadata: Metadata = { title: "Decide in my place" };

export default async function OwnDelegationsPage() {
  const [{ given, taken }, processes] = await Promise.all([ownDelegations(), approvalProcesses()]);
  return (
    <Page
      title="Decide in my place"
      description="Who decides approvals for you while you are away, and for whom you do."
      back={<AccountBack />}
    >
      <OwnDelegations given={given} taken={taken} processes={processes} />
    </Page>
  );
}
