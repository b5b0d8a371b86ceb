import type { Command } from 'commander'
import type { Setting } from '../../core/contract/values.ts'
import type { HostClient } from '../control/host-client.ts'
import { askHost, CommandError, table } from './context.ts'

/** `hookline settings`. */
export function addSettingsCommands(program: Command, add: (command: Command) => Command): void {
  const settings = program.command('settings').description('list, read and change the settings')

  add(settings.command('list'))
    .description('list every setting with its value')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const list = await client.settings.list()
        const rows = list.map(({ key, value, title }) => [key, shown(value), title])
        return { json: { settings: list }, text: table([['KEY', 'VALUE', 'WHAT'], ...rows]) }
      }),
    )

  add(settings.command('get'))
    .description('print the value of a setting')
    .argument('<key>', 'such as webhooks.keepDays')
    .action((key: string, _options, command: Command) =>
      askHost(command, async (client) => {
        const setting = await find(client, key)
        return { json: { setting }, text: shown(setting.value) }
      }),
    )

  add(settings.command('set'))
    .description('change a setting')
    .argument('<key>', 'such as webhooks.keepDays')
    .argument('<value>', 'a number, true or false, a text, or texts with commas between them; "" for none')
    .action((key: string, text: string, _options, command: Command) =>
      askHost(command, async (client) => {
        const { schema } = await find(client, key)
        const setting = await client.settings.set({ key, value: typedValue(text, schema) })
        return { json: { setting }, text: `${setting.title}: ${shown(setting.value)}` }
      }),
    )
}

async function find(client: HostClient, key: string): Promise<Setting> {
  const list = await client.settings.list()
  const setting = list.find((one) => one.key === key)
  if (setting === undefined) throw new CommandError(`There is no setting "${key}": see "hookline settings list".`)
  return setting
}

function shown(value: Setting['value']): string {
  if (value === null) return ''
  return Array.isArray(value)
    ? value.map(String).join(', ')
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
}

/** A value as it is typed. What does not fit its setting goes as it is, for the host says best what does. */
function typedValue(text: string, schema: Setting['schema']): Setting['value'] {
  const types = [schema, ...(Array.isArray(schema.anyOf) ? schema.anyOf : [])].flatMap((one) =>
    typeof one === 'object' && one !== null && 'type' in one ? [one.type].flat() : [],
  )
  if (types.includes('null') && text === '') return null
  if (types.includes('array')) return text.split(/[\s,]+/).filter((part) => part !== '')
  if (types.includes('boolean') && /^(true|false)$/.test(text)) return text === 'true'
  if ((types.includes('integer') || types.includes('number')) && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  return text
}
