import type { FleetHappening } from './fleet-values.ts'

const zapsWords = (count: number): string => (count === 1 ? 'a zap' : `${count.toLocaleString('en')} zaps`)

/** What happened in a fleet, as a sentence without its stop. */
export function happeningWords(happening: FleetHappening): string {
  switch (happening.kind) {
    case 'handover': {
      const took = happening.tookMs === null ? '' : ` in ${Math.max(1, Math.round(happening.tookMs / 1_000))} s`
      return `What starts ${zapsWords(happening.zaps)} went from ${happening.from} to ${happening.to}${took}`
    }
    case 'joined':
      return `${happening.host} joined`
    case 'gone':
      return `${happening.host} no longer answers`
    case 'back':
      return `${happening.host} is back`
    case 'removed':
      return `${happening.host} was taken out of the fleet`
    case 'set-aside':
      return `${happening.host} set a record aside that no host could have written: ${happening.record} (${happening.why})`
  }
}
