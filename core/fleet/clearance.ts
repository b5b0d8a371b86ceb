import { LogError } from './log.ts'
import type { Presence } from './presence.ts'

/** Whether this host may begin with what is in its folder: no other host does the same with a copy of it. */
export type Clearance = {
  /** Resolves when runs may begin. */
  readonly cleared: Promise<void>
  /** It takes part in the fleet. */
  joined(): void
  /** The log does not say: a host that was not told that it is a copy goes on alone. */
  unknown(): void
  /** Whether it was told so last. */
  isCopy(): boolean
  /** Why another host keeps this one out, for a person. */
  refusal(): LogError
}

export function createClearance({
  name,
  rival,
}: {
  readonly name: string
  readonly rival: Presence['rival']
}): Clearance {
  const cleared = Promise.withResolvers<void>()
  let isCopy = false
  return {
    cleared: cleared.promise,
    joined() {
      isCopy = false
      cleared.resolve()
    },
    unknown() {
      if (!isCopy) cleared.resolve()
    },
    isCopy: () => isCopy,
    refusal() {
      const other = rival()
      const address = other?.member.doc.address ?? ''
      isCopy = other?.isCopy === true
      return isCopy
        ? new LogError(
            'copy',
            `The folder of this host is a copy of that with which the host "${other?.member.doc.name}" works, at ${address}, so both would do the same: this one runs nothing. Stop it; or start it with an empty folder and another --name, and its zaps come to it from the fleet.`,
          )
        : new LogError(
            'not-allowed',
            `Another host of the fleet is called "${name}", at ${address}. Start one of the two with another --name; the name is free again some seconds after its host has ended.`,
          )
    },
  }
}
