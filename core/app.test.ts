import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from './db/test-database.ts'
import { testApp } from './test-app.ts'

test('a webhook that arrives while Hookline starts is never told that nobody listens', async () => {
  const first = await testApp()
  const port = Number(new URL(first.app.hooksUrl).port)
  const dataDir = first.folder
  await first.app.stop()

  const statuses = new Set<number>()
  let isOver = false
  const knocking = (async () => {
    while (!isOver) {
      const answer = await fetch(`http://127.0.0.1:${port}/hooks/welcome`, { method: 'POST' }).catch(() => undefined)
      if (answer !== undefined) statuses.add(answer.status)
    }
  })()
  const { client } = await testApp({ dataDir, hookPort: port })
  await expect.poll(async () => (await client.runs.list({})).runs.length).toBeGreaterThan(0)
  isOver = true
  await knocking
  expect([...statuses]).toEqual([200])
})

test('a start that fails half-way releases the folder, so that the next one works', async () => {
  const dataDir = temporaryFolder()
  const taken = createServer()
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, '127.0.0.1', () => {
      const address = taken.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  onTestFinished(() => void taken.close())
  await expect(testApp({ dataDir, hookPort: port })).rejects.toThrow(/EADDRINUSE/)
  const { client } = await testApp({ dataDir })
  expect((await client.system.status()).listener.state).toBe('listening')
})
