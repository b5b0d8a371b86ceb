import type { Catalogue } from '../connectors/catalogue.ts'
import { HOOK_METHODS, type TriggerKind, type TriggerKinds, type TriggerSource } from '../connectors/trigger-sources.ts'
import { formatDuration } from '../domain/time/duration.ts'
import { cronInWords, everyInWords } from '../domain/time/schedule-in-words.ts'
import { hostZone } from '../domain/time/zone.ts'
import type { Allowance } from '../domain/trust/permissions.ts'
import { plainPath } from '../domain/trust/touches.ts'
import { ASKING_STEP } from '../domain/zap/answer-links.ts'
import type { Step, ZapFile } from '../domain/zap/zap-file.ts'
import type { LiveConnection } from './connections.ts'
import type { LiveFolderWatch } from './folders/folder-watch.ts'
import {
  type At,
  formPath,
  type LiveFailureWatch,
  type LiveForm,
  type LiveSchedule,
  type LiveTableWatch,
  type LiveWebhook,
  type LiveZap,
  type ServiceHookCall,
  webhookPath,
} from './live-triggers.ts'
import type { LivePoll } from './polls.ts'
import type { LiveSilence } from './silences.ts'
import type { LiveHook } from './subscriptions.ts'
import type { LiveWatch } from './watches.ts'

/** What a trigger of each kind is while its zap is switched on. */
type LiveByKind = {
  webhook: LiveWebhook
  schedule: LiveSchedule
  person: At
  failure: LiveFailureWatch
  table: LiveTableWatch
  silence: LiveSilence
  watch: LiveWatch
  folder: LiveFolderWatch
  poll: LivePoll
  connection: LiveConnection
  form: LiveForm
  hook: LiveHook
}

/** What can start zaps that are switched on, by kind. */
export type LiveTriggers = { readonly [Kind in TriggerKind]: readonly LiveByKind[Kind][] }

/** What keeps the triggers of a kind: it replaces those of before by these. */
export type TriggerServices = {
  readonly [Kind in TriggerKind]: { set(triggers: readonly LiveByKind[Kind][]): void | Promise<void> }
}

type Values = Record<string, unknown>
type Read<Kind extends TriggerKind> = { readonly source: TriggerKinds<Values>[Kind]; readonly input: Values }
type Place = {
  readonly at: At
  readonly step: Step
  readonly zap: LiveZap
  readonly catalogue: Catalogue
  readonly pathSecret: string
}

/** How triggers of a kind are read, held back and worded. */
type KindRules<Kind extends TriggerKind> = {
  live(trigger: Read<Kind>, place: Place): LiveByKind[Kind]
  /** What is left of it where its zap may not touch all that it names; null for nothing. Absent: all of it. */
  permitted?(live: LiveByKind[Kind], allowance: Allowance): LiveByKind[Kind] | null
  /** What starts the zap, in a list of zaps: "every 5m". */
  summary(live: LiveByKind[Kind], input: Values): string
  /** The same as a sentence of a review; null when nothing happens by itself. */
  words(live: LiveByKind[Kind], input: Values): string | null
}

const KINDS: { readonly [Kind in TriggerKind]: KindRules<Kind> } = {
  webhook: {
    live({ source, input }, { at, step, zap, catalogue, pathSecret }) {
      const endpoint = source.endpoint(input)
      const path = webhookPath(endpoint.path, zap.id, step.id, pathSecret)
      const holdMs = hasAnsweringStep(catalogue, zap.definition, step.id) ? endpoint.holdMs : null
      const { reads } = source
      if (reads === undefined) return { ...at, endpoint, path, holdMs }
      const service = {
        handshake: (call: ServiceHookCall) => reads.handshake?.({ ...call, input }) ?? null,
        events: (call: ServiceHookCall) => reads.events({ ...call, input }),
      }
      // What comes may be several events, none of which could answer.
      return { ...at, endpoint, path, holdMs: null, service }
    },
    // It takes no sender for proved by a credential that its zap may not use.
    permitted(webhook, { allows }) {
      const { verify } = webhook.endpoint
      if (verify === null) return webhook
      const secrets = verify.secrets.filter(({ $credential }) => allows({ kind: 'credential', what: $credential }))
      return { ...webhook, endpoint: { ...webhook.endpoint, verify: { ...verify, secrets } } }
    },
    summary: ({ endpoint, path }) => `${endpoint.methods.join('/')} ${path}`,
    words({ endpoint: { path, methods } }) {
      return path === null ? 'When its address is called' : `When /hooks/${path} is called (${methods.join(', ')})`
    },
  },
  schedule: {
    live({ source, input }, { at, step, zap }) {
      const zone = zap.definition.settings?.timezone ?? hostZone()
      return { ...at, spec: JSON.stringify([step.input, zone]), timetable: source.timetable(input, zone) }
    },
    summary: (_, { every, cron }) => (typeof every === 'string' ? `every ${every}` : `${cron}`),
    words(_, { every, cron }) {
      const words = typeof every === 'string' ? everyInWords(every) : cronInWords(String(cron))
      return words.charAt(0).toUpperCase() + words.slice(1)
    },
  },
  person: {
    live: (_, { at }) => at,
    summary: () => 'by hand',
    words: () => null,
  },
  failure: {
    live: ({ source, input }, { at }) => ({ ...at, zaps: source.watches(input) }),
    // No zap hears of failures that are not its to watch.
    permitted: (watch, { allows }) =>
      (watch.zaps ?? ['*']).every((what) => allows({ kind: 'failures', what })) ? watch : null,
    summary: () => 'when a zap fails',
    words: () => 'When a run of another zap fails',
  },
  table: {
    live: ({ source, input }, { at }) => ({ ...at, ...source.watches(input) }),
    permitted: (watch, { allows }) => (allows({ kind: 'table', what: watch.table.trim() }) ? watch : null),
    summary: ({ table }) => `rows of ${table}`,
    words: ({ table, events }) => `When a row of “${table}” is ${events.join(' or ')}`,
  },
  silence: {
    live: ({ source, input }, { at }) => ({ ...at, watch: source.watches(input) }),
    // As with failures: it learns of no zap that is not its to watch.
    permitted: (silence, { allows }) =>
      (silence.watch.zaps ?? ['*']).every((what) => allows({ kind: 'failures', what })) ? silence : null,
    summary: ({ watch }) => `silence of ${formatDuration(watch.forMs)}`,
    words: ({ watch }) => `When nothing came to another zap for ${formatDuration(watch.forMs)}`,
  },
  watch: {
    live: ({ source, input }, { at, step }) => ({
      ...at,
      spec: JSON.stringify([step.uses, step.input]),
      begin: (context) => source.watch({ ...context, input }),
    }),
    summary: (_, input) => `on ${wordsOf(input)}`,
    words: (_, input) => `On ${wordsOf(input)}`,
  },
  folder: {
    live({ source, input }, { at, step }) {
      const watch = source.watches(input)
      return { ...at, subject: JSON.stringify([step.uses, watch.folder, watch.glob]), watch }
    },
    // It sees nothing of a folder that its zap may not read.
    permitted: (live, { allows }) =>
      allows({ kind: 'file', what: `${plainPath(live.watch.folder)}/*` }) ? live : null,
    summary: ({ watch }) => `files in ${watch.folder}`,
    words: ({ watch }) => `When files in ${watch.folder} are ${watch.events.join(' or ')}`,
  },
  poll: {
    live: ({ source, input }, { at, step, zap }) => ({
      ...at,
      subject: JSON.stringify([step.uses, source.subject(input)]),
      everyMs: source.everyMs(input),
      first: source.first(input),
      caller: { zapId: zap.id, file: zap.definition, step },
      ask: (context, cursor) => source.poll({ ...context, input, cursor }),
    }),
    summary: ({ everyMs }) => `asks every ${formatDuration(everyMs)}`,
    words: ({ everyMs }) => `Asks ${everyInWords(formatDuration(everyMs))} what is new`,
  },
  connection: {
    live: ({ source, input }, { at, step, zap }) => ({
      ...at,
      subject: JSON.stringify([step.uses, source.subject(input)]),
      caller: { zapId: zap.id, file: zap.definition, step },
      keep: (context) => source.keep({ ...context, input }),
      ...(source.leave && { leave: (context) => source.leave?.({ ...context, input }) ?? Promise.resolve() }),
      told: source.words(input),
    }),
    summary: ({ told }) => `on ${told}`,
    words: ({ told }) => `When there is ${told}`,
  },
  hook: {
    live({ source, input }, place) {
      const { at, step, zap } = place
      const { poll } = source
      const caller = { zapId: zap.id, file: zap.definition, step }
      const fallback = poll === undefined ? null : KINDS.poll.live({ source: poll, input }, place)
      return { ...at, subject: JSON.stringify([step.uses, source.subject(input)]), input, source, caller, fallback }
    },
    summary: () => 'when its service calls',
    words: () => 'When its service calls',
  },
  form: {
    live({ source, input }, { at, step, zap, pathSecret }) {
      const page = source.page(input)
      const leadsOn = zap.definition.steps.some(({ uses, input }) => uses === ASKING_STEP && input.follows === 'always')
      return { ...at, page, path: formPath(page.path, zap.id, step.id, pathSecret), leadsOn }
    },
    summary: ({ path }) => `form ${path}`,
    words: ({ page }) => `When the form "${page.title}" is sent`,
  },
}

/** What a watch says of what it watches: the values of its fields. */
const wordsOf = (input: Values): string => Object.values(input).flat().map(String).join(', ')

export const TRIGGER_KINDS = Object.keys(KINDS) as readonly TriggerKind[] // its keys are exactly these

/** A trigger of a live zap, with what it is called by. */
export type FoundTrigger = {
  readonly kind: TriggerKind
  readonly step: Step
  readonly live: At
  /** As {@link KindRules}. */
  readonly summary: string
  readonly words: string | null
}

/** The triggers of a zap, in the order of its steps. Its connectors must be loaded; a trigger whose input does not fit is left out. */
export function findTriggers(catalogue: Catalogue, zap: LiveZap, pathSecret: string): FoundTrigger[] {
  return zap.definition.steps.flatMap((step) => {
    const trigger = readTrigger(catalogue, step)
    return trigger === undefined
      ? []
      : [foundTrigger(trigger, { at: atOf(zap, step), step, zap, catalogue, pathSecret })]
  })
}

function foundTrigger({ source, input }: NonNullable<ReturnType<typeof readTrigger>>, place: Place): FoundTrigger {
  const kind = source.from
  // A source has the rules of its own kind, which the compiler does not follow through a mapped type.
  const rules = KINDS[kind] as KindRules<TriggerKind>
  const live = rules.live({ source, input } as Read<TriggerKind>, place)
  return { kind, step: place.step, live, summary: rules.summary(live, input), words: rules.words(live, input) }
}

/**
 * Where the services of a zap's triggers call once a person has entered the address there, for triggers whose input does not fit yet: a service may
 * show the secret that the form asks for only after it has the address, which follows from the zap and the step alone.
 */
export function addressesToEnter(catalogue: Catalogue, { id, definition }: LiveZap, pathSecret: string) {
  return definition.steps.flatMap((step) => {
    const connector = catalogue.find(step.uses)
    const isOfService =
      connector?.kind === 'trigger' && connector.source.from === 'webhook' && connector.source.reads !== undefined
    if (!isOfService || step.settings?.disabled === true || connector.input.safeParse(step.input).success) return []
    return [{ stepId: step.id, path: webhookPath(null, id, step.id, pathSecret), methods: HOOK_METHODS }]
  })
}

/** The live triggers of zaps, whose connectors must be loaded, without what the zaps may not touch. */
export function readTriggers(
  catalogue: Catalogue,
  zaps: readonly LiveZap[],
  pathSecret: string,
  allowanceOf?: (zapId: string) => Allowance,
): LiveTriggers {
  const found = zaps.flatMap((zap) => findTriggers(catalogue, zap, pathSecret))
  const ofKind = (kind: TriggerKind): At[] =>
    found.flatMap((trigger) => {
      if (trigger.kind !== kind) return []
      const rules = KINDS[kind] as KindRules<TriggerKind> // as above
      const { live } = trigger
      if (allowanceOf === undefined || rules.permitted === undefined) return [live]
      return rules.permitted(live as never, allowanceOf(live.zapId)) ?? []
    })
  return Object.fromEntries(TRIGGER_KINDS.map((kind) => [kind, ofKind(kind)])) as unknown as LiveTriggers // as above
}

/** Those triggers that this host keeps. */
export function keptTriggers(
  triggers: LiveTriggers,
  keeps: (kind: TriggerKind, zapId: string) => boolean,
): LiveTriggers {
  const kept = TRIGGER_KINDS.map((kind) => [kind, triggers[kind].filter(({ zapId }) => keeps(kind, zapId))])
  return Object.fromEntries(kept) as LiveTriggers // the kinds are those of `triggers`
}

/** Hands the triggers of every kind to what keeps them. */
export async function handDown(triggers: LiveTriggers, services: TriggerServices): Promise<void> {
  // The service of a kind takes the triggers of that kind, which the compiler does not follow through a mapped type.
  await Promise.all(TRIGGER_KINDS.map((kind) => services[kind].set(triggers[kind] as never)))
}

function atOf(zap: LiveZap, step: Step): At {
  return {
    zapId: zap.id,
    zapName: zap.definition.name,
    version: zap.version,
    settings: zap.definition.settings ?? {},
    stepId: step.id,
  }
}

/** Whether a step that answers the sender can be reached from a trigger. */
function hasAnsweringStep(catalogue: Catalogue, { steps, edges }: ZapFile, triggerId: string): boolean {
  const answering = new Set<string>()
  for (const step of steps) {
    const connector = catalogue.find(step.uses)
    const isOn = step.settings?.disabled !== true
    if (isOn && connector?.kind === 'action' && connector.answersSender === true) answering.add(step.id)
  }
  if (answering.size === 0) return false
  const reached = new Set([triggerId])
  for (const id of reached) {
    if (answering.has(id)) return true
    for (const edge of edges) if (edge.from === id) reached.add(edge.to)
  }
  return false
}

/** A trigger step's source and parsed input; undefined for actions, for input that does not fit, and when it is disabled. */
function readTrigger(
  catalogue: Catalogue,
  { uses, input, settings }: Step,
): { source: TriggerSource<Record<string, unknown>>; input: Record<string, unknown> } | undefined {
  const connector = catalogue.find(uses)
  if (connector?.kind !== 'trigger' || settings?.disabled === true) return undefined
  const parsed = connector.input.safeParse(input)
  return parsed.success ? { source: connector.source, input: parsed.data } : undefined
}
