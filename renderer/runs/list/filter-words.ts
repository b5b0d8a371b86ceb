import { statusWord } from '../../ui/look/status-badge.tsx'
import { formatClock } from '../../ui/words/clock-time.tsx'
import type { OwnRange, RunFilter, RunTime } from './run-filter.ts'

/** What a filter finds: `runs`, `failed runs of Orders from the last 24 hours with “A-17”`. */
export function filterWords(filter: RunFilter, zapName: string | undefined, now: number, locale?: string): string {
  const { status, zapId, when, text } = filter
  return [
    ...(status === undefined ? [] : [statusWord(status).toLowerCase()]),
    'runs',
    ...(zapId === undefined ? [] : [`of ${zapName ?? 'this zap'}`]),
    ...(when === undefined ? [] : timeWords(when, now, locale)),
    ...(text === undefined ? [] : [`with “${text}”`]),
  ].join(' ')
}

function timeWords(when: RunTime, now: number, locale: string | undefined): string[] {
  if (when === 'today') return ['from today']
  if (when === '24h') return ['from the last 24 hours']
  return when === '7d' ? ['from the last 7 days'] : rangeWords(when, now, locale)
}

function rangeWords({ from, to }: OwnRange, now: number, locale: string | undefined): string[] {
  const words = (moment: string) => formatClock(moment, now, locale)
  if (from === undefined) return to === undefined ? [] : [`from before ${words(to)}`]
  return to === undefined ? [`since ${words(from)}`] : [`from ${words(from)} to ${words(to)}`]
}
