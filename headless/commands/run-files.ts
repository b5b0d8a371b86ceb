import type { Command } from 'commander'
import type { FileChange } from '../../core/contract/values.ts'
import { askHost, table } from './context.ts'

/** `hookline run files`, `undo-files` and `redo-files`. */
export function addRunFileCommands(run: Command, add: (command: Command) => Command): void {
  add(run.command('files'))
    .description('list what a run did to files, and what of it can be put back')
    .argument('<id>')
    .action((id: string, _options, command: Command) =>
      askHost(command, async (client) => {
        const { changes } = await client.runs.files({ id })
        return { json: { changes }, text: changes.length === 0 ? `The run ${id} changed no files.` : listed(changes) }
      }),
    )

  add(run.command('undo-files'))
    .description('put the files that a run moved, replaced or put into the trash back to where they were')
    .argument('<id>')
    .option('--key <key>', 'only this change (see "run files --json"); again for each', gather)
    .option('--number', 'where something else is in the way, give the file a numbered name beside it')
    .action((id: string, options: { key?: string[]; number?: true }, command: Command) =>
      askHost(command, async (client) => {
        const inTheWay = options.number === true ? 'number' : 'leave'
        const result = await client.runs.putBack({ id, keys: options.key, inTheWay })
        const count = result.putBack === 1 ? 'Put 1 file back.' : `Put ${result.putBack} files back.`
        return { json: result, text: result.changes.length === 0 ? count : [count, ...listed(result.changes)] }
      }),
    )

  add(run.command('redo-files'))
    .description('do again what "undo-files" has put back')
    .argument('<id>')
    .option('--key <key>', 'only this change (see "run files --json"); again for each', gather)
    .action((id: string, options: { key?: string[] }, command: Command) =>
      askHost(command, async (client) => {
        const result = await client.runs.redoFiles({ id, keys: options.key })
        const count = result.redone === 1 ? 'Did 1 change again.' : `Did ${result.redone} changes again.`
        return { json: result, text: result.changes.length === 0 ? count : [count, ...listed(result.changes)] }
      }),
    )
}

const gather = (key: string, before: string[] = []): string[] => [...before, key]

const WORDS: Readonly<Record<FileChange['state'], string>> = {
  can: 'can go back',
  changed: 'changed since',
  'in-the-way': 'in the way',
  gone: 'gone',
  stays: 'stays',
  back: 'is back',
  unclear: 'unclear',
}

function listed(changes: readonly FileChange[]): string[] {
  const rows = changes.map(({ kind, step, from, path, state, why }): string[] => [
    WORDS[state],
    kind,
    step,
    from === null ? path : `${from} -> ${path}`,
    why,
  ])
  return table([['STATE', 'WHAT', 'STEP', 'FILE', 'WHY'], ...rows])
}
