import { protocol } from 'electron'
import { readRendererFile, SECURITY_HEADERS } from '../../core/app.ts'

/** Where the screens live: an origin of their own, so that the web's rules hold for them. */
export const APP_ORIGIN = 'app://hookline'

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
