import { lstat, readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import type { Command } from 'commander'
import type { ImportedAppView, ReadApi } from '../../core/contract/app-values.ts'
import type { HostClient } from '../control/host-client.ts'
import { askHost, CommandError, table } from './context.ts'

const IS_DOCUMENT = /\.(?:json|ya?ml)$/i
/** Files of a folder, and bytes of all of them. */
const MOST_FILES = 3_000
const MOST_BYTES = 33_554_432

/** `hookline app`. */
export function addAppCommands(program: Command, add: (command: Command) => Command): void {
  const app = program
    .command('app')
    .description('add APIs with their OpenAPI descriptions; their operations become steps')

  add(app.command('add'))
    .description('add the API that a file, a folder or an address describes (OpenAPI 2.0 to 3.2, JSON or YAML)')
    .argument('<source>', 'a file, a folder of files that refer to each other, or an address')
    .option('--name <name>', 'what people call it; its id follows from that')
    .option('--address <url>', 'where its requests go, if not where the description says')
    .option('--credential <name>', 'the credential with which new steps begin')
    .action((source: string, options: { name?: string; address?: string; credential?: string }, command: Command) =>
      askHost(command, async (client) => {
        const read = await client.apps.read(await described(source))
        const added = await client.apps.add({
          look: read.look,
          ...(options.name !== undefined && { title: options.name }),
          ...(options.address !== undefined && { address: options.address }),
          credential: options.credential ?? null,
        })
        const problems = [...read.problems, ...noAddress(added)]
        return {
          json: { app: shortly(added), problems },
          text: [
            `Added ${added.title} as ${added.id}: ${words(added)}, at ${added.address || 'no address yet'}.`,
            ...problems,
          ],
        }
      }),
    )

  add(app.command('list'))
    .description('list the APIs that were added')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const apps = await client.apps.list()
        const rows = apps.map((one) => [
          one.id,
          one.title,
          one.kind,
          String(one.operations),
          String(one.events + one.polls),
          one.address,
        ])
        return {
          json: {
            apps: apps.map((one) => ({
              ...shortly(one),
              address: one.address,
              source: one.source,
              usedBy: one.usedBy,
            })),
          },
          text:
            rows.length === 0
              ? 'There are no APIs yet: hookline app add FILE.'
              : table([['ID', 'TITLE', 'KIND', 'OPERATIONS', 'TRIGGERS', 'ADDRESS'], ...rows]),
        }
      }),
    )

  add(app.command('remove'))
    .description('take an API away; zaps that use it go on with what they carry')
    .argument('<id>')
    .action((id: string, _options, command: Command) =>
      askHost(command, async (client) => {
        await client.apps.remove({ id })
        return { json: { ok: true, id }, text: `Took ${id} away.` }
      }),
    )

  add(app.command('update'))
    .description('read the description of an API again, say what changed, and take it')
    .argument('<id>')
    .argument('[source]', 'a file, a folder or an address; where it came from when there is none')
    .option('--dry-run', 'only say what would change')
    .action((id: string, source: string | undefined, options: { dryRun?: boolean }, command: Command) =>
      askHost(command, async (client) => {
        const known = await knownApp(client, id)
        const read = await client.apps.read({ ...(await described(source ?? known.source)), replaces: id })
        const isTaken = options.dryRun !== true
        if (isTaken) await client.apps.update({ id, look: read.look })
        else await client.apps.discard({ look: read.look })
        const app = await knownApp(client, id)
        const { changes } = read
        return {
          json: { app: shortly(app), changes, problems: read.problems, taken: isTaken },
          text: [...changeLines(changes), ...read.problems],
        }
      }),
    )
}

const shortly = ({ id, title, operations, events, polls }: ImportedAppView) => ({
  id,
  title,
  operations,
  triggers: events + polls,
})

const words = ({ operations, events, polls }: ImportedAppView): string =>
  `${counted(operations, 'operation')}, ${counted(events + polls, 'trigger')}`

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

function noAddress({ address, id }: ImportedAppView): string[] {
  return address === ''
    ? [
        `The description names no whole address: give it with "hookline app add … --address URL", or in each step of ${id}.`,
      ]
    : []
}

async function knownApp(client: HostClient, id: string): Promise<ImportedAppView> {
  const app = (await client.apps.list()).find((one) => one.id === id)
  if (app === undefined) throw new CommandError(`There is no app "${id}": see "hookline app list".`)
  return app
}

function changeLines(changes: ReadApi['changes']): string[] {
  if (changes === null) return []
  const { added, changed, gone, zaps } = changes
  const list = (what: string, titles: readonly string[]): string[] =>
    titles.length === 0
      ? []
      : [`${what} (${titles.length}): ${titles.slice(0, 10).join(', ')}${titles.length > 10 ? ', …' : ''}`]
  const lines = [
    ...list('Added', added),
    ...list('Changed', changed),
    ...list('Gone', gone),
    ...zaps.map(
      (zap) =>
        `The zap "${zap.name}" uses ${[...zap.changed, ...zap.gone.map((title) => `${title} (gone)`)].join(', ')}; what is published goes on as it is.`,
    ),
  ]
  return lines.length === 0 ? ['Nothing changed.'] : lines
}

/** What a description is read from. */
async function described(source: string): Promise<Parameters<HostClient['apps']['read']>[0]> {
  if (/^https?:\/\//i.test(source)) return { url: source }
  const about = await stat(source).catch(() => null)
  if (about === null) throw new CommandError(`There is no file or folder "${source}".`)
  if (!about.isDirectory())
    return { files: [{ path: basename(source), text: await readText(source, about.size) }], source }
  const files: { path: string; text: string }[] = []
  let left = MOST_BYTES
  for (const entry of await readdir(source, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    // A link may lead out of the folder.
    if (!IS_DOCUMENT.test(entry.name) || !entry.isFile()) continue
    const { size } = await lstat(path)
    left -= size
    if (files.length >= MOST_FILES || left < 0)
      throw new CommandError(
        `The folder holds more than ${MOST_FILES} files, or more than ${MOST_BYTES / 1_048_576} MB.`,
      )
    files.push({ path: relative(source, path).split(sep).join('/'), text: await readText(path, size) })
  }
  if (files.length === 0) throw new CommandError(`There is no JSON or YAML file in "${source}".`)
  return { files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)), source }
}

async function readText(path: string, bytes: number): Promise<string> {
  if (bytes > MOST_BYTES) throw new CommandError(`"${path}" is larger than ${MOST_BYTES / 1_048_576} MB.`)
  return readFile(path, 'utf8')
}
