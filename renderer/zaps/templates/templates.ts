import { parseZapFile } from '../../../core/domain/zap/parse-zap-file.ts'
import type { ZapFile } from '../../../core/domain/zap/zap-file.ts'
import approval from './approval.zap.json'
import debounce from './debounce.zap.json'
import failureAlert from './failure-alert.zap.json'
import forEachLine from './for-each-line.zap.json'
import healthCheck from './health-check.zap.json'
import morningZap from './morning-zap.zap.json'
import router from './router.zap.json'
import signedWebhook from './signed-webhook.zap.json'
import skipSeen from './skip-seen.zap.json'
import smallApi from './small-api.zap.json'
import waitUntilReady from './wait-until-ready.zap.json'
import webhookToFile from './webhook-to-file.zap.json'

/** Zaps to begin with, the everyday ones first. They run without an account and without the internet. */
const FILES: readonly unknown[] = [
  webhookToFile,
  router,
  approval,
  forEachLine,
  healthCheck,
  failureAlert,
  smallApi,
  waitUntilReady,
  skipSeen,
  debounce,
  morningZap,
  signedWebhook,
]

/** The templates, as drafts. A test holds every file to what Hookline takes. */
export function readTemplates(): readonly ZapFile[] {
  return FILES.map((file) => {
    const parsed = parseZapFile(file)
    if ('problems' in parsed) throw new Error(`a template cannot be read: ${parsed.problems[0]?.message}`)
    return parsed.zap
  })
}

/** The templates that have every word of a search in their name, description or steps. */
export function templatesWith(templates: readonly ZapFile[], search: string): readonly ZapFile[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return templates.filter((zap) => {
    const steps = zap.steps.map((step) => `${step.name ?? ''} ${step.uses}`).join(' ')
    const text = `${zap.name} ${zap.description ?? ''} ${steps}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
