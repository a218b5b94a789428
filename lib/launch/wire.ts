import { setRecordListener } from "../../db/transaction";
import { summariseForMail } from "../approvals/mail-summary";
import { requestFromFlow } from "../approvals/request-from-flow";
import { registerAction } from "../interviews/action-registry";
import { setChainJudge } from "../interviews/chain-port";
import { setSayJudge } from "../interviews/say-port";
import { setBeside } from "../interviews/shown-port";
import { sendEmail } from "../notify/send-email";
import { setSummary } from "../notify/summary-port";
import { lockFromFlow, unlockFromFlow } from "../runs/lock-from-flow";
import { react, refuseLongChain } from "../runs/react";
import { refuseSay } from "../runs/refuse-say";
import { startFromFlow } from "../runs/start-from-flow";
import { setSubmissionLook } from "../runs/submission-port";
import { seeBeside } from "../work/see-beside";
import { seeSubmitted } from "../work/see-submitted";

/** Fills the ports that let lower rooms reach higher ones without knowing them. Called once by every process: web, worker, commands, tests. */
export function wire(): void {
  setRecordListener(react);
  setChainJudge(refuseLongChain);
  setSayJudge(refuseSay);
  setBeside(seeBeside);
  setSummary(summariseForMail);
  setSubmissionLook(seeSubmitted);
  registerAction("send_email", sendEmail);
  registerAction("lock_record", lockFromFlow);
  registerAction("unlock_record", unlockFromFlow);
  registerAction("start_orchestration", startFromFlow);
  registerAction("request_approval", requestFromFlow);
}
