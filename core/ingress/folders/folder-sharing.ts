import { createHash } from 'node:crypto'
import { eventIdOf } from '../../domain/host/ids.ts'
import type { At } from '../live-triggers.ts'

type WatchAt = Pick<At, 'zapId' | 'stepId'>

/** A file that a watch has dealt with: that it noted, or that started a run. */
export type DealtFile = {
  readonly id: string
  /** By the clock of its disk. Milliseconds since 1970 UTC. */
  readonly changedAt: number
}

/** What of a folder is dealt with. */
export type Dealt = {
  /** All files that were changed last before this, by the clock of their disk. Milliseconds since 1970 UTC. */
  readonly before: number
  /** Whether one of the others is. */
  has(id: string): boolean
}

/** What watches of folders owe the other hosts of a fleet; absent on a host that stands alone. `subject` is what is watched, as text. */
export type FolderSharing = {
  /** What was dealt with by the host that kept this watch last; undefined where that was this one, or none is known. */
  inherited(at: WatchAt, subject: string): Dealt | undefined
  /** This host has looked through the folder, and keeps the watch from now on. */
  begun(at: WatchAt, subject: string): void
  /** Such files are on this host's disk as dealt with. */
  dealt(at: WatchAt, subject: string, files: readonly DealtFile[]): void
}

/** The id of the event that a file starts as it is now: the same on every host that sees it. `stamp` tells its content from another. */
export function fileEventId({ zapId, stepId }: WatchAt, path: string, stamp: string, changedAt: number): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([zapId, stepId, path, stamp]))
    .digest()
  return eventIdOf(Math.floor(changedAt), digest)
}
