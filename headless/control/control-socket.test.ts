import { once } from 'node:events'
import { existsSync, lstatSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { AppRouter } from '../../core/app.ts'
import { temporaryFolder } from '../../core/db/test-database.ts'
import { listenOnControlSocket } from './control-socket.ts'
import { NoHostError, withHost } from './host-client.ts'
import { writeHostFile } from './host-file.ts'
import { isSocketOfOurs } from './own-socket.ts'

// No call of these tests gets as far as the router.
const router = {} as AppRouter

async function listen(dataDir: string): Promise<string> {
  const { path, close } = await listenOnControlSocket(dataDir, router)
  onTestFinished(close)
  const socket = connect(path)
  await once(socket, 'connect')
  socket.destroy()
  return path
}

test('the socket is for its owner alone, in the data folder, and goes with its host', async () => {
  const dataDir = temporaryFolder()
  const { path, close } = await listenOnControlSocket(dataDir, router)
  expect(dirname(dirname(path))).toBe(dataDir)
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
  expect(lstatSync(path).mode & 0o777).toBe(0o600)
  expect(isSocketOfOurs(path)).toBe(true)
  await close()
  expect(existsSync(dirname(path))).toBe(false)
})

test('what a killed host left is taken over', async () => {
  const dataDir = temporaryFolder()
  mkdirSync(join(dataDir, 'control'), { mode: 0o755 })
  writeFileSync(join(dataDir, 'control', 'host.sock'), 'left')
  const path = await listen(dataDir)
  expect(path).toBe(join(dataDir, 'control', 'host.sock'))
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
})

test('a data folder whose path is too long for a socket has it in a private folder elsewhere', async () => {
  const dataDir = join(temporaryFolder(), 'ä'.repeat(60))
  mkdirSync(dataDir)
  const path = await listen(dataDir)
  expect(path.startsWith(dataDir)).toBe(false)
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
  expect(existsSync(join(dataDir, 'control'))).toBe(false)
})

test('what is no socket of ours is never spoken to', async () => {
  const dataDir = temporaryFolder()
  const file = join(dataDir, 'a-file')
  writeFileSync(file, '')
  for (const socket of [file, join(dataDir, 'missing'), '127.0.0.1:4780', '']) {
    expect(isSocketOfOurs(socket)).toBe(false)
    writeHostFile(dataDir, { pid: 1, origin: '', hooks: '', socket, startedAt: '' })
    await expect(withHost(dataDir, async () => undefined)).rejects.toThrow(NoHostError)
  }
})

test('nor is one that hangs up a host', async () => {
  const dataDir = temporaryFolder()
  const path = join(dataDir, 'deaf.sock')
  const server = createServer((socket) => socket.destroy()).listen(path)
  await once(server, 'listening')
  writeHostFile(dataDir, { pid: 1, origin: '', hooks: '', socket: path, startedAt: '' })
  await expect(withHost(dataDir, async () => undefined)).rejects.toThrow(NoHostError)
  server.close()
  await once(server, 'close')
})
