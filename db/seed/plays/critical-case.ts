import { changes, creates, type Values, works } from "../cast";

const analyse = (username: string, record: string, values: Values) => works(username, { record, step: "Find_Root_Cause" }, [values]);
const tell = (record: string, values: Values) => works("david", { record, step: "Tell_Customer" }, [values]);

/** Four cases become critical: one is closed, one waits for its closure, one goes a second round, one has just begun. A fifth never does. */
export async function playCriticalCase(): Promise<void> {
  const brightline = await creates("elena", "Account", { Name: "Brightline Retail", Industry: "Retail", Tier: "Premium", Contact_Email: "it@brightline.example" });
  const nordwind = await creates("elena", "Account", { Name: "Nordwind Energy", Industry: "Energy", Tier: "Premium", Contact_Email: "operations@nordwind.example" });
  const halden = await creates("luca", "Account", { Name: "Halden Health", Industry: "Health", Tier: "Standard", Contact_Email: "support@halden.example" });

  const login = await creates("david", "Case", { Name: "Login loops after the update", Account: halden, Severity: "Critical", Affected_Customers: 12, Description: "After yesterday's update people are sent back to the sign-in page again and again." });
  await analyse("sam", login, { rootCause: "The session cookie was set for the old address.", remedy: "Fixed", minutes: 95 });
  await tell(login, { channels: ["phone", "mail"], Comments: "Fixed within the day, written report on Friday." });
  await works("david", { record: login, step: "Close" }, [{ resolution: "Cookie address corrected and deployed.", agreed: true }]);

  const meters = await creates("carla", "Case", { Name: "Meter readings arrive late", Account: nordwind, Severity: "High", Affected_Customers: 40, Description: "Readings of the last two nights arrived after ten in the morning." });
  await changes("carla", { object: "Case", id: meters }, { Severity: "Critical" });
  await analyse("mei", meters, { rootCause: "The nightly import waits for a lock that the report holds.", remedy: "Workaround", minutes: 240 });
  await tell(meters, { channels: ["phone"], Comments: "Readings by six from tomorrow, a lasting fix next week." });

  const exportCase = await creates("david", "Case", { Name: "Export runs out of memory", Account: brightline, Severity: "Critical", Affected_Customers: 8, Description: "Exports of more than 50,000 rows end with an error." });
  await tell(exportCase, { channels: ["mail"], Comments: "We look at it today." });
  await analyse("sam", exportCase, { rootCause: "Not clear yet; the export holds every row in memory.", remedy: "Not yet", minutes: 0 });

  const checkout = await creates("carla", "Case", { Name: "Checkout fails for all customers", Account: brightline, Severity: "Critical", Affected_Customers: 1200, Description: "Since 8:40 every payment ends with an error." });
  await analyse("mei", checkout, { rootCause: "The payment certificate ran out at 8:38.", remedy: "Workaround", minutes: 47 });

  await creates("luca", "Case", { Name: "Typing error on the invoice", Account: nordwind, Severity: "Low", Description: "The street is spelled wrong." });
}
