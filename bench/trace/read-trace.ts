import { z } from 'zod'
import { quantile } from '../quantile.ts'

/** What happened when, in milliseconds since 1970, in the order in which it was noted. */
export const notedSchema = z.array(z.tuple([z.string(), z.number()]))
export type Noted = z.infer<typeof notedSchema>

/** When an event was sent to the host, and when the request of its step arrived. */
export type Journey = { readonly sentAt: number; readonly arrivedAt: number }

/** The stretches of an event's way, in order: each ends with what it is called by. */
export const STRETCHES = ['received', 'parsed', 'begun', 'rendered', 'committed', 'sent', 'arrived'] as const
export type Stretch = (typeof STRETCHES)[number]

/** Milliseconds of each stretch of one event's way, and of those how many went to collecting garbage. */
export type Way = { readonly stretches: Readonly<Record<Stretch, number>>; readonly whole: number; readonly gc: number }

/**
 * Lays what a host noted beside the events that were sent to it one at a time. A stretch begins where the one before it ended; one that was
 * not noted took no time. An event whose request was never received is left out.
 */
export function readWays(noted: Noted, journeys: readonly Journey[]): Way[] {
  return journeys.flatMap(({ sentAt, arrivedAt }) => {
    const mine = noted.filter(([, at]) => at >= sentAt && at <= arrivedAt)
    if (!mine.some(([name]) => name === 'received')) return []
    let before = sentAt
    const stretches = STRETCHES.map((name): [Stretch, number] => {
      // The commit that the request of the step waits for is the first one.
      const at = name === 'arrived' ? arrivedAt : (mine.find((one) => one[0] === name)?.[1] ?? before)
      const ms = Math.max(0, at - before)
      before = Math.max(before, at)
      return [name, ms]
    })
    return [
      {
        stretches: Object.fromEntries(stretches) as Record<Stretch, number>, // of all stretches
        whole: arrivedAt - sentAt,
        gc: collecting(mine),
      },
    ]
  })
}

function collecting(mine: Noted): number {
  const began = mine.filter(([name]) => name.endsWith('collection'))
  return began.reduce((sum, [, at]) => {
    const end = mine.find(([name, when]) => name === 'collected' && when >= at)
    return sum + (end === undefined ? 0 : end[1] - at)
  }, 0)
}

/** The ways as a table: the middle and the slow end of each stretch, and what the slowest events of all spent there. */
export function traceTable(ways: readonly Way[]): string {
  const of = (values: readonly number[], share: number): string => quantile(values, share).toFixed(3)
  const slow = quantile(
    ways.map(({ whole }) => whole),
    0.95,
  )
  const slowest = ways.filter(({ whole }) => whole >= slow)
  const row = (name: string, take: (way: Way) => number): string => {
    const all = ways.map(take)
    return `| ${name} | ${of(all, 0.5)} | ${of(all, 0.95)} | ${of(all, 0.99)} | ${of(slowest.map(take), 0.5)} |`
  }
  return [
    `${ways.length} events, 30 ms apart; milliseconds.`,
    '',
    '| until it is | p50 | p95 | p99 | in the slowest 5 % |',
    '| --- | --- | --- | --- | --- |',
    ...STRETCHES.map((name) => row(name, ({ stretches }) => stretches[name])),
    row('whole way', ({ whole }) => whole),
    row('of that, garbage collected', ({ gc }) => gc),
  ].join('\n')
}
