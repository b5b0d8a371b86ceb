import type { Catalogue } from '../connectors/catalogue.ts'
import type { Sample } from '../contract/values.ts'
import { findPinnedSamples, type PinnedSample } from '../db/pinned-samples.ts'
import { findNewestOutputs } from '../db/step-runs.ts'
import { findNewestEvent } from '../db/trigger-events.ts'
import type { ZapRow } from '../db/zaps.ts'
import { firstRunId } from '../domain/host/ids.ts'
import { isJsonList, isJsonObject, type Json } from '../domain/values/json.ts'
import { fromStored } from '../domain/values/stored-json.ts'
import type { Step } from '../domain/zap/zap-file.ts'
import { toIso, toIsoOrNull } from './run-view.ts'
import type { RunningServices } from './services.ts'

/** An example output of every step of a draft: what is pinned, or what it really returned last, or else its connector's own example. */
export async function samplesOf(services: RunningServices, zap: ZapRow): Promise<Record<string, Sample>> {
  const { reader } = services.database
  const outputs = await findNewestOutputs(reader, zap.id)
  const pinned = await findPinnedSamples(reader, zap.id)
  const samples: Record<string, Sample> = {}
  for (const step of zap.draft.steps) {
    const connector = services.catalogue.info(step.uses)
    if (connector === undefined) continue
    const output = outputs.get(step.id)
    const pin = pinned.get(step.id)
    if (pin !== undefined) samples[step.id] = await pinnedSample(services, pin)
    else if (connector.kind === 'trigger') samples[step.id] = await eventSample(services, zap.id, step)
    else if (output !== undefined) {
      const { runId, at } = output
      samples[step.id] = { value: fromStored(output.output), from: 'run', pinnedFrom: null, runId, at: toIsoOrNull(at) }
    } else samples[step.id] = await exampleSample(services, step)
  }
  return samples
}

/** What was pinned for a trigger, or else what it returned last, or else its connector's example. */
export async function triggerSample(services: RunningServices, zapId: string, step: Step): Promise<Sample> {
  const pin = (await findPinnedSamples(services.database.reader, zapId)).get(step.id)
  return pin === undefined ? eventSample(services, zapId, step) : pinnedSample(services, pin)
}

async function pinnedSample({ values }: RunningServices, pin: PinnedSample): Promise<Sample> {
  const { data, origin, runId, pinnedAt } = pin
  return { value: await values.unpack(data), from: 'pinned', pinnedFrom: origin, runId, at: toIso(pinnedAt) }
}

async function eventSample(services: RunningServices, zapId: string, step: Step): Promise<Sample> {
  const event = await findNewestEvent(services.database.reader, zapId, step.id)
  if (event === undefined) return exampleSample(services, step)
  const value = await services.values.unpack(event.data)
  return { value, from: 'event', pinnedFrom: null, runId: firstRunId(event.id), at: toIso(event.receivedAt) }
}

async function exampleSample({ catalogue, apis }: RunningServices, step: Step): Promise<Sample> {
  const value = connectorSample(catalogue, step)
  const said = step.uses.startsWith('app.') ? await apis.sample(step) : undefined
  const known = said === undefined || !isJsonObject(value) ? value : { ...value, ...said }
  return { value: known, from: 'connector', pinnedFrom: null, runId: null, at: null }
}

/** A connector's example of what a step returns. Some steps say themselves what they will return. */
export function connectorSample(catalogue: Catalogue, step: Step): Json {
  const { fields } = step.input
  if ((step.uses === 'data.set' || step.uses === 'manual.run') && fields !== undefined) return fields
  if (step.uses === 'form.submitted') return formSample(fields)
  return catalogue.manifest(step.uses)?.sample ?? null
}

/** Answers to the fields of a form, as a draft has them. */
function formSample(fields: Json | undefined): Json {
  const listed = fields === undefined || !isJsonList(fields) ? [] : fields
  const answers = listed.flatMap((field): [string, Json][] => {
    if (!isJsonObject(field) || typeof field.name !== 'string') return []
    const options = field.options !== undefined && isJsonList(field.options) ? field.options : []
    const examples: Readonly<Record<string, Json>> = {
      ...FORM_EXAMPLES,
      choice: options[0] ?? '',
      choices: options.slice(0, 2),
    }
    const type = typeof field.type === 'string' && Object.hasOwn(examples, field.type) ? field.type : 'text'
    return [[field.name, examples[type] ?? null]]
  })
  return { fields: Object.fromEntries(answers), submittedAt: '2026-11-24T09:00:00.000Z' }
}

const FORM_EXAMPLES = {
  text: 'Ada Lovelace',
  long: 'It arrived broken.',
  number: 2,
  date: '2026-11-27',
  email: 'ada@example.org',
  checkbox: true,
  file: { filename: 'photo.jpg', contentType: 'image/jpeg', bytes: 182_400, content: null },
} as const
