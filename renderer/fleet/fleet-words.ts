import type { Fleet, FleetHappening, FleetMember } from '../../core/contract/fleet-values.ts'
import { happeningWords } from '../../core/contract/fleet-words.ts'
import { exactAmount } from '../ui/words/duration.ts'

/** How the parts of a fleet are said. */

export const LOG_NAMES: Readonly<Record<Fleet['log']['kind'], string>> = { nats: 'NATS JetStream', kafka: 'Kafka' }

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** Whether a host is known to be there. */
export const isThere = ({ state }: Pick<FleetMember, 'state'>): boolean => state === 'connected' || state === 'draining'

/** Hosts that are there, of all. */
export function hostsWords({ members }: Pick<Fleet, 'members'>): string {
  const here = members.filter(isThere).length
  return `${here} of ${counted(members.length, 'host')}`
}

/** Events a minute that a host takes in, as a word in the picture. */
export function intakeWords(member: FleetMember): string {
  if (member.state === 'gone') return `gone for ${exactAmount(member.seenMs)}`
  if (member.state === 'draining') return 'draining'
  if (member.state === 'unknown') return 'not known'
  const aMinute = Math.round(member.takenInASecond * 60)
  return aMinute === 0 ? 'nothing comes in' : `${aMinute.toLocaleString('en')} a minute`
}

export function workerWords(member: FleetMember): string {
  if (member.state === 'gone') return `gone for ${exactAmount(member.seenMs)}`
  if (member.state === 'draining') return `draining, ${member.running} left`
  if (member.state === 'unknown') return 'not known'
  return `lag ${member.lag.toLocaleString('en')}`
}

/** What became of the work of a host that is gone, as sentences. */
export function goneWords(member: FleetMember, happened: readonly FleetHappening[]): string {
  const sentences: string[] = []
  if (member.relayed > 0) {
    sentences.push(
      member.relayed === 1
        ? 'One event that it took in is in the log and goes on elsewhere.'
        : `${member.relayed.toLocaleString('en')} events that it took in are in the log and go on elsewhere.`,
    )
  }
  const handovers = happened.filter((one) => one.kind === 'handover').filter(({ from }) => from === member.name)
  const [newest] = handovers
  if (newest !== undefined) {
    sentences.push(`${happeningWords(newest)}; nothing was missed.`)
  }
  sentences.push(
    member.outgoing === 0
      ? 'Nothing was left unsent when it was heard of last. What it took in since waits on its own disk, and is sent when it comes back.'
      : `${counted(member.outgoing, 'event')} that it had not sent on yet, and what it took in since, wait on its own disk, and are sent when it comes back.`,
  )
  return sentences.join(' ')
}

/** The command that joins a host, as it is typed in a terminal there. */
export function joinCommand({
  address,
  name,
  roles,
}: {
  address: string
  name: string
  roles: readonly string[]
}): string {
  const role = roles.length === 1 ? ` --role ${roles[0]}` : ''
  return `hookline start --fleet ${address} --name ${name}${role}`
}
