import { RESERVED_STEP_IDS } from '../../../core/domain/zap/zap-file.ts'

/** Short words for connectors whose own name says too little in a template such as `{{ hook.body }}`. */
const READABLE_IDS: Readonly<Record<string, string>> = {
  'webhook.catch': 'hook',
  'webhook.respond': 'answer',
  'schedule.cron': 'schedule',
  'manual.run': 'manual',
  'data.set': 'fields',
  'http.request': 'request',
  'file.append': 'file',
  'code.run': 'code',
  'shell.run': 'program',
  'notify.show': 'notify',
}

/** A step id that is not taken: the connector's name, then `name_2`, `name_3` … */
export function newStepId(uses: string, taken: ReadonlySet<string>): string {
  const base = READABLE_IDS[uses] ?? idFromConnector(uses)
  return nextFree(base, taken)
}

/** An id for a copy of a step: the original's, counted up. */
export function copiedStepId(id: string, taken: ReadonlySet<string>): string {
  return nextFree(id.replace(/_\d+$/, ''), taken)
}

function nextFree(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base)) return base
  for (let n = 2; ; n++) if (!taken.has(`${base}_${n}`)) return `${base}_${n}`
}

function idFromConnector(uses: string): string {
  const [app = 'step', name = app] = uses.split('.')
  const word = asId(name)
  return RESERVED_STEP_IDS.some((reserved) => reserved === word) ? asId(`${app}_${name}`) : word
}

// 50 characters leave room for the count within the 64 that an id may have.
function asId(text: string): string {
  const cleaned = text.replace(/[^A-Za-z0-9]+/g, '_').slice(0, 50)
  return /^[A-Za-z]/.test(cleaned) ? cleaned : `step_${cleaned}`
}
