import type { BulkJob } from './contract/values.ts'
import type { Log } from './domain/host/log.ts'
import type { IncidentFact, IncidentKind } from './domain/runs/incident-fact.ts'
import type { HistoryJob } from './domain/settings/history-settings.ts'
import type { TunnelAccess } from './domain/settings/tunnel-settings.ts'

/**
 * What parts of the core tell each other without knowing each other, as `noun:verb` with what is told. The emitter is below
 * those who listen, or beside them: what is above is called by nothing below it. A signal that is about stored things is emitted after
 * their commit.
 */
export type SignalMap = {
  /** A draft was saved, as this revision, and nothing else of its zap changed. */
  'draft:saved': [zapId: string, revision: number]
  /** Work of these zaps may be due. */
  'zap:due': [zapIds: readonly string[]]
  /** Zaps were created, changed, switched or removed, or their addresses changed. */
  'zaps:changed': [zapIds: readonly string[]]
  /** The stored state of runs changed. */
  'run:changed': [runIds: readonly string[]]
  /** A run may find something that it waits for: an answer, the end of a wait. */
  'run:news': [runId: string]
  /** A run ended. */
  'run:ended': [effects: EndEffects]
  /** A run stopped until a person says how to go on with it. */
  'run:needs-review': [runId: string]
  /** A run came to its end or to a rest here, or there was none to begin: this process gets things done. */
  'work:progressed': []
  /** Messages of crashed workers are in the queue again; among `suspects`, those that were worked on at several crashes. */
  'messages:reclaimed': [zapIds: readonly string[], hasSuspects: boolean]
  /** What stands still by now. */
  'pause:changed': [stands: { readonly ofIntake: boolean; readonly ofRuns: boolean }]
  /** The computer slept, or its clock was set: what goes by the time has to look again. */
  'clock:jumped': []
  /** Something came to pass that may open or close an incident. */
  'incidents:suspected': []
  /** New incidents of one kind, and what is the case of each. */
  'incidents:opened': [kind: IncidentKind, facts: readonly IncidentFact[]]
  /** Polls began, ended, or are planned otherwise. */
  'polls:changed': []
  /** The inbox has a new line. */
  'inbox:received': []
  /** How the tunnel is: how it leads to the webhooks, null while it is not open, and the names by which it is called even so. */
  'tunnel:changed': [access: TunnelAccess | null, hosts: readonly string[]]
  /** Backups, or how far one is. */
  'backups:changed': []
  'history:progressed': [job: HistoryJob]
  'bulk:progressed': [job: BulkJob]
  /** Settings have other values. */
  'settings:changed': [keys: readonly string[]]
  /** Credentials were stored, bound to other hosts or deleted. */
  'credentials:changed': []
  /** A person entered a credential, or signed in with it: what was refused with it may go on. */
  'credential:signed-in': [name: string]
  /** Steps may use other folders. */
  'folders:changed': []
  /** Tables, or rows of them, are others. */
  'tables:changed': []
  /** Connectors of a person's own came, went, or are others. */
  'connectors:changed': []
  /** Imported APIs, or what a person chose of them, are others. */
  'apps:changed': []
  /** Browsers came, went or were shut out. */
  'sessions:changed': []
  /** What the desktop app has around its screens is otherwise. */
  'shell:changed': []
  /** The tunnel has other settings. */
  'tunnel:configured': []
  /** Hosts of the fleet came, went, or say something else of themselves. */
  'fleet:changed': []
  /** What the status bar shows. */
  'status:changed': []
}

/** What the end of a run starts elsewhere. */
export type EndEffects = {
  readonly runId: string
  readonly state: 'succeeded' | 'failed' | 'cancelled'
  /** Milliseconds since 1970 UTC. */
  readonly finishedAt: number
  /** Zaps that have something due by it. */
  readonly zapIds: readonly string[]
  /** Runs for which something has come that they wait for. */
  readonly runIds: readonly string[]
  /** Runs that it called and did not wait out: no other run waits for them. */
  readonly abandonedIds: readonly string[]
}

export type Signals = {
  /** Calls `listener` at every signal of this name. Listeners are called in the order in which they were added. */
  on<Name extends keyof SignalMap>(name: Name, listener: (...told: SignalMap[Name]) => void): void
  /** Calls the listeners of a signal, at once. One that throws is logged, and the others are called all the same. */
  emit<Name extends keyof SignalMap>(name: Name, ...told: SignalMap[Name]): void
}

export function createSignals(log: Log): Signals {
  type Listeners = { [Name in keyof SignalMap]?: ((...told: SignalMap[Name]) => void)[] }
  const listeners: Listeners = {}
  return {
    on(name, listener) {
      const known = listeners[name]
      if (known === undefined) Object.assign(listeners, { [name]: [listener] })
      else known.push(listener)
    },
    emit(name, ...told) {
      const known = listeners[name]
      if (known === undefined) return
      for (const listener of known) {
        try {
          listener(...told)
        } catch (error) {
          log.error('Hookline could not pass something on inside itself; please report it.', {
            signal: name,
            error: String(error),
          })
        }
      }
    },
  }
}
