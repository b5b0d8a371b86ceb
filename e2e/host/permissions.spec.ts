import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { runCli } from '../fixtures/headless-host.ts'
import { expect, test } from '../fixtures/test.ts'
import { writeZap } from '../fixtures/zap-files.ts'

const importSchema = z.object({ zaps: z.array(z.object({ id: z.string(), status: z.string(), review: z.string() })) })
const runSchema = z.object({
  run: z.object({ id: z.string(), status: z.string(), reason: z.string().nullable() }),
  steps: z.array(z.object({ step: z.string(), input: z.unknown(), output: z.unknown() })),
})

/** A server on a port of its own, for as long as `work` takes. */
async function serving<T>(listener: RequestListener, work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    // A server that listens on a port has an AddressInfo.
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
}

const zapOf = (...steps: { id: string; uses: string; input: unknown }[]) => ({
  format: 'hookline/zap@1',
  name: 'From elsewhere',
  steps: [{ id: 'go', uses: 'manual.run' }, ...steps],
  edges: steps.map((step, at) => ({ from: steps[at - 1]?.id ?? 'go', to: step.id })),
})

test('a credential reaches the origin that it is for, no other port, no file and no line of output', async ({
  host,
  folder,
}) => {
  const data = ['--data', host.dataDir]
  const seen: IncomingHttpHeaders[] = []
  const echo: RequestListener = (request, response) => {
    seen.push(request.headers)
    response.end(JSON.stringify(request.headers))
  }
  await runCli(['credential', 'set', 'shop', '--type', 'header', ...data], { stdin: 'X-Shop-Key: k3y-of-the-shop' })
  await serving(echo, (other) =>
    serving(
      (request, response) => {
        if (request.url === '/moved') response.writeHead(307, { location: `${other}/end` }).end()
        else echo(request, response)
      },
      async (first) => {
        const auth = { $credential: 'shop' }
        const file = await writeZap(
          folder,
          'moved',
          zapOf(
            { id: 'moved', uses: 'http.request', input: { url: `${first}/moved`, auth } },
            { id: 'echo', uses: 'http.request', input: { url: `${first}/echo`, auth } },
            { id: 'signed', uses: 'http.request', input: { url: `${first.replace('//', '//ada:correct-horse@')}/in` } },
          ),
        )
        const { zaps } = await host.ask(importSchema, 'zap', 'import', file, '--enable')
        expect(zaps).toMatchObject([{ status: 'enabled', review: 'done' }])
        const { stdout, code } = await runCli(['zap', 'run', zaps[0]?.id ?? '', '--wait', '--json', ...data])
        expect(code, stdout).toBe(0)
        expect(stdout).toContain('[secret: shop]')
        expect(stdout).not.toContain('k3y-of')
        expect(stdout).not.toContain('correct-horse')
      },
    ),
  )
  expect(seen.map((headers) => headers['x-shop-key'])).toEqual([undefined, 'k3y-of-the-shop', undefined])
  expect(seen[2]?.authorization).toBe(`Basic ${Buffer.from('ada:correct-horse').toString('base64')}`)
  await host.stop()
  for (const entry of readdirSync(host.dataDir, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) expect(readFileSync(join(entry.parentPath, entry.name), 'latin1')).not.toContain('k3y-of')
  }
})

test('an imported zap does nothing before its review, and nothing that was denied after it', async ({
  host,
  folder,
}) => {
  const data = ['--data', host.dataDir]
  let calls = 0
  await serving(
    (_request, response) => {
      calls++
      response.end('yes')
    },
    async (url) => {
      const call = { id: 'call', uses: 'http.request', input: { url } }
      const { zaps } = await host.ask(importSchema, 'zap', 'import', await writeZap(folder, 'call', zapOf(call)))
      expect(zaps).toMatchObject([{ status: 'draft', review: 'pending' }])
      const id = zaps[0]?.id ?? ''
      for (const command of ['enable', 'run']) {
        const refused = await runCli(['zap', command, id, ...data])
        expect(refused.code).toBe(1)
        expect(refused.stderr).toContain(`hookline zap review ${id}`)
      }
      const key = `local:${new URL(url).host}`
      expect((await runCli(['zap', 'review', id, ...data])).stdout).toContain(key)
      expect((await runCli(['zap', 'approve', id, '--deny', `host:${new URL(url).host}`, ...data])).code).toBe(0)
      expect((await runCli(['zap', 'enable', id, ...data])).code).toBe(0)
      const denied = await runCli(['zap', 'run', id, '--wait', ...data])
      expect(denied.code).toBe(1)
      expect(denied.stdout).toContain(`hookline zap allow ${id} ${key}`)
      expect(calls).toBe(0)
      expect((await runCli(['zap', 'allow', id, key, ...data])).code).toBe(0)
      const { run } = await host.ask(runSchema, 'zap', 'run', id, '--wait')
      expect(run.status).toBe('succeeded')
      expect(calls).toBe(1)
    },
  )
})
