import type { DesktopAccess, FileAccess, ZapCalls } from '../connectors/action-context.ts'
import type { Catalogue } from '../connectors/catalogue.ts'
import { type CredentialRef, enteredFields, type SignIn, signInOf } from '../connectors/credential.ts'
import type { TableAccess } from '../connectors/table-access.ts'
import { CANNOT, type Desktop, type DesktopAbility } from '../domain/host/desktop.ts'
import { StepError } from '../domain/runs/step-error.ts'
import {
  ALL_ALLOWED,
  type Allowance,
  allowanceOf,
  isDenied,
  matchesWildcard,
  type Permission,
  refusalText,
  type ZapPermissions,
} from '../domain/trust/permissions.ts'
import { hostOf, plainPath, programLine } from '../domain/trust/touches.ts'
import { credentialNames } from '../domain/zap/credential-refs.ts'
import type { CompiledZap } from '../domain/zap/graph.ts'
import type { Step, ZapFile } from '../domain/zap/zap-file.ts'
import { type Need, needsOf } from '../domain/zap/zap-needs.ts'
import { type FetchGuard, NO_GUARD } from './fetch-guard.ts'
import { isLocalHost } from './network-address.ts'
import type { OpenCredential } from './open-credential.ts'
import type { Programs } from './programs.ts'
import type { StepSecrets } from './step-secrets.ts'
import type { StepServices } from './step-services.ts'

/** A step as far as it matters what it may touch. */
export type PermitHolder = { readonly zapId: string; readonly zap: Pick<CompiledZap, 'file'>; readonly step: Step }

/** What a step may touch. Everything that it is refused is a {@link StepError}, mostly `not-permitted`, that names the remedy. */
export type StepPermits = {
  credential(name: string, open: (name: string) => Promise<OpenCredential>): Promise<OpenCredential>
  files(files: FileAccess): FileAccess
  zaps(calls: ZapCalls): ZapCalls
  tables(tables: TableAccess): TableAccess
  desktop(desktop: Desktop): DesktopAccess
  programs(programs: Pick<Programs, 'run'>): Pick<Programs, 'run'>
  fetchGuard(secrets: StepSecrets): FetchGuard
}

/**
 * Opens the credentials that sign requests in, as far as the step may use them. `again` is for a request that the service refused: the same with
 * a renewed credential, or null where that cannot be renewed.
 */
export function signInBy(
  services: Pick<StepServices, 'catalogue' | 'credential' | 'renewedCredential'>,
  permits: Pick<StepPermits, 'credential'>,
): { signIn(ref: CredentialRef): Promise<SignIn>; again(ref: CredentialRef): Promise<SignIn | null> } {
  const used = new Map<string, OpenCredential>()
  const signedInBy = async (name: string, credential: OpenCredential): Promise<SignIn> => {
    used.set(name, credential)
    return signInOf(await services.catalogue.credentialType(credential.type), credential, name)
  }
  return {
    signIn: async ({ $credential: name }) => signedInBy(name, await permits.credential(name, services.credential)),
    async again({ $credential: name }) {
      const refused = used.get(name)
      const renewed = refused && (await services.renewedCredential(name, refused))
      return renewed === undefined ? null : signedInBy(name, renewed)
    },
  }
}

/** What a zap may touch; `permissions` are those that are stored of it. Its connectors must be loaded. */
export function zapAllowance(catalogue: Catalogue, zap: ZapFile, permissions: ZapPermissions | null): Allowance {
  if (permissions === null) return ALL_ALLOWED
  const known = allowances.get(permissions)?.get(zap)
  if (known !== undefined) return known
  const made = allowanceOf(permissions, () => zapNeeds(catalogue, zap))
  const ofPermissions = allowances.get(permissions) ?? new WeakMap<ZapFile, Allowance>()
  allowances.set(permissions, ofPermissions.set(zap, made))
  return made
}

const allowances = new WeakMap<ZapPermissions, WeakMap<ZapFile, Allowance>>()

/** Everything that the steps of a zap want to touch. Its connectors must be loaded. */
export function zapNeeds({ touchesOf }: Catalogue, zap: ZapFile): Need[] {
  return needsOf(zap, touchesOf, isLocalHost)
}

export function createStepPermits(
  catalogue: Catalogue,
  holder: PermitHolder,
  permissions: ZapPermissions | null,
): StepPermits {
  const { zap, step } = holder
  const allowance = zapAllowance(catalogue, zap.file, permissions)
  /** Credentials that were opened, and the only hosts to which they may go. */
  const bound: { readonly name: string; readonly hosts: readonly string[] }[] = []

  /** The servers that credentials which were opened name themselves: who may use a credential may go there with it. */
  const named = new Set<string>()
  /** The files that they name: databases. */
  const namedFiles = new Set<string>()

  function refusal(wanted: Permission, why = ''): StepError {
    const message = refusalText({ id: holder.zapId, name: zap.file.name }, wanted, why)
    return new StepError({ code: 'not-permitted', message, retryable: false })
  }
  function check(wanted: Permission): void {
    if (!allowance.allows(wanted)) throw refusal(wanted)
  }
  /** Whether a credential that was opened leads there, and the person did not say no to it. */
  function isNamed(url: URL): boolean {
    const isThere = named.has(hostOf(url)) || (url.protocol === 'tcp:' && named.has(anyPort(url)))
    return (
      isThere &&
      permissions !== null &&
      !isDenied(permissions, { kind: 'local', what: hostOf(url) }) &&
      !isDenied(permissions, { kind: 'host', what: hostOf(url) })
    )
  }
  function checked(path: string): string {
    const wanted = { kind: 'file', what: plainPath(path) } as const
    const isNamedFile = namedFiles.has(wanted.what) && permissions !== null && !isDenied(permissions, wanted)
    if (!isNamedFile) check(wanted)
    return path
  }
  function checkedTable(name: string): string {
    check({ kind: 'table', what: name.trim() })
    return name
  }
  function checkedFolder(path: string): string {
    check({ kind: 'file', what: `${plainPath(path)}/*` })
    return path
  }
  function checkStart(url: URL): void {
    const host = hostOf(url)
    if (!isNamed(url)) check({ kind: isLocalHost(host) ? 'local' : 'host', what: host })
    for (const { name, hosts } of bound) {
      if (hosts.some((allowed) => matchesWildcard(allowed, host))) continue
      const message = `The credential "${name}" is for ${hosts.join(', ')} alone, and the step "${step.name ?? step.id}" calls ${host}: add this host to the credential, or choose another one.`
      throw new StepError({ code: 'credential-host', message, retryable: false })
    }
  }

  return {
    async credential(name, open) {
      // A name that came with data could be that of any secret.
      if (!credentialNames(step.input).includes(name)) {
        const message = `The step "${step.name ?? step.id}" does not name the credential "${name}" itself: choose one in its form, as what comes in from outside may not.`
        throw new StepError({ code: 'not-permitted', message, retryable: false })
      }
      check({ kind: 'credential', what: name })
      const credential = await open(name)
      for (const server of serversIn(credential)) named.add(server)
      const file = enteredFields(credential.secret)?.file
      if (file) namedFiles.add(plainPath(file))
      if (credential.hosts !== null) bound.push({ name, hosts: credential.hosts })
      return credential
    },
    files: (files) =>
      permissions === null
        ? files
        : {
            append: (path, text) => files.append(checked(path), text),
            open: (path) => files.open(checked(path)),
            write: (path, content, ifExists) => files.write(checked(path), content, ifExists),
            copy: (from, to, ifExists) => files.copy(checked(from), checked(to), ifExists),
            move: (from, to, ifExists) => files.move(checked(from), checked(to), ifExists),
            remove: (path, how) => files.remove(checked(path), how),
            list: (folder, glob, signal) => files.list(checkedFolder(folder), glob, signal),
            info: (path) => files.info(checked(path)),
            makeFolder: (path) => files.makeFolder(checked(path)),
          },
    zaps: (calls) =>
      permissions === null
        ? calls
        : {
            async start(word, input) {
              check({ kind: 'zap', what: word.trim() })
              return calls.start(word, input)
            },
            result: (runId) => calls.result(runId),
          },
    tables: (tables) =>
      permissions === null
        ? tables
        : {
            find: async (table, query) => tables.find(checkedTable(table), query),
            write: async (table, rows, options) => tables.write(checkedTable(table), rows, options),
            update: async (table, query, values) => tables.update(checkedTable(table), query, values),
            remove: async (table, query) => tables.remove(checkedTable(table), query),
          },
    desktop: ({ clipboard, open }) => ({
      async copy(text) {
        if (clipboard === null) throw cannot('clipboard')
        await clipboard.write(text)
      },
      async open(target) {
        if (target.kind === 'file') check({ kind: 'file', what: plainPath(target.path) })
        else if (target.kind === 'app') check({ kind: 'program', what: programLine([target.name]) })
        else if (/^https?:/i.test(target.url)) check({ kind: 'host', what: hostOf(new URL(target.url)) })
        else if (!/^(?:mailto|tel|sms):/i.test(target.url)) check({ kind: 'program', what: programLine([target.url]) })
        if (open === null) throw cannot('open')
        await open(target).catch((error: unknown) => {
          const why = error instanceof Error ? error.message : String(error)
          throw new StepError({ code: 'not-opened', message: `It could not be opened: ${why}`, retryable: false })
        })
      },
    }),
    programs: (programs) =>
      permissions === null
        ? programs
        : {
            async run(call, signal) {
              check({ kind: 'program', what: programLine('line' in call ? [call.line] : [call.program, ...call.args]) })
              if (call.folder !== null) check({ kind: 'file', what: plainPath(call.folder) })
              return programs.run(call, signal)
            },
          },
    fetchGuard: (secrets) => {
      if (permissions === null) return { ...NO_GUARD, secrets, checkStart }
      const mayBeLocal = (url: URL): boolean =>
        isNamed(url) ||
        (permissions.from === 'owner'
          ? !permissions.denied.includes(`local:${hostOf(url)}`)
          : allowance.allows({ kind: 'local', what: hostOf(url) }))
      return {
        secrets,
        checkStart,
        mayBeLocal,
        refuseLocal: (url, start) =>
          refusal(
            { kind: 'local', what: hostOf(url) },
            url.host === start.host
              ? ', which is on this computer or in your network'
              : `, which is on this computer or in your network, and to which ${start.host} redirected`,
          ),
      }
    },
  }
}

const cannot = (ability: DesktopAbility): StepError =>
  new StepError({ code: 'unsupported', message: CANNOT[ability], retryable: false })

/** The servers in the fields of a credential, with their ports: that of its field `host`, and of every field that is an address. */
function serversIn({ secret }: OpenCredential): string[] {
  const fields = enteredFields(secret) ?? {}
  return Object.entries(fields).flatMap(([name, value]) => {
    const url = name === 'host' ? URL.parse(`tcp://${value.includes(':') ? `[${value}]` : value}`) : addressIn(value)
    if (url === null || url.hostname === '') return []
    // Without one entered, its protocol knows the port; what is no HTTP alone goes there.
    if (name === 'host') return [fields.port ? `${hostOf(url)}:${fields.port}` : anyPort(url)]
    return /^https?:$/.test(url.protocol) || url.port !== '' ? [hostOf(url)] : [anyPort(url)]
  })
}

const anyPort = ({ hostname }: URL): string => `${hostname}:*`

function addressIn(value: string): URL | null {
  return /^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(value) ? URL.parse(value) : null
}

/** The variables of the environment as a zap's templates read them: one that it may not read is a StepError `not-permitted` there. */
export function variablesFor(
  catalogue: Catalogue,
  env: Readonly<Record<string, string>>,
  { zapId, zap }: Pick<PermitHolder, 'zapId' | 'zap'>,
  permissions: ZapPermissions | null,
): Readonly<Record<string, string>> {
  if (permissions === null) return env
  const allowance = zapAllowance(catalogue, zap.file, permissions)
  const allowed: Record<string, string> = {}
  for (const [what, value] of Object.entries(env)) {
    if (allowance.allows({ kind: 'variable', what })) allowed[what] = value
    else {
      // Not enumerable: what writes all of them down writes those that it may.
      Object.defineProperty(allowed, what, {
        get() {
          const message = refusalText({ id: zapId, name: zap.file.name }, { kind: 'variable', what }, '')
          throw new StepError({ code: 'not-permitted', message, retryable: false })
        },
      })
    }
  }
  return allowed
}
