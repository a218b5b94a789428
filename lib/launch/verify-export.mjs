import { createHash, createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";

/**
 * Checks the evidence of one run that was exported from Baton (`evidence-run_….json`), without Baton, its database or any package:
 *
 *     node verify-export.mjs evidence-run_….json
 *
 * Each event hangs on the one before it by SHA-256; what people wrote and saw is covered by salted digests; the definition by its hash; labels and
 * the names behind ids by a digest of their own. With the environment variable AUTH_SECRET of the server the seals in the file and the signature of
 * that digest are checked too: then a history that was rewritten from its first event on is found, and names that were exchanged with care. Ends with 0 when all holds, 1 when something does not, 2 when the file is none.
 */

/** @param {...string} texts */
const sha256 = (...texts) => createHash("sha256").update(texts.join("")).digest("hex");

/** JSON with the members of every object in the order of their names, without spaces. @param {any} value @returns {string} */
function canonical(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  const members = names.sort((left, right) => (left < right ? -1 : 1));
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

const COVERED = [
  ...["runId", "seq", "at", "type", "subjectType", "subjectId", "milestone", "fromStatus", "toStatus"],
  ...["actorType", "actorId", "onBehalfOf", "runAs", "commandId", "payload", "personalDigest"],
];

/** What does not hold in the chain of events; empty when all does. @param {any} file @returns {string[]} */
function chainProblems({ run, history }) {
  const problems = [];
  let hash = "0".repeat(64);
  for (const [index, row] of history.entries()) {
    if (row.runId !== run.runId) problems.push(`event ${row.seq} is of another run`);
    if (row.seq !== index + 1) problems.push(`where event ${index + 1} should stand is event ${row.seq}`);
    if (row.prevHash !== hash) problems.push(`event ${row.seq} does not follow the one before it`);
    const covered = Object.fromEntries(COVERED.map((name) => [name, row[name]]));
    if (row.hash !== sha256(row.prevHash, canonical(covered)))
      problems.push(`event ${row.seq} is not what was written`);
    if (row.personal !== null && row.personalDigest !== sha256(row.salt ?? "", canonical(row.personal)))
      problems.push(`what people wrote or saw in event ${row.seq} is not what they did`);
    hash = row.hash;
  }
  const last = history.at(-1);
  if (last?.seq !== run.headSeq || last?.hash !== run.headHash)
    problems.push(`the run has ${run.headSeq} events, the file ends with ${last?.seq ?? "none"}`);
  return problems;
}

/** What the seals say against the history. @param {any} file @param {Buffer | null} key @returns {string[]} */
function sealProblems({ run, history, seals }, key) {
  return seals.flatMap((/** @type {any} */ { mac, ...line }, /** @type {number} */ index) => {
    const name = `seal ${index + 1} of ${line.at}`;
    if (key && line.keyId === sha256Of(key).slice(0, 16)) {
      const [made, given] = [createHmac("sha256", key).update(canonical(line)).digest(), Buffer.from(mac, "base64url")];
      if (made.length !== given.length || !timingSafeEqual(made, given)) return [`${name} is not what was signed`];
    } else if (key) return [`${name} was signed with another key`];
    return line.heads
      .filter((/** @type {any} */ [id]) => id === run.runId)
      .filter((/** @type {any} */ [, seq, hash]) => history[seq - 1]?.hash !== hash)
      .map((/** @type {any} */ [, seq]) => `${name} holds another event ${seq}`);
  });
}

/** What does not hold of what no chain covers; files of the first version had no cover. @param {any} file @param {Buffer | null} key @returns {string[]} */
function coverProblems({ format, formatVersion, exportedAt, exportedBy, run, names, cover }, key) {
  if (formatVersion === 1) return [];
  const text = canonical({ format, formatVersion, exportedAt, exportedBy, run, names });
  if (sha256(text) !== cover?.digest)
    return ["the names, the run's labels or who exported it are not what was exported"];
  if (!key) return [];
  if (cover.keyId !== sha256Of(key).slice(0, 16)) return ["the names and labels were signed with another key"];
  const [made, given] = [createHmac("sha256", key).update(text).digest(), Buffer.from(cover.mac, "base64url")];
  return made.length === given.length && timingSafeEqual(made, given)
    ? []
    : ["the names and labels are not what was signed"];
}

/** @param {Buffer} bytes */
const sha256Of = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** @param {string} text */
const say = (text) => void process.stdout.write(`${text}\n`);

/** Whether an event closed that item by a decision. @param {any} row @param {string} workItemId */
const isSaying = ({ type, payload }, workItemId) =>
  type === "work-item-completed" && payload.workItemId === workItemId && payload.completionKind === "done";

/** How a request was shown to whoever decided; of older files always on its page. @type {Record<string, string>} */
const SAW = {
  page: "and saw",
  list: "and saw in a list",
  record: "and saw on the record's page",
  email: "and was told in a mail",
  nothing: "and was shown nothing of the record",
  unsaid: "and did not say what they saw; it was",
};

/** @param {any} seen */
function tellSeen(seen) {
  for (const { label, value, shown } of seen?.facts ?? []) say(`    ${label}: ${shown || (value ?? "empty")}`);
  for (const { name, sha256 } of seen?.files ?? []) say(`    attached: ${name}, SHA-256 ${sha256}`);
}

/** @param {any} file */
function tellSubmissions({ history, names }) {
  for (const { type, at, actorId, payload, personal } of history) {
    if (type !== "submission-sealed") continue;
    const by = names[actorId] ?? actorId ?? "Baton";
    say(`${at}  ${by} submitted it${payload.revision ? " again, after it was sent back" : ""}:`);
    tellSeen(personal?.seen);
  }
}

/** @param {any} file */
function tellDebug({ history }) {
  if (history[0]?.payload?.debug)
    say(
      "This was a debug run: one person played everybody in it, and nothing that they decided is evidence of an approval.",
    );
}

/** @param {any} file */
function tellDecisions({ history, names }) {
  for (const { type, at, actorId, onBehalfOf, payload, personal } of history) {
    if (type !== "decision-sealed") continue;
    const who = `${names[actorId] ?? actorId}${onBehalfOf ? ` on behalf of ${names[onBehalfOf] ?? onBehalfOf}` : ""}`;
    const { workItemId } = payload;
    const said = history.find((/** @type {any} */ row) => isSaying(row, workItemId));
    say(`${at}  ${who} decided on ${workItemId}: ${said?.payload.outcome ?? "nothing that is in the file"}`);
    if (said?.personal?.comments) say(`    comment: ${said.personal.comments.replaceAll("\n", "\n    ")}`);
    say(`    ${SAW[personal?.seen?.door ?? "page"] ?? "and saw"}:`);
    tellSeen(personal?.seen);
  }
}

/** @param {any} file */
function tellTimeOuts({ history }) {
  for (const { type, at, payload, personal } of history) {
    if (type !== "time-out-sealed") continue;
    const ended = history.find(
      (/** @type {any} */ row) => row.type === "step-timed-out" && row.payload.stepRunId === payload.stepRunId,
    );
    say(
      `${at}  Nobody decided on ${payload.stepRunId} in time: ${ended?.payload.outcome ?? "nothing that is in the file"}`,
    );
    say("    It was:");
    tellSeen(personal?.seen);
  }
}

function main() {
  const [, , path] = process.argv;
  if (!path) throw new Error("say which file: node verify-export.mjs evidence-run_….json");
  const file = JSON.parse(readFileSync(path, "utf8"));
  if (file.format !== "baton-evidence" || ![1, 2].includes(file.formatVersion))
    throw new Error(`${path} is no evidence of a run`);
  const secret = process.env.AUTH_SECRET;
  const key = secret ? Buffer.from(hkdfSync("sha256", secret, "", "baton seal", 32)) : null;
  const isOther = file.definition === null || sha256(canonical(file.definition)) !== file.run.definitionHash;
  const problems = [
    ...chainProblems(file),
    ...(isOther ? ["the definition is not the version that the run is pinned to"] : []),
    ...coverProblems(file, key),
    ...sealProblems(file, key),
  ];
  tellDebug(file);
  tellSubmissions(file);
  tellDecisions(file);
  tellTimeOuts(file);
  for (const problem of problems) say(problem);
  const erased = file.history.filter((/** @type {any} */ row) => row.personalDigest !== null && row.personal === null);
  const sealed =
    file.seals.length === 0 ? "no seals" : `${file.seals.length} seals${key ? "" : ", unchecked without AUTH_SECRET"}`;
  if (file.formatVersion === 1) say("This file is of a version that covers neither names nor labels.");
  say(
    `${file.run.runId}: ${file.history.length} events, ${erased.length} erased, ${sealed}, ${problems.length} problems`,
  );
  process.exitCode = problems.length > 0 ? 1 : 0;
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
