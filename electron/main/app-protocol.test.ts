import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { registerAppScheme, screensOrigin, serveRenderer } from './app-protocol.ts'
import { app, recorded, reset } from './electron.double.ts'

vi.mock('electron', () => import('./electron.double.ts'))
beforeEach(reset)

const folder = mkdtempSync(join(tmpdir(), 'hookline-protocol-'))
const renderer = join(folder, 'renderer')
mkdirSync(join(renderer, 'assets'), { recursive: true })
writeFileSync(join(renderer, 'index.html'), '<!doctype html><title>Hookline</title>')
writeFileSync(join(renderer, 'assets', 'app.js'), 'export {}')
writeFileSync(join(folder, 'secret.js'), 'secret')
afterAll(() => rmSync(folder, { recursive: true }))

async function get(url: string): Promise<Response> {
  serveRenderer(renderer)
  const handler = recorded.handlers.get('app')
  if (handler === undefined) throw new Error('nothing handles app:')
  return handler(new Request(url))
}

test('app: is a standard and secure scheme, without any way around the content security policy', () => {
  registerAppScheme()
  expect(recorded.schemes).toEqual([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
})

test('the page is served with its content security policy', async () => {
  const response = await get('app://hookline/')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const policy = response.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toContain('unsafe-eval')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
})

test('a script is served as a script', async () => {
  const response = await get('app://hookline/assets/app.js')
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(await response.text()).toBe('export {}')
})

test.each([
  'app://hookline/../secret.js',
  'app://hookline/..%2fsecret.js',
  'app://hookline/%2e%2e/secret.js',
  'app://hookline/assets/..%2f..%2fsecret.js',
  'app://hookline/..%5csecret.js',
  'app://hookline//etc/passwd',
  'app://hookline/%00index.html',
  'app://hookline/%E0%A4%A',
  'app://evil/index.html',
])('%s finds nothing', async (url) => {
  const response = await get(url)
  expect(response.status).toBe(404)
  expect(await response.text()).not.toContain('secret')
})

test.each([
  ['http://localhost:5173/', 'http://localhost:5173'],
  ['http://127.0.0.1:5173', 'http://127.0.0.1:5173'],
  ['https://evil.example/', 'app://hookline'],
  ['file:///etc', 'app://hookline'],
  ['', 'app://hookline'],
])('in development the screens come from %j: %s', (ELECTRON_RENDERER_URL, origin) => {
  expect(screensOrigin({ ELECTRON_RENDERER_URL })).toBe(origin)
  app.isPackaged = true
  expect(screensOrigin({ ELECTRON_RENDERER_URL })).toBe('app://hookline')
  app.isPackaged = false
})
