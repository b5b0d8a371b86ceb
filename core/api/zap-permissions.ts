import type { Catalogue } from '../connectors/catalogue.ts'
import type { PermissionItem, ZapPermissionsView } from '../contract/values.ts'
import { listCredentials } from '../db/credentials.ts'
import { findZapVersion, setPermissions, type ZapRow } from '../db/zaps.ts'
import { type Permission, parsePermission, permissionKey, type ZapPermissions } from '../domain/trust/permissions.ts'
import type { Step, ZapFile } from '../domain/zap/zap-file.ts'
import type { Need } from '../domain/zap/zap-needs.ts'
import { reachOfHost } from '../engine/network-address.ts'
import { zapAllowance, zapNeeds } from '../engine/step-permits.ts'
import { requireReviewed, requireZap } from './require.ts'
import { procedures, type ZapServices } from './services.ts'
import { isUnreviewed } from './zap-refusals.ts'
import { startsOf } from './zap-view.ts'

/** The permissions of a zap that comes from elsewhere, by a person's word on what its file names; without one it has to be reviewed. */
export async function permissionsOfImport(
  catalogue: Catalogue,
  zap: ZapFile,
  approval: { denied: readonly string[] } | null,
): Promise<ZapPermissions> {
  await catalogue.load(zap.steps)
  const needs = zapNeeds(catalogue, zap).map(permissionKey)
  // Where there is nothing to ask, nothing has to be answered.
  if (approval === null && needs.length > 0) return { from: 'elsewhere', review: 'pending', granted: [], denied: [] }
  const denied = new Set(approval?.denied)
  return {
    from: 'elsewhere',
    review: 'done',
    granted: needs.filter((key) => !denied.has(key)),
    denied: [...denied],
  }
}

/**
 * The permissions of a zap of which its owner saves another draft: what is new in it is the owner's wish. One that was not approved yet
 * learns nothing, and what was switched off stays off.
 */
export async function learnedPermissions(
  catalogue: Catalogue,
  permissions: ZapPermissions,
  before: ZapFile,
  after: ZapFile,
): Promise<ZapPermissions> {
  if (permissions.from === 'owner' || permissions.review === 'pending') return permissions
  await catalogue.load([...before.steps, ...after.steps])
  const known = new Set([
    ...zapNeeds(catalogue, before).map(permissionKey),
    ...permissions.granted,
    ...permissions.denied,
  ])
  const learned = zapNeeds(catalogue, after)
    .map(permissionKey)
    .filter((key) => !known.has(key))
  return learned.length === 0 ? permissions : { ...permissions, granted: [...permissions.granted, ...learned] }
}

/** What a zap may touch, as lists show it. `files` are all its versions that count: the draft first. */
export async function permissionsView(
  catalogue: Catalogue,
  permissions: ZapPermissions | null,
  files: readonly [ZapFile, ...ZapFile[]],
  credentials: ReadonlySet<string>,
): Promise<ZapPermissionsView> {
  await catalogue.load(files.flatMap((file) => file.steps))
  const [draft] = files
  const steps = new Map(draft.steps.map((step) => [step.id, step]))
  const needs = new Map<string, Need>()
  for (const [at, file] of files.entries()) {
    for (const need of zapNeeds(catalogue, file)) {
      const key = permissionKey(need)
      if (!needs.has(key)) needs.set(key, at === 0 ? need : { ...need, steps: [] })
    }
  }
  const named =
    permissions === null
      ? []
      : [...(permissions.from === 'elsewhere' ? permissions.granted : []), ...permissions.denied]
  for (const key of named) {
    const permission = parsePermission(key)
    if (permission !== undefined && !needs.has(key))
      needs.set(key, { ...permission, steps: [], writes: false, goesTo: [] })
  }
  const denied = new Set(permissions?.denied)
  const isPending = permissions?.from === 'elsewhere' && permissions.review === 'pending'
  const allows = (key: string, need: Permission): boolean =>
    isPending || (!denied.has(key) && files.some((file) => zapAllowance(catalogue, file, permissions).allows(need)))
  const items = [...needs].map(
    ([key, need]): PermissionItem => ({
      key,
      kind: need.kind,
      what: need.what,
      steps: need.steps.map((id) => ({ id, name: stepName(catalogue, steps.get(id)) })),
      writes: need.writes,
      place: placeOf(need),
      goesTo: [...need.goesTo],
      exists: need.kind !== 'credential' || credentials.has(need.what),
      allowed: allows(key, need),
      caution: cautionOf(need),
    }),
  )
  return {
    from: permissions?.from ?? 'owner',
    review: isPending ? 'pending' : 'done',
    items,
    starts: startsOf(catalogue, draft),
  }
}

/** The names of all credentials. */
export async function credentialNameSet({ database }: Pick<ZapServices, 'database'>): Promise<ReadonlySet<string>> {
  return new Set((await listCredentials(database.reader)).map(({ name }) => name))
}

export function zapPermissionProcedures(services: ZapServices) {
  const { catalogue, database, permissions: book } = services
  const { reader } = database
  const zapOf = requireZap(services)

  async function view(zap: ZapRow): Promise<ZapPermissionsView> {
    const live = zap.liveVersion === null ? undefined : await findZapVersion(reader, zap.id, zap.liveVersion)
    const files: [ZapFile, ...ZapFile[]] = live === undefined ? [zap.draft] : [zap.draft, live.definition]
    return permissionsView(catalogue, zap.permissions, files, await credentialNameSet(services))
  }

  /** Stores permissions, from which moment on they hold. */
  async function change(zap: ZapRow, permissions: ZapPermissions | null): Promise<ZapPermissionsView> {
    await database.write((tx) => setPermissions(tx, zap.id, permissions))
    await book.refresh()
    await services.liveZaps.refresh()
    services.signals.emit('zaps:changed', [zap.id])
    return view({ ...zap, permissions })
  }

  return {
    permissions: procedures.zaps.permissions.use(zapOf).handler(({ context: { zap } }) => view(zap)),

    approve: procedures.zaps.approve.use(zapOf).handler(async ({ input, errors, context: { zap } }) => {
      if (!isUnreviewed(zap)) throw errors.CONFLICT({ message: `The zap "${zap.name}" waits for no review.` })
      await catalogue.load(zap.draft.steps)
      const asked = new Set(zapNeeds(catalogue, zap.draft).map(permissionKey))
      const unknown = input.denied.filter((key) => !asked.has(key))
      if (unknown.length > 0) {
        throw errors.CONFLICT({ message: `The zap "${zap.name}" does not ask for ${unknown.join(', ')}.` })
      }
      return change(zap, await permissionsOfImport(catalogue, zap.draft, input))
    }),

    allow: procedures.zaps.allow
      .use(zapOf)
      .use(requireReviewed)
      .handler(({ input, context: { zap } }) =>
        change(zap, changed(zap.permissions ?? { from: 'owner', denied: [] }, input.keys, input.allowed)),
      ),
  }
}

function changed(permissions: ZapPermissions, keys: readonly string[], allowed: boolean): ZapPermissions | null {
  const others = (list: readonly string[]): string[] => list.filter((key) => !keys.includes(key))
  const denied = allowed ? others(permissions.denied) : [...others(permissions.denied), ...keys]
  if (permissions.from === 'owner') return denied.length === 0 ? null : { from: 'owner', denied }
  const granted = allowed ? [...others(permissions.granted), ...keys] : others(permissions.granted)
  return { ...permissions, granted, denied }
}

function stepName({ info }: Catalogue, step: Step | undefined): string {
  return step === undefined ? '' : (step.name ?? info(step.uses)?.title ?? step.id)
}

function placeOf({ kind, what }: Permission): PermissionItem['place'] {
  if (kind !== 'local') return null
  return reachOfHost(what.replace(/:[\d*]+$/, '')) === 'this-computer' ? 'this-computer' : 'own-network'
}

/** Why a person should look twice before allowing something. */
function cautionOf(need: Need): string | null {
  const isOpen = need.what.includes('*')
  switch (need.kind) {
    case 'host':
      return isOpen ? 'Which address it is, is decided while it runs.' : null
    case 'local':
      if (isOpen) return 'Reaches programs on this computer and in your own network.'
      return placeOf(need) === 'this-computer' ? 'A program on this computer.' : 'In your own network.'
    case 'file':
      return isOpen ? 'Which file it is, is decided while it runs.' : null
    case 'program':
      return 'Runs a program as you, with all your rights.'
    case 'credential':
      return need.goesTo.some((host) => host === '*') ? 'It may be sent to any address.' : null
    case 'zap':
      return isOpen ? 'It may run any of your zaps.' : null
    case 'table':
      return isOpen ? 'Which table it is, is decided while it runs.' : null
    case 'failures':
      return 'It hears what went wrong in other zaps, and with which data.'
    case 'variable':
      return 'A variable of this computer’s environment, which may hold a secret.'
  }
}
