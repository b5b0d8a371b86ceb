import type { Catalogue } from '../connectors/catalogue.ts'
import type { SavedDraft, WebhookAddress, ZapDetail, ZapSummary } from '../contract/values.ts'
import type { RunRow, RunTally } from '../db/run-rows.ts'
import type { ZapRow, ZapVersion } from '../db/zaps.ts'
import { CANNOT, type Desktop } from '../domain/host/desktop.ts'
import { stepName } from '../domain/zap/field-subject.ts'
import type { Problem } from '../domain/zap/problem.ts'
import { validateZap } from '../domain/zap/validate-zap.ts'
import type { ZapFile } from '../domain/zap/zap-file.ts'
import type { FolderRules } from '../files/allowed-folders.ts'
import { claimsOf, FORMS } from '../ingress/live-triggers.ts'
import { addressesToEnter, findTriggers, readTriggers } from '../ingress/trigger-kinds.ts'
import { folderProblems } from './folder-problems.ts'
import { toIso } from './run-view.ts'

/** What the view of a draft is made of, beside its zap's row. */
export type DraftContext = {
  readonly catalogue: Catalogue
  readonly live: ZapVersion | undefined
  readonly hooksUrl: string
  publicUrlOf(path: string): string | null
  readonly pathSecret: string
  readonly folders: FolderRules
  readonly desktop: Desktop
}

/** What a zap's view is made of, beside its row. */
export type ZapContext = DraftContext & { readonly lastRun: RunRow | undefined; readonly tally: RunTally }

export async function zapSummary(zap: ZapRow, context: ZapContext): Promise<ZapSummary> {
  await context.catalogue.load(zap.draft.steps)
  const { live, lastRun, tally } = context
  return {
    ...summaryOfDraft(zap, context),
    id: zap.id,
    status: live === undefined ? 'draft' : zap.enabled ? 'enabled' : 'disabled',
    liveVersion: zap.liveVersion,
    createdAt: toIso(zap.createdAt),
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
  }
}

/** What lists show of a zap that its draft decides. */
function summaryOfDraft(zap: ZapRow, context: DraftContext) {
  const { live } = context
  return {
    name: zap.name,
    draftDiffers: live === undefined || JSON.stringify(live.definition) !== JSON.stringify(zap.draft),
    uses: usesInOrder(context.catalogue, zap.draft),
    triggerSummary: triggerSummary(zap, context),
    updatedAt: toIso(zap.updatedAt),
    review: zap.permissions?.from === 'elsewhere' ? zap.permissions.review : ('done' as const),
  }
}

/** What the saving of a draft changed: nothing about runs, and not the draft, which the caller has. */
export async function savedDraft(zap: ZapRow, context: DraftContext): Promise<SavedDraft> {
  await context.catalogue.load(zap.draft.steps)
  return {
    ...summaryOfDraft(zap, context),
    draftRevision: zap.draftRevision,
    problems: await problemsOf(context, zap.draft),
    webhooks: webhooksOf(zap.id, zap.draft, context),
  }
}

export async function zapDetail(zap: ZapRow, context: ZapContext, pinned: readonly string[]): Promise<ZapDetail> {
  const { live } = context
  return {
    ...(await zapSummary(zap, context)),
    ...(await savedDraft(zap, context)),
    draft: zap.draft,
    live: live === undefined ? null : { version: live.number, publishedAt: toIso(live.createdAt), name: live.name },
    pinned: [...pinned],
  }
}

type ProblemContext = { readonly catalogue: Catalogue; readonly folders: FolderRules; readonly desktop: Desktop }

/** Everything that keeps a draft from being published, as far as it can be told without other zaps. */
export async function problemsOf({ catalogue, folders, desktop }: ProblemContext, draft: ZapFile): Promise<Problem[]> {
  await catalogue.load(draft.steps)
  const host = draft.steps.flatMap((step): Problem[] => {
    const ability = catalogue.find(step.uses)?.desktop
    if (ability === undefined || desktop[ability] !== null || step.settings?.disabled === true) return []
    const message = `The step ${stepName(step)} cannot work here. ${CANNOT[ability]}`
    return [{ severity: 'field', code: 'host-cannot', step: step.id, field: null, message }]
  })
  return [...validateZap(draft, catalogue.info), ...folderProblems(catalogue, draft, folders), ...host]
}

/** The addresses of a zap's webhooks and forms, whose connectors must be loaded. */
export function webhooksOf(
  zapId: string,
  file: ZapFile,
  context: Pick<ZapContext, 'catalogue' | 'hooksUrl' | 'publicUrlOf' | 'pathSecret'>,
): WebhookAddress[] {
  const { catalogue, pathSecret } = context
  const zap = { id: zapId, version: 0, definition: file }
  const claims = claimsOf(readTriggers(catalogue, [zap], pathSecret))
  return [...claims, ...addressesToEnter(catalogue, zap, pathSecret)].map(({ stepId, path, methods }) => ({
    step: stepId,
    url: context.hooksUrl + path,
    publicUrl: context.publicUrlOf(path),
    methods: [...methods],
    ...(path.startsWith(FORMS) ? { isForm: true as const } : {}),
  }))
}

function usesInOrder({ info }: Catalogue, file: ZapFile): string[] {
  const isTrigger = (uses: string): boolean => info(uses)?.kind === 'trigger'
  const uses = file.steps.map((step) => step.uses)
  return [...uses.filter(isTrigger), ...uses.filter((id) => !isTrigger(id))]
}

/** What starts a zap by itself, in words. Its connectors must be loaded. */
export function startsOf(catalogue: Catalogue, file: ZapFile): { step: string; name: string; words: string }[] {
  // Which address an unguessable one is, its words do not say.
  return findTriggers(catalogue, { id: '', version: 0, definition: file }, '').flatMap(({ step, words }) => {
    if (words === null) return []
    return [{ step: step.id, name: step.name ?? catalogue.info(step.uses)?.title ?? step.id, words }]
  })
}

function triggerSummary(zap: ZapRow, context: DraftContext): string {
  const live = { id: zap.id, version: 0, definition: zap.draft }
  const words = findTriggers(context.catalogue, live, context.pathSecret).map(({ summary }) => summary)
  return words.length === 0 ? 'no trigger yet' : words.join(', ')
}
