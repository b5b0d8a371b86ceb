import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { temporaryFolder } from '../db/test-database.ts'
import { openCloudflared } from './cloudflared.ts'
import { openNgrok } from './ngrok.ts'
import type { TunnelSite } from './open-tunnel.ts'
import { endLeftover } from './tunnel-program.ts'

/** Puts a program of this name first that says what the real one says. */
function pretend(name: string, script: string): { site: TunnelSite; folder: string } {
  const folder = temporaryFolder()
  writeFileSync(join(folder, name), `#!/bin/sh\necho "$@" > ${folder}/arguments\n${script}\n`)
  chmodSync(join(folder, name), 0o755)
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  return {
    folder,
    site: { port: 4781, log, pidFile: join(folder, 'tunnel.pid'), signal: new AbortController().signal },
  }
}

it('reads the address that cloudflared draws a box around, leads to the listener alone, and ends it', async () => {
  const { site, folder } = pretend(
    'cloudflared',
    // The trap first: as soon as the address is read, the program may be asked to end.
    `trap 'touch "$(dirname "$0")/ended"; exit 0' TERM
     echo "INF Requesting new quick Tunnel on trycloudflare.com..." >&2
     echo "INF |  https://quiet-river-sings.trycloudflare.com  |" >&2
     while true; do sleep 0.05; done`,
  )
  const tunnel = await openCloudflared({ provider: 'cloudflared' }, site)
  expect(tunnel).toMatchObject({
    url: 'https://quiet-river-sings.trycloudflare.com',
    onlyPath: null,
    addressHeader: 'cf-connecting-ip',
  })
  expect(readFileSync(join(folder, 'arguments'), 'utf8')).toBe('tunnel --no-autoupdate --url http://127.0.0.1:4781\n')
  expect(existsSync(site.pidFile)).toBe(true)
  await tunnel.close()
  expect(existsSync(join(folder, 'ended'))).toBe(true)
  expect(existsSync(site.pidFile)).toBe(false)
})

it('tells when the program ends by itself', async () => {
  const { site } = pretend(
    'cloudflared',
    'echo "https://a-b.trycloudflare.com" >&2; echo "ERR the connection broke" >&2; exec sleep 0.05',
  )
  const tunnel = await openCloudflared({ provider: 'cloudflared' }, site)
  expect(await tunnel.closed).toContain('cloudflared ended: https://a-b.trycloudflare.com ERR the connection broke')
  await tunnel.close()
})

it('reads what ngrok says as JSON, and asks for a domain of the account', async () => {
  const { site, folder } = pretend(
    'ngrok',
    `echo '{"lvl":"info","msg":"no configuration paths supplied"}'
     echo '{"addr":"http://127.0.0.1:4781","lvl":"info","msg":"started tunnel","name":"x","url":"https://own.example.com"}'
     exec sleep 30`,
  )
  const tunnel = await openNgrok({ provider: 'ngrok', domain: 'own.example.com' }, site)
  expect(tunnel.url).toBe('https://own.example.com')
  expect(readFileSync(join(folder, 'arguments'), 'utf8')).toContain('--domain=own.example.com')
  await tunnel.close()
})

it('says what to do when ngrok knows no account', async () => {
  const { site } = pretend(
    'ngrok',
    `echo '{"err":"authentication failed: Usage of ngrok requires a verified account. ERR_NGROK_4018","lvl":"eror","msg":"failed to reconnect session"}'; exit 1`,
  )
  await expect(openNgrok({ provider: 'ngrok' }, site)).rejects.toThrow('run "ngrok config add-authtoken"')
})

it('gives up when nobody wants the tunnel any more', async () => {
  const { site } = pretend('ngrok', 'exec sleep 30')
  await expect(openNgrok({ provider: 'ngrok' }, { ...site, signal: AbortSignal.abort() })).rejects.toThrow(
    'did not open',
  )
})

it.skipIf(process.platform === 'win32')(
  'ends what a lost process of ours left, and no other that has its number',
  async () => {
    const { site } = pretend('ngrok', `echo '{"msg":"started tunnel","url":"https://own.example.com"}'; exec sleep 30`)
    const tunnel = await openNgrok({ provider: 'ngrok' }, site)
    const { pid, mark } = JSON.parse(readFileSync(site.pidFile, 'utf8'))
    const write = (record: object): void => writeFileSync(site.pidFile, JSON.stringify(record))
    for (const other of [
      { pid, mark: `${mark}0` },
      { pid, mark: '' },
      { pid, command: 'sleep' },
      { pid: 0, mark },
    ]) {
      write(other)
      endLeftover(site.pidFile)
      expect(existsSync(site.pidFile)).toBe(false)
    }
    let isOpen = true
    void tunnel.closed.then(() => {
      isOpen = false
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(isOpen).toBe(true)
    write({ pid, mark })
    endLeftover(site.pidFile)
    expect(await tunnel.closed).toContain('ended')
  },
)
