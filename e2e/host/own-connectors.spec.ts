import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { runCli } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/test.ts'
import { writeZap } from '../fixtures/zap-files.ts'

const importSchema = z.object({ zaps: z.array(z.object({ id: z.string() })) })

test('a connector is written, tested, approved and run in the built host, and read again when it is saved', async ({
  host,
  folder,
  target,
}) => {
  const cli = (...args: string[]) => runCli([...args, '--data', host.dataDir])
  const made = await cli('connector', 'new', 'weather')
  expect(made).toMatchObject({ code: 0 })
  expect(await cli('connector', 'test', 'weather')).toMatchObject({ code: 0 })
  expect((await cli('connector', 'new', 'weather')).stderr).toContain('is there already')

  const file = join(host.dataDir, 'connectors', 'weather.mjs')
  const written = await readFile(file, 'utf8')
  await writeFile(file, written.replace('https://api.open-meteo.com/v1', target.url))
  target.answerText('{"current":{"temperature_2m":-3}}')
  expect((await cli('connector', 'approve', 'weather.mjs')).stdout).toContain('weather.get')
  const { zaps } = await host.ask(
    importSchema,
    'zap',
    'import',
    await writeZap(folder, 'cold', {
      format: 'hookline/zap@1',
      name: 'Cold',
      steps: [
        { id: 'go', uses: 'manual.run', input: {} },
        { id: 'weather', uses: 'weather.get', input: { latitude: 60, longitude: 11 } },
      ],
      edges: [{ from: 'go', to: 'weather' }],
    }),
    '--enable',
  )
  const run = await cli('zap', 'run', zaps[0]?.id ?? '', '--wait', '--json')
  expect(run.stdout).toContain('"degrees":-3')

  await writeFile(file, 'export default {')
  await expect(async () => expect((await cli('connector', 'list')).stdout).toContain('broken')).toPass()
  expect((await cli('zap', 'run', zaps[0]?.id ?? '', '--wait', '--json')).stdout).toContain('"degrees":-3')
  expect((await cli('connector', 'off', 'weather.mjs')).code).toBe(0)
  expect((await cli('connector', 'list')).stdout).toContain('off')
})
