import type { LiveWebhook } from './live-triggers.ts'

/** Webhooks by the path at which they are called. */
export type HookPaths = {
  set(webhooks: readonly LiveWebhook[]): void
  /** The webhooks that are meant by a path, which is given as their own; none, and the path in its plain form, where nothing listens. */
  find(path: string): FoundHooks
}

export type FoundHooks = { readonly path: string; readonly hooks: readonly LiveWebhook[] }

const NO_HOOKS: readonly LiveWebhook[] = []

export function createHookPaths(): HookPaths {
  let byPath = new Map<string, LiveWebhook[]>()
  /** Paths that people chose, in small letters. Unguessable ones are only found as they are. */
  let bySmall = new Map<string, LiveWebhook[]>()

  function foundAt(path: string): FoundHooks | undefined {
    const hooks = byPath.get(path)
    return hooks && { path, hooks }
  }

  function findRoughly(sent: string): FoundHooks {
    const path = plainPath(sent)
    const found = foundAt(path)
    if (found !== undefined) return found
    const alike = bySmall.get(path.toLowerCase()) ?? NO_HOOKS
    const [first] = alike
    // Where two differ in that alone, it has to be the right one.
    const isOne = first !== undefined && alike.every((hook) => hook.path === first.path)
    return isOne ? { path: first.path, hooks: alike } : { path, hooks: NO_HOOKS }
  }

  return {
    set(webhooks) {
      byPath = Map.groupBy(webhooks, (hook) => hook.path)
      const chosen = webhooks.filter(({ endpoint }) => endpoint.path !== null)
      bySmall = Map.groupBy(chosen, (hook) => hook.path.toLowerCase())
    },
    find: (path) => foundAt(path) ?? findRoughly(path),
  }
}

const ABSOLUTE = /^https?:\/\/[^/]{0,300}/i
/** Characters that mean the same written as `%xx` (RFC 3986, section 2.3). */
const UNRESERVED = /%(2[de]|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/gi

/** A path without what means nothing in it: a whole address before it, letters written as `%xx`, slashes that come twice or stand at the end. */
export function plainPath(path: string): string {
  const decoded = path
    .replace(ABSOLUTE, '')
    .replace(UNRESERVED, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\/{2,}/g, '/')
  return decoded.length > 1 && decoded.endsWith('/') ? decoded.slice(0, -1) : decoded
}
