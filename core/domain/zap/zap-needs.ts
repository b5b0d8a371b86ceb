import { templateRoots } from '../templates/template.ts'
import { nameable, PERMISSION_KINDS, type Permission, permissionKey, type Touch } from '../trust/permissions.ts'
import { credentialNames } from './credential-refs.ts'
import type { Step, ZapFile } from './zap-file.ts'

/** Something that a zap wants to touch, and which of its steps do. */
export type Need = Permission & {
  readonly steps: readonly string[]
  /** Whether a step sends or writes something there, rather than only reading. */
  readonly writes: boolean
  /** Of a credential: the hosts to which its steps go with it. */
  readonly goesTo: readonly string[]
}

/** What the connector of a step says that the step touches, credentials and variables left aside. */
export type TouchesOf = (step: Step) => readonly Touch[]

/** Whether a host, as `name[:port]`, is on this computer or in one's own network as far as its name tells. */
export type IsLocalHost = (host: string) => boolean

/**
 * Everything that the steps of a zap want to touch, by what stands in them: each thing once, in the order of its kinds and of the steps.
 * A host that a template chooses is `host:*`, and `local:*` as well, as it may be near.
 */
export function needsOf(zap: ZapFile, touchesOf: TouchesOf, isLocalHost: IsLocalHost): Need[] {
  const needs = new Map<string, { touch: Touch; steps: Set<string>; writes: boolean; goesTo: Set<string> }>()
  for (const step of zap.steps) {
    const touches = [
      ...touchesOf(step).flatMap((touch) => (touch.kind === 'host' ? placed(touch, isLocalHost) : [touch])),
      ...credentialNames(step.input).map((what): Touch => ({ kind: 'credential', what })),
      ...variablesIn(step),
    ]
      .map(nameable)
      // A name of blanks is none: it cannot be allowed, and there is nothing of that name.
      .filter(({ what }) => what !== '')
    const hosts = touches.filter(({ kind }) => kind === 'host' || kind === 'local').map(({ what }) => what)
    for (const touch of touches) {
      const key = permissionKey(touch)
      const need = needs.get(key) ?? { touch, steps: new Set(), writes: false, goesTo: new Set() }
      need.steps.add(step.id)
      need.writes ||= touch.access === 'writes'
      if (touch.kind === 'credential') for (const host of hosts) need.goesTo.add(host)
      needs.set(key, need)
    }
  }
  const found = [...needs.values()].map(
    ({ touch: { kind, what }, steps, writes, goesTo }): Need => ({
      kind,
      what,
      steps: [...steps],
      writes,
      goesTo: [...goesTo],
    }),
  )
  return PERMISSION_KINDS.flatMap((kind) => found.filter((need) => need.kind === kind))
}

function placed(touch: Touch, isLocalHost: IsLocalHost): Touch[] {
  const host = touch.what.replace(/:\*$/, '')
  if (!host.includes('*')) return [{ ...touch, kind: isLocalHost(host) ? 'local' : 'host' }]
  // What ends in a star may end in anything, an address of one's own network too.
  const mayBeNear = host.endsWith('*')
  return mayBeNear ? [touch, { ...touch, kind: 'local' }] : [touch]
}

/** The variables of the environment that a step's templates read; `*` where that cannot be told. */
function variablesIn({ input }: Step): Touch[] {
  const names = new Set<string>()
  for (const { text, roots } of templateRoots(input)) {
    if (!roots.includes('env')) continue
    for (const [, dotted, quoted] of text.matchAll(/\benv\b(?:\s*\.\s*(\w+)|\s*\[\s*["']([^"'\]]+)["']\s*\])?/g)) {
      names.add(dotted ?? quoted ?? '*')
    }
  }
  return [...names].map((what) => ({ kind: 'variable', what }))
}
