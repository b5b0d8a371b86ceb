import type { Fleet, FleetHappening, FleetMember } from '../../core/contract/fleet-values.ts'
import { exactAmount } from '../ui/words/duration.ts'

/** How the parts of a fleet are said. */

export const LOG_NAMES: Readonly<Record<Fleet['log']['kind'], string>> = { nats: 'NATS JetStream', kafka: 'Kafka' }

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** Hosts that are there, of all. */
export function hostsWords({ members }: Pick<Fleet, 'members'>): string {
  const here = members.filter(({ state }) => state !== 'gone').length
  return `${here} of ${counted(members.length, 'host')}`
}

/** Events a minute that a host takes in, as a word in the picture. */
export function intakeWords(member: FleetMember): string {
  if (member.state === 'gone') return `gone for ${exactAmount(member.seenMs)}`
  if (member.state === 'draining') return 'draining'
  const aMinute = Math.round(member.takenInASecond * 60)
  return aMinute === 0 ? 'nothing comes in' : `${aMinute.toLocaleString('en')} a minute`
}

export function workerWords(member: FleetMember): string {
  if (member.state === 'gone') return `gone for ${exactAmount(member.seenMs)}`
  if (member.state === 'draining') return `draining, ${member.running} left`
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
    const zaps = counted(newest.zaps, 'zap')
    sentences.push(`What starts ${zaps} by itself is kept by ${newest.to} now; nothing was missed.`)
  }
  sentences.push(
    member.outgoing === 0
      ? 'Nothing was left unsent when it was heard of last. What it took in since waits on its own disk, and is sent when it comes back.'
      : `${counted(member.outgoing, 'event')} that it had not sent on yet, and what it took in since, wait on its own disk, and are sent when it comes back.`,
  )
  return sentences.join(' ')
}

/** What happened, in words around the names of hosts. */
export function happeningWords(happening: FleetHappening): string {
  switch (happening.kind) {
    case 'handover': {
      const took = happening.tookMs === null ? '' : ` in ${Math.max(1, Math.round(happening.tookMs / 1_000))} s`
      const what = happening.zaps === 1 ? 'What starts a zap' : `What starts ${counted(happening.zaps, 'zap')}`
      return `${what} went from ${happening.from} to ${happening.to}${took}`
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
      return `A record of ${happening.host} was set aside: ${happening.why}`
  }
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
