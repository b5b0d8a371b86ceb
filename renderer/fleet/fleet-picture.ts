import type { Fleet, FleetMember } from '../../core/contract/fleet-values.ts'
import { counted, intakeWords, isThere, workerWords } from './fleet-words.ts'

/** A host, or many as one, at a side of the picture. */
export type PictureHost = {
  readonly name: string
  readonly words: string
  readonly state: FleetMember['state']
  readonly isSelf: boolean
  /** Events a second that go between it and the log. */
  readonly rate: number
}

/** More than so many hosts at one side are drawn as one. */
const MOST = 8

/** The sides of the picture: who takes requests in, and who does the work. A host with two roles stands on both. */
export function pictureSides({ members }: Pick<Fleet, 'members'>): {
  readonly intake: readonly PictureHost[]
  readonly workers: readonly PictureHost[]
} {
  const intake = members.filter(({ roles }) => roles.includes('intake'))
  const workers = members.filter(({ roles }) => roles.includes('worker'))
  return {
    intake: grouped(intake, 'takes in', 'take in', intakeWords, ({ takenInASecond }) => takenInASecond),
    workers: grouped(workers, 'worker', 'workers', workerWords, ({ runsAMinute }) => runsAMinute / 60),
  }
}

function grouped(
  members: readonly FleetMember[],
  one: string,
  many: string,
  wordsOf: (member: FleetMember) => string,
  rateOf: (member: FleetMember) => number,
): PictureHost[] {
  const drawn = (member: FleetMember): PictureHost => ({
    name: member.name,
    words: wordsOf(member),
    state: member.state,
    isSelf: member.isSelf,
    rate: isThere(member) ? rateOf(member) : 0,
  })
  if (members.length <= MOST) return members.map(drawn)
  const gone = members.filter(({ state }) => state === 'gone')
  const here = members.filter(({ state }) => state !== 'gone')
  const rate = here.reduce((sum, member) => sum + rateOf(member), 0)
  const lag = here.reduce((sum, member) => sum + member.lag, 0)
  const words =
    many === 'workers' ? `lag ${lag.toLocaleString('en')}` : `${Math.round(rate * 60).toLocaleString('en')} a minute`
  const all: PictureHost = {
    name:
      many === 'workers'
        ? counted(here.length, one, many)
        : `${counted(here.length, 'host')} ${here.length === 1 ? one : many}`,
    words,
    state: 'connected',
    isSelf: here.some(({ isSelf }) => isSelf),
    rate,
  }
  // What needs a look is not hidden among the others, unless there is too much of it.
  return gone.length <= 3
    ? [all, ...gone.map(drawn)]
    : [all, { name: counted(gone.length, 'host'), words: 'gone', state: 'gone', isSelf: false, rate: 0 }]
}

/** A point on the way between a host and the log, at a share of it from 0 to 1: the wire is a curve that leaves and arrives level. */
export function pointOnWire(
  { from, to, width }: { readonly from: number; readonly to: number; readonly width: number },
  share: number,
): { readonly x: number; readonly y: number } {
  const rest = 1 - share
  const [a, b, c, d] = [rest ** 3, 3 * rest ** 2 * share, 3 * rest * share ** 2, share ** 3]
  return { x: (b + c) * (width / 2) + d * width, y: (a + b) * from + (c + d) * to }
}

/** How many dots are on a wire at once, and how many seconds each is under way: more come with the rate, as far as they can be told apart. */
export function dotsFor(rate: number): { readonly count: number; readonly seconds: number } {
  if (rate <= 0) return { count: 0, seconds: 0 }
  const seconds = 3
  return { count: Math.min(5, Math.max(1, Math.round(Math.log2(1 + rate * seconds)))), seconds }
}
