import { now } from "../../../lib/clock";
import { cancelRun } from "../../../lib/runs/commands";
import { claimItem } from "../../../lib/work/commands/claim-item";
import { act, creates, itemOf, runOf, type Values, who, works } from "../cast";

const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(now().getTime() + days * DAY_MS).toISOString().slice(0, 10);

type Joiner = {
  readonly name: string;
  readonly email: string;
  readonly title: string;
  readonly department: string;
  readonly manager: string | null;
  readonly days: number;
};

async function joins({ name, email, title, department, manager, days }: Joiner): Promise<string> {
  const values: Values = {
    Name: name,
    Email: email,
    Job_Title: title,
    Department: department,
    Start_Date: inDays(days),
    Manager: manager && (await who(manager)).userId,
  };
  return creates("ruth", "Employee", values);
}

const provision = (record: string, laptop: Values) =>
  works("jonas", { record, step: "Provision" }, [{ accountName: "as agreed", systems: ["mail", "files"] }, laptop]);
const paperwork = (record: string) =>
  works("tomas", { record, step: "Paperwork" }, [{ contract: true, identity: true, payroll: true }]);
const desk = (record: string, values: Values) => works("fatou", { record, step: "Desk" }, [{ ...values, badge: true }]);

/** Six people join: one is ready but for the welcome, one is half-way, two have just begun, one has no manager, one changed her mind. */
export async function playOnboarding(): Promise<void> {
  await isReady();
  await isHalfWay();
  await hasAClaimedDesk();
  await joins({
    name: "Hiro Sato",
    email: "hiro.sato@example.com",
    title: "System administrator",
    department: "IT",
    manager: "priya",
    days: 23,
  });
  await joins({
    name: "Katja Maier",
    email: "katja.maier@example.com",
    title: "Controller",
    department: "Finance",
    manager: null,
    days: 30,
  });
  await changesHerMind();
}

async function isReady(): Promise<void> {
  const amara = await joins({
    name: "Amara Nwosu",
    email: "amara.nwosu@example.com",
    title: "Backend engineer",
    department: "Engineering",
    manager: "mei",
    days: 9,
  });
  await provision(amara, { laptop: "workstation", reason: "Builds the whole system locally.", assetTag: "LT-0421" });
  const buddy = { buddy: (await who("sam")).userId, Comments: "Sam, please show her the release train first." };
  await works("mei", { record: amara, step: "Assign_Buddy" }, [buddy]);
  await desk(amara, { floor: "2", desk: "2.14" });
  await paperwork(amara);
}

async function isHalfWay(): Promise<void> {
  const felix = await joins({
    name: "Felix Brandt",
    email: "felix.brandt@example.com",
    title: "Account executive",
    department: "Sales",
    manager: "elena",
    days: 12,
  });
  await provision(felix, { laptop: "light", assetTag: "LT-0422" });
  await paperwork(felix);
}

async function hasAClaimedDesk(): Promise<void> {
  const lucia = await joins({
    name: "Lucía Romero",
    email: "lucia.romero@example.com",
    title: "Customer success manager",
    department: "Customer Success",
    manager: "carla",
    days: 16,
  });
  const [fatou, workItemId] = await Promise.all([who("fatou"), itemOf(lucia, "Desk")]);
  await act(fatou, "item.claim", (tx) => claimItem(tx, fatou, { workItemId, takeOver: false }));
}

async function changesHerMind(): Promise<void> {
  const dana = await joins({
    name: "Dana Cohen",
    email: "dana.cohen@example.com",
    title: "Sales assistant",
    department: "Sales",
    manager: "elena",
    days: 5,
  });
  const [omar, runId] = await Promise.all([who("omar"), runOf(dana)]);
  await act(omar, "run.cancel", (tx) => cancelRun(tx, omar, { runId, reason: "She took another offer." }));
}
