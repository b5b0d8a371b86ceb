import { findConnector } from '../connectors/registry.ts'
import type { Sample } from '../contract/values.ts'
import { findPinnedSamples } from '../db/pinned-samples.ts'
import { findNewestOutputs } from '../db/step-runs.ts'
import { findNewestEvent } from '../db/trigger-events.ts'
import type { ZapRow } from '../db/zaps.ts'
import type { Json } from '../domain/json.ts'
import type { Step } from '../domain/zap-file.ts'
import type { ApiServices } from './services.ts'

/** An example output of every step of a draft: what is pinned, or what it really gave last, or else its connector's own example. */
export async function samplesOf(services: ApiServices, zap: ZapRow): Promise<Record<string, Sample>> {
  const { reader } = services.database
  const outputs = await findNewestOutputs(reader, zap.id)
  const pinned = await findPinnedSamples(reader, zap.id)
  const samples: Record<string, Sample> = {}
  for (const step of zap.draft.steps) {
    const connector = findConnector(step.uses)
    if (connector === undefined) continue
    const output = outputs.get(step.id)
    const pin = pinned.get(step.id)
    if (pin !== undefined) samples[step.id] = { value: await services.values.unpack(pin), from: 'pinned' }
    else if (connector.kind === 'trigger') samples[step.id] = await triggerSample(services, zap.id, step)
    else if (output !== undefined) samples[step.id] = { value: JSON.parse(output), from: 'run' }
    else samples[step.id] = { value: connectorSample(step), from: 'connector' }
  }
  return samples
}

/** What was pinned for a trigger, or else what it gave last, or else its connector's example. */
export async function triggerSample(services: ApiServices, zapId: string, step: Step): Promise<Sample> {
  const pinned = (await findPinnedSamples(services.database.reader, zapId)).get(step.id)
  if (pinned !== undefined) return { value: await services.values.unpack(pinned), from: 'pinned' }
  const event = await findNewestEvent(services.database.reader, zapId, step.id)
  return event === undefined
    ? { value: connectorSample(step), from: 'connector' }
    : { value: await services.values.unpack(event.data), from: 'event' }
}

/** Some steps say themselves what they will give. */
function connectorSample(step: Step): Json {
  const { fields } = step.input
  if ((step.uses === 'data.set' || step.uses === 'manual.run') && fields !== undefined) return fields
  return findConnector(step.uses)?.sample ?? null
}
