import { app, protocol } from 'electron'
import { readRendererFile, SECURITY_HEADERS } from '../../core/app.ts'

/** Where the screens live: an origin of their own, so that the web's rules hold for them. */
export const APP_ORIGIN = 'app://hookline'

/** Where the screens are loaded from: `npm run dev` serves them from this computer, and loads them again when they change. */
export function screensOrigin(env: NodeJS.ProcessEnv = process.env): string {
  const served = app.isPackaged ? null : URL.parse(env.ELECTRON_RENDERER_URL ?? '')
  return served !== null && ['localhost', '127.0.0.1'].includes(served.hostname) ? served.origin : APP_ORIGIN
}

/** Whether an address is one of our screens. */
export function isOurScreen(address: string | undefined): boolean {
  const origin = screensOrigin()
  return address === origin || address?.startsWith(`${origin}/`) === true
}

/** Makes `app:` a secure scheme. Electron allows that only before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the built renderer under {@link APP_ORIGIN}: its files, and nothing outside their folder. */
export function serveRenderer(rendererDir: string): void {
  protocol.handle('app', async (request) => {
    const url = new URL(request.url)
    const file = url.host === 'hookline' ? await readRendererFile(rendererDir, url.pathname) : undefined
    if (file === undefined) return new Response('Not found.', { status: 404, headers: SECURITY_HEADERS })
    return new Response(new Uint8Array(file.body), {
      headers: { ...SECURITY_HEADERS, 'content-type': file.type, 'cache-control': 'no-store' },
    })
  })
}
