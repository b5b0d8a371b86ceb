import type { Connector } from './define.ts'
import { httpPoll } from './http/poll.trigger.ts'
import { httpRequest } from './http/request.action.ts'
import { logicApprove } from './logic/approve.action.ts'
import { logicCallZap } from './logic/call-zap.action.ts'
import { logicDebounce } from './logic/debounce.action.ts'
import { logicDelay } from './logic/delay.action.ts'
import { logicDigest } from './logic/digest.action.ts'
import { logicFilter } from './logic/filter.action.ts'
import { logicForEach } from './logic/for-each.action.ts'
import { logicJoin } from './logic/join.action.ts'
import { logicOnChange } from './logic/on-change.action.ts'
import { logicPaths } from './logic/paths.action.ts'
import { logicRepeatUntil } from './logic/repeat-until.action.ts'
import { logicSkipSeen } from './logic/skip-seen.action.ts'
import { logicStop } from './logic/stop.action.ts'
import { logicThrottle } from './logic/throttle.action.ts'
import { manualRun } from './manual/run.trigger.ts'
import { notifyShow } from './notify/show.action.ts'
import { scheduleCron } from './schedule/cron.trigger.ts'
import { systemEvent } from './system/event.trigger.ts'
import { webhookCatch } from './webhook/catch.trigger.ts'
import { webhookRespond } from './webhook/respond.action.ts'
import { webhookSend } from './webhook/send.action.ts'
import { zapFailed } from './zap/failed.trigger.ts'
import { zapSilent } from './zap/silent.trigger.ts'

/** Hookline's own connectors that nearly every zap uses, so that they are loaded with the program, in the palette's order. Others are in `families.ts`. */
export const builtInConnectors: readonly Connector[] = [
  webhookCatch,
  scheduleCron,
  manualRun,
  zapFailed,
  zapSilent,
  systemEvent,
  httpPoll,
  logicFilter,
  logicPaths,
  logicJoin,
  logicForEach,
  logicRepeatUntil,
  logicDelay,
  logicApprove,
  logicThrottle,
  logicDebounce,
  logicDigest,
  logicSkipSeen,
  logicOnChange,
  logicStop,
  logicCallZap,
  httpRequest,
  webhookRespond,
  webhookSend,
  notifyShow,
]
