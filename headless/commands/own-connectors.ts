import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { OwnFileView } from '../../core/contract/own-values.ts'
import { answer, askHost, CommandError, table } from './context.ts'

const NAME = /^[a-z][a-z0-9-]{1,39}$/

export function addOwnConnectorCommands(program: Command, add: (command: Command) => Command): void {
  const group = program.command('connector').description('write connectors of your own, and let them work')

  add(group.command('list'))
    .description('list the files in <data>/connectors, and what is in them')
    .action((_options, command: Command) =>
      askHost(command, async (client) => {
        const own = await client.connectors.own()
        const rows = own.files.map((file) => [file.file, file.state, textOf(file)])
        const none = `There are none in ${own.folder}: begin with "hookline connector new NAME".`
        return { json: own, text: rows.length === 0 ? none : table([['FILE', 'STATE', 'CONNECTORS'], ...rows]) }
      }),
    )

  add(group.command('new'))
    .description('write a connector to begin with, and its test')
    .argument('<name>', 'small letters, digits and "-", such as weather')
    .action((name: string, _options, command: Command) =>
      answer(command, async ({ dataDir }) => {
        if (!NAME.test(name))
          throw new CommandError(`"${name}" is no name: use small letters, digits and "-", such as weather.`)
        const folder = join(dataDir, 'connectors')
        const file = join(folder, `${name}.mjs`)
        const testFile = join(folder, `${name}.test.mjs`)
        if (existsSync(file)) throw new CommandError(`${file} is there already: choose another name.`)
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        writeFileSync(file, exampleOf(name))
        writeFileSync(testFile, testOf(name))
        return {
          json: { file, test: testFile },
          text: [
            `Written: ${file}`,
            `Its test: hookline connector test ${name}`,
            `To use it: hookline connector approve ${name}.mjs`,
          ],
        }
      }),
    )

  add(group.command('test'))
    .description('run the test of a connector')
    .argument('<name>')
    .action((name: string, _options, command: Command) =>
      answer(command, async ({ dataDir, isJson }) => {
        const file = join(dataDir, 'connectors', `${name.replace(/(\.test)?\.mjs$/, '')}.test.mjs`)
        if (!existsSync(file))
          throw new CommandError(`There is no test ${file}: write one, as "hookline connector new" does.`)
        const program = join(import.meta.dirname, 'own-test-process.js')
        const stdio = ['ignore', isJson ? 'ignore' : 'inherit', 'inherit'] as const
        const child = spawn(process.execPath, [program, file], { stdio: [...stdio] })
        const [code] = await once(child, 'close')
        return { json: { file, passed: code === 0 }, text: [], isFailure: code !== 0 }
      }),
    )

  add(group.command('approve'))
    .description('read a file and take its connectors; from then on it is read again whenever it changes')
    .argument('<file>', 'such as weather.mjs')
    .action((file: string, _options, command: Command) =>
      askHost(command, async (client) => {
        const approved = await client.connectors.approveOwn({ file })
        return { json: approved, text: [`${file} is on: ${textOf(approved)}.`] }
      }),
    )

  add(group.command('off'))
    .description('take the connectors of a file away again; steps that use them keep their place')
    .argument('<file>')
    .action((file: string, _options, command: Command) =>
      askHost(command, async (client) => {
        await client.connectors.turnOffOwn({ file })
        return { json: { ok: true }, text: `${file} is off.` }
      }),
    )
}

function textOf({ problem, connectors }: OwnFileView): string {
  return problem ?? connectors.map(({ id }) => id).join(', ')
}

const exampleOf = (name: string): string => `// A connector of your own. docs/writing-a-connector.md says what there is.
import { action, defineApp, z } from '@hookline/sdk'

export default defineApp({
  id: '${name}',
  title: '${titleOf(name)}',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"><circle cx="12" cy="12" r="8"/></svg>',
  hue: 220,
  // Where the service is: its steps reach this address and no other.
  address: 'https://api.open-meteo.com/v1',
  actions: [
    action({
      name: 'get',
      title: 'Get the weather',
      description: 'Reads how warm it is at a place.',
      summary: '{latitude}, {longitude}',
      // What a repeat would do: none (it only reads), idempotent, keyed, or unsafe.
      effect: 'none',
      input: z.object({
        latitude: z.number().min(-90).max(90).meta({ title: 'Latitude' }),
        longitude: z.number().min(-180).max(180).meta({ title: 'Longitude' }),
      }),
      output: z.object({ degrees: z.number() }),
      sample: { degrees: 21.5 },
      async run({ input, http }) {
        const { latitude, longitude } = input
        const answer = await http({ path: 'forecast', query: { latitude, longitude, current: 'temperature_2m' } })
        const { current } = answer.as(z.object({ current: z.object({ temperature_2m: z.number() }) }))
        return { degrees: current.temperature_2m }
      },
    }),
  ],
})
`

const testOf = (name: string): string => `import assert from 'node:assert/strict'
import test from 'node:test'
import { runAction } from '@hookline/sdk/test'
import app from './${name}.mjs'

test('the weather of a place is read', async () => {
  const asked = []
  const output = await runAction(app, 'get', { latitude: 60, longitude: 11 }, ({ method, url }) => {
    asked.push(\`\${method} \${url}\`)
    return { body: { current: { temperature_2m: -3 } } }
  })
  assert.deepEqual(output, { degrees: -3 })
  assert.deepEqual(asked, ['GET https://api.open-meteo.com/v1/forecast?latitude=60&longitude=11&current=temperature_2m'])
})
`

const titleOf = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ')
