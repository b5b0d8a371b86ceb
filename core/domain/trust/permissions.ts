import { z } from 'zod'

/**
 * What a zap may touch. `host`: a server, as `name[:port]`. `local`: the same, on this computer or in one's own network. `file`: a path
 * as steps write it. `program`: a command line. `credential`, `zap` (one that it calls), `table` (of the Tables screen), `failures` (of a zap, of
 * which it hears) and `variable` (of the environment): a name.
 */
export const PERMISSION_KINDS = [
  'host',
  'local',
  'file',
  'program',
  'credential',
  'zap',
  'table',
  'failures',
  'variable',
] as const
export type PermissionKind = (typeof PERMISSION_KINDS)[number]

/** One thing that a zap may touch; a `*` in `what` stands for any text, where a step fills it in while it runs. */
export type Permission = { readonly kind: PermissionKind; readonly what: string }

/** Something that a step touches, as its connector reads it from the step's input. */
export type Touch = Permission & {
  /** What it does there; absent where that says nothing, as for a credential. */
  readonly access?: 'reads' | 'writes'
}

/** Characters of what a permission names. */
const MAX_WHAT = 2_000

/** Something to be touched as a permission can name it: without blanks around it; what is too long begins like this, and ends somehow. */
export function nameable<Wanted extends Permission>(wanted: Wanted): Wanted {
  const what = wanted.what.trim()
  if (what.length <= MAX_WHAT) return what === wanted.what ? wanted : { ...wanted, what }
  // Half a character is none that a person could name again.
  return { ...wanted, what: `${what.slice(0, MAX_WHAT - 1).replace(/[\ud800-\udbff]$/, '')}*` }
}

/** A permission as one word, such as `host:api.example.com`. */
export function permissionKey({ kind, what }: Permission): string {
  return `${kind}:${what}`
}

/** Reads what {@link permissionKey} wrote; undefined for anything else. */
export function parsePermission(key: string): Permission | undefined {
  const at = key.indexOf(':')
  const kind = PERMISSION_KINDS.find((one) => one === key.slice(0, at))
  const what = key.slice(at + 1).trim()
  return kind === undefined || what === '' || what.length > MAX_WHAT ? undefined : { kind, what }
}

export const permissionKeySchema = z.string().refine((key) => parsePermission(key) !== undefined, {
  error: `must be one of ${PERMISSION_KINDS.join(', ')}, a colon, and what is meant, such as host:api.example.com`,
})

/**
 * What is stored of a zap's permissions; null for a zap that its owner made, of which nothing was switched off: whatever its steps name
 * is what the owner wanted. A zap `from` elsewhere may touch what was granted, and starts nothing before its `review` is done.
 */
export const zapPermissionsSchema = z.discriminatedUnion('from', [
  z.object({ from: z.literal('owner'), denied: z.array(permissionKeySchema) }),
  z.object({
    from: z.literal('elsewhere'),
    review: z.enum(['pending', 'done']),
    granted: z.array(permissionKeySchema),
    denied: z.array(permissionKeySchema),
  }),
])
export type ZapPermissions = z.infer<typeof zapPermissionsSchema>

/** Those of a zap of which what is stored cannot be read: it may touch nothing, and waits for a review. */
export const UNREADABLE_PERMISSIONS: ZapPermissions = { from: 'elsewhere', review: 'pending', granted: [], denied: [] }

/** Whether no person has said yet what the zap may touch, so that nothing of it may start. */
export function awaitsReview(permissions: ZapPermissions | null): boolean {
  return permissions?.from === 'elsewhere' && permissions.review === 'pending'
}

/** What a zap may touch, ready to be asked. */
export type Allowance = { allows(wanted: Permission): boolean }

/** What stored permissions allow. `needs` are those of the version that runs. */
export function allowanceOf(permissions: ZapPermissions, needs: () => readonly Permission[]): Allowance {
  const granted =
    permissions.from === 'owner' ? needs() : permissions.granted.flatMap((key) => parsePermission(key) ?? [])
  const denied = new Set(permissions.denied)
  const effective = granted.filter((permission) => !denied.has(permissionKey(permission)))
  return { allows: (wanted) => effective.some((permission) => covers(permission, wanted)) }
}

/** Whether a person has said no to something, which counts more than any reason for a yes. */
export function isDenied({ denied }: ZapPermissions, wanted: Permission): boolean {
  return denied.some((key) => {
    const permission = parsePermission(key)
    return permission !== undefined && covers(permission, wanted)
  })
}

/** Whether a permission is enough for something. */
function covers(permission: Permission, wanted: Permission): boolean {
  // Who may go to a host in one's own network may go to it wherever it is.
  const isKind = permission.kind === wanted.kind || (permission.kind === 'local' && wanted.kind === 'host')
  return isKind && asNamed(wanted.what).some((what) => matchesWildcard(permission.what, what))
}

/** What is wanted, and the same without the blanks that {@link nameable} leaves away: a star at the end stands for them, a name does not. */
function asNamed(what: string): readonly string[] {
  return what === what.trim() ? [what] : [what, what.trimStart(), what.trimEnd(), what.trim()]
}

/** Whether a text is as a pattern says, in which `*` stands for any text. A port may be absent where the pattern ends in `:*`. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return pattern === text
  if (pattern.endsWith(':*') && matchesWildcard(pattern.slice(0, -2), text)) return true
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false
  let from = first.length
  const end = text.length - last.length
  for (const part of rest) {
    const at = text.indexOf(part, from)
    if (at < 0 || at + part.length > end) return false
    from = at + part.length
  }
  return true
}

/** Everything that a zap may touch, where nothing was set. */
export const ALL_ALLOWED: Allowance = { allows: () => true }

/** What is said where a zap is refused something: what, where it can be allowed, and how. {@link refusedPermission} reads it back. */
export function refusalText(zap: { readonly id: string; readonly name: string }, wanted: Permission, why = ''): string {
  const refused = nameable(wanted)
  const key = permissionKey(refused)
  const word = /^[\w@%+=:,./-]+$/.test(key) ? key : `'${key.replaceAll("'", "'\\''")}'`
  return `The zap "${zap.name}" may not ${VERBS[refused.kind]} ${refused.what}${why}: allow it under "What it may do" of the zap, or with "hookline zap allow ${zap.id} ${word}".`
}

/** The permission that a {@link refusalText} names. */
export function refusedPermission(message: string): Permission | undefined {
  const word = /"hookline zap allow \S+ (.{1,4000})"\.$/s.exec(message)?.[1]
  const isQuoted = word?.startsWith("'") === true
  return word === undefined ? undefined : parsePermission(isQuoted ? word.slice(1, -1).replaceAll("'\\''", "'") : word)
}

const VERBS: Readonly<Record<PermissionKind, string>> = {
  host: 'reach',
  local: 'reach',
  file: 'touch the file',
  program: 'run',
  credential: 'use the credential',
  zap: 'run the zap',
  table: 'use the table',
  failures: 'hear of the failures of',
  variable: 'read the variable',
}
