import { connectorLookup, findConnector } from '../connectors/registry.ts'
import type { WebhookAddress, ZapDetail, ZapSummary } from '../contract/values.ts'
import type { RunRow, RunTally } from '../db/runs.ts'
import type { ZapRow, ZapVersion } from '../db/zaps.ts'
import type { Problem } from '../domain/problem.ts'
import { validateZap } from '../domain/validate-zap.ts'
import type { ZapFile } from '../domain/zap-file.ts'
import type { FolderRules } from '../engine/allowed-folders.ts'
import { readTrigger, webhookPath } from '../ingress/live-triggers.ts'
import { folderProblems } from './folder-problems.ts'
import { toIso } from './run-view.ts'

/** What a zap's view is made of, beside its row. */
export type ZapContext = {
  readonly live: ZapVersion | undefined
  readonly lastRun: RunRow | undefined
  readonly tally: RunTally
  readonly hooksUrl: string
  publicUrlOf(path: string): string | null
  readonly pathSecret: string
  readonly folders: FolderRules
}

export function zapSummary(zap: ZapRow, context: ZapContext): ZapSummary {
  const { live, lastRun, tally } = context
  return {
    id: zap.id,
    name: zap.name,
    status: live === undefined ? 'draft' : zap.enabled ? 'enabled' : 'disabled',
    liveVersion: zap.liveVersion,
    draftDiffers: live === undefined || JSON.stringify(live.definition) !== JSON.stringify(zap.draft),
    uses: usesInOrder(zap.draft),
    triggerSummary: triggerSummary(zap, context),
    createdAt: toIso(zap.createdAt),
    updatedAt: toIso(zap.updatedAt),
    lastRun:
      lastRun === undefined
        ? null
        : {
            id: lastRun.id,
            status: lastRun.state,
            shownAs: lastRun.outcome ?? lastRun.state,
            startedAt: toIso(lastRun.startedAt),
          },
    last24h: { succeeded: tally.succeeded, failed: tally.failed },
    skippedEvents: zap.skippedEvents,
    review: zap.permissions?.from === 'elsewhere' ? zap.permissions.review : 'done',
  }
}

export function zapDetail(zap: ZapRow, context: ZapContext, pinned: readonly string[]): ZapDetail {
  const { live } = context
  return {
    ...zapSummary(zap, context),
    draft: zap.draft,
    draftRevision: zap.draftRevision,
    live: live === undefined ? null : { version: live.number, publishedAt: toIso(live.createdAt), name: live.name },
    problems: problemsOf(zap.draft, context.folders),
    webhooks: webhooksOf(zap.id, zap.draft, context),
    pinned: [...pinned],
  }
}

/** Everything that keeps a draft from being published, as far as it can be told without other zaps. */
export function problemsOf(draft: ZapFile, folders: FolderRules): Problem[] {
  return [...validateZap(draft, connectorLookup), ...folderProblems(draft, folders)]
}

/** The addresses of a zap's webhook triggers. */
export function webhooksOf(
  zapId: string,
  file: ZapFile,
  context: { hooksUrl: string; publicUrlOf(path: string): string | null; pathSecret: string },
): WebhookAddress[] {
  return file.steps.flatMap((step) => {
    const trigger = readTrigger(step)
    if (trigger?.source.from !== 'webhook') return []
    const endpoint = trigger.source.endpoint(trigger.input)
    const path = webhookPath(endpoint.path, zapId, step.id, context.pathSecret)
    const publicUrl = context.publicUrlOf(path)
    return [{ step: step.id, url: context.hooksUrl + path, publicUrl, methods: [...endpoint.methods] }]
  })
}

function usesInOrder(file: ZapFile): string[] {
  const isTrigger = (uses: string): boolean => findConnector(uses)?.kind === 'trigger'
  const uses = file.steps.map((step) => step.uses)
  return [...uses.filter(isTrigger), ...uses.filter((id) => !isTrigger(id))]
}

/** What starts a zap by itself, in words. */
export function startsOf(file: ZapFile): { step: string; name: string; words: string }[] {
  return file.steps.flatMap((step) => {
    const trigger = readTrigger(step)
    if (trigger === undefined || trigger.source.from === 'person') return []
    const name = step.name ?? findConnector(step.uses)?.title ?? step.id
    return [{ step: step.id, name, words: startWords(trigger) }]
  })
}

function startWords({ source, input }: NonNullable<ReturnType<typeof readTrigger>>): string {
  if (source.from === 'schedule') {
    return typeof input.every === 'string' ? `Every ${input.every}` : `By the clock: ${input.cron}`
  }
  if (source.from === 'failure') return 'When a run of another zap fails'
  if (source.from !== 'webhook') return 'By hand'
  const { path, methods } = source.endpoint(input)
  return path === null ? 'When its address is called' : `When /hooks/${path} is called (${methods.join(', ')})`
}

function triggerSummary(zap: ZapRow, context: ZapContext): string {
  const words = zap.draft.steps.flatMap((step) => {
    const trigger = readTrigger(step)
    if (trigger === undefined) return []
    const { source, input } = trigger
    if (source.from === 'person') return ['by hand']
    if (source.from === 'schedule') return [typeof input.every === 'string' ? `every ${input.every}` : `${input.cron}`]
    if (source.from === 'failure') return ['when a zap fails']
    const endpoint = source.endpoint(input)
    return [`${endpoint.methods.join('/')} ${webhookPath(endpoint.path, zap.id, step.id, context.pathSecret)}`]
  })
  return words.length === 0 ? 'no trigger yet' : words.join(', ')
}
