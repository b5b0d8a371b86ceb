import { SHOWN_RUN_STATES } from '../../../core/domain/runs/states.ts'
import { RECENT, type RunFilter, type RunTime } from './run-filter.ts'

/** The word that says in an address that the time is one of a person's own, with or without its ends. */
const OWN = 'range'

/** The address of the Runs screen that shows what a filter lets through. The same filter always has the same address. */
export function runsAddress({ zapId, status, when, text }: RunFilter): string {
  const query = new URLSearchParams()
  if (zapId !== undefined) query.set('zap', zapId)
  if (status !== undefined) query.set('status', status)
  if (typeof when === 'string') query.set('when', when)
  else if (when !== undefined) {
    query.set('when', OWN)
    if (when.from !== undefined) query.set('from', when.from)
    if (when.to !== undefined) query.set('to', when.to)
  }
  if (text !== undefined) query.set('text', text)
  return query.size === 0 ? '/runs' : `/runs?${query}`
}

/** The filter that the query of an address names; what makes no sense in it is left out. */
export function readRunsQuery(text: string): RunFilter {
  const query = new URLSearchParams(text)
  const status = SHOWN_RUN_STATES.find((one) => one === query.get('status'))
  const when = readWhen(query)
  return {
    ...given('zapId', query.get('zap')),
    ...(status !== undefined && { status }),
    ...(when !== undefined && { when }),
    ...given('text', query.get('text')?.trim() ?? null),
  }
}

function readWhen(query: URLSearchParams): RunTime | undefined {
  const word = query.get('when')
  if (word === OWN)
    return { ...given('from', readMoment(query.get('from'))), ...given('to', readMoment(query.get('to'))) }
  return RECENT.find((one) => one === word)
}

/** A moment as the fields for it write it; null for anything else. */
function readMoment(text: string | null): string | null {
  return text !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : null
}

function given<Key extends string>(key: Key, value: string | null): { [_ in Key]?: string } {
  const part: { [_ in Key]?: string } = {}
  if (value !== null && value !== '') part[key] = value
  return part
}
