import { changes, creates, type Values, works } from "../cast";

const account = (username: string, name: string, more: Values) =>
  creates(username, "Account", { Name: name, Tier: "Premium", ...more });
const report = (username: string, name: string, values: Values) =>
  creates(username, "Case", { Name: name, Severity: "Critical", ...values });
const analyse = (username: string, record: string, values: Values) =>
  works(username, { record, step: "Find_Root_Cause" }, [values]);
const tell = (record: string, values: Values) => works("david", { record, step: "Tell_Customer" }, [values]);

/** Four cases become critical: one is closed, one waits for its closure, one goes a second round, one has just begun. A fifth never does. */
export async function playCriticalCase(): Promise<void> {
  const brightline = await account("elena", "Brightline Retail", {
    Industry: "Retail",
    Contact_Email: "it@brightline.example",
  });
  const nordwind = await account("elena", "Nordwind Energy", {
    Industry: "Energy",
    Contact_Email: "operations@nordwind.example",
  });
  const halden = await account("luca", "Halden Health", {
    Industry: "Health",
    Tier: "Standard",
    Contact_Email: "support@halden.example",
  });
  await closed(halden);
  await waitsForClosure(nordwind);
  await goesAnotherRound(brightline);
  await justBegun(brightline);
  const small = { Name: "Typing error on the invoice", Severity: "Low", Description: "The street is spelled wrong." };
  await creates("luca", "Case", { ...small, Account: nordwind });
}

async function closed(customer: string): Promise<void> {
  const description = "After yesterday's update people are sent back to the sign-in page again and again.";
  const login = await report("david", "Login loops after the update", {
    Account: customer,
    Affected_Customers: 12,
    Description: description,
  });
  await analyse("sam", login, {
    rootCause: "The session cookie was set for the old address.",
    remedy: "Fixed",
    minutes: 95,
  });
  await tell(login, { channels: ["phone", "mail"], Comments: "Fixed within the day, written report on Friday." });
  await works("david", { record: login, step: "Close" }, [
    { resolution: "Cookie address corrected and deployed.", agreed: true },
  ]);
}

/** Becomes critical by a change: the run starts then. */
async function waitsForClosure(customer: string): Promise<void> {
  const description = "Readings of the last two nights arrived after ten in the morning.";
  const meters = await report("carla", "Meter readings arrive late", {
    Account: customer,
    Severity: "High",
    Affected_Customers: 40,
    Description: description,
  });
  await changes("carla", { object: "Case", id: meters }, { Severity: "Critical" });
  await analyse("mei", meters, {
    rootCause: "The nightly import waits for a lock that the report holds.",
    remedy: "Workaround",
    minutes: 240,
  });
  await tell(meters, { channels: ["phone"], Comments: "Readings by six from tomorrow, a lasting fix next week." });
}

async function goesAnotherRound(customer: string): Promise<void> {
  const description = "Exports of more than 50,000 rows end with an error.";
  const slow = await report("david", "Export runs out of memory", {
    Account: customer,
    Affected_Customers: 8,
    Description: description,
  });
  await tell(slow, { channels: ["mail"], Comments: "We look at it today." });
  await analyse("sam", slow, {
    rootCause: "Not clear yet; the export holds every row in memory.",
    remedy: "Not yet",
    minutes: 0,
  });
}

/** Touches so many customers that the management is briefed. */
async function justBegun(customer: string): Promise<void> {
  const description = "Since 8:40 every payment ends with an error.";
  const checkout = await report("carla", "Checkout fails for all customers", {
    Account: customer,
    Affected_Customers: 1200,
    Description: description,
  });
  await analyse("mei", checkout, {
    rootCause: "The payment certificate ran out at 8:38.",
    remedy: "Workaround",
    minutes: 47,
  });
}
