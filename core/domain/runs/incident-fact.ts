import { z } from 'zod'
import { backupFaultText, storedBackupFaultSchema } from './backup-fault.ts'
import { shortageText, storedShortageSchema } from './disk-shortage.ts'

/** Runs of a zap that are counted for an incident: of more it is only said that there are more. */
export const MOST_COUNTED = 1_000

const countSchema = z.int().min(1)
const ofZap = { zapName: z.string(), count: countSchema }

/** What is the case of an incident, by its kind. Sentences are made of it where a person reads them, by {@link incidentText} alone. */
export const incidentFactSchema = z.discriminatedUnion('kind', [
  /** Runs are due for longer than this, and did not begin. */
  z.object({ kind: z.literal('stuck'), ...ofZap, afterMs: z.number() }),
  /** Runs have been failing for longer than this, and are tried again. */
  z.object({ kind: z.literal('retrying'), ...ofZap, afterMs: z.number() }),
  z.object({ kind: z.literal('dead-letters'), ...ofZap }),
  /** The newest runs of a zap all failed. */
  z.object({ kind: z.literal('failing'), ...ofZap }),
  /** What the process before this one was at work on when it stood still. */
  z.object({ kind: z.literal('standstill'), at: z.enum(['run', 'request', 'unknown']), what: z.string() }),
  /** Workers vanished, so that runs had to be taken up again. */
  z.object({ kind: z.literal('lease-storm'), count: countSchema, withinMs: z.number() }),
  /** What starts a zap is asked for again and again, and fails so often in a row; `message` is why the last time. */
  z.object({ kind: z.literal('polling'), ...ofZap, message: z.string() }),
  /** A service could not be told to call, so often in a row; `message` is why the last time. */
  z.object({ kind: z.literal('subscribing'), ...ofZap, message: z.string() }),
  /** A service has withdrawn the sign-in of a credential, for which so many runs wait. */
  z.object({ kind: z.literal('reconnect'), credential: z.string(), count: z.int().min(0) }),
  /** `message` is what is wrong, or the sentence for it that older versions stored. */
  z.object({ kind: z.literal('backup'), message: storedBackupFaultSchema }),
  /** `message` is what is short, or the sentence for it that older versions stored. */
  z.object({ kind: z.literal('disk'), message: storedShortageSchema }),
  /** Nothing was heard of another host of the fleet for longer than this. */
  z.object({ kind: z.literal('fleet-host'), host: z.string(), afterMs: z.number() }),
  /** The log that joins the fleet has not answered for longer than this; `message` is why. */
  z.object({ kind: z.literal('fleet-log'), message: z.string(), afterMs: z.number() }),
  /** Events were sent on to other hosts, or wait for that, for longer than this. */
  z.object({ kind: z.literal('fleet-behind'), count: countSchema, afterMs: z.number() }),
])
export type IncidentFact = z.infer<typeof incidentFactSchema>
export type IncidentKind = IncidentFact['kind']

/** Headings of the notifications. */
export const INCIDENT_TITLES: Readonly<Record<IncidentKind, string>> = {
  stuck: 'Hookline: something waits too long',
  retrying: 'Hookline: runs fail and are tried again',
  'dead-letters': 'Hookline: runs were given up',
  failing: 'Hookline: a zap keeps failing',
  standstill: 'Hookline: it stood still',
  'lease-storm': 'Hookline: it keeps stopping',
  polling: 'Hookline: a zap cannot see what is new',
  subscribing: 'Hookline: a service does not call a zap',
  reconnect: 'Hookline: sign in again',
  backup: 'Hookline: no backup was made',
  disk: 'Hookline: webhooks are turned away',
  'fleet-host': 'Hookline: a host of the fleet is gone',
  'fleet-log': 'Hookline: this host works alone',
  'fleet-behind': 'Hookline: the fleet is behind',
}

/** An incident as an English sentence. */
export function incidentText(fact: IncidentFact): string {
  switch (fact.kind) {
    case 'stuck': {
      const { zapName, count, afterMs } = fact
      return `${runs(count)} of "${zapName}" ${count === 1 ? 'was' : 'were'} due more than ${minutes(afterMs)} ago and did not begin.`
    }
    case 'retrying': {
      const { zapName, count, afterMs } = fact
      const [has, is] = count === 1 ? ['has', 'is'] : ['have', 'are']
      return `${runs(count)} of "${zapName}" ${has} been failing for more than ${minutes(afterMs)} and ${is} tried again.`
    }
    case 'dead-letters': {
      const { zapName, count } = fact
      const [were, them] = count === 1 ? ['was', 'it'] : ['were', 'them']
      return `${runs(count)} of "${zapName}" ${were} given up: replay or dismiss ${them}.`
    }
    case 'failing':
      return `The newest ${fact.count} runs of "${fact.zapName}" all failed.`
    case 'standstill':
      return `Hookline stood still before it was ended: it was ${work(fact.at, fact.what)}.`
    case 'lease-storm':
      return `${runs(fact.count)} had to be taken up again within ${minutes(fact.withinMs)}, as the process that worked on them vanished.`
    case 'polling':
      return `"${fact.zapName}" cannot see what is new: ${fact.count === 1 ? 'the poll failed' : `${fact.count} polls in a row failed`}. ${fact.message}`
    case 'subscribing':
      return `The service of "${fact.zapName}" could not be told to call, ${fact.count === 1 ? 'once' : `${fact.count} times in a row`}. ${fact.message}`
    case 'reconnect': {
      const { credential, count } = fact
      const wait = count === 0 ? '' : ` ${runs(count)} ${count === 1 ? 'waits' : 'wait'} for it.`
      return `Its service has withdrawn the sign-in of "${credential}": connect it again under Credentials.${wait}`
    }
    case 'backup':
      return `The daily backup failed: ${backupFaultText(fact.message)}`
    case 'disk':
      return `Webhooks are answered 507 and nothing of them is kept. ${shortageText(fact.message)}`
    case 'fleet-host':
      return `Nothing was heard of the host "${fact.host}" of the fleet for more than ${minutes(fact.afterMs)}. What it had taken from the log goes on elsewhere; what it had not sent on waits on its disk.`
    case 'fleet-log':
      return `The log of the fleet has not answered for more than ${minutes(fact.afterMs)}. ${fact.message}`
    case 'fleet-behind': {
      const { count, afterMs } = fact
      const events = `${count > MOST_COUNTED ? `More than ${MOST_COUNTED}` : count} event${count === 1 ? '' : 's'}`
      return `${events} that this host took in ${count === 1 ? 'has' : 'have'} waited for the fleet for more than ${minutes(afterMs)}, and no host has said that ${count === 1 ? 'its run has' : 'their runs have'} ended.`
    }
  }
}

function work(at: 'run' | 'request' | 'unknown', what: string): string {
  if (at === 'run') return `working on the run ${what}, which is set aside`
  return at === 'request' ? `reading the request ${what}` : 'busy with something unknown'
}

function runs(count: number): string {
  return `${count > MOST_COUNTED ? `More than ${MOST_COUNTED}` : count} run${count === 1 ? '' : 's'}`
}

function minutes(ms: number): string {
  const count = Math.round(ms / 60_000)
  return count === 1 ? 'a minute' : `${count} minutes`
}

/**
 * A stored incident as people read it. `data` is the fact as JSON; `text` is what older versions stored in its place, and what is shown of a
 * fact that cannot be read.
 */
export function storedIncidentText({ data, text }: { readonly data: string | null; readonly text: string }): string {
  const fact = data === null ? undefined : incidentFactSchema.safeParse(parsed(data)).data
  if (fact !== undefined) return incidentText(fact)
  return text === '' ? 'What this incident was about cannot be read.' : text
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}
