import { asks, cancels, decides, recalls } from "./approvals";

const asking = { process: "Leave_Approval", object: "Leave_Request" } as const;
const step = "Leave_Decision";

/** Five leaves: booked, half a day that needs nobody, waiting, taken back, and one that an admin canceled. */
export async function playLeaveRequest(): Promise<void> {
  const winter = await asks(
    { ...asking, by: "sam", comments: "Mei's team is complete that week." },
    { Name: "Winter holiday", First_Day: "2026-12-21", Last_Day: "2026-12-31", Days: 7 },
  );
  await decides("mei", winter, { step, decision: "Approve", comments: "Enjoy the snow." });
  await asks(
    { ...asking, by: "yusuf" },
    { Name: "Dentist", First_Day: "2026-11-25", Last_Day: "2026-11-25", Days: 0.5 },
  );
  await asks(
    { ...asking, by: "tomas", comments: "My sister's wedding." },
    { Name: "Wedding in Brno", First_Day: "2027-01-14", Last_Day: "2027-01-18", Days: 3 },
  );
  const moving = await asks(
    { ...asking, by: "david" },
    { Name: "Moving house", First_Day: "2026-11-26", Last_Day: "2026-11-27", Days: 2 },
  );
  await recalls("david", moving, "The flat is not ready yet.");
  const doubled = await asks(
    { ...asking, by: "luca" },
    { Name: "Easter", First_Day: "2027-03-26", Last_Day: "2027-04-02", Days: 5 },
  );
  await cancels("omar", doubled, "Asked for twice; the other one counts.");
}
