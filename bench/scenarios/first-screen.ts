import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import type { Figures } from '../scenario.ts'
import { whenSeen } from '../screens/when-seen.ts'
import { withScreens } from '../screens/with-screens.ts'

const root = join(import.meta.dirname, '..', '..')
const sizesSchema = z.tuple([z.object({ size: z.number() })])

/** Kilobytes of JavaScript that are loaded before the first screen, compressed, as `npm run size` counts them. */
function initialKilobytes(): number {
  const sizeLimit = join(root, 'node_modules', 'size-limit', 'bin.js')
  const text = execFileSync(process.execPath, [sizeLimit, '--json'], { cwd: root, encoding: 'utf8' })
  return sizesSchema.parse(JSON.parse(text))[0].size / 1_000
}

/** From opening the address of the host in a browser that was never there until the list of zaps is on the screen. */
export function measureFirstScreen(): Promise<Figures> {
  return withScreens(async ({ newPage, newAddress, zapId }) => {
    // The first page of a browser that has just been started waits for the browser. It is let come to rest and closed, so that
    // nothing that it still loads is in the figure.
    const first = await newPage()
    await first.goto(await newAddress(), { waitUntil: 'networkidle' })
    await first.close()
    const page = await newPage()
    const address = await newAddress()
    await page.goto(address, { waitUntil: 'commit' })
    return {
      'usable ms': await whenSeen(page, `[href$="/zaps/${zapId}"]`),
      'first JavaScript, KB gzip': initialKilobytes(),
    }
  })
}
