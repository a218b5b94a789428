import { beforeAll, expect, test } from "vitest";
import { connect } from "../../db/client";
import { seed } from "../../db/seed";
import { DEMO_ACCOUNTS } from "../../db/seed/accounts";
import { STORIES } from "../../db/seed/stories";

const client = connect(1);
const told: string[] = [];
const count = async (query: string): Promise<Record<string, number>> => {
  const rows = await client.unsafe<{ name: string; count: number }[]>(
    `select name, count(*)::int from (${query}) found group by 1`,
  );
  return Object.fromEntries(rows.map(({ name, count: found }) => [name, found]));
};

beforeAll(async () => {
  const passwords = Object.fromEntries(DEMO_ACCOUNTS.map(({ username }) => [username, `${username} keeps bees`]));
  await seed({ passwords, progress: (text) => told.push(text) });
});

test("the demo says what it is making", () => {
  expect(told).toEqual([
    "people and teams",
    "objects",
    ...Object.keys(STORIES).map((story) => `definitions: ${story}`),
    ...Object.keys(STORIES).map((story) => `runs: ${story}`),
  ]);
});

test("every story has runs in several states", async () => {
  expect(await count("select definition_id || ' ' || status as name from run")).toEqual({
    "Employee_Onboarding in_progress": 5,
    "Employee_Onboarding canceled": 1,
    "Critical_Case in_progress": 3,
    "Critical_Case completed": 1,
    "Loan_Review in_progress": 3,
    "Loan_Review completed": 2,
    "Loan_Review error": 1,
    "Purchase_Approval in_progress": 2,
    "Purchase_Approval completed": 3,
    "Expense_Approval in_progress": 2,
    "Expense_Approval completed": 4,
    "Expense_Approval canceled": 1,
    "Quote_Discount in_progress": 1,
    "Quote_Discount completed": 4,
    "Contract_Review in_progress": 1,
    "Contract_Review completed": 2,
    "Leave_Approval in_progress": 1,
    "Leave_Approval completed": 4,
    "Leave_Approval canceled": 2,
  });
});

test("submissions end in every way that people can end them, and an approval orders", async () => {
  expect(await count("select status as name from submission")).toEqual({
    in_progress: 7,
    approved: 11,
    rejected: 3,
    recalled: 2,
    canceled: 1,
  });
  expect(
    await count(
      "select data->>'Ordered' as name from record where object_name = 'Purchase_Request' and data->>'Ordered' = 'true'",
    ),
  ).toEqual({ true: 2 });
});

test("the loan account that cannot be opened says why, and nothing of it is half done", async () => {
  const [failed] = await client<
    { error: string; element: string }[]
  >`select error, error_element as element from step_run where status = 'error'`;
  expect(failed).toEqual({ error: expect.stringContaining("IBAN"), element: "Open" });
  expect(await count("select object_name as name from record where object_name = 'Loan_Account'")).toEqual({
    Loan_Account: 1,
  });
});

test("whoever has no manager gets a buddy from HR, and the item says so", async () => {
  expect(await count("select flag as name from work_item where flag is not null")).toEqual({ fallback: 1 });
});

test("every definition is active, in its author's name", async () => {
  expect(await count("select status as name from definition_version")).toEqual({ active: 32 });
  const [author] = await client<
    { name: string }[]
  >`select distinct u.name from definition_version v join "user" u on u.user_id = v.saved_by`;
  expect(author?.name).toBe("Inês Duarte");
});
