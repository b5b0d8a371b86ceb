import type { Command } from 'commander'
import { type PermissionItem, permissionKeySchema, type ZapPermissionsView } from '../../core/contract/values.ts'
import { askHost, CommandError } from './context.ts'

/** The commands about what a zap may touch. */
export function addPermissionCommands(zap: Command, add: (command: Command) => Command): void {
  add(zap.command('review'))
    .description('show what a zap may touch: hosts, files, programs, credentials')
    .argument('<id>')
    .action((id: string, _options, command: Command) =>
      askHost(command, async (client) => {
        const permissions = await client.zaps.permissions({ id })
        const { name } = await client.zaps.get({ id })
        return { json: { id, ...permissions }, text: reviewText(id, name, permissions) }
      }),
    )

  add(zap.command('approve'))
    .description('let an imported zap touch what it names, so that it can run')
    .argument('<id>')
    .option('--deny <what...>', 'but not these, as "review" writes them: host:api.example.com')
    .action((id: string, options: { deny?: string[] }, command: Command) =>
      askHost(command, async (client) => {
        const asked = await client.zaps.permissions({ id })
        const denied = (options.deny ?? []).map((word) => askedFor(asked, word))
        const permissions = await client.zaps.approve({ id, denied })
        const { name } = await client.zaps.get({ id })
        return { json: { id, ...permissions }, text: reviewText(id, name, permissions) }
      }),
    )

  for (const [word, allowed] of [
    ['allow', true],
    ['deny', false],
  ] as const) {
    add(zap.command(word))
      .description(allowed ? 'let a zap touch something' : 'let a zap touch something no longer')
      .argument('<id>')
      .argument('<what...>', 'such as host:api.example.com, local:127.0.0.1:8080, file:orders.txt, credential:shop')
      .action((id: string, what: string[], _options, command: Command) =>
        askHost(command, async (client) => {
          const permissions = await client.zaps.allow({ id, keys: what.map(readKey), allowed })
          const { name } = await client.zaps.get({ id })
          return { json: { id, ...permissions }, text: reviewText(id, name, permissions) }
        }),
      )
  }
}

/** A thing that a zap asks for, by its key or, for a near host, as any other host. */
function askedFor({ items }: ZapPermissionsView, word: string): string {
  const key = readKey(word)
  const near = key.replace(/^host:/, 'local:')
  const found = items.find((item) => item.key === key) ?? items.find((item) => item.key === near)
  if (found !== undefined) return found.key
  throw new CommandError(
    `It does not ask for ${key}, but for ${items.map((item) => item.key).join(', ') || 'nothing'}.`,
  )
}

function readKey(text: string): string {
  const parsed = permissionKeySchema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new CommandError(`"${text}" ${parsed.error.issues[0]?.message ?? 'is no permission'}.`)
}

function reviewText(id: string, name: string, { from, review, items, starts }: ZapPermissionsView): string[] {
  const head =
    review === 'pending'
      ? `${name}  (${id}) came from elsewhere and waits for your word. It wants to touch:`
      : `${name}  (${id}) ${from === 'elsewhere' ? 'came from elsewhere; it' : ''} may touch:`
  const lines = items.length === 0 ? ['  nothing'] : permissionLines(items, review === 'pending')
  const foot =
    review === 'pending'
      ? [`Approve it with: hookline zap approve ${id}${items.length === 0 ? '' : ` [--deny ${items[0]?.key}]`}`]
      : []
  return [head, ...lines, ...starts.map(({ words }) => `  starts by itself: ${words}`), ...foot]
}

/** One line a thing; `isAsked` where nothing was decided yet. */
export function permissionLines(items: readonly PermissionItem[], isAsked: boolean): string[] {
  return items.map(({ key, steps, allowed, caution, exists, kind }) => {
    const who = steps.length === 0 ? '' : ` (${steps.map((step) => step.id).join(', ')})`
    const notes = [
      caution,
      kind === 'credential' && !exists ? 'There is no credential of that name yet.' : null,
    ].filter((note) => note !== null)
    const mark = isAsked ? '-' : allowed ? '+' : 'x'
    return `  ${mark} ${key}${who}${allowed || isAsked ? '' : ', refused'}${notes.length === 0 ? '' : `: ${notes.join(' ')}`}`
  })
}
