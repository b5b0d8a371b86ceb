import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { runCli } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/test.ts'
import { relayZap } from '../fixtures/zap-files.ts'

test.use({ shares: true })

const importSchema = z.object({ zaps: z.tuple([z.object({ id: z.string(), name: z.string() })]) })

/** A file as programs of Windows write it. */
const FORMS: readonly (readonly [string, (text: string) => Buffer])[] = [
  ['utf8-bom', (text) => Buffer.from(`\uFEFF${text}`)],
  ['utf16le', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['utf16be', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
]

test('files as Windows writes them are taken by import and input; Latin-1 is refused with a word', async ({
  host,
  folder,
  target,
}) => {
  const cli = (...args: string[]) => runCli([...args, '--data', host.dataDir])
  for (const [name, encode] of FORMS) {
    const text = JSON.stringify(Object.assign(Object(relayZap(name, target.url)), { name: `Köln ${name}` }))
    const file = join(folder, `${name}.zap.json`)
    await writeFile(file, encode(text))
    const { zaps } = await host.ask(importSchema, 'zap', 'import', file, '--enable')
    expect(zaps[0].name).toBe(`Köln ${name}`)
    const input = join(folder, `${name}.json`)
    await writeFile(input, encode('{"body":{"city":"Köln"}}'))
    await host.ask(z.unknown(), 'zap', 'run', zaps[0].id, '--input', `@${input}`, '--wait')
    expect(JSON.parse(target.requests.at(-1)?.body ?? '')).toEqual({ city: 'Köln' })
  }
  const latin1 = join(folder, 'latin1.json')
  await writeFile(latin1, Buffer.from(JSON.stringify(relayZap('köln', target.url)), 'latin1'))
  for (const refused of [await cli('zap', 'import', latin1), await cli('zap', 'run', 'x', '--input', `@${latin1}`)]) {
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain(`${latin1} is not UTF-8 text; it may be Latin-1 or Windows-1252: save it as UTF-8`)
  }
  expect(await cli('zap', 'import', '/dev/zero')).toMatchObject({ code: 1, stderr: expect.stringContaining('16 MB') })
  expect(await cli('zap', 'import', folder)).toMatchObject({ code: 1, stderr: expect.stringContaining(folder) })
})

test('what comes on stdin is read in the same way', async ({ host, target }) => {
  const zap = `\uFEFF${JSON.stringify(relayZap('piped', target.url))}`
  const imported = await runCli(['zap', 'import', '-', '--enable', '--json', '--data', host.dataDir], { stdin: zap })
  const { zaps } = importSchema.parse(JSON.parse(imported.stdout))
  await runCli(['zap', 'run', zaps[0].id, '--input', '@-', '--wait', '--data', host.dataDir], {
    stdin: '\uFEFF{"body":7}',
  })
  expect(target.requests.at(-1)?.body).toBe('7')
  await runCli(['credential', 'set', 'piped', '--stdin', '--data', host.dataDir], { stdin: '\uFEFFsecret\r\n' })
  const { stdout } = await runCli(['credential', 'list', '--data', host.dataDir])
  expect(stdout).toContain('piped')
})
