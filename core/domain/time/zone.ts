/** A time zone's difference to UTC, over time. */
export type Zone = {
  readonly name: string
  /** Milliseconds by which the zone's clocks are ahead of UTC at a moment (milliseconds since 1970 UTC). */
  offsetAt(at: number): number
  /** The first moment after `at` from which the clocks are ahead by another amount; Infinity when there is none within two years. */
  nextChange(at: number): number
  /** The first moment at which the zone's clocks show a time or, where they jump over it, a later one. */
  firstAt(wall: number): number
}

const DAY = 86_400_000
/** More than any zone is away from UTC, and more than any change of one (Samoa left out a day). */
const FAR = 26 * 3_600_000
/** Years whose changes are kept, of each zone. */
const MAX_YEARS = 200

const zones = new Map<string, Zone>()

/**
 * The zone of an IANA name such as `Europe/Berlin`; times of its clocks are written as if they were UTC (`Date.UTC(2026, 2, 29, 2, 30)` is half past
 * two on its clocks).
 *
 * @throws RangeError for a name that is none.
 */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name)
  if (zone === undefined) {
    zone = createZone(name)
    // Names come from zaps and from templates, which may make up any number of those that differ in case.
    if (zones.size >= 1_000) zones.clear()
    zones.set(name, zone)
  }
  return zone
}

let ofHost: string | undefined

/** The zone of this computer, by its IANA name, as it was when it was first asked for: the engine does not notice either when it changes. */
export function hostZone(): string {
  ofHost ??= new Intl.DateTimeFormat().resolvedOptions().timeZone
  return ofHost
}

function createZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  const years = new Map<number, readonly number[]>()

  function offsetAt(at: number): number {
    const [, sign, hours, minutes, seconds = '0'] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(format.format(at)) ?? []
    const ms = ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds)) * 1_000
    return sign === '-' ? -ms : ms
  }

  /** Changes after the beginning of a year, up to that of the next. */
  function changesIn(year: number): readonly number[] {
    const known = years.get(year)
    if (known !== undefined) return known
    const changes: number[] = []
    const end = startOf(year + 1)
    let from = startOf(year)
    let offset = offsetAt(from)
    while (from < end) {
      const to = Math.min(from + DAY, end)
      const next = offsetAt(to)
      if (next !== offset) changes.push(changeBetween(from, to, offset))
      from = to
      offset = next
    }
    if (years.size >= MAX_YEARS) years.clear()
    years.set(year, changes)
    return changes
  }

  function changeBetween(from: number, to: number, offset: number): number {
    let [low, high] = [from / 1_000, to / 1_000]
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (offsetAt(middle * 1_000) === offset) low = middle
      else high = middle
    }
    return high * 1_000
  }

  function nextChange(at: number): number {
    const year = new Date(at).getUTCFullYear()
    for (let ahead = 0; ahead < 3; ahead++) {
      const change = changesIn(year + ahead).find((one) => one > at)
      if (change !== undefined) return change
    }
    return Number.POSITIVE_INFINITY
  }

  function firstAt(wall: number): number {
    const early = offsetAt(wall - FAR)
    if (early === offsetAt(wall + FAR) && nextChange(wall - FAR) > wall + FAR) return wall - early
    for (let from = wall - FAR; ; ) {
      const end = nextChange(from)
      const at = Math.max(from, wall - offsetAt(from))
      if (at < end) return at
      from = end
    }
  }

  return { name, offsetAt, nextChange, firstAt }
}

function startOf(year: number): number {
  return new Date(0).setUTCFullYear(year, 0, 1)
}
