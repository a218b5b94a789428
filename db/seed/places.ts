/** The demo's groups and queues. Members are usernames, or names of groups that come before. */
export type DemoPlace = {
  readonly type: "group" | "queue";
  readonly name: string;
  readonly label: string;
  readonly members: readonly string[];
};

const place = (type: DemoPlace["type"], name: string, members: readonly string[]): DemoPlace => ({
  type,
  name,
  label: name.replaceAll("_", " "),
  members,
});

export const DEMO_PLACES: readonly DemoPlace[] = [
  place("group", "HR", ["ruth", "tomas"]),
  place("group", "IT_Support", ["priya", "jonas"]),
  place("group", "Engineering", ["mei", "sam"]),
  place("group", "Customer_Success", ["carla", "david"]),
  place("group", "Finance", ["hannah", "yusuf"]),
  place("group", "Sales", ["elena", "luca"]),
  place("group", "Credit_Committee", ["nora", "Finance"]),
  place("group", "Legal", ["hannah", "ruth", "carla"]),
  place("queue", "IT_Provisioning", ["IT_Support"]),
  place("queue", "Facilities", ["fatou"]),
  place("queue", "Credit_Desk", ["Finance"]),
];
